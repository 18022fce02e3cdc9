"""Patterns of where an answer is wrong, and of too few digits, limits and overflow."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.pattern import CallEvidence, find_patterns
from autograder.pattern.kinds.parts import Axis
from autograder.pattern.kinds.places import (
    AlternatingWrong,
    DiagonalWrong,
    EdgeWrong,
    NotZero,
    SlicesRight,
    SlicesWrong,
    WrongWhereSign,
    ZeroInstead,
)
from autograder.pattern.kinds.rules import Clipped, NearlyRight, Overflows, Rounded
from tests.harness.pattern_evidence import call, evidence, kinds_of, patterns_of, right_answers, rng

SEQUENCES = ((1, 3, 2), (2, 4, 3), (3, 5, 2))
IMAGES = ((1, 1, 3, 4), (2, 3, 4, 5))


def wrong_at(*places):
    """Unrelated numbers at these places; each place is an index of NumPy's."""

    def change(right):
        for place in places:
            right[place] = rng(right.size).normal(size=right[place].shape)
        return right

    return change


ALL = slice(None)

PLACES = {
    "only the first step right": (wrong_at((ALL, slice(1, None))), SEQUENCES, SlicesRight, "first"),
    "only the last step right": (wrong_at((ALL, slice(None, -1))), SEQUENCES, SlicesRight, "last"),
    "only the last step wrong": (wrong_at((ALL, -1)), SEQUENCES, SlicesWrong, "last"),
    "only channel 1 wrong": (wrong_at((ALL, 1)), ((2, 3, 2, 2), (1, 4, 3, 3)), SlicesWrong, 1),
}


@pytest.mark.parametrize("name", PLACES)
def test_slices_that_are_right_or_wrong_alone_are_found(name):
    change, shapes, kind, which = PLACES[name]
    (pattern,) = patterns_of(change, shapes)
    assert (type(pattern), pattern.axis.index, pattern.which) == (kind, 1, which)


def test_two_wrong_slices_are_not_called_one():
    assert kinds_of(wrong_at((ALL, 0), (ALL, -1)), ((2, 4, 3), (3, 5, 2))) == []


def test_one_number_in_each_slice_does_not_make_the_rest_of_it_right():
    def change(right):
        right[:, 1:, 0] = 7.5 + right[:, 1:, 0] ** 2
        return right

    assert SlicesRight not in kinds_of(change, ((2, 4, 6), (3, 5, 6)))


def test_two_slices_do_not_tell_the_first_from_the_last():
    assert kinds_of(wrong_at((ALL, 0)), ((3, 2), (4, 2))) == []


def test_columns_of_odd_index_are_found_and_a_single_even_one_speaks_against_it():
    assert patterns_of(wrong_at((ALL, slice(1, None, 2))), ((3, 4), (4, 6))) == (
        AlternatingWrong("dx", True, Axis(1, "", 2), True),
    )
    assert kinds_of(wrong_at((ALL, slice(1, None, 2)), (ALL, 0)), ((3, 4), (4, 6))) == []


def test_a_wrong_border_is_found():
    change = wrong_at((..., 0, ALL), (..., -1, ALL), (..., ALL, 0), (..., ALL, -1))
    assert patterns_of(change, IMAGES) == (EdgeWrong("dx", True, False),)


def test_a_wrong_far_edge_is_told_from_a_wrong_border():
    assert patterns_of(wrong_at((..., -1, ALL), (..., ALL, -1)), IMAGES) == (EdgeWrong("dx", True, True),)


def test_a_border_is_not_claimed_where_the_interior_is_wrong_too():
    assert EdgeWrong not in kinds_of(wrong_at((..., 0, ALL), (..., ALL, -1), (..., 1, 1)), IMAGES)


def test_a_border_is_not_claimed_in_images_that_are_nothing_but_border():
    assert EdgeWrong not in kinds_of(wrong_at((..., -1, ALL), (..., ALL, -1)), ((1, 2, 2, 2), (2, 2, 2, 2)))


@pytest.mark.parametrize("where", ["on", "above", "below"])
def test_one_side_of_the_diagonal_is_found(where):
    part = {"on": np.eye, "above": lambda n: np.triu(np.ones((n, n)), 1), "below": lambda n: np.tri(n, k=-1)}
    right = [np.tri(n, dtype=bool) for n in (2, 3, 5)]
    calls = [call(each ^ part[where](len(each)).astype(bool), each) for each in right]
    near = [call(each.actual ^ (np.arange(each.actual.size).reshape(each.actual.shape) == 1), each.expected)
            for each in calls]  # fmt: skip
    assert find_patterns(evidence(*calls)) == (DiagonalWrong("dx", True, where),)
    assert DiagonalWrong not in [type(pattern) for pattern in find_patterns(evidence(*near))]


