"""Partial credit, leaderboards and hidden errors: no points lost or given away by how decorators stack."""

from __future__ import annotations

import numpy as np
import pytest
from gradescope_utils.autograder_utils.decorators import (
    hide_errors,
    leaderboard,
    number,
    partial_credit,
    tags,
    weight,
)

from autograder import feedback
from autograder.case import GradedCase
from tests.harness.tiny_assignment import (
    grade,
    is_our_fault,
    is_students_fault,
    staff_details,
    with_wraps,
    without_wraps,
    worth,
)


class TorchLikeScalar:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return float(self.value)

    def item(self):
        return self.value


class Hostile:
    def __float__(self):
        raise RuntimeError("no number")


def scoring(*decorators, body=lambda case, set_score: None) -> type[GradedCase]:
    """A class whose one test is decorated so, the outermost first, and does `body` with set_score."""

    def test_loss(self, set_score=None, **_):
        """the loss is small"""
        body(self, set_score)

    method = test_loss
    for decorator in reversed(decorators):
        method = decorator(method)
    return type("Loss", (GradedCase,), {"test_loss": tags("softmax")(number("1.1")(method))})


def scored(score, *decorators):
    """The result of a test worth 10 points that gives this to set_score."""
    decorators = decorators or (partial_credit(10),)
    return grade(scoring(*decorators, body=lambda case, set_score: set_score(score)), points={"1.1": 10}).one


@pytest.mark.parametrize(
    ("given", "score"),
    [
        (3, 3),
        (10, 10),
        (0, 0),
        (15, 10),
        (-3, 0),
        (np.float32(2.5), 2.5),
        (np.array(4), 4),
        (TorchLikeScalar(3.5), 3.5),
        (True, 1),
    ],
)
def test_set_score_gives_the_score_within_0_and_the_weight(given, score):
    result = scored(given)
    assert (result.score, result.max_score) == (score, 10)
    assert result.status == ("passed" if score == 10 else "failed")
    assert "autograder_failed" not in result.extra_data


@pytest.mark.parametrize(
    "given", [None, float("nan"), float("inf"), "7", [3], 1j, np.ones(2), 10**400, Hostile(), object()]
)
def test_a_score_that_is_no_number_counts_as_0_and_is_told_to_staff(given):
    result = scored(given)
    assert (result.score, result.status, result.output) == (0, "failed", feedback.not_scored())
    assert "set_score" in staff_details(result)


def test_a_partial_credit_test_that_sets_no_score_gives_nothing_away():
    result = grade(scoring(partial_credit(10)), points={"1.1": 10}).one
    assert (result.score, result.output) == (0, feedback.not_scored())


@pytest.mark.parametrize("around", [with_wraps, without_wraps])
def test_a_score_under_another_decorator_is_found(around):
    assert scored(3, around, partial_credit(10)).score == 3
    assert scored(3, around, around, weight(10), partial_credit(10), around).score == 3


@pytest.mark.parametrize("around", [with_wraps, without_wraps])
def test_a_missing_score_under_another_decorator_gives_nothing_away(around):
    case = scoring(around, partial_credit(10))
    assert grade(case, points={"1.1": 10}).one.output == feedback.not_scored()


def test_a_score_set_before_an_assertion_fails_is_kept():
    def body(case, set_score):
        set_score(3)
        case.fail("the loss is 0.5")

    result = grade(scoring(partial_credit(10), body=body), points={"1.1": 10}).one
    assert result.score == 3
    assert is_students_fault(result)
    assert result.output == "the loss is 0.5"


def test_a_score_set_before_the_autograder_fails_does_not_count():
    def body(case, set_score):
        set_score(3)
        raise KeyError("data")

    assert is_our_fault(grade(scoring(partial_credit(10), body=body), points={"1.1": 10}).one)


def test_an_assertion_before_any_score_is_the_students_failure():
    case = scoring(partial_credit(10), body=lambda case, set_score: case.fail("no loss"))
    result = grade(case, points={"1.1": 10}).one
    assert is_students_fault(result)
    assert (result.score, result.output) == (0, "no loss")


