"""The share of a test's points that its right outputs earn."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.findings import CallFailed, ClaimFailed, Differs
from tests.harness.tiny_assignment import grade_body, raising
from tests.harness.tiny_key import affine_backward, softmax

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])
X, W, B = np.arange(6.0).reshape(2, 3), np.ones((3, 2)), np.zeros(2)


def backward(case):
    cache = case.call("affine_forward", X, W, B).cache
    case.call("affine_backward", np.ones((2, 2)), cache).equals_reference()


def test_each_output_that_is_right_earns_its_share():
    def student(dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        return dx, 2 * dw, db

    result, case = grade_body(backward, student={"affine_backward": student})
    assert [finding.output for finding in case.findings] == ["dw"]
    assert case.share() == pytest.approx(2 / 3)
    assert result.score == pytest.approx(20 / 3)
    assert result.status == "failed"
    assert "dx and db are right, dw is not: 2 of 3." in result.output


def test_a_case_that_stops_keeps_the_share_of_what_was_right():
    def body(case):
        backward(case)
        case.stop()

    def student(dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        return dx, 2 * dw, db

    assert grade_body(body, student={"affine_backward": student})[0].score == pytest.approx(20 / 3)


def test_an_output_that_is_wrong_on_one_input_earns_nothing():
    def body(case):
        for size in (1, 2):
            cache = case.call("affine_forward", X[:size], W, B).cache
            case.call("affine_backward", np.ones((size, 2)), cache).equals_reference()

    def student(dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        return dx, dw, db / len(dout)

    result, case = grade_body(body, student={"affine_backward": student})
    assert case.share() == pytest.approx(2 / 3)
    assert "affine_backward is right on 3 of the 4 inputs" not in result.output
    assert "affine_backward is right on 1 of the 2 inputs of this test." in result.output


def test_a_call_that_failed_leaves_no_share():
    answers = [softmax, raising(ValueError("too small"))]

    def body(case):
        case.call("softmax", Z).equals_reference()
        case.call("softmax", Z[:1]).equals_reference()

    result, case = grade_body(body, student={"softmax": lambda z: answers.pop(0)(z)})
    assert [type(finding) for finding in case.findings] == [CallFailed]
    assert (case.share(), result.score) == (0, 0)


def test_a_changed_argument_leaves_no_share_and_nothing_is_called_right():
    def student(dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        dout *= 2
        return dx, 2 * dw, db

    result, case = grade_body(backward, student={"affine_backward": student})
    assert (case.share(), result.score) == (0, 0)
    assert "are right" not in result.output


def test_a_property_that_holds_earns_no_share_beside_a_wrong_value():
    def body(case):
        case.call("softmax", Z).equals_reference().satisfies(lambda p: p.min() >= 0, "p should be positive.")

    result, case = grade_body(body, student={"softmax": np.zeros_like})
    assert [type(finding) for finding in case.findings] == [Differs]
    assert result.score == 0
    assert "right" not in result.output


def test_a_property_that_fails_leaves_no_share_to_right_values():
    def body(case):
        case.call("softmax", Z).equals_reference().claim(False, "p should be smaller.")

    result, case = grade_body(body)
    assert case.findings == [ClaimFailed("softmax", 0, "p should be smaller.")]
    assert result.score == 0
