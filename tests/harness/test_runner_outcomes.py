"""Whatever happens inside one test, it has one result, and the right one is to blame for it.

An AssertionError is the student's failure, any other exception of a case is the autograder's.
"""

from __future__ import annotations

import unittest

import pytest

from autograder.case import GradedCase
from tests.harness.tiny_assignment import (
    grade,
    grade_body,
    is_our_fault,
    is_students_fault,
    raising,
    staff_details,
    tiny_case,
    worth,
)


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class UnprintableAssertion(AssertionError):
    def __str__(self):
        raise RuntimeError("no text")


def test_an_assertion_that_fails_is_the_students_failure():
    result, _ = grade_body(lambda case: case.fail("two is not three"))
    assert is_students_fault(result)
    assert result.score == 0
    assert "two is not three" in result.output


@pytest.mark.parametrize(
    "error",
    [
        KeyError("weights"),
        SystemExit(0),
        GeneratorExit(),
        RecursionError("too deep"),
        MemoryError(),
        Unprintable(),
        UnprintableAssertion(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_exception_in_a_test_is_the_autograders_failure(error):
    result, _ = grade_body(raising(error))
    assert is_our_fault(result)
    assert "Traceback" in staff_details(result)


def test_staff_read_exception_and_place_and_students_do_not():
    result, _ = grade_body(lambda case: {}["the key"])
    assert "KeyError: 'the key'" in staff_details(result)
    assert "test_runner_outcomes.py" in staff_details(result)
    assert "KeyError" not in result.output


def test_the_tests_after_one_that_ends_python_are_graded():
    class Tiny(GradedCase):
        @worth(4)
        def test_exits(self):
            raise SystemExit

        @worth(6)
        def test_passes(self): ...

    assert grade(Tiny).scores == [0, 6]


@pytest.mark.parametrize("method", ["setUp", "tearDown"])
def test_an_exception_in_a_fixture_of_a_test_is_the_autograders_failure(method):
    result = grade(tiny_case(**{method: raising(RuntimeError("no data"))})).one
    assert is_our_fault(result)
    assert "no data" in staff_details(result)


def test_a_cleanup_that_fails_is_the_autograders_failure():
    result, _ = grade_body(lambda case: case.addCleanup(raising(RuntimeError("still open"))))
    assert is_our_fault(result)


def test_a_failing_test_whose_tearDown_fails_too_is_one_entry_and_the_autograders_failure():
    case = tiny_case(test_tiny=worth(10)(lambda self: self.fail("wrong")), tearDown=raising(OSError("gone")))
    result = grade(case).one
    assert is_our_fault(result)
    assert "gone" in staff_details(result)


def test_an_assertion_in_setUp_is_the_students_failure():
    result = grade(tiny_case(setUp=lambda self: self.fail("no function to test"))).one
    assert is_students_fault(result)
    assert result.output == "no function to test"


def test_a_plain_case_passes_and_fails_like_any_other():
    class Style(unittest.TestCase):
        @worth(4)
        def test_passes(self): ...

        @worth(6)
        def test_fails(self):
            self.fail("no docstrings")

    passed, failed = grade(Style).results
    assert (passed.score, passed.status) == (4, "passed")
    assert is_students_fault(failed)
    assert "no docstrings" in failed.output


def test_a_test_worth_nothing_passes_or_fails_all_the_same():
    class Tiny(GradedCase):
        @worth(10)
        def test_counts(self): ...

        @worth(0)
        def test_passes(self): ...

        @worth(0)
        def test_fails(self):
            self.fail("wrong")

    assert [result.status for result in grade(Tiny).results] == ["passed", "passed", "failed"]


def test_what_one_test_did_wrong_is_not_held_against_the_next():
    class Tiny(GradedCase):
        @worth(4)
        def test_fails(self):
            self.call("softmax", self.normal(2, 3)).claim(False, "wrong")

        @worth(6)
        def test_passes(self): ...

    assert grade(Tiny).scores == [0, 6]
