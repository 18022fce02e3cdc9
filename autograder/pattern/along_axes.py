"""Sums, means and slices along one axis: taken, forgotten, or taken along another axis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.axes import (
    AlikeAlong,
    FactorPerSlice,
    LinePerSlice,
    MeanOff,
    NotReduced,
    OffsetPerSlice,
    OnlySlice,
    Reduced,
    RunningSum,
    SumsToOne,
)
from autograder.pattern.kinds.parts import Axis, Pattern


def not_reduced(view: View) -> Pattern | None:
    """One axis too many, over which the sum or the mean of the answer is right."""
    if view.ndim < 0 or any(pair.actual.ndim != view.ndim + 1 for pair in view.differing):
        return None
    for axis in range(view.ndim + 1):
        if all(pair.actual.shape[axis] < 2 for pair in view.differing):
            continue
        place = Axis(axis, "", view.ndim + 1)
        if view.gives_expected(lambda pair, axis=axis: pair.actual.sum(axis)):
            return NotReduced(view.output, not view.agreeing, "sum", place)
        if view.gives_expected(lambda pair, axis=axis: pair.actual.mean(axis)):
            return NotReduced(view.output, not view.agreeing, "mean", place)
    return None


def reduced(view: View) -> Pattern | None:
    """One slice, the sum or the mean of the right answer, with or without the axis that it went over."""
    if any(pair.call.expected.dtype.kind == "b" for pair in view.differing):
        return None
    for axis in _long_axes(view):
        for which, place in (("last", -1), ("first", 0)):
            if view.gives_actual(lambda pair, a=axis, p=place: _slice(pair, a, p)):
                return OnlySlice(view.output, not view.agreeing, view.axis(axis), which)
    if not _tells_a_mean(view):
        return None
    for axis in _long_axes(view):
        for how in ("sum", "mean"):
            if view.gives_actual(lambda pair, a=axis, h=how: _spread(pair, getattr(pair.expected, h)(a), a)):
                return Reduced(view.output, not view.agreeing, how, view.axis(axis))
    return None


def _tells_a_mean(view: View) -> bool:
    """An answer of one and the same number may be the mean of anything, such as of probabilities."""
    flat = all(np.ptp(pair.actual) <= 1e-9 * pair.sizes[0] for pair in view.differing if pair.actual.size)
    return not (view.same_shapes and flat)


def running_sum(view: View) -> Pattern | None:
    if not view.same_shapes or not all(pair.call.expected.dtype.kind == "f" for pair in view.differing):
        return None
    for axis in _long_axes(view):
        for backwards in (False, True):
            if view.gives_actual(lambda pair, a=axis, b=backwards: _added_up(pair.expected, a, b)):
                return RunningSum(view.output, not view.agreeing, view.axis(axis), backwards, False)
            if view.gives_expected(lambda pair, a=axis, b=backwards: _added_up(pair.actual, a, b)):
                return RunningSum(view.output, not view.agreeing, view.axis(axis), backwards, True)
    return None


def mean_off(view: View) -> Pattern | None:
    if not view.same_shapes or not view.varied:
        return None
    for axis in _long_axes(view):
        # Of two numbers, what is left after taking the mean away is one number and its opposite.
        if all(pair.expected.shape[axis] < 3 for pair in view.differing):
            continue
        if view.gives_expected(lambda pair, a=axis: pair.actual - pair.actual.mean(a, keepdims=True)):
            return MeanOff(view.output, not view.agreeing, view.axis(axis), True)
        if view.gives_actual(lambda pair, a=axis: pair.expected - pair.expected.mean(a, keepdims=True)):
            return MeanOff(view.output, not view.agreeing, view.axis(axis), False)
    return None


def sums_to_one(view: View) -> Pattern | None:
    """Probabilities that add up to 1 along another axis than they should."""
    if (
        not view.same_shapes
        or view.ndim < 1
        or any(pair.actual.min(initial=0) < 0 for pair in view.differing)
    ):
        return None
    axes = list(range(view.ndim))
    right = [axis for axis in axes if all(_sums_to_one(pair.expected, axis) for pair in view.differing)]
    mine = [axis for axis in axes if all(_sums_to_one(pair.actual, axis) for pair in view.differing)]
    if (
        len(right) != 1
        or right == mine
        or not any(pair.expected.shape[right[0]] > 1 for pair in view.differing)
    ):
        return None
    if mine:
        return SumsToOne(view.output, not view.agreeing, view.axis(mine[0]), view.axis(right[0]))
    if all(_sums_to_one(pair.actual, None) for pair in view.differing):
        return SumsToOne(view.output, not view.agreeing, None, view.axis(right[0]))
    return None


def alike_along(view: View) -> Pattern | None:
    if not view.same_shapes:
        return None
    for axis in _long_axes(view):
        if all(
            _is_alike(pair.actual, axis) and not _is_alike(pair.expected, axis) for pair in view.differing
        ):
            return AlikeAlong(view.output, not view.agreeing, view.axis(axis))
    return None


def factor_per_slice(view: View) -> Pattern | None:
    for axis in () if _of_single_examples(view) else _told_axes(view):
        if view.gives_actual(lambda pair, axis=axis: _with_factors(pair, axis)):
            return FactorPerSlice(view.output, not view.agreeing, view.axis(axis))
    return None


def offset_per_slice(view: View) -> Pattern | None:
    for axis in _told_axes(view):
        if view.gives_actual(lambda pair, axis=axis: _with_offsets(pair, axis)):
            return OffsetPerSlice(view.output, not view.agreeing, view.axis(axis))
    return None


def line_per_slice(view: View) -> Pattern | None:
    """A factor and a constant for each slice: as wrong means, variances, gamma and beta give."""
    for axis in () if _of_single_examples(view) else _told_axes(view):
        lengths = [pair.expected.size // pair.expected.shape[axis] for pair in view.differing]
        slices = [pair.expected.shape[axis] for pair in view.differing]
        spare = sum((length - 2) * many for length, many in zip(lengths, slices, strict=True))
        if min(lengths) > 2 and spare > 3 and view.gives_actual(lambda p, axis=axis: _with_lines(p, axis)):
            return LinePerSlice(view.output, not view.agreeing, view.axis(axis))
    return None


def _of_single_examples(view: View) -> bool:
    """For one example a weight gradient is the product of two vectors, of which one may be anything."""
    return all(pair.call.quantities.get("N") == 1 for pair in view.differing)


def _long_axes(view: View) -> Iterator[int]:
    """The axes along which some wrong answer has at least two slices."""
    for axis in range(max(view.ndim, 0)):
        if any(pair.expected.shape[axis] > 1 for pair in view.differing):
            yield axis


def _told_axes(view: View) -> Iterator[int]:
    """The axes with several slices of several numbers: enough to tell a rule for each slice from chance."""
    if not view.same_shapes or not view.varied or view.ndim < 2:
        return
    for axis in range(view.ndim):
        sizes = [(pair.expected.shape[axis], pair.expected.size) for pair in view.differing]
        if all(size >= 2 * length for length, size in sizes) and any(length > 1 for length, _ in sizes):
            yield axis


def _spread(pair: Pair, reduced: np.ndarray, axis: int) -> np.ndarray | None:
    """A sum in the answer's shape: without its axis, with it, or repeated along it."""
    if reduced.shape == pair.actual.shape:
        return reduced
    kept = np.expand_dims(reduced, axis)
    if kept.shape == pair.actual.shape:
        return kept
    return np.broadcast_to(kept, pair.expected.shape) if pair.same_shape else None


