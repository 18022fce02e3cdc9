"""What a case can claim about an answer, and what is recorded where a claim is false."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.difference import Missing, Tolerance, WrongCount, WrongShape, WrongValues
from autograder.findings import CallFailed, ClaimFailed
from tests.harness.tiny_assignment import grade_body, is_students_fault, raising
from tests.harness.tiny_key import network, softmax

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])


def findings(body, **student) -> list:
    """What a test that does `body` finds out about these functions."""
    result, case = grade_body(body, student=student)
    assert "autograder_failed" not in result.extra_data
    return case.findings


def compared(case):
    case.call("softmax", Z).equals_reference()


def test_a_right_answer_is_no_finding():
    assert findings(compared) == []
    assert findings(compared, softmax=lambda z: softmax(z).tolist()) == []


def test_a_wrong_answer_is_recorded_with_its_call_and_output_and_the_test_goes_on():
    def body(case):
        for rows in (1, 2):
            case.call("softmax", Z[:rows]).equals_reference()

    _, case = grade_body(body, student={"softmax": lambda z: softmax(z) * 2})
    assert [(finding.function, finding.output) for finding in case.findings] == [("softmax", "p")] * 2
    assert [len(case.calls[finding.call].arguments[0]) for finding in case.findings] == [1, 2]
    assert all(isinstance(finding.difference, WrongValues) for finding in case.findings)


def test_only_the_outputs_that_a_case_names_are_compared():
    def wrong_loss(x):
        return 0.0, network(x)[1]

    assert (
        findings(lambda case: case.call("network", Z).equals_reference("dw1", "dw3"), network=wrong_loss)
        == []
    )
    (found,) = findings(lambda case: case.call("network", Z).equals_reference(), network=wrong_loss)
    assert found.output == "loss"


def test_a_value_given_by_the_case_is_compared_like_the_keys():
    expected = np.full((2, 2), 0.5)
    assert findings(lambda case: case.call("softmax", np.zeros((2, 2))).equals(expected)) == []
    (found,) = findings(lambda case: case.call("softmax", np.zeros((2, 2))).equals(expected[0]))
    assert isinstance(found.difference, WrongShape)


def test_values_given_by_the_case_have_the_structure_of_the_answer():
    x = np.ones((1, 2))
    assert findings(lambda case: case.call("network", x).equals((2.0, (x, 2 * x, 3 * x)))) == []
    (found,) = findings(lambda case: case.call("network", x).equals((2.0, (x, x, 3 * x))))
    assert found.output == "dw2"


def test_a_tolerance_can_be_given():
    def body(case):
        case.call("softmax", Z).equals_reference(tolerance=Tolerance(rtol=0.1, atol=0.0))

    assert findings(body, softmax=lambda z: softmax(z) * 1.05) == []
    assert len(findings(body, softmax=lambda z: softmax(z) * 1.15)) == 1


@pytest.mark.parametrize(
    ("returned", "difference"),
    [
        (lambda x: (1.0, 2.0), WrongCount),
        (lambda x: (1.0, (x, x)), WrongCount),
        (lambda x: (1.0, x, x, x), WrongCount),
        (lambda x: 1.0, WrongCount),
        (lambda x: None, Missing),
        (lambda x: (1.0, None), Missing),
    ],
)
def test_another_number_of_values_is_one_finding_about_the_whole_answer(returned, difference):
    result, case = grade_body(
        lambda case: case.call("network", Z).equals_reference(), student={"network": returned}
    )
    (found,) = case.findings
    assert (found.output, type(found.difference)) == ("", difference)
    assert is_students_fault(result)
    assert result.score == 0


def test_a_nested_gradient_that_is_wrong_is_named():
    def student(x):
        loss, (dw1, dw2, dw3) = network(x)
        return loss, [dw1, dw2 + 1, dw3]

    result, case = grade_body(
        lambda case: case.call("network", Z).equals_reference(), student={"network": student}
    )
    assert [finding.output for finding in case.findings] == ["dw2"]
    assert "loss, dw1 and dw3 are right, dw2 is not: 3 of 4." in result.output


def test_a_cache_is_never_compared():
    def body(case):
        case.call("affine_forward", Z, np.ones((3, 2)), np.zeros(2)).equals_reference()

    assert findings(body, affine_forward=lambda x, w, b: (x @ w + b, "my own")) == []


@pytest.mark.parametrize(
    ("names", "error", "holds"),
    [
        (("ValueError",), ValueError("bad"), True),
        (("KeyError", "ValueError"), ValueError("bad"), True),
        (("LookupError",), KeyError("bad"), True),
        (("ValueError",), UnicodeDecodeError("ascii", b"", 0, 1, "bad"), True),
        (("KeyError",), LookupError("bad"), False),
        (("ValueError",), TypeError("bad"), False),
        (("OwnError",), type("OwnError", (Exception,), {})("bad"), True),
        (("ValueError",), type("print", (Exception,), {})("bad"), False),
    ],
)
def test_an_exception_counts_by_its_name_and_that_of_its_ancestors(names, error, holds):
    found = findings(lambda case: case.call("softmax", Z).raises(*names), softmax=raising(error))
    assert (found == []) is holds
    assert all(isinstance(finding, CallFailed) for finding in found)


def test_a_call_that_should_raise_and_returns_is_a_failed_claim():
    (found,) = findings(lambda case: case.call("softmax", Z).raises("ValueError", "KeyError"))
    message = "softmax should raise ValueError or KeyError here, but returned a value"
    assert found == ClaimFailed("softmax", 0, message)


def test_a_call_that_ends_the_process_does_not_count_as_raising():
    (found,) = findings(
        lambda case: case.call("softmax", Z).raises("SystemExit"), softmax=raising(SystemExit())
    )
    assert found.failure.kind == "exited"


def test_a_predicate_that_holds_is_no_finding_and_one_that_does_not_is():
    def body(case):
        answer = case.call("softmax", Z)
        answer.satisfies(lambda p: np.allclose(p.sum(axis=1), 1), "rows should sum to 1.")
        answer.satisfies(lambda p: p.max() < 0.1, "p should be small.")

    assert findings(body) == [ClaimFailed("softmax", 0, "p should be small.")]


@pytest.mark.parametrize("value", [None, "text", {}, [], np.ones(3), (1, [2])])
def test_a_predicate_that_raises_for_what_a_student_returned_does_not_hold(value):
    result, case = grade_body(
        lambda case: case.call("softmax", Z).satisfies(
            lambda p: p[0][2] + p.shape[1] > 0, "p should be 2-D."
        ),
        student={"softmax": lambda z: value},
    )
    assert case.findings == [ClaimFailed("softmax", 0, "p should be 2-D.")]
    assert is_students_fault(result)


def test_a_predicate_is_not_asked_about_a_call_that_failed():
    asked = []
    (found,) = findings(
        lambda case: case.call("softmax", Z).satisfies(asked.append, "never"),
        softmax=raising(ValueError("bad")),
    )
    assert isinstance(found, CallFailed)
    assert asked == []


def averaged(case):
    answer = case.call("running_mean", Z, {"mean": np.zeros(3)})
    answer.leaves_argument("state", {"mean": Z.mean(axis=0) / 2})
    answer.leaves_argument_like_reference("state")


def test_what_a_call_leaves_in_an_argument_is_compared():
    assert findings(averaged) == []

    def wrong(x, state):
        state["mean"] = x.mean(axis=0)
        return x

    first, second = (
        findings(averaged, running_mean=wrong),
        findings(averaged, running_mean=lambda x, state: x),
    )
    for found in (first, second):
        assert [(finding.function, finding.output) for finding in found] == [("running_mean", "state")]


def test_an_argument_replaced_by_another_object_counts_as_left_alone():
    def rebinding(x, state):
        state = {"mean": state["mean"] / 2 + x.mean(axis=0) / 2}
        return x - state["mean"]

    assert len(findings(averaged, running_mean=rebinding)) == 1


def test_what_a_failed_call_left_is_not_judged():
    (found,) = findings(averaged, running_mean=raising(ValueError("bad")))
    assert isinstance(found, CallFailed)
