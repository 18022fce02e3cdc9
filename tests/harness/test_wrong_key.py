"""Where the key or the case is wrong, the autograder failed: no student is blamed for it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness.tiny_assignment import grade_body, is_our_fault, raising, staff_details
from tests.harness.tiny_key import affine_backward, running_mean, softmax

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])
X, W, B = np.arange(6.0).reshape(2, 3), np.ones((3, 2)), np.zeros(2)


def backward(case):
    cache = case.call("affine_forward", X, W, B).cache
    case.call("affine_backward", np.ones((2, 2)), cache).equals_reference()


@pytest.mark.parametrize("error", [ValueError("no such case"), SystemExit(1)])
def test_a_key_that_fails_is_the_autograders_failure_whatever_the_student_does(error):
    for student in (softmax, raising(error), None, lambda z: None):
        result, case = grade_body(
            lambda case: case.call("softmax", Z).equals_reference(),
            student={"softmax": student},
            key={"softmax": raising(error)},
        )
        assert is_our_fault(result)
        assert "the reference's softmax failed" in staff_details(result)
        assert case.findings == []


@pytest.mark.parametrize("value", [np.full((2, 3), np.nan), {1, 2}, 1j], ids=["NaN", "set", "complex"])
@pytest.mark.parametrize("student", [softmax, raising(ValueError()), None, lambda z: None, lambda z: z[0]])
def test_a_key_that_gives_no_comparable_value_is_the_autograders_failure(value, student):
    result, _ = grade_body(
        lambda case: case.call("softmax", Z).equals_reference(),
        student={"softmax": student},
        key={"softmax": lambda z: value},
    )
    assert is_our_fault(result)


def test_a_key_that_gives_NaN_in_one_output_blames_nobody_for_another_count():
    def key(dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        return dx, dw, db * np.nan

    for student in (
        affine_backward,
        lambda dout, cache: 1.0,
        lambda dout, cache: affine_backward(dout, cache)[:2],
    ):
        result, _ = grade_body(backward, student={"affine_backward": student}, key={"affine_backward": key})
        assert is_our_fault(result)


def test_a_key_without_the_cache_that_a_case_needs_is_the_autograders_failure():
    result, _ = grade_body(backward, key={"affine_forward": raising(ValueError("no such case"))})
    assert is_our_fault(result)


def test_a_key_that_fails_to_change_an_argument_blames_nobody():
    result, _ = grade_body(
        lambda case: case.call("running_mean", Z, {"mean": np.zeros(3)}).leaves_argument_like_reference(
            "state"
        ),
        student={"running_mean": running_mean},
        key={"running_mean": raising(ValueError("bad"))},
    )
    assert is_our_fault(result)


def test_a_function_that_is_not_declared_is_the_autograders_failure():
    result, _ = grade_body(lambda case: case.call("sofmax", Z))
    assert is_our_fault(result)
    assert "no function 'sofmax' is declared" in staff_details(result)


def test_a_case_that_expects_another_structure_is_the_autograders_failure():
    assert is_our_fault(grade_body(lambda case: case.call("network", Z).equals(2.0))[0])


def test_an_output_that_the_signature_does_not_have_is_the_autograders_failure():
    result, _ = grade_body(lambda case: case.call("network", Z).dw4)
    assert is_our_fault(result)
    assert "network returns no 'dw4'; it returns loss, dw1, dw2, dw3" in staff_details(result)
