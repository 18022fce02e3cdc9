"""A declaration that would lose points, or give them away, is refused by name before anything runs."""

from __future__ import annotations

import unittest

import pytest
from gradescope_utils.autograder_utils.decorators import (
    hide_errors,
    number,
    partial_credit,
    tags,
    visibility,
    weight,
)

from autograder.case import GradedCase
from autograder.declared import declared_tests
from autograder.errors import AssignmentError
from tests.harness.tiny_assignment import TINY, declared, with_wraps, without_wraps, worth


def refused(*cases) -> str:
    with pytest.raises(AssignmentError) as caught:
        declared_tests(TINY, cases)
    return str(caught.value)


def refusal(*decorators, **options) -> str:
    with pytest.raises(AssignmentError) as caught:
        declared(*decorators, **options)
    return str(caught.value)


def test_a_test_without_a_number_is_refused_with_the_remedy():
    message = refusal(weight(10), tags("softmax"))
    assert message == (
        'graded: Softmax.test_rows has no number: add @number("2.1") with the question that it belongs to'
    )


def test_a_test_without_a_docstring_is_refused():
    def test_rows(self): ...

    message = refusal(weight(10), number("1.1"), tags("softmax"), method=test_rows)
    assert message.startswith("graded: Softmax.test_rows has no docstring")


def test_a_decorator_that_hides_the_docstring_is_refused():
    def bare(function):
        return lambda *arguments: function(*arguments)

    assert "Softmax.test_rows has no docstring" in refusal(bare, worth(10))


def test_a_graded_test_without_tags_is_refused():
    message = refusal(weight(10), number("1.1"))
    assert message.startswith('graded: Softmax.test_rows has no tags: add @tags("softmax")')


def test_a_tag_that_names_no_function_is_refused():
    message = refusal(weight(10), number("1.1"), tags("sofmax"))
    assert message == "graded: Softmax.test_rows: tag 'sofmax' is no function of assignments/tiny.toml"


def test_a_number_of_no_question_is_refused_with_those_there_are():
    assert refusal(worth(10, "3.1")) == "assignments/tiny.toml: no question 3.1; there are 1.1"


@pytest.mark.parametrize("value", ["everyone", "Hidden", 3])
def test_an_unknown_visibility_is_refused(value):
    message = refusal(worth(10), visibility(value))
    assert message.startswith(f"graded: Softmax.test_rows: visibility {value!r} is none of visible, ")


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "10", True, [10]])
def test_a_weight_that_is_no_points_is_refused(value):
    assert "test 'Softmax.test_rows' needs a weight of at least 0" in refusal(worth(value))


def test_weights_that_do_not_add_up_are_refused_with_both_sums():
    message = refusal(worth(9.5))
    assert message == (
        "assignments/tiny.toml: question 1.1 is worth 10, but the weights in graded add up to 9.5"
    )


def test_a_test_without_a_weight_is_worth_nothing():
    assert "the weights in graded add up to 0" in refusal(number("1.1"), tags("softmax"))


def test_an_async_test_is_refused():
    async def test_rows(self):
        """never awaited"""

    assert "Softmax.test_rows is `async def`: it would never be awaited" in refusal(
        worth(10), method=test_rows
    )


@pytest.mark.parametrize("around", [partial_credit(10), with_wraps, without_wraps])
def test_an_async_test_is_refused_under_any_decorator(around):
    async def test_rows(self, set_score=None):
        """never awaited"""

    assert "is `async def`" in refusal(worth(10), around, method=test_rows)


def test_a_test_with_a_yield_is_refused():
    def test_rows(self):
        """its body never runs"""
        yield

    assert "Softmax.test_rows has a `yield`" in refusal(worth(10), method=test_rows)


@pytest.mark.parametrize(
    "decorators", [(unittest.expectedFailure, worth(10)), (worth(10), unittest.expectedFailure)]
)
def test_an_expected_failure_is_refused(decorators):
    assert "@expectedFailure has no place on a graded test; remove it" in refusal(*decorators)


def test_a_class_of_expected_failures_is_refused():
    @unittest.expectedFailure
    class Softmax(GradedCase):
        @worth(10)
        def test_rows(self): ...

    assert "@expectedFailure has no place on a graded test" in refused(Softmax)


@pytest.mark.parametrize(
    "decorator", [weight(10), number("1.1"), tags("softmax"), visibility("hidden"), hide_errors("no")]
)
def test_a_decorator_on_the_class_is_refused(decorator):
    @decorator
    class Base(GradedCase):
        pass

    class Softmax(Base):
        @worth(10)
        def test_rows(self): ...

    message = refused(Softmax)
    assert f"@{type(decorator).__name__} decorates the class, where it has no effect" in message
    assert "put the decorator on each test method" in message


@pytest.mark.parametrize(
    "decorators",
    [
        (weight(1), partial_credit(10)),
        (weight(1), with_wraps, partial_credit(10)),
        (weight(1), without_wraps, partial_credit(10)),
        (partial_credit(10), with_wraps, weight(1)),
    ],
)
def test_a_weight_that_differs_from_the_partial_credit_is_refused(decorators):
    message = refusal(number("1.1"), tags("softmax"), *decorators)
    assert message == (
        "graded: Softmax.test_rows has @weight and @partial_credit that differ: keep only the latter"
    )


def test_two_classes_of_one_name_are_refused():
    def softmax():
        class Softmax(GradedCase):
            @worth(5)
            def test_rows(self): ...

        return Softmax

    assert "Softmax.test_rows: rename one class" in refused(softmax(), softmax())
