"""Which patterns are tried, in order: those that explain every number first, then where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.pattern import along_axes, axes, other_arrays, places, precision, scale, trimmed
from autograder.pattern.conditions import right_where
from autograder.pattern.evidence import Evidence, View
from autograder.pattern.kinds.parts import Pattern

_Finder = Callable[[View], "Pattern | None"]

# Explains every number.
_WHOLE: tuple[_Finder, ...] = (
    scale.all_zero,
    scale.factor,
    axes.reshaped,
    axes.transposed,
    axes.flipped,
    along_axes.not_reduced,
    along_axes.reduced,
    trimmed.trimmed,
    other_arrays.equals_other,
    scale.function_of,
    other_arrays.with_other,
    scale.offset,
    precision.rounded,
    precision.clipped,
    along_axes.running_sum,
    along_axes.mean_off,
    scale.some_signs,
)
# Explains it up to a few numbers that are fitted, or up to the order.
_PARTLY: tuple[_Finder, ...] = (
    places.diagonal,
    axes.shifted,
    axes.other_order,
    axes.same_numbers,
    along_axes.sums_to_one,
    along_axes.factor_per_slice,
    along_axes.offset_per_slice,
    along_axes.line_per_slice,
)
# Tells where.
_WHERE: tuple[_Finder, ...] = (
    places.slices,
    places.zero_instead,
    places.not_zero,
    places.by_sign,
    places.alternating,
    places.edge,
    along_axes.alike_along,
    precision.nearly_right,
)
_NEAR_MISS: tuple[_Finder, ...] = (precision.rounded, precision.nearly_right)
_NOT_FINITE: tuple[_Finder, ...] = (precision.overflows, places.slices)


def find_patterns(evidence: Evidence) -> tuple[Pattern, ...]:
    """What all wrong answers of an output have in common, the most specific first; often nothing.

    A pattern that says on which inputs the answer is right follows one that says how it is wrong, unless
    that one says it already. Never raises for what a submission returned.
    """
    with np.errstate(all="ignore"):
        view = View(evidence)
        found = _first(view) if view.differing else None
        where = None if found is not None and found.always and view.agreeing else right_where(view)
    return tuple(pattern for pattern in (found, where) if pattern is not None)


def _first(view: View) -> Pattern | None:
    for finders in _families(view):
        found = next((pattern for find in finders if (pattern := find(view)) is not None), None)
        if found is not None:
            return found
    return None


def _families(view: View) -> Sequence[Sequence[_Finder]]:
    if not view.finite:
        return (_NOT_FINITE,)
    if any(pair.near_miss for pair in view.differing):
        return (_NEAR_MISS,)
    return (_WHOLE, _PARTLY, _WHERE) if view.clear else (_WHOLE, (precision.nearly_right,))
