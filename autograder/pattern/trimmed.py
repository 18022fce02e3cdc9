"""Slices missing or too many at the sides of an answer, as where padding is not cut off."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.axes import Trimmed
from autograder.pattern.kinds.parts import Pattern

MOST_SLICES = 8  # that are looked at on one side

_Sides = tuple[tuple[int, bool, bool], ...]  # axis, at its start, at its end


def trimmed(view: View) -> Pattern | None:
    """The right answer is a block of the answer, or the answer a block of the right one."""
    if (
        view.ndim < 1
        or not _are_fractions(view)
        or any(pair.same_shape or pair.actual.ndim != view.ndim for pair in view.differing)
    ):
        return None
    for missing in (True, False):
        common = set.intersection(*(set(_sides(pair, missing)) for pair in view.differing))
        if len(common) == 1:
            sides = common.pop()
            starts = tuple(view.axis(axis) for axis, start, _ in sides if start)
            ends = tuple(view.axis(axis) for axis, _, end in sides if end)
            return Trimmed(view.output, not view.agreeing, missing, starts, ends)
    return None


def _are_fractions(view: View) -> bool:
    """Whole numbers, such as tokens, are alike too easily."""
    return all(pair.call.expected.dtype.kind == "f" for pair in view.differing)


def _sides(pair: Pair, missing: bool) -> Iterator[_Sides]:
    """At which sides the larger array reaches beyond the smaller one."""
    small, large = (pair.actual, pair.expected) if missing else (pair.expected, pair.actual)
    spare = [b - a for a, b in zip(small.shape, large.shape, strict=True)]
    if min(spare) < 0 or max(spare) > MOST_SLICES or small.size < 2 or not small.any():
        return
    for begins in itertools.product(*(range(each + 1) for each in spare)):
        block = large[tuple(slice(b, b + n) for b, n in zip(begins, small.shape, strict=True))]
        if (np.abs(small - block) <= 1e-6 * np.abs(block) + 1e-8 * max(pair.sizes)).all():
            yield tuple(
                (axis, begin > 0, begin < each)
                for axis, (begin, each) in enumerate(zip(begins, spare, strict=True))
                if each
            )
