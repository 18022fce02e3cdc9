"""The rehearsal: what it finds in an assignment that is not steady, fair or clear, and on one page."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.assignment import load_assignment
from autograder.errors import AutograderError, UsageError
from autograder.rehearsal.margins import Margin, margins
from autograder.rehearsal.page import page, problems
from autograder.rehearsal.rehearse import Rehearsal, rehearse
from autograder.rehearsal.stability import Stability

TOML = """
title = "Quiz"
seed = 7
points = 1
reference = "key"
cases = "graded"
functions."numbers.py".double = "x -> y"
[[parts]]
number = "1"
title = "Numbers"
points = 1
[[questions]]
number = "1.1"
title = "Multiples"
points = 1
"""
KEY = "import numpy as np\ndef double(x): return 2 * x\n"
CASES = """
from gradescope_utils.autograder_utils.decorators import number, tags, weight
from autograder.case import GradedCase
from autograder.difference import Tolerance

class Multiples(GradedCase):
    @weight(1)
    @number("1.1.1")
    @tags("double")
    def test_double(self):
        '''double gives twice the value'''
        {test}
"""
EQUAL = 'self.call("double", self.normal(3)).equals_reference()'
MISTAKE = """
from autograder.mistake import mistake_of
@mistake_of("double", says="it is halved", remedy="double it")
def double_wrong(x): return {wrong}
"""
EXPECTED = '{"score": 1, "max_score": 1, "lost": {}}'
RIGHT = "def double(x): return x + x"

Found = Callable[..., Rehearsal]


@pytest.fixture
def found(tmp_path: Path) -> Found:
    def rehearse_it(
        test: str = EQUAL, wrong: str = "x / 2", examples: dict[str, str] | None = None, seeds: int = 2
    ) -> Rehearsal:
        write(tmp_path, test, wrong, {"perfect": RIGHT} if examples is None else examples)
        return rehearse(load_assignment("quiz", tmp_path), seeds)

    return rehearse_it


def write(root: Path, test: str, wrong: str, examples: dict[str, str]) -> None:
    files = {
        "assignments/quiz.toml": TOML,
        "key/numbers.py": KEY,
        "key/mistakes/numbers.py": MISTAKE.format(wrong=wrong),
        "graded/numbers.py": CASES.format(test=test),
        **{f"submissions_example/{name}/submission/numbers.py": code for name, code in examples.items()},
        **{f"submissions_example/{name}/expected.json": EXPECTED for name in examples},
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_good_assignment_is_steady_and_fair_and_clear(found: Found) -> None:
    rehearsal = found()

    assert problems(rehearsal) == 0
    assert rehearsal.correct == ("perfect",)
    assert [each.is_narrow for each in rehearsal.margins] == [False]


def test_every_example_and_style_is_run_twice_under_each_seed(found: Found) -> None:
    rehearsal = found(examples={"perfect": RIGHT, "empty": "x = 1"}, seeds=3)

    assert rehearsal.stability.runs == (2 + 4) * 3 * 2
    assert rehearsal.examples == ("empty", "perfect")
    assert rehearsal.correct == ("perfect",)


def test_a_verdict_that_hangs_on_the_seed_is_found(found: Found) -> None:
    test = 'self.call("double", float(self.rng.choice([1.0, 3.0]))).equals(2.0)'
    rehearsal = found(test, seeds=6)

    assert {change.same_seed for change in rehearsal.stability.changes} == {False}
    assert problems(rehearsal) > 0


def test_a_verdict_that_changes_when_run_again_is_found(found: Found) -> None:
    unsteady = "import os\ndef double(x): return x + x + os.urandom(1)[0] % 2"
    rehearsal = found(examples={"unsteady": unsteady}, seeds=8)

    assert any(change.same_seed for change in rehearsal.stability.changes)


def test_a_correct_style_that_loses_points_is_found(found: Found) -> None:
    rehearsal = found(
        'self.call("double", self.normal(3) / 3).equals_reference(tolerance=Tolerance(0.0, 1e-12))'
    )

    assert {style for style, *_ in rehearsal.unfair} == {"style float32_throughout", "style float32_inside"}
    assert problems(rehearsal) > 0


def test_a_mistake_close_to_the_tolerance_is_a_warning(found: Found) -> None:
    rehearsal = found(wrong="2 * x * 1.0003")
    (margin,) = rehearsal.margins

    assert margin.mistake == "double_wrong"
    assert 1 < margin.wrong < 5
    assert margin.is_narrow
    assert problems(rehearsal) == 0


def test_a_correct_style_close_to_the_tolerance_is_a_warning(found: Found) -> None:
    almost = "def double(x): return 2 * x * (1 + 0.9e-4)"
    (margin,) = found(examples={"almost": almost}).margins

    assert margin.style == "example almost"
    assert 0.5 < margin.right < 1
    assert margin.is_narrow


def test_a_wrong_example_is_no_correct_style(found: Found) -> None:
    rehearsal = found(examples={"perfect": RIGHT, "wrong": "def double(x): return x"})

    assert {margin.style for margin in rehearsal.margins} != {"example wrong"}
    assert rehearsal.slowest[2] == "perfect"


def test_the_time_of_correct_examples_is_taken(found: Found) -> None:
    slow = "import time\ndef double(x):\n  end = time.process_time() + 0.1\n"
    slow += "  while time.process_time() < end: pass\n  return x + x"
    rehearsal = found(examples={"perfect": RIGHT, "slow": slow})

    assert rehearsal.slowest[0] >= 0.1
    assert rehearsal.slowest[1:] == ("double", "slow")
    assert rehearsal.run_cpu_seconds[0] >= 0.1


def test_an_assignment_without_examples_is_told_where_they_go(found: Found) -> None:
    with pytest.raises(AutograderError, match="submissions_example holds no example: add NAME/submission/"):
        found(examples={})


def test_verdicts_are_compared_with_the_first_of_the_seed_and_of_all() -> None:
    stability = Stability()
    for seed, points in [(1, 5.0), (1, 5.0), (2, 3.0), (2, 5.0)]:
        stability.add("perfect", seed, {"a": points})

    assert [(change.seed, change.found, change.same_seed) for change in stability.changes] == [
        (2, 3.0, False),
        (2, 5.0, True),
    ]


def test_the_margin_is_between_the_worst_style_and_the_nearest_mistake_that_is_caught() -> None:
    styles = {"fine": {"a": 0.1}, "float32": {"a": 0.3}}
    mistakes = {"passes": {"a": 0.9}, "near": {"a": 7.0}, "far": {"a": math.inf}, "elsewhere": {"b": 2.0}}

    assert margins(styles, mistakes) == [Margin("a", "float32", 0.3, "near", 7.0)]


def test_the_page_says_what_to_look_at(found: Found, tmp_path: Path) -> None:
    rehearsal = found(wrong="2 * x * 1.0003", examples={"perfect": RIGHT})
    text = page(load_assignment("quiz", tmp_path), rehearsal)

    assert "STEADY   No verdict changed in 20 runs." in text
    assert "full marks; so have these examples: perfect" in text
    assert "NARROW   In 1 of 1 tests" in text
    assert "1.1.1 double gives twice the value" in text
    assert "double_wrong is off by" in text
    assert "5 CPU seconds" not in text
    assert "of the 10 CPU seconds" in text


def test_the_page_names_what_changed(found: Found, tmp_path: Path) -> None:
    rehearsal = found('self.call("double", float(self.rng.choice([1.0, 3.0]))).equals(2.0)', seeds=6)
    text = page(load_assignment("quiz", tmp_path), rehearsal)

    assert "UNSTEADY" in text
    assert "example perfect has 1 points, under seed" in text or "example perfect has 0 points, under" in text


def test_the_command_fails_where_something_must_be_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, 'self.call("double", self.normal(3)).equals(0.0)', "x / 2", {"perfect": RIGHT})
    output = tmp_path / "rehearsal.txt"
    quiz = str(tmp_path / "assignments" / "quiz.toml")

    assert main(["rehearse", "--assignment", quiz, "--seeds", "1", "--output", str(output)]) == 1
    assert output.read_text() == capsys.readouterr().out
    assert "UNFAIR" in output.read_text()


@pytest.mark.parametrize("wrong", [["--seeds", "0"], ["--output", "nowhere/page.txt"]])
def test_the_command_refuses_what_cannot_be(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", *wrong]) == 2
    assert "needed" in (said := capsys.readouterr().err) or "make it first" in said


def test_no_seed_is_a_usage_error() -> None:
    from autograder.commands.rehearse import main as rehearse_main

    with pytest.raises(UsageError):
        rehearse_main(["--seeds", "-1"])
