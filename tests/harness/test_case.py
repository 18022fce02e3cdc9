"""A graded case: its inputs, its calls, and what it records."""

from __future__ import annotations

import numpy as np

from autograder import feedback
from autograder.answer import StopTest
from autograder.case import GradedCase, seed_of
from autograder.findings import ChangedArgument
from autograder.values import Part
from tests.harness.prose import one_line
from tests.harness.tiny_assignment import grade, grade_body, is_students_fault, worth
from tests.harness.tiny_key import KEY, affine_backward, affine_forward, softmax

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])
X, W, B = np.arange(6.0).reshape(2, 3), np.ones((3, 2)), np.zeros(2)


def inputs(**options) -> list[float]:
    """What two tests of one class draw."""
    drawn = []

    class Inputs(GradedCase):
        @worth(1)
        def test_first(self):
            drawn.append(float(self.normal(1)[0]))

        @worth(1)
        def test_second(self):
            drawn.append(float(self.normal(1)[0]))

    grade(Inputs, **options)
    return drawn


def test_inputs_are_the_same_in_every_run_and_others_in_every_test():
    first, second = inputs()
    assert [first, second] == inputs()
    assert first != second


def test_inputs_do_not_depend_on_the_tests_that_ran_before():
    drawn = []

    class Inputs(GradedCase):
        @worth(1)
        def test_first(self):
            self.normal(5)

        @worth(1)
        def test_second(self):
            drawn.append(self.normal(1).tolist())

    grade(Inputs)
    grade(Inputs, out_of_time=lambda: False, seed=7)
    assert drawn[0] == drawn[1]


def test_another_seed_gives_other_inputs():
    assert inputs(seed=7) == inputs()
    assert not set(inputs(seed=8)) & set(inputs())
    assert seed_of(7, "A.test_b") != seed_of(7, "A.test_c") != seed_of(8, "A.test_c")


def test_generated_inputs_have_the_properties_that_they_are_named_after():
    def body(case):
        assert np.abs(case.off_zero(50, 4, margin=0.25)).min() >= 0.25
        assert set(np.sign(case.off_zero(50))) == {-1.0, 1.0}
        values = np.sort(case.distinct(2, 3, 4).ravel())
        assert case.distinct(2, 3, 4).shape == (2, 3, 4)
        assert np.diff(values).min() >= 0.1
        assert set(case.labels(200, 3).tolist()) == {0, 1, 2}
        assert case.normal(2, 3, scale=0.0).tolist() == np.zeros((2, 3)).tolist()

    assert grade_body(body)[0].status == "passed"


def test_submission_and_key_are_given_copies_of_the_same_arguments():
    given = {}

    def student(z):
        given["student"] = z
        return softmax(z)

    def key(z):
        given["key"] = z
        z *= 0
        return softmax(Z)

    z = Z.copy()
    _, case = grade_body(
        lambda case: case.call("softmax", z).equals_reference(),
        student={"softmax": student},
        key={"softmax": key},
    )
    assert given["student"].tolist() == Z.tolist() == z.tolist() == case.calls[0].arguments[0].tolist()
    assert not np.shares_memory(given["student"], given["key"])


def test_a_case_may_go_on_to_change_its_inputs():
    def body(case):
        z = Z.copy()
        case.call("softmax", z).equals_reference()
        z += 1

    _, case = grade_body(body)
    assert case.calls[0].arguments[0].tolist() == Z.tolist()


def test_numpy_scalars_reach_students_as_python_numbers():
    types = []

    def student(x, state):
        types.extend(type(value) for value in (x, state[0], state[1]["size"]))
        return x

    grade_body(
        lambda case: case.call("running_mean", np.float64(2.0), (np.int64(3), {"size": np.bool_(True)})),
        student={"running_mean": student},
        key={"running_mean": lambda x, state: x},
    )
    assert types == [float, int, bool]


def test_a_changed_argument_is_the_students_failure_though_the_value_is_right():
    def student(z):
        z -= z.max(axis=1, keepdims=True)
        return softmax(z)

    result, case = grade_body(
        lambda case: case.call("softmax", Z).equals_reference(), student={"softmax": student}
    )
    assert case.findings == [ChangedArgument("softmax", 0, "z")]
    assert is_students_fault(result)
    assert result.score == 0
    assert feedback.describe_changed_argument("softmax", "z") in one_line(result.output)


def test_an_argument_that_may_be_changed_is_no_finding():
    result, case = grade_body(
        lambda case: case.call("running_mean", X, {"mean": B[:1]}).equals_reference(),
    )
    assert case.calls[0].actual.changed.keys() == {1}
    assert (case.findings, result.score) == ([], 10)


def backward(case):
    cache = case.call("affine_forward", X, W, B).cache
    case.call("affine_backward", np.ones((2, 2)), cache).equals_reference()


def test_a_cache_is_handed_back_untouched_to_whoever_made_it():
    caches = []

    def forward(x, w, b):
        caches.append({"mine": (x, w)})
        return x @ w + b, caches[0]

    def student(dout, cache):
        caches.append(cache)
        return affine_backward(dout, cache["mine"])

    functions = {"affine_forward": forward, "affine_backward": student}
    result, case = grade_body(backward, student=functions)
    assert result.score == 10
    assert caches[0] is caches[1]
    assert case.calls[1].arguments[1] == Part(0, (1,))


def test_a_value_of_a_nested_answer_can_be_an_argument():
    result, case = grade_body(
        lambda case: case.call("softmax", case.call("network", Z).dw2).equals_reference()
    )
    assert case.calls[1].arguments == (Part(0, (1, 1)),)
    assert result.score == 10


def test_a_case_may_stop_early_with_what_was_found():
    def body(case):
        case.call("softmax", Z).claim(False, "p should be smaller.")
        case.stop()

    result, case = grade_body(body)
    assert len(case.findings) == 1
    assert is_students_fault(result)
    assert result.output.startswith("softmax: p should be smaller.")


def test_a_case_that_stops_with_nothing_found_passes():
    result, _ = grade_body(GradedCase.stop)
    assert (result.score, result.status, result.output) == (10, "passed", "")


def test_the_same_finding_is_recorded_once():
    def body(case):
        answer = case.call("softmax", Z)
        answer.claim(False, "p should be smaller.").claim(False, "p should be smaller.")

    assert len(grade_body(body)[1].findings) == 1


def test_the_perfect_submission_passes_with_nothing_to_read():
    def body(case):
        backward(case)
        for name in ("softmax", "network"):
            case.call(name, Z).equals_reference()

    result, case = grade_body(body, student=KEY)
    assert (result.score, result.status, result.output, case.findings) == (10, "passed", "", [])


def test_stop_test_is_an_assertion_so_that_it_is_never_the_autograders_failure():
    assert issubclass(StopTest, AssertionError)
    result, _ = grade_body(
        lambda case: case.call("affine_forward", X, W, B).cache, student={"affine_forward": None}
    )
    assert is_students_fault(result)
    assert affine_forward.__name__ in result.output
