"""A crash is told in full once; where it comes again, a test only says where to read about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradescope_utils.autograder_utils.decorators import hide_errors, visibility

from autograder.case import GradedCase
from autograder.test_report import Known, report
from tests.harness.test_explainer import Z, call, case_for, told
from tests.harness.tiny_assignment import grade
from tests.harness.tiny_key import softmax

SAME = "softmax stops with the same error at the same line as in 1.1: mend that first."


def with_three_columns(z: np.ndarray) -> np.ndarray:
    return z + np.zeros((len(z), 2))


def with_small_values(z: np.ndarray) -> np.ndarray:
    if z.max() > 5:
        raise ValueError("too large")
    raise ValueError("too small")


def two_lines(z: np.ndarray) -> np.ndarray:
    if len(z) > 2:
        return z + np.zeros((len(z), 2))
    return z + np.zeros((len(z), 2))


def texts_of(student: Callable[..., Any], *bodies: Any, **options: Any) -> list[str]:
    """The texts of tests 1.1, 1.2, ... that do this."""
    cases = [case_for(f"1.{i + 1}", "softmax", body) for i, body in enumerate(bodies)]
    return list(told(*cases, student={"softmax": student}, **options).values())


ONE, TWO = call("softmax", Z), call("softmax", np.ones((3, 4)))


def test_a_crash_that_comes_again_is_told_in_one_line() -> None:
    first, second = texts_of(with_three_columns, ONE, TWO)
    assert "could not be broadcast" in first
    assert "To see it for yourself:" in first
    assert second == SAME


def test_a_third_test_refers_to_the_first() -> None:
    assert texts_of(with_three_columns, ONE, TWO, ONE)[1:] == [SAME, SAME]


@pytest.mark.parametrize("student", [two_lines, with_small_values])
def test_another_line_or_another_error_is_told_in_full(student: Callable[..., Any]) -> None:
    _, second = texts_of(student, ONE, call("softmax", 9 * np.ones((3, 4))))
    assert "the same error" not in second
    assert "softmax stopped with ValueError" in second


def test_what_else_is_wrong_is_told_in_full() -> None:
    def student(z: np.ndarray) -> np.ndarray:
        return 2 * softmax(z) if len(z) == 1 else with_three_columns(z)

    _, second = texts_of(student, ONE, lambda case: [call("softmax", Z[:1])(case), TWO(case)])
    assert "softmax: p is wrong" in second
    assert "could not be broadcast" in second


def test_how_many_inputs_are_right_is_still_told() -> None:
    def student(z: np.ndarray) -> np.ndarray:
        return softmax(z) if len(z) == 1 else with_three_columns(z)

    _, second = texts_of(student, ONE, lambda case: [call("softmax", Z[:1])(case), TWO(case)])
    assert second == f"{SAME}\n\nsoftmax is right on 1 of the 2 inputs of this test."


@pytest.mark.parametrize("decorator", [visibility("after_published"), visibility("hidden"), hide_errors("-")])
def test_no_test_refers_to_one_whose_text_students_cannot_read(decorator: Any) -> None:
    first = case_for("1.1", "softmax", ONE, decorator)
    second, third = (case_for(number, "softmax", TWO) for number in ("1.2", "1.3"))
    texts = told(first, second, third, student={"softmax": with_three_columns})
    assert "could not be broadcast" in texts["1.2"]
    assert texts["1.3"] == SAME.replace("1.1", "1.2")


def test_a_test_that_students_cannot_see_does_not_tell_that_its_crash_is_the_same() -> None:
    hidden = case_for("1.2", "softmax", TWO, visibility("after_published"))
    texts = told(case_for("1.1", "softmax", ONE), hidden, student={"softmax": with_three_columns})
    assert texts["1.2"] == "softmax stopped with ValueError."


def test_the_line_is_left_out_where_a_cause_says_it() -> None:
    found = grade(case_for("1.2", "softmax", ONE), student={"softmax": with_three_columns}).run.finished
    ((case, declared),) = found
    assert isinstance(case, GradedCase)
    assert report(case, declared, Known(["It needs softmax: mend 1.1 first."], told_in="1.1")) == (
        "It needs softmax: mend 1.1 first."
    )


def test_a_cause_is_never_a_test_that_students_cannot_see() -> None:
    forward = call("affine_forward", Z, Z.T, Z[:, 0])
    hidden = case_for("1.1", "affine_forward", forward, visibility("hidden"))
    visible = case_for("1.2", "affine_backward", forward)
    texts = told(hidden, visible, student={"affine_forward": None})
    assert "mend" not in texts["1.2"]
