"""Words for what happened along the axes: other places, sums and means, slices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.terms import along, axes_words, axis_words, slice_words

# --- Right numbers at wrong places ---


def _transposed(pattern: Transposed, output: str) -> str:
    if len(pattern.order) == 2:
        return f"{output} is transposed."
    return f"{output} is right but for the order of its axes: yours is that of transpose{pattern.order}."


def _reversed(pattern: Reversed, output: str) -> str:
    if len(pattern.axes) == 1:
        return f"{output} is reversed{along(pattern.axes[0])}."
    if len(pattern.axes) == 2:
        return f"{output} is turned by 180 degrees: its last two axes are reversed."
    return f"{output} is reversed along all of its axes."


def _shifted(pattern: Shifted, output: str) -> str:
    steps, slice_ = abs(pattern.steps), slice_words(pattern.axis)
    places = f"{steps} place{'s' * (steps > 1)} {'later' if pattern.steps > 0 else 'earlier'}"
    around = ", and wraps around at the end" if pattern.around else ""
    return f"each {slice_} of {output} is {places} than it should be{around}."


def _other_order(pattern: OtherOrder, output: str) -> str:
    return f"the {slice_words(pattern.axis, many=True)} of {output} are right, but in another order."


def _same_numbers(pattern: SameNumbers, output: str) -> str:
    if pattern.in_order:
        return f"{output} has the right values in the right order, only in another shape."
    return f"{output} has all the right values, but at other places."


# --- Sums and means ---


def _not_reduced(pattern: NotReduced, output: str) -> str:
    over = f"{output} over {axis_words(pattern.axis)}"
    return f"the {pattern.how} of {over} is right: take it before you return."


def _reduced(pattern: Reduced, output: str) -> str:
    return f"{output} is the {pattern.how} of what it should be over {axis_words(pattern.axis)}."


def _only_slice(pattern: OnlySlice, output: str) -> str:
    return f"{output} holds only the {pattern.which} {slice_words(pattern.axis)} of what it should be."


def _trimmed(pattern: Trimmed, output: str) -> str:
    sides = [
        (f"at the {side} of {axes_words(axes)}")
        for side, axes in (("start", pattern.starts), ("end", pattern.ends))
        if axes
    ]
    what = "lacks slices" if pattern.missing else "has slices too many"
    return f"{output} {what} {' and '.join(sides)}, and is right otherwise."


def _running_sum(pattern: RunningSum, output: str) -> str:
    way = "from the last to the first" if pattern.backwards else "from the first to the last"
    if pattern.missing:
        return f"the {slice_words(pattern.axis, many=True)} of {output} should be added up, {way}."
    many = slice_words(pattern.axis, many=True)
    return f"the {many} of {output} are added up, {way}: each holds the sum of those before it, too."


def _mean_off(pattern: MeanOff, output: str) -> str:
    over = f"its mean over {axis_words(pattern.axis)}"
    if pattern.missing:
        return f"{output} is right once {over} is subtracted."
    return f"{output} lacks {over}: it is subtracted, and should not be."


def _sums_to_one(pattern: SumsToOne, output: str) -> str:
    where = f"along axis {pattern.axis.index}" if pattern.axis else "over the whole array"
    return f"{output} adds up to 1 {where}; it should along axis {pattern.right.index}."


def _alike_along(pattern: AlikeAlong, output: str) -> str:
    return f"all {slice_words(pattern.axis, many=True)} of {output} are the same, and should not be."


def _factor_per_slice(pattern: FactorPerSlice, output: str) -> str:
    return f"each {slice_words(pattern.axis)} of {output} is right up to a factor of its own."


def _offset_per_slice(pattern: OffsetPerSlice, output: str) -> str:
    return f"each {slice_words(pattern.axis)} of {output} is right up to a constant of its own that is added."


def _line_per_slice(pattern: LinePerSlice, output: str) -> str:
    each = f"each {slice_words(pattern.axis)} of {output}"
    return f"{each} is right up to a factor and a constant of its own: look at what scales and shifts it."


WORDS: dict[type[Pattern], Callable[[Any, str], str]] = {
    Transposed: _transposed,
    Reversed: _reversed,
    Shifted: _shifted,
    OtherOrder: _other_order,
    SameNumbers: _same_numbers,
    NotReduced: _not_reduced,
    Reduced: _reduced,
    OnlySlice: _only_slice,
    Trimmed: _trimmed,
    RunningSum: _running_sum,
    MeanOff: _mean_off,
    SumsToOne: _sums_to_one,
    AlikeAlong: _alike_along,
    FactorPerSlice: _factor_per_slice,
    OffsetPerSlice: _offset_per_slice,
    LinePerSlice: _line_per_slice,
}
