"""What a graded test declares is read right, or refused by name before anything runs."""

from __future__ import annotations

import functools
import unittest

import numpy as np
import pytest
from gradescope_utils.autograder_utils.decorators import (
    leaderboard,
    number,
    partial_credit,
    tags,
    visibility,
    weight,
)

from autograder.case import GradedCase
from autograder.declared import declared_tests
from tests.harness.tiny_assignment import TINY, declared, tiny, with_wraps, without_wraps, worth


def test_what_the_decorators_say_is_read():
    test = declared(weight(10), number("1.1.2"), tags("softmax", "network"), visibility("hidden"))
    assert (test.name, test.title) == ("Softmax.test_rows", "softmax is right")
    assert (test.points, test.number, test.visibility) == (10, "1.1.2", "hidden")
    assert test.tags == ("softmax", "network")
    assert not test.partial_credit
    assert not test.leaderboard


def test_a_test_has_the_visibility_of_its_question_unless_it_says_otherwise():
    later = tiny({"1.1": 10}, visibility="after_published")
    assert declared(worth(10), assignment=later).visibility == "after_published"
    assert declared(worth(10), visibility("visible"), assignment=later).visibility == "visible"


def test_tests_keep_the_order_in_which_they_are_written():
    class Base(GradedCase):
        @worth(2)
        def test_zeros(self): ...

    class Softmax(Base):
        @worth(3)
        def test_rows(self): ...

        @worth(1)
        def test_columns(self): ...

    class Attention(GradedCase):
        @worth(4)
        def test_mask(self): ...

    names = [test.name.split("<locals>.")[1] for test in declared_tests(TINY, [Softmax, Attention])]
    assert names == [
        "Softmax.test_zeros",
        "Softmax.test_rows",
        "Softmax.test_columns",
        "Attention.test_mask",
    ]


@pytest.mark.parametrize("around", [with_wraps, without_wraps])
def test_attributes_are_found_below_another_decorator(around):
    test = declared(
        around,
        partial_credit(10),
        leaderboard("loss"),
        visibility("hidden"),
        number("1.1.1"),
        tags("softmax"),
    )
    assert (test.points, test.number, test.visibility, test.tags) == (10, "1.1.1", "hidden", ("softmax",))
    assert test.partial_credit
    assert test.leaderboard


def test_a_decorator_that_is_a_class_is_seen_through():
    class Timed:
        def __init__(self, function):
            functools.update_wrapper(self, function)

        def __get__(self, case, owner=None):
            return self

        def __call__(self, *arguments): ...

    test = declared(Timed, partial_credit(10), number("1.1.1"), tags("softmax"))
    assert (test.points, test.number, test.partial_credit) == (10, "1.1.1", True)


def test_a_decorator_may_capture_what_is_no_function():
    factors = np.ones(3)

    def scaled(function):
        def wrapper(*arguments):
            """scaled"""
            return function(*arguments), factors

        return wrapper

    assert declared(worth(10), scaled).points == 10


def test_a_plain_case_needs_no_tags():
    assert declared(weight(10), number("1.1"), tags("style"), base=unittest.TestCase).tags == ("style",)
    assert declared(weight(10), number("1.1"), base=unittest.TestCase).tags == ()


def test_a_weight_that_agrees_with_the_partial_credit_is_accepted():
    assert declared(number("1.1"), tags("softmax"), weight(10), partial_credit(10)).points == 10


def test_two_tests_may_share_number_and_title():
    class Softmax(GradedCase):
        @worth(5)
        def test_rows(self):
            """softmax is right"""

        @worth(5)
        def test_columns(self):
            """softmax is right"""

    assert [test.title for test in declared_tests(TINY, [Softmax])] == ["softmax is right"] * 2
