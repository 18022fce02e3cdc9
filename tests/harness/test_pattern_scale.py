"""Patterns that are one rule for every number: factors, signs, constants, functions."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.pattern import find_patterns
from autograder.pattern.kinds.parts import Expression
from autograder.pattern.kinds.rules import (
    AllZero,
    ConstantFactor,
    ConstantOffset,
    FunctionOf,
    SomeSigns,
    WrongSign,
)
from tests.harness.pattern_evidence import SHAPES, call, evidence, kinds_of, patterns_of, right_answers, rng


def scaled(factors, quantities, shapes=SHAPES):
    """Right answers, each times a factor, with the quantities of each call."""
    pairs = zip(right_answers(shapes), factors, quantities, strict=True)
    return find_patterns(evidence(*(call(c * right, right, quantities=q) for right, c, q in pairs)))


def shifted_by(offsets, quantities):
    pairs = zip(right_answers(), offsets, quantities, strict=True)
    return find_patterns(evidence(*(call(right + c, right, quantities=q) for right, c, q in pairs)))


def sizes(**values):
    """N=(2, 3, 5) as one dictionary of quantities for each call."""
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def test_a_constant_factor_is_found():
    assert patterns_of(lambda right: 0.5 * right) == (ConstantFactor("dx", True, 0.5),)


def test_a_factor_is_not_claimed_where_one_number_differs_from_the_rule():
    def change(right):
        right[0, 0] *= 1.001
        return 0.5 * right

    assert kinds_of(change) == []


def test_a_single_number_gives_no_factor():
    assert find_patterns(evidence(call(4.0, 2.0))) == ()


def test_two_numbers_that_are_alike_give_no_factor():
    assert find_patterns(evidence(call([4.0, 4.0], [2.0, 2.0]))) == ()


def test_single_numbers_of_two_calls_give_a_factor():
    assert find_patterns(evidence(call(4.0, 2.0), call(6.0, 3.0))) == (ConstantFactor("dx", True, 2.0),)


@pytest.mark.parametrize(
    ("factors", "formula", "inverse"),
    [
        ((2, 3, 5), "N", False),
        ((1 / 2, 1 / 3, 1 / 5), "N", True),
        ((4, 9, 25), "N²", False),
        (np.sqrt([3, 4, 7]), "sqrt(D)", False),
        (1 / np.sqrt([3, 4, 7]), "sqrt(D)", True),
        ((2, 3 / 2, 5 / 4), "N / (N - 1)", False),
        ((6, 12, 35), "N * D", False),
        ((2 / 3, 3 / 4, 5 / 7), "N / D", False),
    ],
)
def test_a_factor_is_named_by_the_quantity_that_it_equals_in_every_call(factors, formula, inverse):
    (pattern,) = scaled(factors, sizes(N=(2, 3, 5), D=(3, 4, 7)))
    assert [each.formula for each in pattern.expressions] == [formula]
    assert (pattern.inverse, pattern.negative, pattern.always) == (inverse, False, True)


def test_a_negative_factor_is_named_too():
    (pattern,) = scaled((-2, -3, -5), sizes(N=(2, 3, 5)))
    assert pattern == ConstantFactor("dx", True, None, (Expression("N", ("N",)),), negative=True)


def test_a_quantity_that_stays_the_same_names_no_factor():
    assert scaled((2, 2, 2), sizes(N=(2, 2, 2))) == (ConstantFactor("dx", True, 2.0),)


def test_where_two_quantities_remain_both_are_named():
    (pattern,) = scaled((2, 3, 5), sizes(N=(2, 3, 5), D=(2, 3, 5), T=(2, 3, 4)))
    assert [each.formula for each in pattern.expressions] == ["N", "D"]


def test_where_three_quantities_remain_none_is_named():
    (pattern,) = scaled((2, 3, 5), sizes(N=(2, 3, 5), D=(2, 3, 5), T=(2, 3, 5)))
    assert pattern == ConstantFactor("dx", True, None)


def test_a_right_call_counts_against_a_quantity():
    (named,) = scaled((1, 3, 5), sizes(N=(1, 3, 5), D=(2, 3, 5)))
    assert [each.formula for each in named.expressions] == ["N"]
    (constant,) = scaled((1, 3, 3), sizes(D=(2, 3, 3)))
    assert constant == ConstantFactor("dx", False, 3.0)


def test_a_factor_that_equals_no_quantity_is_told_without_a_name():
    assert scaled((2.5, 3.25, 5.125), sizes(N=(2, 3, 5))) == (ConstantFactor("dx", True, None),)


def test_a_factor_of_nearly_one_is_no_factor():
    assert ConstantFactor not in kinds_of(lambda right: 1.00001 * right)


def test_a_wrong_sign_is_found():
    assert patterns_of(np.negative) == (WrongSign("dx", True),)


def test_a_wrong_sign_at_some_places_is_told_apart():
    flip = {shape: rng(3).choice([-1.0, 1.0], size=shape) for shape in SHAPES}
    assert kinds_of(lambda right: right * flip[right.shape]) == [SomeSigns]


def test_some_signs_need_the_right_sizes():
    flip = {shape: rng(3).choice([-1.0, 1.01], size=shape) for shape in SHAPES}
    assert kinds_of(lambda right: right * flip[right.shape]) == []


def test_a_constant_offset_is_found():
    (pattern,) = patterns_of(lambda right: right - 0.25)
    assert isinstance(pattern, ConstantOffset)
    assert pattern.offset == pytest.approx(-0.25)


def test_an_offset_is_not_claimed_where_it_drifts():
    assert kinds_of(lambda right: right + np.linspace(0.2, 0.21, right.size).reshape(right.shape)) == []


def test_an_offset_is_named_by_a_quantity():
    (pattern,) = shifted_by((-0.1, -0.3, -0.2), sizes(eps=(0.1, 0.3, 0.2), N=(2, 3, 5)))
    assert pattern == ConstantOffset("dx", True, None, (Expression("eps", ("eps",)),), True)


def test_whole_numbers_of_single_calls_give_an_offset():
    calls = [call(7, 8), call(13, 15), call(4, 9)]
    calls = [
        call(c.actual, c.expected, quantities={"c_out": q}) for c, q in zip(calls, (1, 2, 5), strict=True)
    ]
    (pattern,) = find_patterns(evidence(*calls))
    assert pattern.expressions == (Expression("c_out", ("c_out",)),)


def test_zeros_everywhere_are_found_and_a_single_number_is_not_enough():
    assert kinds_of(np.zeros_like) == [AllZero]
    assert find_patterns(evidence(call(0.0, 2.0))) == ()


FUNCTIONS = {
    "square": np.square,
    "root": np.sqrt,
    "logarithm": np.log,
    "exponential": np.exp,
    "reciprocal": np.reciprocal,
    "complement": lambda right: 1 - right,
    "tanh": np.tanh,
    "sigmoid": lambda right: 1 / (1 + np.exp(-right)),
    "tanh missing": np.arctanh,
    "sigmoid missing": lambda right: np.log(right / (1 - right)),
    "sigmoid for tanh": lambda right: 1 / (1 + np.exp(-np.arctanh(right))),
    "tanh for sigmoid": lambda right: np.tanh(np.log(right / (1 - right))),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_the_right_numbers_is_recognised_and_not_a_near_one(name):
    right = [rng(5).uniform(0.05, 0.95, size=shape) for shape in SHAPES]
    exact = evidence(*(call(FUNCTIONS[name](each), each) for each in right))
    near = evidence(*(call(FUNCTIONS[name](each) + 0.01 * each**2, each) for each in right))
    assert find_patterns(exact) == (FunctionOf("dx", True, name),)
    assert not [pattern for pattern in find_patterns(near) if isinstance(pattern, FunctionOf)]


def test_functions_that_bend_at_zero_are_recognised():
    assert patterns_of(np.abs) == (FunctionOf("dx", True, "absolute value"),)
    assert patterns_of(lambda right: np.maximum(right, 0)) == (FunctionOf("dx", True, "positive part"),)
    right = [np.maximum(each, 0) for each in right_answers()]
    calls = [
        call(np.where(r > 0, r, -1 - each**2), r) for r, each in zip(right, right_answers(), strict=True)
    ]
    assert find_patterns(evidence(*calls)) == (FunctionOf("dx", True, "positive part missing"),)


def test_relu_in_place_of_tanh_is_recognised():
    right = [np.tanh(each) for each in right_answers()]
    calls = [call(np.maximum(each, 0), r) for r, each in zip(right, right_answers(), strict=True)]
    assert find_patterns(evidence(*calls)) == (FunctionOf("dx", True, "positive part for tanh"),)


def test_an_inverted_mask_is_recognised_as_a_complement():
    right = [np.tril(np.ones((n, n), dtype=bool)) for n in (2, 3, 5)]
    assert find_patterns(evidence(*(call(~each, each) for each in right))) == (
        FunctionOf("dx", True, "complement"),
    )
