"""Skipped tests, expected failures and sub-tests keep their place among the results."""

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


def skip_decorated():
    return tiny_case(test_tiny=unittest.skip("needs torch")(tiny_case().test_tiny))


def skip_class():
    return unittest.skip("needs torch")(tiny_case())


def skip_below_the_others():
    return tiny_case(test_tiny=worth(10)(unittest.skip("needs torch")(lambda self: None)))


def skip_called():
    return tiny_case(test_tiny=worth(10)(lambda self: self.skipTest("needs torch")))


def skip_raised():
    return tiny_case(test_tiny=worth(10)(raising(unittest.SkipTest("needs torch"))))


def skip_in_setUp():
    return tiny_case(setUp=lambda self: self.skipTest("needs torch"))


@pytest.mark.parametrize(
    "case", [skip_decorated, skip_class, skip_below_the_others, skip_called, skip_raised, skip_in_setUp]
)
def test_a_skipped_test_is_listed_without_points_and_says_why(case):
    result = grade(case()).one
    assert (result.score, result.max_score, result.status) == (0, 10, "failed")
    assert result.output == "This test was left out: needs torch"


def test_a_skipped_test_that_python_does_not_start_has_its_own_result():
    """Python 3.12.1 calls neither startTest nor setUp for what a decorator skips, only stopTest."""

    class Tiny(GradedCase):
        def run(self, result=None):
            if self._testMethodName == "test_fails":
                return super().run(result)
            result.addSkip(self, "needs torch")
            result.stopTest(self)
            return result

        @worth(1)
        def test_skipped_first(self): ...

        @worth(1)
        def test_fails(self):
            raise RuntimeError

        @worth(1)
        def test_skipped_later(self): ...

    first, failed, later = grade(Tiny).results
    assert first.output == later.output == "This test was left out: needs torch"
    assert is_our_fault(failed)


def test_a_student_who_raises_SkipTest_skips_nothing():
    result, _ = grade_body(
        lambda case: case.call("softmax", case.normal(2, 3)).equals_reference(),
        student={"softmax": raising(unittest.SkipTest("let me pass"))},
    )
    assert is_students_fault(result)
    assert result.score == 0
    assert "softmax stopped with SkipTest: let me pass" in result.output


def expecting_failure(body):
    """A case that expects to fail in a way that its declaration does not show."""

    def __init__(self, *arguments):
        GradedCase.__init__(self, *arguments)
        self.__unittest_expecting_failure__ = True

    return tiny_case(__init__=__init__, test_tiny=worth(10)(body))


def test_an_unexpected_success_is_the_autograders_failure():
    result = grade(expecting_failure(lambda self: None)).one
    assert is_our_fault(result)
    assert "expected to fail" in staff_details(result)


def test_an_expected_failure_is_listed_and_earns_nothing():
    result = grade(expecting_failure(lambda self: self.fail("wrong"))).one
    assert is_students_fault(result)
    assert result.score == 0


def sub_tests(case, *errors):
    for index, error in enumerate(errors):
        with case.subTest(index=index):
            if error is not None:
                raise error


def test_sub_tests_that_all_pass_are_one_passed_test():
    result, _ = grade_body(lambda case: sub_tests(case, None, None))
    assert (result.score, result.status, result.output) == (10, "passed", "")


def test_sub_tests_that_fail_are_one_failed_test_with_every_reason():
    errors = (AssertionError("wrong for 1"), None, AssertionError("wrong for 3"))
    result, _ = grade_body(lambda case: sub_tests(case, *errors))
    assert is_students_fault(result)
    assert result.score == 0
    assert result.output == "wrong for 1\n\nwrong for 3"


def test_a_sub_test_with_an_exception_is_the_autograders_failure():
    result, _ = grade_body(lambda case: sub_tests(case, AssertionError("wrong"), KeyError("data")))
    assert is_our_fault(result)


def test_a_sub_test_that_is_skipped_leaves_the_test_out():
    result, _ = grade_body(lambda case: sub_tests(case, None, unittest.SkipTest("needs torch")))
    assert (result.score, result.output) == (0, "This test was left out: needs torch")


def test_a_failed_sub_test_beside_a_skipped_one_is_the_students_failure():
    errors = (AssertionError("wrong"), unittest.SkipTest("needs torch"))
    result, _ = grade_body(lambda case: sub_tests(case, *errors))
    assert is_students_fault(result)
    assert result.output == "wrong"
