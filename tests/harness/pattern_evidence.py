"""Constructed differences for the tests of patterns: right answers, and what was made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.pattern import CallEvidence, Evidence, find_patterns
from autograder.pattern.kinds.parts import Pattern

Change = Callable[[np.ndarray], np.ndarray]

SHAPES = ((2, 3), (3, 4), (5, 4))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def call(actual, expected, agrees: bool | None = None, **context) -> CallEvidence:
    actual, expected = np.asarray(actual), np.asarray(expected)
    if agrees is None:
        agrees = actual.shape == expected.shape and bool(np.allclose(actual, expected, rtol=1e-6, atol=1e-9))
    return CallEvidence(actual, expected, agrees=agrees, **context)


def evidence(*calls: CallEvidence, output: str = "dx", axes: tuple[str, ...] = ()) -> Evidence:
    return Evidence(output, calls, axes)


def right_answers(shapes: Sequence[tuple[int, ...]] = SHAPES) -> list[np.ndarray]:
    generator = rng(1)
    return [generator.normal(size=shape) for shape in shapes]


def patterns_of(change: Change, shapes: Sequence[tuple[int, ...]] = SHAPES, **options) -> tuple[Pattern, ...]:
    """What is found where every right answer is changed in one way."""
    calls = [call(change(right.copy()), right) for right in right_answers(shapes)]
    return find_patterns(evidence(*calls, **options))


def kinds_of(change: Change, shapes: Sequence[tuple[int, ...]] = SHAPES, **options) -> list[type[Pattern]]:
    return [type(pattern) for pattern in patterns_of(change, shapes, **options)]
