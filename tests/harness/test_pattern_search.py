"""The search as a whole: nothing is read into chance, and nothing that a submission returns breaks it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.pattern import CallEvidence, find_patterns
from autograder.pattern.kinds.rules import ConstantFactor, WrongSign
from autograder.pattern_words import describe_pattern
from tests.harness.pattern_evidence import call, evidence, right_answers, rng

DTYPES = (np.float64, np.float32, np.float16, np.int64, np.uint8, np.bool_)
SHAPES = arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)


@st.composite
def any_array(draw):
    dtype = draw(st.sampled_from(DTYPES))
    return draw(arrays.arrays(dtype, draw(SHAPES)))


@st.composite
def any_call(draw):
    expected = draw(any_array())
    actual = draw(st.one_of(st.none(), any_array(), arrays.arrays(np.float64, expected.shape)))
    names = draw(st.lists(st.sampled_from(["x", "z", "q", "k", "b", "the one-hot labels"]), unique=True))
    quantities = draw(
        st.dictionaries(st.sampled_from(["N", "D", "T", "pad", "kh", "kw", "stride"]), st.floats(0, 9))
    )
    others = {name: draw(any_array()) for name in names}
    return CallEvidence(actual, expected, quantities, others, draw(st.booleans()), {"dw": draw(any_array())})


@settings(max_examples=100, deadline=None)
@given(st.lists(any_call(), max_size=4), st.sampled_from([(), ("N", "T"), ("N",)]))
def test_any_answer_is_searched_and_told_without_an_exception(calls, axes):
    for pattern in find_patterns(evidence(*calls, axes=axes)):
        assert describe_pattern(pattern).endswith((".", "?"))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(arrays.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=5), min_size=1, max_size=3),
)
def test_nothing_is_read_into_unrelated_numbers(seed, shapes):
    generator = rng(seed)
    calls = []
    for n, shape in enumerate(shapes):
        others = {name: generator.normal(size=shape) for name in ("dout", "x")}
        others |= {"b": generator.normal(size=shape[-1])}
        quantities = {"N": float(shape[0]), "D": float(shape[-1]), "T": n + 1.0}
        calls.append(
            CallEvidence(generator.normal(size=shape), generator.normal(size=shape), quantities, others)
        )
    assert find_patterns(evidence(*calls)) == ()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_answer_of_nothing_but_nan_or_infinity_gives_no_pattern(value):
    assert find_patterns(evidence(*(call(np.full_like(each, value), each) for each in right_answers()))) == ()


def test_no_calls_and_no_wrong_calls_give_no_pattern():
    assert find_patterns(evidence()) == ()
    assert find_patterns(evidence(*(call(each, each) for each in right_answers()))) == ()


def test_a_pattern_must_hold_in_every_wrong_call():
    first, second, third = right_answers()
    calls = [call(-first, first), call(-second, second), call(third**2 + 1, third)]
    assert find_patterns(evidence(*calls)) == ()
    assert find_patterns(evidence(*calls[:2])) == (WrongSign("dx", True),)


def test_right_calls_are_told_apart_from_a_pattern_that_holds_throughout():
    first, second, third = right_answers()
    calls = [call(first, first), call(-second, second), call(-third, third)]
    assert find_patterns(evidence(*calls)) == (WrongSign("dx", False),)


def test_float32_answers_show_their_pattern_through_their_rounding():
    calls = [call((2 * each).astype(np.float32), each) for each in right_answers()]
    (pattern,) = find_patterns(evidence(*calls))
    assert isinstance(pattern, ConstantFactor)
    assert pattern.factor == pytest.approx(2, rel=1e-5)


def test_tiny_numbers_are_judged_by_their_own_size():
    tiny = [1e-14 * each for each in right_answers()]
    assert find_patterns(evidence(*(call(2 * each, each, agrees=False) for each in tiny)))[
        0
    ] == ConstantFactor("dx", True, 2.0)
    unrelated = [1e-14 * rng(7).normal(size=each.shape) for each in tiny]
    calls = [call(other, each, agrees=False) for other, each in zip(unrelated, tiny, strict=True)]
    assert find_patterns(evidence(*calls)) == ()


def test_no_pattern_is_read_into_answers_far_larger_than_the_right_ones():
    far = [1e9 * rng(7).normal(size=each.shape) for each in right_answers()]
    assert find_patterns(evidence(*(call(a, e) for a, e in zip(far, right_answers(), strict=True)))) == ()


def test_a_huge_answer_is_left_alone():
    assert find_patterns(evidence(call(np.zeros(300_000), np.ones(3)))) == ()
