"""What becomes of a test when a call gives no value, or not the values that later calls need."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.difference import WrongCount
from autograder.findings import Differs
from tests.harness.tiny_assignment import grade_body, is_students_fault, raising
from tests.harness.tiny_key import softmax

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])


def backward(case):
    cache = case.call("affine_forward", Z, np.ones((3, 2)), np.zeros(2)).cache
    case.call("affine_backward", np.ones((2, 2)), cache).equals_reference()


@pytest.mark.parametrize(
    ("student", "kind"),
    [
        (None, "missing"),
        (raising(NotImplementedError()), "stub"),
        (raising(SystemExit(1)), "exited"),
        (raising(ValueError("bad")), "raised"),
    ],
)
def test_without_a_forward_pass_the_test_of_the_backward_pass_ends_with_one_finding(student, kind):
    result, case = grade_body(backward, student={"affine_forward": student})
    (found,) = case.findings
    assert (found.function, found.failure.kind) == ("affine_forward", kind)
    assert len(case.calls) == 1
    assert is_students_fault(result)
    assert result.score == 0


def test_a_forward_pass_without_its_cache_ends_the_test_with_one_finding():
    result, case = grade_body(backward, student={"affine_forward": lambda x, w, b: x @ w + b})
    (found,) = case.findings
    assert isinstance(found, Differs)
    assert isinstance(found.difference, WrongCount)
    assert len(case.calls) == 1
    assert is_students_fault(result)


@pytest.mark.parametrize("student", [None, raising(NotImplementedError()), raising(SystemExit())])
def test_a_test_ends_at_the_first_call_after_which_no_other_can_do_better(student):
    def body(case):
        for rows in (1, 2):
            case.call("softmax", Z[:rows]).equals_reference()

    _, case = grade_body(body, student={"softmax": student})
    assert (len(case.findings), len(case.calls)) == (1, 1)


def test_a_test_goes_on_after_an_exception():
    def body(case):
        for rows in (1, 2):
            case.call("softmax", Z[:rows]).equals_reference()

    def only_two_rows(z):
        if len(z) == 1:
            raise ValueError("one row")
        return softmax(z)

    result, case = grade_body(body, student={"softmax": only_two_rows})
    assert (len(case.findings), len(case.calls)) == (1, 2)
    assert "softmax is right on 1 of the 2 inputs of this test." in result.output
