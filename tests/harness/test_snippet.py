"""snippet.py: what a student pastes runs, and gives what the comments say."""

from __future__ import annotations

import dataclasses
import importlib
import sys

import numpy as np
import pytest

from autograder.assignment import load_assignment, load_reference
from autograder.findings import CallRecord
from autograder.portable import same
from autograder.snippet import snippet
from autograder.solutions import Reference
from autograder.values import Failure, Part, Reply

ASSIGNMENT = load_assignment("exam")
FUNCTIONS = ASSIGNMENT.functions
MODULES = {spec.file.removesuffix(".py") for spec in FUNCTIONS.values()}
CACHE = Part(0, (1,))


def rng():
    return np.random.default_rng(3)


def normal(*shape):
    return rng().normal(size=shape)


def recorded(*calls, wrong=None):
    """The records of a test whose student answers like the key, but for one value in the last call."""
    records = []
    with Reference(load_reference(ASSIGNMENT), FUNCTIONS).session("test", 0) as key:
        for function, *arguments in calls:
            reply = key.call(function, *arguments)
            records.append(CallRecord(function, tuple(arguments), reply, reply))
    if wrong is not None:
        records[-1] = dataclasses.replace(records[-1], actual=wrong)
    return records


def code_of(*calls, wrong=None, outputs=(), show_expected=True):
    records = recorded(*calls, wrong=wrong)
    return snippet(records, len(records) - 1, FUNCTIONS, show_expected=show_expected, outputs=outputs)


@pytest.fixture
def run(monkeypatch, capsys):
    """Run code in a fresh namespace where the student's files are the key's; give names and output."""
    for module in MODULES:
        monkeypatch.setitem(sys.modules, module, importlib.import_module(f"reference.{module}"))

    def pasted(code):
        names: dict = {}
        exec(compile(code, "<pasted>", "exec"), names)
        return names, capsys.readouterr().out

    return pasted


def bn_param(mode="train"):
    return {
        "mode": mode,
        "eps": 1e-3,
        "momentum": 0.8,
        "running_mean": normal(2),
        "running_var": 1 + np.abs(normal(2)),
    }


