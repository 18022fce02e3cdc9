"""The other arrays of a call in the answer: in its place, added to it, a factor too many or missing.

An array fits an output of its own shape, and one of more axes where its length is found among them, as
the bias of every filter does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.rules import AddsOther, EqualsOther, TimesOther
from autograder.pattern.named import expressions_equal_to

_Fit = Callable[[np.ndarray, tuple[int, ...]], "np.ndarray | None"]


def equals_other(view: View) -> Pattern | None:
    """What another output should be, or an argument unchanged."""
    if not _told(view):
        return None
    for is_output in (True, False):
        each = [pair.call.outputs if is_output else pair.call.others for pair in view.differing]
        for name in _shared(each):
            pairs = zip(view.differing, each, strict=True)
            if all(pair.gives_actual(arrays[name].astype(np.float64)) for pair, arrays in pairs):
                return EqualsOther(view.output, not view.agreeing, name, is_output, _is_swapped(view, name))
    return None


def with_other(view: View) -> Pattern | None:
    """Another array, or a share of it, added to the right answer; or a factor that is too many or missing."""
    for name, fit, arrays in _fitted(view):
        found = _adds(view, name, arrays) or _times(view, name, fit, arrays)
        if found is not None:
            return found
    return None


def _adds(view: View, name: str, arrays: list[np.ndarray]) -> Pattern | None:
    shares = []
    for pair, other in zip(view.differing, arrays, strict=True):
        share = _share_of(pair, other)
        if share is None or share * (shares or [share])[0] < 0:
            return None
        shares.append(share)
    sizes, negative = [abs(share) for share in shares], shares[0] < 0
    if np.ptp(sizes) <= 1e-5 * sizes[0]:
        return AddsOther(view.output, not view.agreeing, name, round(sizes[0], 6), negative=negative)
    found, inverse = expressions_equal_to(sizes, [pair.call.quantities for pair in view.differing])
    # Each call has a share to fit; what is left over must tell.
    if found or sum(np.count_nonzero(pair.wrong) - 1 for pair in view.differing) > 2:
        return AddsOther(view.output, not view.agreeing, name, None, found, inverse, negative)
    return None


def _times(view: View, name: str, fit: _Fit, arrays: list[np.ndarray]) -> Pattern | None:
    def alone(pair: Pair) -> np.ndarray | None:
        other = fit(pair.call.others[name], pair.expected.shape) if name in pair.call.others else None
        return None if other is None else pair.expected * other

    pairs = list(zip(view.differing, arrays, strict=True))
    if all(pair.gives_actual(pair.expected * other) for pair, other in pairs):
        return TimesOther(view.output, view.always(alone), name, False)
    if all(pair.gives_expected(pair.actual * other) for pair, other in pairs) and _nonzero(view):
        return TimesOther(view.output, view.always(alone), name, True)
    return None


def _fitted(view: View) -> Iterator[tuple[str, _Fit, list[np.ndarray]]]:
    """Each argument in each way in which it fits the output of every wrong call."""
    if not view.same_shapes or not view.varied:
        return
    for name in _shared([pair.call.others for pair in view.differing]):
        for fit in _ways(view.ndim):
            arrays = []
            for pair in view.differing:
                other = fit(pair.call.others[name], pair.expected.shape)
                if other is None or not _varies(other):
                    break
                arrays.append(other.astype(np.float64))
            if len(arrays) == len(view.differing):
                yield name, fit, arrays


def _shared(each: Sequence[Mapping[str, np.ndarray]]) -> list[str]:
    return [name for name in each[0] if all(name in other for other in each)] if each else []


def _ways(ndim: int) -> Iterator[_Fit]:
    yield lambda other, shape: other if other.shape == shape else None
    for axis in reversed(range(max(ndim, 0) if ndim > 1 else 0)):
        yield lambda other, shape, axis=axis: _along(other, shape, axis)


def _along(other: np.ndarray, shape: tuple[int, ...], axis: int) -> np.ndarray | None:
    if other.shape != (shape[axis],):
        return None
    return other.reshape([-1 if place == axis else 1 for place in range(len(shape))])


def _varies(other: np.ndarray) -> bool:
    """An array of one and the same number says no more than that number."""
    return other.size > 1 and bool(np.isfinite(other).all()) and bool((other != other.flat[0]).any())


def _share_of(pair: Pair, other: np.ndarray) -> float | None:
    """The multiple of another array by which the answer differs from the right one."""
    spread = np.broadcast_to(other, pair.expected.shape)
    share = float((pair.difference * spread).sum() / (spread**2).sum())
    if not share or not pair.gives_actual(pair.expected + share * spread):
        return None
    return share if np.count_nonzero(pair.wrong & (spread != 0)) > 1 else None


def _told(view: View) -> bool:
    """More than one number, and not all of them the same."""
    values = np.concatenate([pair.actual.ravel() for pair in view.differing])
    return values.size > 1 and float(np.ptp(values)) > 0


def _is_swapped(view: View, name: str) -> bool:
    """Is the other output in turn what this one should be?"""
    answers = [pair.call.answers.get(name) for pair in view.differing]
    return all(
        answer is not None and answer.dtype.kind in "biuf" and pair.gives_expected(answer.astype(np.float64))
        for answer, pair in zip(answers, view.differing, strict=True)
    )


def _nonzero(view: View) -> bool:
    """A missing factor says something only where the right value is not 0."""
    return sum(np.count_nonzero(pair.wrong & (pair.expected != 0)) for pair in view.differing) > 1
