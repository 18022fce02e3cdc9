"""The other arrays of a call in the answer: in its place, added to it, a factor too many or missing.

An array fits an output of its own shape, and one of more axes where its length is found among them, as
the bias of every filter does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from autograder.pattern.evidence import CallEvidence, Pair, View
from autograder.pattern.kinds import AddsOther, EqualsOther, Pattern, TimesOther

_Fit = Callable[[np.ndarray, tuple[int, ...]], "np.ndarray | None"]


def equals_other(view: View) -> Pattern | None:
    """What another output should be, or an argument unchanged."""
    for is_output in (True, False):
        arrays = _arrays(view, is_output)
        for name in arrays:
            if view.gives_actual(lambda pair, arrays=arrays, name=name: arrays[name](pair.call)) and _told(
                view
            ):
                return EqualsOther(view.output, not view.agreeing, name, is_output)
    return None


def adds_other(view: View) -> Pattern | None:
    """The right answer plus or minus another array, or a share of it that differs from call to call."""
    for name, fit in _fitted(view):
        shares = [
            _share_of(pair, fit(pair.call.others[name], pair.expected.shape)) for pair in view.differing
        ]
        if None in shares:
            continue
        same = bool(np.allclose(shares, shares[0], rtol=1e-5, atol=0))
        if same or all(np.count_nonzero(pair.wrong) > 2 for pair in view.differing):
            return AddsOther(view.output, not view.agreeing, name, round(shares[0], 6) if same else None)
    return None


def times_other(view: View) -> Pattern | None:
    for name, fit in _fitted(view):

        def product(pair: Pair, of: np.ndarray, name: str = name, fit: _Fit = fit) -> np.ndarray | None:
            other = fit(pair.call.others[name], pair.expected.shape)
            return None if other is None else of * other.astype(np.float64)

        if view.gives_actual(lambda pair, product=product: product(pair, pair.expected)):
            always = view.always(lambda pair, product=product: product(pair, pair.expected))
            return TimesOther(view.output, always, name, False)
        if _nonzero(view) and view.gives_expected(lambda pair, product=product: product(pair, pair.actual)):
            always = view.always(lambda pair, product=product: product(pair, pair.expected))
            return TimesOther(view.output, always, name, True)
    return None


def _arrays(view: View, is_output: bool) -> Mapping[str, Callable[[CallEvidence], np.ndarray]]:
    def getter(name: str) -> Callable[[CallEvidence], np.ndarray]:
        return lambda call: (call.outputs if is_output else call.others)[name]

    each = [pair.call.outputs if is_output else pair.call.others for pair in view.differing]
    return {name: getter(name) for name in _shared(each)}


def _fitted(view: View) -> Iterator[tuple[str, _Fit]]:
    """Each argument with each way in which it fits the output of every wrong call."""
    if not view.same_shapes or not view.varied:
        return
    for name in _shared([pair.call.others for pair in view.differing]):
        for fit in _ways(view.ndim):
            fitted = [fit(pair.call.others[name], pair.expected.shape) for pair in view.differing]
            if all(other is not None and _varies(other) for other in fitted):
                yield name, fit


def _shared(each: list[Mapping[str, np.ndarray]]) -> list[str]:
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


def _share_of(pair: Pair, other: np.ndarray | None) -> float | None:
    """The multiple of another array by which the answer differs from the right one."""
    assert other is not None
    spread = np.broadcast_to(other.astype(np.float64), pair.expected.shape)
    share = float((pair.difference * spread).sum() / (spread**2).sum())
    if not share or np.count_nonzero(pair.wrong) < 2 or not np.count_nonzero(pair.wrong & (spread != 0)) > 1:
        return None
    return share if pair.gives_actual(pair.expected + share * spread) else None


def _told(view: View) -> bool:
    """More than one number, and not all of them 0."""
    values = np.concatenate([pair.actual.ravel() for pair in view.differing])
    return values.size > 1 and np.unique(values).size > 1


def _nonzero(view: View) -> bool:
    """A missing factor says something only where the right value is not 0."""
    return sum(np.count_nonzero(pair.wrong & (pair.expected != 0)) for pair in view.differing) > 1
