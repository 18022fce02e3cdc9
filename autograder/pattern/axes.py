"""Right numbers at wrong places: transposed, reversed, shifted, in another order, of another shape."""

from __future__ import annotations

import itertools

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.axes import OtherOrder, Reversed, SameNumbers, Shifted, Transposed
from autograder.pattern.kinds.parts import Pattern

MOST_AXES = 4
_STEPS = (1, -1, 2, -2)


def transposed(view: View) -> Pattern | None:
    """The first order of axes, the fewest moved first, that makes the answer from the right one."""
    if not 2 <= view.ndim <= MOST_AXES:
        return None
    for order in _orders(view.ndim):
        if any(_moves_long_axes(pair, order) for pair in view.differing) and view.gives_actual(
            lambda pair, order=order: pair.expected.transpose(order)
        ):
            return Transposed(
                view.output, view.always(lambda pair, o=order: pair.expected.transpose(o)), order
            )
    return None


def flipped(view: View) -> Pattern | None:
    """Reversed along one axis, along the last two (turned by 180 degrees), or along all."""
    if not view.same_shapes or view.ndim < 1:
        return None
    single = [(axis,) for axis in range(view.ndim)]
    several = [tuple(range(view.ndim))[start:] for start in range(max(view.ndim - 2, 0), -1, -1)]
    for axes in [*single, *several]:
        if view.gives_actual(lambda pair, axes=axes: np.flip(pair.expected, axes)):
            always = view.always(lambda pair, axes=axes: np.flip(pair.expected, axes))
            return Reversed(view.output, always, tuple(view.axis(axis) for axis in axes))
    return None


def shifted(view: View) -> Pattern | None:
    """Moved along an axis by a step or two; what is left over at the end may be anything."""
    if not view.same_shapes:
        return None
    for axis, steps in itertools.product(range(max(view.ndim, 0)), _STEPS):
        if view.gives_actual(lambda pair, a=axis, s=steps: np.roll(pair.expected, s, a)):
            return Shifted(view.output, not view.agreeing, view.axis(axis), steps, True)
        seen = [_overlap(pair, axis, steps) for pair in view.differing]
        if None not in seen and sum(seen) >= 2:
            return Shifted(view.output, not view.agreeing, view.axis(axis), steps, False)
    return None


def other_order(view: View) -> Pattern | None:
    """The slices along one axis in another order."""
    if not view.same_shapes or not view.varied:
        return None
    for axis in range(max(view.ndim, 0)):
        if all(_same_slices(pair, axis) for pair in view.differing):
            return OtherOrder(view.output, not view.agreeing, view.axis(axis))
    return None


def reshaped(view: View) -> Pattern | None:
    """All numbers are there, in another shape."""
    if view.same_shapes or not view.varied:
        return None
    if not all(pair.actual.size == pair.expected.size for pair in view.differing):
        return None
    if all(_close(pair, pair.actual.ravel(), pair.expected.ravel()) for pair in view.differing):
        return SameNumbers(view.output, not view.agreeing, True)
    return None


def same_numbers(view: View) -> Pattern | None:
    """All numbers are there, at other places."""
    if not view.varied or any(pair.actual.size != pair.expected.size for pair in view.differing):
        return None
    if not _is_mask(view) and all(pair.expected.size > 2 and _same_sorted(pair) for pair in view.differing):
        return SameNumbers(view.output, not view.agreeing, False)
    return None


def _orders(ndim: int) -> list[tuple[int, ...]]:
    identity = tuple(range(ndim))
    orders = [order for order in itertools.permutations(identity) if order != identity]
    return sorted(orders, key=lambda order: sum(a != b for a, b in zip(order, identity, strict=True)))


def _moves_long_axes(pair: Pair, order: tuple[int, ...]) -> bool:
    """Moving axes of length 1 about changes the shape alone."""
    shape = pair.expected.shape
    long = [axis for axis in order if shape[axis] > 1]
    return long != sorted(long)


def _is_mask(view: View) -> bool:
    return any(pair.call.expected.dtype.kind == "b" for pair in view.differing)


def _overlap(pair: Pair, axis: int, steps: int) -> int | None:
    """How many numbers agree after the shift; 0 where the axis is too short, None if any differs."""
    length = pair.expected.shape[axis]
    if length <= abs(steps):
        return 0
    early, late = slice(None, -abs(steps)), slice(abs(steps), None)
    here, there = (late, early) if steps > 0 else (early, late)
    actual, expected = _cut(pair.actual, axis, here), _cut(pair.expected, axis, there)
    close = np.abs(actual - expected) <= pair.share * (np.abs(expected) + 1e-2 * pair.sizes[1])
    wrong = _cut(pair.wrong, axis, here)
    return int(np.count_nonzero(wrong)) if close.all() and wrong.any() else None


def _cut(array: np.ndarray, axis: int, part: slice) -> np.ndarray:
    return array[(slice(None),) * axis + (part,)]


def _same_slices(pair: Pair, axis: int) -> bool:
    actual = np.moveaxis(pair.actual, axis, 0).reshape(pair.actual.shape[axis], -1)
    expected = np.moveaxis(pair.expected, axis, 0).reshape(actual.shape)
    if not actual.size:
        return False
    # Any fixed weights without a pattern: equal slices get equal sums, whatever their order.
    weights = np.cos(np.arange(1, actual.shape[1] + 1) ** 1.5)
    ordered = expected[np.argsort(expected @ weights)]
    return _close(pair, actual[np.argsort(actual @ weights)], ordered)


def _same_sorted(pair: Pair) -> bool:
    return _close(pair, np.sort(pair.actual, axis=None), np.sort(pair.expected, axis=None))


def _close(pair: Pair, actual: np.ndarray, expected: np.ndarray) -> bool:
    allowed = pair.share * (np.abs(expected) + 1e-2 * pair.sizes[1])
    return bool((np.abs(actual - expected) <= allowed).all())
