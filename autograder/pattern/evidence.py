"""What patterns are looked for in: actual and expected answers side by side, and what each call was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from autograder.pattern.kinds.parts import Axis

CLEAR = 1e-3
LARGEST = 200_000  # numbers: larger answers are not looked at, to keep the search fast

# Shares of a difference, and of the numbers themselves, that a pattern may leave unexplained.
_EXACT = (1e-6, 1e-11)
_SINGLE = (1e-3, 1e-5)


@dataclass(frozen=True, eq=False)
class CallEvidence:
    """One call. `actual` is None where it gave no array of numbers.

    quantities: numbers of the problem by name, such as N, d_k, "1 - momentum" (quantities.py).
    others: arrays that went into the call, by parameter; outputs: the right values of its other outputs;
    answers: what it gave for them.
    """

    actual: np.ndarray | None
    expected: np.ndarray
    quantities: Mapping[str, float] = field(default_factory=dict)
    others: Mapping[str, np.ndarray] = field(default_factory=dict)
    agrees: bool = False
    outputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    answers: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Evidence:
    """All calls of a test that give one output, the smallest input first; `axes` names its axes."""

    output: str
    calls: tuple[CallEvidence, ...]
    axes: tuple[str, ...] = ()


class Pair:
    """The two arrays of one call as float64, with what every family asks about them."""

    def __init__(self, call: CallEvidence) -> None:
        assert call.actual is not None
        self.call = call
        self.actual = call.actual.astype(np.float64)
        self.expected = call.expected.astype(np.float64)
        self.share, self.rounding = _SINGLE if call.actual.dtype in (np.float32, np.float16) else _EXACT
        self.same_shape = self.actual.shape == self.expected.shape
        self.finite = bool(np.isfinite(self.actual).all() and np.isfinite(self.expected).all())

    @cached_property
    def difference(self) -> np.ndarray:
        return self.actual - self.expected

    @cached_property
    def gap(self) -> float:
        """The largest |actual - expected|; the largest |actual| where the shapes differ."""
        return _largest(self.difference if self.same_shape else self.actual)

    @cached_property
    def _worst(self) -> int:
        return int(np.argmax(np.abs(self.difference)))

    @cached_property
    def sizes(self) -> tuple[float, float]:
        """The largest |actual| and the largest |expected|."""
        return _largest(self.actual), _largest(self.expected)

    @cached_property
    def wrong(self) -> np.ndarray:
        """Where the numbers differ, for arrays of one shape."""
        allowed = self.share * (np.abs(self.expected) + 1e-2 * self.sizes[1])
        return ~(np.abs(self.difference) <= allowed) & (self.actual != self.expected)

    @cached_property
    def near_miss(self) -> bool:
        """Too close for its precision to tell one pattern from another."""
        return self.same_shape and self.gap < 1e3 * self.rounding * max(self.sizes)

    def gives_actual(self, predicted: np.ndarray | None) -> bool:
        """Does a prediction explain the answer, difference and all?"""
        return self._near(predicted, self.actual, self.sizes[0])

    def gives_expected(self, predicted: np.ndarray | None) -> bool:
        """Would a change of the answer have made it right?"""
        return self._near(predicted, self.expected, self.sizes[1])

    def _near(self, predicted: np.ndarray | None, target: np.ndarray, size: float) -> bool:
        if predicted is None or predicted.shape != target.shape:
            return False
        scale = min(self.gap, size)
        allowed = 0.1 * self.share * scale + self.rounding * size + 1e-15 * max(self.sizes)
        # One number settles nearly every prediction that is wrong.
        if self.same_shape and target.size:
            here = abs(predicted.item(self._worst) - target.item(self._worst))
            if not here <= allowed + self.share * scale:
                return False
        residual = np.abs(predicted - target)
        if self.same_shape:
            allowed = allowed + self.share * np.minimum(np.abs(self.difference), size)
        return bool((residual <= allowed).all())


Predict = Callable[[Pair], "np.ndarray | None"]


class View:
    """Evidence sorted for the search: `differing` and `agreeing` hold the calls that gave an array."""

    def __init__(self, evidence: Evidence) -> None:
        self.output, self.axes, self.calls = evidence.output, evidence.axes, evidence.calls
        pairs = [Pair(call) for call in evidence.calls if _is_readable(call)]
        self.differing = [pair for pair in pairs if not pair.call.agrees]
        self.agreeing = [pair for pair in pairs if pair.call.agrees and pair.same_shape]

    @cached_property
    def finite(self) -> bool:
        return all(pair.finite for pair in self.differing)

    @cached_property
    def same_shapes(self) -> bool:
        return all(pair.same_shape for pair in self.differing)

    @cached_property
    def clear(self) -> bool:
        """Is every wrong answer so far off that where it is wrong does not hang on the tolerance?"""
        return all(not pair.finite or pair.gap > CLEAR * pair.sizes[1] for pair in self.differing)

    @cached_property
    def ndim(self) -> int:
        """The number of axes that the output should have; -1 where it varies."""
        found = {pair.expected.ndim for pair in self.differing}
        return found.pop() if len(found) == 1 else -1

    @cached_property
    def varied(self) -> bool:
        """At least two wrong numbers, and no two of all wrong ones alike: enough to tell patterns apart."""
        values = [
            np.abs(pair.expected[pair.wrong] if pair.same_shape else pair.expected.ravel())
            for pair in self.differing
        ]
        return _distinct(np.concatenate(values)) if values else False

    def gives_actual(self, predict: Predict) -> bool:
        """Does a pattern predict every wrong answer?"""
        return all(pair.gives_actual(predict(pair)) for pair in self.differing)

    def gives_expected(self, predict: Predict) -> bool:
        """Does a change make every wrong answer right?"""
        return all(pair.gives_expected(predict(pair)) for pair in self.differing)

    def always(self, predict: Predict) -> bool:
        """Does a pattern predict the right answers, too, as N times too large does where N = 1?"""
        return all(_leaves_alone(pair, predict(pair)) for pair in self.agreeing)

    def axis(self, index: int) -> Axis:
        name = self.axes[index] if len(self.axes) == self.ndim else ""
        return Axis(index, name, self.ndim)


def _is_readable(call: CallEvidence) -> bool:
    arrays = (call.actual, call.expected)
    return all(
        array is not None and array.dtype.kind in "biuf" and 0 < array.size <= LARGEST for array in arrays
    )


def _leaves_alone(pair: Pair, predicted: np.ndarray | None) -> bool:
    if predicted is None or predicted.shape != pair.expected.shape:
        return False
    allowed = 10 * pair.share * (pair.sizes[1] + 1e-300)
    return bool((np.abs(predicted - pair.expected) <= allowed).all())


def _largest(array: np.ndarray) -> float:
    size = np.abs(array)
    return float(size.max(where=np.isfinite(size), initial=0.0))


def _distinct(values: np.ndarray) -> bool:
    values = values[np.isfinite(values)]
    return values.size >= 2 and float(values.max() - values.min()) > 1e-9 * float(np.abs(values).max())