def test_findings_before_any_score_are_the_students_failure():
    def body(case, set_score):
        case.call("softmax", np.ones((2, 3))).claim(False, "p should be smaller.")

    result = grade(scoring(partial_credit(10), body=body), points={"1.1": 10}).one
    assert is_students_fault(result)
    assert result.output.startswith("softmax: p should be smaller.")


def test_an_inherited_test_does_not_inherit_a_score():
    class Base(GradedCase):
        gives: float | None = 7.0

        @partial_credit(10)
        @number("1.1")
        @tags("softmax")
        def test_loss(self, set_score=None):
            """the loss is small"""
            if self.gives is not None:
                set_score(self.gives)

    class Same(Base):
        pass

    class Nothing(Base):
        gives = None

    graded = grade(Same, Nothing, points={"1.1": 20})
    assert graded.scores == [7, 0]
    assert graded.results[1].output == feedback.not_scored()


def test_a_second_run_in_one_process_does_not_inherit_a_score():
    gives = [7.0, None]
    case = scoring(partial_credit(10), body=lambda case, set_score: set_score(gives.pop(0)))
    assert [grade(case, points={"1.1": 10}).one.score for _ in range(2)] == [7, 0]


def board(*decorators, value=None) -> type[GradedCase]:
    def test_loss(self, set_leaderboard_value=None):
        """the loss is small"""
        if value is not None:
            set_leaderboard_value(value)

    method = test_loss
    for decorator in reversed(decorators):
        method = decorator(method)
    return type("Loss", (GradedCase,), {"test_loss": worth(10)(method)})


def test_a_leaderboard_test_stays_among_the_tests():
    graded = grade(board(leaderboard("loss", "asc"), value=0.25))
    assert (graded.one.score, graded.one.status) == (10, "passed")
    assert graded.document["leaderboard"] == [{"name": "loss", "value": 0.25, "order": "asc"}]


@pytest.mark.parametrize("around", [with_wraps, without_wraps])
def test_a_leaderboard_value_under_another_decorator_is_found(around):
    graded = grade(board(around, leaderboard("loss"), value=3))
    assert graded.document["leaderboard"] == [{"name": "loss", "value": 3, "order": "desc"}]


def test_a_leaderboard_test_without_a_value_has_no_entry():
    graded = grade(board(leaderboard("loss")))
    assert graded.scores == [10]
    assert graded.document["leaderboard"] == []


def test_a_leaderboard_value_of_an_earlier_run_is_forgotten():
    values = [0.5, None]

    class Loss(GradedCase):
        @worth(10)
        @leaderboard("loss")
        def test_loss(self, set_leaderboard_value=None):
            value = values.pop(0)
            if value is not None:
                set_leaderboard_value(value)

    assert [len(grade(Loss).run.leaderboard) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("value", [float("nan"), np.float32(0.5), object(), "0.5\x00"])
def test_any_leaderboard_value_leaves_the_results_valid(value):
    assert len(grade(board(leaderboard("loss"), value=value)).document["leaderboard"]) == 1


@pytest.mark.parametrize("around", [with_wraps, without_wraps, lambda function: function])
def test_hidden_errors_show_their_message_alone(around):
    def test_secret(self):
        print("the key's value is 42")
        self.call("softmax", self.normal(2, 3)).claim(False, "the rows should sum to 1")
        self.fail("softmax gave 42")

    case = type(
        "Secret", (GradedCase,), {"test_secret": worth(10)(around(hide_errors("Try again.")(test_secret)))}
    )
    result = grade(case).one
    assert (result.score, result.output) == (0, "Try again.")


def test_hidden_errors_that_did_not_happen_show_nothing():
    case = type(
        "Secret", (GradedCase,), {"test_secret": worth(10)(hide_errors("Try again.")(lambda self: None))}
    )
    assert (grade(case).one.score, grade(case).one.output) == (10, "")