def test_zeros_where_other_numbers_belong_are_found():
    def change(right):
        right[right > 0.3] = 0
        return right

    def near(right):
        return np.where(right > 0.3, 1e-3 * right**2, right)

    assert kinds_of(change) == [ZeroInstead]
    assert ZeroInstead not in kinds_of(near)


def test_numbers_where_zero_belongs_are_found():
    right = [np.where(each > 0, each, 0) for each in right_answers()]
    calls = [call(np.where(each == 0, rng(each.size).normal(size=each.shape), each), each) for each in right]
    near = [call(np.where(each == 0, 0.5, 0.999 * each**2), each) for each in right]
    assert [type(pattern) for pattern in find_patterns(evidence(*calls))] == [NotZero]
    assert find_patterns(evidence(*near)) == ()


def by_sign(spoiled=False):
    calls = []
    for right in right_answers():
        x = rng(right.size).normal(size=right.shape)
        actual = np.where(x < 0, right**2 + 1, right)
        if spoiled:
            actual[np.unravel_index(np.argmax(x), x.shape)] += 1
        calls.append(CallEvidence(actual, right, others={"x": x}))
    return find_patterns(evidence(*calls))


def test_the_sign_of_an_argument_that_decides_is_found():
    assert by_sign() == (WrongWhereSign("dx", True, "x", False),)
    assert by_sign(spoiled=True) == ()


# --- Precision and range ---


@pytest.mark.parametrize(("kind", "name"), [(np.float32, "float32"), (np.float16, "float16")])
def test_numbers_that_came_through_a_shorter_type_are_recognised(kind, name):
    def change(right):
        return (
            (right * (1 + 5e-6 * np.cos(np.arange(right.size)).reshape(right.shape)))
            .astype(kind)
            .astype(float)
        )

    assert patterns_of(change) == (Rounded("dx", True, name),)


@pytest.mark.parametrize("digits", [1, 2, 4])
def test_rounded_decimals_are_recognised(digits):
    assert patterns_of(lambda right: np.round(right, digits)) == (Rounded("dx", True, f"{digits} decimals"),)


def test_numbers_cut_to_integers_are_recognised():
    assert patterns_of(lambda right: np.trunc(5 * right) / 1, ((3, 4),)) == ()
    calls = [call((9 * each).astype(int), 9 * each) for each in right_answers()]
    assert find_patterns(evidence(*calls)) == (Rounded("dx", True, "integers"),)


def test_a_small_term_is_called_nearly_right_and_not_float32():
    def change(right):
        return right * (1 + 1e-5 * np.cos(np.arange(right.size)).reshape(right.shape))

    (pattern,) = patterns_of(change)
    assert isinstance(pattern, NearlyRight)
    assert 1e-6 < pattern.relative < 1e-4


def test_a_hundredth_is_not_nearly_right():
    assert (
        kinds_of(lambda right: right * (1 + 0.01 * np.cos(np.arange(right.size)).reshape(right.shape))) == []
    )


def overflowing(largest, name="z"):
    """Rows of scores, of which those beyond a size gave NaN."""
    calls = []
    for n in (2, 3):
        scores = rng(n).normal(size=(n, 4))
        scores[-1, 0] = largest
        actual = scores.copy()
        actual[-1] = np.nan
        calls.append(CallEvidence(actual, scores * 0 + 0.25, others={name: scores}))
    return find_patterns(evidence(*calls))


def test_rows_that_overflow_are_recognised():
    assert overflowing(1000.0)[0] == Overflows("dx", True, "z")


@pytest.mark.parametrize(("largest", "name"), [(500.0, "z"), (1000.0, "v")])
def test_nan_for_scores_within_range_or_for_what_is_no_score_is_not_called_overflow(largest, name):
    assert Overflows not in [type(pattern) for pattern in overflowing(largest, name)]


def test_attention_scores_are_what_counts():
    calls = []
    for scale, bad in ((1.0, False), (60.0, True)):
        q, k = scale * np.ones((3, 4)), scale * np.ones((3, 4))
        out = np.full((3, 4), np.nan if bad else 0.5)
        calls.append(CallEvidence(out, np.full((3, 4), 0.5), others={"q": q, "k": k}, agrees=not bad))
    assert find_patterns(evidence(*calls)) == (Overflows("dx", False, "q k' / sqrt(d_k)"),)


def test_a_limit_is_found_and_a_soft_one_is_not():
    shapes = ((4, 4), (5, 4))
    (pattern,) = patterns_of(lambda right: np.minimum(right, 0.3), shapes)
    assert pattern == Clipped("dx", True, 0.3, True)
    assert Clipped not in kinds_of(lambda right: np.where(right > 0.3, 0.3 + 1e-3 * right, right), shapes)
