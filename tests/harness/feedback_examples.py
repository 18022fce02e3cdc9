"""docs/feedback.md: what students read, from small wrong submissions graded in the real sandbox.

    python -m tests.harness.feedback_examples --update     grade them all and rewrite the page

Each example is the example submission `perfect` with a few lines changed, and shows one of its tests.
"""

from __future__ import annotations

import difflib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.grader import Grader
from autograder.result_format import TestResult
from autograder.results import ResultsWriter

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "feedback.md"
RIGHT = ROOT / "submissions_example" / "perfect" / "submission"

HEAD = """\
# What students read

The examples on this page are real: each is a right submission in which the lines shown were changed, graded
in the sandbox, with the text of one of its tests as Gradescope shows it. They stand in
`tests/harness/feedback_examples.py`; a test compares the page with what the grader says today, and
`python -m tests.harness.feedback_examples --update` writes it anew.

The most useful line comes first: what to mend before this test, or the misconception that gives exactly the
student's values on every input of the run. Then the facts: what is wrong, where, how far off, and where no
misconception is known, what the difference looks like. Then what is right already, a map of right and wrong
places, and the smallest failing input, to be pasted into a Python prompt. The right values stand under that
example alone, and not even there with `show_expected = false` in the assignment's .toml file.
"""


@dataclass(frozen=True)
class Change:
    """Lines of a right file, and what stands in their place; `old` occurs once in the file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Example:
    """A wrong submission, and the number of the test that is shown."""

    title: str
    test: str
    changes: tuple[Change, ...]


SOFTMAX = """\
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)
"""
NORMALISE = "return e / np.sum(e, axis=1, keepdims=True)"
RNN_STEP = """\
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)
"""


def over_columns(softmax: str) -> str:
    return softmax.replace("axis=1", "axis=0")


EXAMPLES = (
    Example(
        "A slice that is empty for padding 0",
        "3.4.3",
        (Change("layers.py", "pad : pad + H, pad : pad + W]", "pad:-pad, pad:-pad]"),),
    ),
    Example(
        "The gradient of a mean, without 1/N",
        "2.1.16",
        (Change("layers.py", "return loss, dx / N", "return loss, dx"),),
    ),
    Example(
        "Softmax over the wrong axis",
        "1.1.1",
        (Change("layers.py", SOFTMAX, over_columns(SOFTMAX)),),
    ),
    Example(
        "Another function is to blame",
        "2.1.16",
        (
            Change("layers.py", SOFTMAX, over_columns(SOFTMAX)),
            Change("layers.py", "log_p = _log_softmax(x)", "log_p = np.log(softmax(x))"),
        ),
    ),
    Example(
        "A wrong forward pass, and its exact backward pass",
        "1.6.8",
        (Change("attention.py", "scale = 1.0 / np.sqrt(q.shape[-1])", "scale = 1.0"),),
    ),
    Example(
        "Two mistakes at once",
        "1.4.1",
        (
            Change(
                "layers.py",
                "return c_out * (kernel * kernel * c_in + int(bias))",
                "return kernel * c_in * c_out",
            ),
        ),
    ),
    Example(
        "eps at the wrong place",
        "1.3.10",
        (
            Change("layers.py", "std = np.sqrt(var + eps)", "std = np.sqrt(var) + eps"),
            Change("layers.py", "/ np.sqrt(running_var + eps)", "/ (np.sqrt(running_var) + eps)"),
        ),
    ),
    Example(
        "Nearly right, by a mistake that nobody foresaw",
        "1.1.1",
        (Change("layers.py", NORMALISE, NORMALISE.replace("np.sum(e", "np.sum(e + 1e-4")),),
    ),
    Example(
        "Wrong at some places",
        "2.1.11",
        (Change("layers.py", "return dout * (cache > 0)", "return dout * (cache > 0.5)"),),
    ),
    Example(
        "Shapes that do not fit",
        "3.1.7",
        (Change("layers.py", "optimize=True) + b[:, None, None]", "optimize=True) + b"),),
    ),
    Example(
        "A function that is left as the template has it",
        "1.5.3",
        (Change("rnn_layers.py", RNN_STEP, "    raise NotImplementedError\n"),),
    ),
    Example(
        "A loop that never ends",
        "5.1.1",
        (Change("tokenizer.py", "                position += len(entry)\n", ""),),
    ),
    Example(
        "Something is kept from call to call",
        "5.1.2",
        (
            Change("tokenizer.py", "def tokenize(text, vocab):", "def tokenize(text, vocab, ids=[]):"),
            Change("tokenizer.py", "    ids = []\n", ""),
        ),
    ),
    Example(
        "A name that NumPy removed, which costs nothing",
        "4.2.1",
        (Change("optim.py", "for g in grads], float(total_norm)", "for g in grads], np.float(total_norm)"),),
    ),
)


def page() -> str:
    """The whole page, graded now."""
    exam = load_assignment("exam", ROOT)
    quick = replace(exam, limits=replace(exam.limits, cpu_seconds=0.5))
    with Grader(quick) as grader:
        return "\n".join([HEAD, *(_section(example, _graded(grader, example)) for example in EXAMPLES)])


def _graded(grader: Grader, example: Example) -> TestResult:
    """The result of the example's test."""
    with tempfile.TemporaryDirectory() as folder:
        submission = Path(folder) / "submission"
        submission.mkdir()
        for name, source in submitted(example).items():
            (submission / name).write_text(source)
        results = grader.grade(submission, ResultsWriter(Path(folder) / "results.json")).results
    return next(test for test in results.tests if test.number == example.test)


def submitted(example: Example) -> dict[str, str]:
    """The files of a wrong submission: those of the right one that were changed."""
    files = {change.file: (RIGHT / change.file).read_text() for change in example.changes}
    for change in example.changes:
        if files[change.file].count(change.old) != 1:
            raise ValueError(f"{change.file} does not hold {change.old!r} exactly once")
        files[change.file] = files[change.file].replace(change.old, change.new)
    return files


def _section(example: Example, result: TestResult) -> str:
    earned, points = result.points
    difference = "\n".join(_changed(example))
    return (
        f"## {example.title}\n\n```diff\n{difference}\n```\n\n"
        f"**{result.number}** {result.name} ({earned:g} of {points:g} points)\n\n"
        f"```text\n{result.output}\n```\n"
    )


def _changed(example: Example) -> Iterator[str]:
    """The lines that differ, without their indentation."""
    for name, source in submitted(example).items():
        right = (RIGHT / name).read_text()
        lines = difflib.unified_diff(right.splitlines(), source.splitlines(), n=0, lineterm="")
        yield from (f"{line[0]} {line[1:].strip()}" for line in lines if _is_change(line))


def _is_change(line: str) -> bool:
    return line[0] in "+-" and not line.startswith(("+++", "---"))


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    PAGE.write_text(page())
    print(f"wrote {PAGE.relative_to(ROOT)}")
