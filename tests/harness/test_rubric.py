"""Credit by rubric: a common slip keeps a share of the points where the assignment says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.grader import Grader
from autograder.result_format import TestResult
from autograder.results import ResultsWriter
from tests.harness.results_validator import check

TOML = """
title = "Quiz"
seed = 7
points = 12
reference = "key"
cases = "graded"

[grading]
rubric = RUBRIC

[functions."numbers.py"]
double = "x -> y"
both = "x -> twice, thrice"

[[parts]]
number = "1"
title = "Numbers"
points = 12

[[questions]]
number = "1.1"
title = "Multiples"
points = 12
"""
KEY = "def double(x): return 2 * x\ndef both(x): return 2 * x, 3 * x\n"
MISTAKES = """
from autograder.mistake import mistake_of

@mistake_of("double", says="it is squared", remedy="double it", credit=0.7)
def double_squared(x): return x * x

@mistake_of("double", says="it is halved", remedy="double it")
def double_halved(x): return x / 2

@mistake_of("both", says="x is returned", remedy="multiply by 3", credit=0.25)
def both_once(x): return 2 * x, x
"""
CASES = """
from gradescope_utils.autograder_utils.decorators import number, tags, weight
from autograder.case import GradedCase

class Multiples(GradedCase):
    @weight(4)
    @number("1.1.1")
    @tags("double")
    def test_double(self):
        '''double doubles'''
        for x in (3.0, 5.0):
            self.call("double", x).equals_reference()

    @weight(4)
    @number("1.1.2")
    @tags("both")
    def test_both(self):
        '''both gives two multiples'''
        for x in (3.0, 5.0):
            self.call("both", x).equals_reference()

    @weight(2)
    @number("1.1.3")
    @tags("double")
    def test_even(self):
        '''double gives even numbers'''
        self.call("double", 7.0).satisfies(lambda y: y % 2 == 0, "The double should be even.")

    @weight(2)
    @number("1.1.4")
    @tags("double")
    def test_together(self):
        '''double and both agree'''
        self.call("double", 3.0).equals_reference()
        self.call("both", 3.0).equals_reference()
"""
RIGHT = {"double": "2 * x", "both": "2 * x, 3 * x"}


class Quiz:
    """Grades submissions of a small assignment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("assignments", "graded", "key/mistakes", "submission"):
            (folder / name).mkdir(parents=True)
        (folder / "key/numbers.py").write_text(KEY)
        (folder / "key/mistakes/numbers.py").write_text(MISTAKES)
        (folder / "graded/numbers.py").write_text(CASES)

    def grade(self, rubric: bool = True, **functions: str) -> dict[str, TestResult]:
        """The results by test number; functions: what each returns, where it is not right."""
        text = TOML.replace("RUBRIC", str(rubric).lower())
        (self.folder / "assignments/quiz.toml").write_text(text)
        lines = [f"def {name}(x): return {result}" for name, result in {**RIGHT, **functions}.items()]
        (self.folder / "submission/numbers.py").write_text("\n".join(lines) + "\n")
        path = self.folder / "results.json"
        with Grader(load_assignment("quiz", self.folder)) as grader:
            results = grader.grade(self.folder / "submission", ResultsWriter(path)).results
        assert check(path, 12) == []
        return {test.number: test for test in results.tests}


@pytest.fixture
def quiz(tmp_path: Path) -> Quiz:
    return Quiz(tmp_path)


def test_a_common_slip_keeps_its_share_of_the_points(quiz: Quiz) -> None:
    result = quiz.grade(double="x * x")["1.1.1"]

    assert result.points == (2.8, 4)
    assert result.status == "failed"
    assert "It is a common slip: you keep 70% of the points." in result.output
    assert result.output.startswith("double: it looks as if it is squared.\nTo mend it: double it.")


def test_nothing_is_kept_where_the_assignment_does_not_say_so(quiz: Quiz) -> None:
    result = quiz.grade(rubric=False, double="x * x")["1.1.1"]

    assert result.points == (0, 4)
    assert "common slip" not in result.output
    assert "it is squared" in result.output


def test_only_the_points_of_the_wrong_outputs_are_shared(quiz: Quiz) -> None:
    result = quiz.grade(both="2 * x, x")["1.1.2"]

    assert result.points == (2 + 0.25 * 2, 4)
    assert "It is a common slip: you keep 25% of the points of thrice." in result.output


def test_a_claim_that_fails_by_the_slip_alone_keeps_the_share_too(quiz: Quiz) -> None:
    assert quiz.grade(double="x * x")["1.1.3"].points == (1.4, 2)


def test_a_mistake_without_a_credit_keeps_nothing(quiz: Quiz) -> None:
    result = quiz.grade(double="x / 2")["1.1.1"]

    assert result.points == (0, 4)
    assert "it is halved" in result.output
    assert "common slip" not in result.output


def test_a_wrong_answer_that_is_no_known_mistake_keeps_nothing(quiz: Quiz) -> None:
    assert quiz.grade(double="x + 7")["1.1.1"].points == (0, 4)
    assert quiz.grade(double="x * x if x < 4 else x")["1.1.1"].points == (0, 4)


def test_a_slip_that_explains_only_one_of_two_wrong_outputs_keeps_nothing(quiz: Quiz) -> None:
    result = quiz.grade(both="2 * x + 9, x")["1.1.2"]

    assert "both, thrice: it looks as if x is returned." in result.output
    assert result.points == (0, 4)


def test_two_mistakes_in_one_test_keep_nothing(quiz: Quiz) -> None:
    results = quiz.grade(double="x * x", both="2 * x, x")

    assert results["1.1.4"].points == (0.67, 2)
    assert "common slip" not in results["1.1.4"].output
    assert results["1.1.1"].points == (2.8, 4)


def test_a_crash_keeps_nothing(quiz: Quiz) -> None:
    assert quiz.grade(double="x * x if x < 4 else 1 / 0")["1.1.1"].points == (0, 4)


@pytest.mark.parametrize("credit", ["0", "1", "1.5", "-0.2", "True", "'half'", "float('nan')"])
def test_a_credit_that_is_no_share_is_refused(quiz: Quiz, credit: str) -> None:
    file = quiz.folder / "key/mistakes/numbers.py"
    file.write_text(MISTAKES.replace("credit=0.7", f"credit={credit}"))

    with pytest.raises(AssignmentError, match=r"double_squared: credit=.* must be a share between 0 and 1"):
        quiz.grade(double="x * x")