def _slice(pair: Pair, axis: int, place: int) -> np.ndarray | None:
    if not pair.expected.shape[axis]:
        return None
    return _spread(pair, pair.expected.take(place, axis), axis)


def _added_up(array: np.ndarray, axis: int, backwards: bool) -> np.ndarray:
    return np.flip(np.flip(array, axis).cumsum(axis), axis) if backwards else array.cumsum(axis)


def _sums_to_one(array: np.ndarray, axis: int | None) -> bool:
    return array.size > 0 and bool((np.abs(array.sum(axis) - 1) < 1e-4).all())


def _is_alike(array: np.ndarray, axis: int) -> bool:
    if array.shape[axis] < 2 or not array.size:
        return False
    spread = array.max(axis) - array.min(axis)
    return bool((spread <= 1e-9 * np.abs(array).max()).all())


def _with_factors(pair: Pair, axis: int) -> np.ndarray | None:
    """The answer with a factor for each slice; a slice that is right, or 0, has none."""
    rest = tuple(other for other in range(pair.expected.ndim) if other != axis)
    blank = (pair.expected == 0).all(axis=rest)
    if not (blank | (pair.wrong & (pair.actual != 0)).any(axis=rest)).all():
        return None
    squares = (pair.expected**2).sum(rest, keepdims=True)
    products = (pair.actual * pair.expected).sum(rest, keepdims=True)
    return pair.expected * np.divide(products, squares, where=squares > 0, out=np.zeros_like(squares))


def _with_lines(pair: Pair, axis: int) -> np.ndarray | None:
    """The least-squares line through the right and the given numbers of each slice."""
    rest = tuple(other for other in range(pair.expected.ndim) if other != axis)
    from_mean = pair.expected - pair.expected.mean(rest, keepdims=True)
    mean = pair.actual.mean(rest, keepdims=True)
    squares = (from_mean**2).sum(rest, keepdims=True)
    slopes = ((pair.actual - mean) * from_mean).sum(rest, keepdims=True) / squares
    # A slope of 0 says that the slice holds nothing of the right one.
    return mean + slopes * from_mean if (np.abs(slopes) > 1e-6).all() else None


def _with_offsets(pair: Pair, axis: int) -> np.ndarray:
    rest = tuple(other for other in range(pair.expected.ndim) if other != axis)
    return pair.expected + pair.difference.mean(rest, keepdims=True)
