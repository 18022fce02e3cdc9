"""Patterns of right numbers at wrong places, and of sums, means and slices along an axis."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.pattern import find_patterns
from autograder.pattern.kinds.axes import (
    AlikeAlong,
    FactorPerSlice,
    LinePerSlice,
    MeanOff,
    NotReduced,
    OffsetPerSlice,
    OnlySlice,
    OtherOrder,
    Reduced,
    Reversed,
    RunningSum,
    SameNumbers,
    Shifted,
    SumsToOne,
    Transposed,
    Trimmed,
)
from autograder.pattern.kinds.parts import Axis
from tests.harness.pattern_evidence import call, evidence, kinds_of, patterns_of, right_answers, rng

SQUARES = ((2, 2), (3, 3), (4, 4))
SEQUENCES = ((1, 3, 2), (2, 4, 3), (3, 5, 2))
IMAGES = ((1, 1, 3, 4), (2, 3, 4, 5))


def disturbed(change):
    """The change with one number off by a thousandth: a near-lookalike."""

    def near(right):
        wrong = np.array(change(right), dtype=float)
        wrong[tuple(size // 2 for size in wrong.shape)] *= 1.001
        return wrong

    return near


def softmax(scores, axis):
    exponentials = np.exp(scores)
    return exponentials / exponentials.sum(axis, keepdims=True)


def per_slice(shape, seed=4):
    """A number for each slice along the last axis."""
    return rng(seed).uniform(0.5, 2.0, size=shape[-1])


CHANGES = {
    "transposed": (np.transpose, ((2, 3), (3, 4)), Transposed),
    "transposed square": (np.transpose, SQUARES, Transposed),
    "transposed with one row": (np.transpose, ((1, 3), (3, 4)), Transposed),
    "time first": (lambda right: right.transpose(1, 0, 2), SEQUENCES, Transposed),
    "reversed in time": (lambda right: right[:, ::-1], SEQUENCES, Reversed),
    "turned filters": (lambda right: right[:, :, ::-1, ::-1], IMAGES, Reversed),
    "rolled": (lambda right: np.roll(right, 1, axis=1), SEQUENCES, Shifted),
    "one step late": (
        lambda right: np.concatenate([np.full_like(right[:, :1], 7.0), right[:, :-1]], axis=1),
        SEQUENCES,
        Shifted,
    ),
    "blocks swapped": (lambda right: right[:, [2, 3, 0, 1, 5, 4]], ((2, 6), (3, 6)), OtherOrder),
    "reshaped": (lambda right: right.reshape(len(right), -1), SEQUENCES, SameNumbers),
    "mixed by reshape": (lambda right: right.reshape(3, 2).T, ((2, 3), (2, 3)), SameNumbers),
    "mean over rows": (lambda right: np.broadcast_to(right.mean(0), right.shape), SEQUENCES[1:], Reduced),
    "sum over rows kept": (lambda right: right.sum(0, keepdims=True), ((2, 3), (4, 3)), Reduced),
    "last step alone": (lambda right: right[:, -1], SEQUENCES, OnlySlice),
    "first filter everywhere": (lambda right: right * 0 + right[:, :1], IMAGES[1:], OnlySlice),
    "added up in time": (lambda right: right.cumsum(1), SEQUENCES, RunningSum),
    "added up backwards": (lambda right: right[:, ::-1].cumsum(1)[:, ::-1], SEQUENCES, RunningSum),
    "padding not cut": (
        lambda right: np.pad(right, [(0, 0), (0, 0), (1, 1), (1, 1)], constant_values=7.0),
        IMAGES,
        Trimmed,
    ),
    "first row lost": (lambda right: right[1:], ((3, 2), (5, 2)), Trimmed),
    "mean subtracted": (lambda right: right - right.mean(0), ((3, 2), (4, 3)), MeanOff),
    "factor per column": (lambda right: right * per_slice(right.shape), ((3, 2), (4, 3)), FactorPerSlice),
    "constant per column": (lambda right: right + per_slice(right.shape), ((3, 2), (4, 3)), OffsetPerSlice),
    "line per column": (
        lambda right: right * per_slice(right.shape) + per_slice(right.shape, 5),
        ((4, 2), (5, 3)),
        LinePerSlice,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_pattern_is_found(name):
    change, shapes, kind = CHANGES[name]
    assert kinds_of(change, shapes) == [kind]


@pytest.mark.parametrize("name", CHANGES)
def test_the_pattern_is_not_claimed_where_one_number_is_off(name):
    change, shapes, kind = CHANGES[name]
    assert kind not in kinds_of(disturbed(change), shapes)


def test_the_order_of_the_axes_is_told():
    (pattern,) = patterns_of(lambda right: right.transpose(1, 0, 2), SEQUENCES)
    assert pattern.order == (1, 0, 2)


def test_axes_have_the_names_that_the_evidence_gives():
    (pattern,) = patterns_of(lambda right: right[:, ::-1], SEQUENCES, axes=("N", "T", "H"))
    assert pattern.axes == (Axis(1, "T", 3),)


def test_the_shift_is_told_with_its_direction():
    (late,) = patterns_of(CHANGES["one step late"][0], SEQUENCES)
    early = patterns_of(lambda right: np.roll(right, -1, axis=1), ((2, 4), (2, 5)))[0]
    assert (late.axis.index, late.steps, late.around) == (1, 1, False)
    assert (early.steps, early.around) == (-1, True)


def test_a_missing_sum_or_mean_is_found_and_its_axis_told():
    right = right_answers(((3,), (4,)))
    for how in ("sum", "mean"):
        answers = [rng(6).normal(size=(5, *each.shape)) for each in right]
        calls = [call(each, getattr(each, how)(0)) for each in answers]
        assert find_patterns(evidence(*calls)) == (NotReduced("dx", True, how, Axis(0, "", 2)),)


def test_a_sum_that_is_not_the_right_one_is_not_claimed():
    answers = [rng(6).normal(size=(5, n)) for n in (3, 4)]
    assert find_patterns(evidence(*(call(each, each.sum(0) * 1.001) for each in answers))) == ()


def test_what_lacks_a_running_sum_is_told_apart_from_what_has_one_too_many():
    def differences(right):
        return np.diff(right, axis=1, prepend=0)

    (missing,) = patterns_of(differences, SEQUENCES)
    assert (type(missing), missing.missing, missing.backwards) == (RunningSum, True, False)


def test_a_mean_that_should_be_subtracted_is_told():
    calls = [call(each + 0.1 * each**2, each - each.mean(0)) for each in right_answers(((3, 2), (4, 3)))]
    assert MeanOff not in [type(pattern) for pattern in find_patterns(evidence(*calls))]
    calls = [call(each, each - each.mean(0)) for each in right_answers(((3, 2), (4, 3)))]
    (pattern,) = find_patterns(evidence(*calls))
    assert pattern == MeanOff("dx", True, Axis(0, "", 2), True)


def test_probabilities_along_the_wrong_axis_are_recognised():
    scores = right_answers(((2, 3), (3, 4)))
    columns = [call(softmax(each, 0), softmax(each, 1)) for each in scores]
    whole = [call(np.exp(each) / np.exp(each).sum(), softmax(each, 1)) for each in scores]
    near = [call(1.001 * softmax(each, 0), softmax(each, 1)) for each in scores]
    assert find_patterns(evidence(*columns)) == (SumsToOne("dx", True, Axis(0, "", 2), Axis(1, "", 2)),)
    assert find_patterns(evidence(*whole)) == (SumsToOne("dx", True, None, Axis(1, "", 2)),)
    assert find_patterns(evidence(*near)) == ()


def test_slices_that_are_all_alike_are_recognised_and_nearly_alike_are_not():
    alike = [call(np.tile(rng(8).normal(size=each[:, :1].shape), (1, each.shape[1], 1)), each)
             for each in right_answers(SEQUENCES[1:])]  # fmt: skip
    near = [call(each.actual + 1e-3 * rng(9).normal(size=each.actual.shape), each.expected) for each in alike]
    assert find_patterns(evidence(*alike)) == (AlikeAlong("dx", True, Axis(1, "", 3)),)
    assert find_patterns(evidence(*near)) == ()


def test_rows_that_should_be_alike_may_be():
    right = [np.tile(each[:1], (3, 1)) for each in right_answers(((3, 2), (3, 4)))]
    calls = [call(np.tile(rng(9).normal(size=(1, each.shape[1])), (3, 1)), each) for each in right]
    assert AlikeAlong not in [type(pattern) for pattern in find_patterns(evidence(*calls))]


def test_a_row_of_equal_probabilities_is_not_called_the_mean_of_the_right_ones():
    right = [softmax(each, 1) for each in right_answers(((2, 3), (3, 4)))]
    calls = [call(np.full_like(each, 1 / each.shape[1]), each) for each in right]
    assert Reduced not in [type(pattern) for pattern in find_patterns(evidence(*calls))]


def test_a_factor_per_slice_is_not_read_into_a_batch_of_one():
    calls = [
        call(np.outer(a, b), np.outer(a, c), quantities={"N": 1.0})
        for a, b, c in (rng(n).normal(size=(3, 4)) for n in (1, 2))
    ]
    assert find_patterns(evidence(*calls)) == ()


def test_the_sides_at_which_slices_are_missing_are_told():
    (pattern,) = patterns_of(lambda right: right[:, :, :-1, 1:], IMAGES)
    assert (pattern.missing, [axis.index for axis in pattern.starts]) == (True, [3])
    assert [axis.index for axis in pattern.ends] == [2]