CALLS = {
    "one value": [("softmax", normal(2, 3))],
    "several values": [("softmax_loss", normal(2, 3), np.array([2, 0]))],
    "nested values": [("two_layer_backward", 0.1, 0.2, -0.3, 1 / 3, 2.0)],
    "a dictionary of values": [("two_layer_forward", 0.1, 0.2, -0.3, 1 / 3)],
    "four axes and a dictionary": [
        ("conv_forward", normal(1, 2, 3, 2), normal(1, 2, 2, 2), normal(1), {"stride": 1, "pad": 0})
    ],
    "a cache": [
        ("affine_forward", normal(2, 3), normal(3, 2), normal(2)),
        ("affine_backward", normal(2, 2), CACHE),
    ],
    "running averages": [("batchnorm_forward", normal(3, 2), normal(2), normal(2), bn_param())],
    "two calls with one dictionary": [
        ("batchnorm_forward", normal(3, 2), normal(2), normal(2), bn_param()),
        ("batchnorm_forward", 2 * normal(3, 2), normal(2), normal(2), bn_param("test")),
    ],
    "a chain of steps": [
        ("rnn_step_forward", normal(1, 2), normal(1, 2), normal(2, 2), normal(2, 2), normal(2)),
        ("rnn_step_forward", 3 * normal(1, 2), Part(0, (0,)), normal(2, 2), normal(2, 2), normal(2)),
        ("rnn_step_backward", normal(1, 2), Part(1, (1,))),
    ],
    "a whole result": [
        ("tokenize", "hello", {"he": 1, "llo": 2}),
        ("detokenize", Part(0), {"he": 1, "llo": 2}),
    ],
    "a list of arrays": [("clip_grad_norm", [normal(2), normal(2, 2)], 0.5)],
    "None and a mask": [
        ("attention_forward", normal(2, 2), normal(3, 2), normal(3, 1), np.array([[True, False, True]] * 2))
    ],
    "None": [("attention_forward", normal(2, 2), normal(3, 2), normal(3, 1), None)],
    "an object of the student's own": [
        ("decode_step", normal(1, 2), normal(1, 2), normal(1, 2), None),
        ("decode_step", normal(1, 2), 2 * normal(1, 2), normal(1, 2), Part(0, (1,))),
    ],
    "float32": [("relu_forward", normal(2, 3).astype(np.float32))],
    "large and small numbers": [("relu_forward", np.array([1e300, -1e-300, 1 / 3, 0.0, -0.0]))],
    "a tuple": [("conv_output_shape", 5, 6, (2, 3), 2, 1)],
    "infinity": [("leaky_relu_forward", np.array([1.0, np.inf, -np.inf]), float("inf"))],
    "no entries": [("relu_forward", np.zeros((0, 3)))],
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_pasted_snippet_gives_the_expected_value(run, name):
    records = recorded(*CALLS[name])
    last = records[-1]
    signature = FUNCTIONS[last.function].signature
    first = signature.leaves()[0][1]
    code = snippet(records, len(records) - 1, FUNCTIONS, show_expected=True, outputs=[(first,)])
    assert code, "no snippet"
    names, _ = run(code)
    call = next(line for line in reversed(code.splitlines()) if f"{last.function}(" in line)
    given = eval(call.partition(" = ")[0], names)
    for path, leaf in signature.leaves():
        if not signature.stays(leaf):
            assert same_as_told(_at(given, path), _at(last.expected.value, path)), leaf


def same_as_told(given, expected):
    if isinstance(expected, dict):
        return all(same_as_told(given[key], expected[key]) for key in expected)
    if isinstance(expected, list) and isinstance(expected[0], np.ndarray):
        return all(map(same, given, expected))
    return np.array_equal(given, expected)


def _at(value, path):
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_snippet_fits_on_a_screen(name):
    first = FUNCTIONS[CALLS[name][-1][0]].signature.leaves()[0][1]
    lines = code_of(*CALLS[name], outputs=[(first,)]).splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 100


def test_a_snippet_reads_like_a_student_s_own_code():
    forward = ("affine_forward", np.array([[1.5, -2.0]]), np.array([[1.0], [0.25]]), np.array([3.0]))
    wrong = Reply((np.array([[1.0, 0.25]]), np.array([[1.5], [-2.0]]), np.array([0.5])))
    assert code_of(
        forward, ("affine_backward", np.array([[1.0]]), CACHE), wrong=wrong, outputs=[("db",)]
    ) == (
        "import numpy as np\n"
        "from layers import affine_forward, affine_backward\n"
        "\n"
        "x = np.array([[ 1.5, -2. ]])\n"
        "w = np.array([[1.  ],\n"
        "              [0.25]])\n"
        "b = np.array([3.])\n"
        "out, cache = affine_forward(x, w, b)\n"
        "dout = np.array([[1.]])\n"
        "dx, dw, db = affine_backward(dout, cache)\n"
        "print(db)\n"
        "# yours:    [0.5]\n"
        "# expected: [1.]"
    )


def test_the_expected_value_is_what_the_printed_line_prints(run):
    code = code_of(("softmax", np.array([[0.0, 0.0], [0.0, 0.0]])))
    _, printed = run(code)
    told = [line[len("# expected: ") :] for line in code.splitlines() if line.startswith("# expected")]
    assert told[0].replace(",", "") == printed.splitlines()[0]


def test_nothing_of_the_key_is_told_where_expected_values_are_not_shown():
    wrong = Reply(np.array([[0.25, 0.75]]))
    code = code_of(("softmax", np.array([[1.0, 2.0]])), wrong=wrong, show_expected=False)
    assert "0.25" in code
    assert "expected" not in code
    assert "0.26" not in code  # softmax of [1, 2] is [0.269, 0.731]
    assert "0.73" not in code


def test_an_argument_that_the_call_may_change_can_be_shown():
    calls = CALLS["running averages"]
    code = code_of(*calls, outputs=[("bn_param", "running_mean")])
    assert "print(bn_param['running_mean'])\n# yours:    [" in code


def test_a_changed_argument_is_made_anew_for_the_next_call(run):
    call = ("batchnorm_forward", normal(3, 2), np.ones(2), np.ones(2), bn_param())
    once = recorded(call)
    chained = [*once, CallRecord(call[0], (Part(0, (0,)), *call[2:]), once[0].actual, once[0].expected)]
    code = snippet(chained, 1, FUNCTIONS, show_expected=False, outputs=[("out",)])
    assert code.count("'mode'") == 2
    assert "gamma_2" not in code
    names, _ = run(code)
    left, right = names["bn_param"], names["bn_param_2"]
    assert not np.array_equal(left["running_mean"], right["running_mean"])


def test_a_crash_is_told_in_one_line():
    failure = Failure("raised", "ValueError", "shapes (2,3) and (4,5)\nnot aligned\x1b[31m" + "x" * 500)
    lines = code_of(("softmax", normal(2, 3)), wrong=Reply(failure=failure)).splitlines()
    assert lines[-1].startswith("# yours:    ValueError: shapes (2,3) and (4,5) not aligned [31mxxx")
    assert len(lines[-1]) == 100


def test_a_student_s_own_name_and_file_are_imported():
    own = dataclasses.replace(FUNCTIONS["softmax"], name="softmax_rows", file="my_layers.py")
    records = recorded(("softmax", normal(1, 2)))
    code = snippet(records, 0, {**FUNCTIONS, "softmax": own}, show_expected=True)
    assert "from my_layers import softmax_rows\n" in code
    assert "p = softmax_rows(z)\n" in code


# --- No snippet rather than a bad one ---


def test_too_many_entries_give_no_snippet():
    assert code_of(("softmax", np.ones((5, 8))))
    assert code_of(("softmax", np.ones((41, 1)))) == ""


def test_too_many_lines_give_no_snippet():
    assert code_of(("relu_forward", np.ones((26, 1)))) == ""


def test_a_text_that_is_too_long_gives_no_snippet():
    assert code_of(("tokenize", "a" * 100, {"a": 1})) == ""


def test_an_answer_without_the_value_to_show_gives_no_snippet():
    for value in (None, 3, (1,), {}, np.ones(1)):
        call = ("softmax_loss", normal(1, 2), np.array([0]))
        assert code_of(call, wrong=Reply(value), outputs=[("dx",)]) == ""


def test_a_large_answer_gives_no_snippet():
    assert code_of(("softmax", normal(1, 2)), wrong=Reply(np.ones((100, 100)))) == ""
    assert code_of(("softmax", normal(1, 2)), wrong=Reply(list(range(1000)))) == ""


HOSTILE = "\x1b[31m\n\r# expected: [1.]\n\u202e\ud800" + "x" * 1000


@pytest.mark.parametrize(
    "value", [HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}, (HOSTILE, 1.0), 10**900, np.array([HOSTILE]), [[[[]]]]]
)
def test_a_hostile_answer_cannot_add_a_line(value):
    code = code_of(("softmax", normal(1, 2)), wrong=Reply(value), show_expected=False)
    assert sum(line.startswith("# ") for line in code.splitlines()) <= 1
    assert not any(line.startswith("# expected") for line in code.splitlines())
    assert all(line.isprintable() and len(line) <= 100 for line in code.splitlines())
