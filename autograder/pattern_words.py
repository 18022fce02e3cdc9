"""One sentence for each pattern: facts come in, words go out.

No sentence holds a right value: only quantities of the problem, places, and factors and offsets where the
student's own answer has them throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.pattern import kinds
from autograder.pattern.kinds import Pattern
from autograder.pattern.quantities import LABELS
from autograder.pattern.terms import (
    BELOW_ONE,
    along,
    axes_words,
    axis_words,
    either,
    explained,
    number,
    slice_at,
    slice_words,
)
from autograder.wording import digits


def describe_pattern(pattern: Pattern) -> str:
    """The sentence for a pattern, with what it may mean where that is certain enough to be of use."""
    words: Callable[[Any, str], str] = _WORDS[type(pattern)]
    clause = words(pattern, pattern.output)
    starts_with_name = clause.startswith(f"{pattern.output} ")
    # These say themselves where the answer is right.
    says_where = isinstance(pattern, kinds.Overflows) or clause.startswith(f"{pattern.output} is right but")
    if not pattern.always and not says_where:
        rest = f"it{clause[len(pattern.output) :]}" if starts_with_name else clause
        return f"Where {pattern.output} is wrong, {rest}"
    return clause if starts_with_name else clause[0].upper() + clause[1:]


# --- One rule for every number ---


def _all_zero(pattern: kinds.AllZero, output: str) -> str:
    return f"{output} is 0 everywhere, and should not be."


def _wrong_sign(pattern: kinds.WrongSign, output: str) -> str:
    return f"{output} has the wrong sign, and is right otherwise."


def _some_signs(pattern: kinds.SomeSigns, output: str) -> str:
    return f"every value of {output} has the right size, but some have the wrong sign."


def _constant_factor(pattern: kinds.ConstantFactor, output: str) -> str:
    sign = " and has the wrong sign" if pattern.negative else ""
    each = f"each value of {output}"
    if pattern.expressions:
        return f"{each} {_named_factor(pattern)}{sign}{explained(pattern.expressions)}."
    if pattern.factor is None:
        return f"{output} is right up to a constant factor, which differs from input to input{sign}."
    if pattern.factor > 1:
        return f"{each} is {number(pattern.factor)} times too large{sign}."
    return f"{each} is {number(pattern.factor)} times what it should be{sign}."


def _named_factor(pattern: kinds.ConstantFactor) -> str:
    formulas = either(pattern.expressions)
    if any(name in BELOW_ONE for each in pattern.expressions for name in each.names):
        return f"lacks the factor {formulas}" if pattern.inverse else f"has the factor {formulas} too much"
    return f"is {formulas} times too {'small' if pattern.inverse else 'large'}"


def _constant_offset(pattern: kinds.ConstantOffset, output: str) -> str:
    each = f"each value of {output}"
    if pattern.expressions:
        way = "small" if pattern.negative else "large"
        formulas = either(pattern.expressions, bare=True)
        return f"{each} is too {way} by {formulas}{explained(pattern.expressions)}."
    if pattern.offset is None:
        return f"{output} is right up to a constant that is added, which differs from input to input."
    return f"{each} is {number(abs(pattern.offset))} too {'large' if pattern.offset > 0 else 'small'}."


def _function_of(pattern: kinds.FunctionOf, output: str) -> str:
    return _FUNCTIONS[pattern.function].format(output=output)


_FUNCTIONS: dict[kinds.Function, str] = {
    "square": "{output} is the square of what it should be. Is a root missing?",
    "root": "{output} is the square root of what it should be.",
    "logarithm": "{output} is the logarithm of what it should be.",
    "exponential": "{output} is exp of what it should be. Is a logarithm missing?",
    "reciprocal": "{output} is 1 divided by what it should be.",
    "absolute value": "{output} is right, but without the minus signs.",
    "positive part": "{output} is 0 where it should be negative, and right elsewhere.",
    "complement": "{output} is 1 minus what it should be: it is the wrong way round.",
    "tanh": "{output} is tanh of what it should be. Is tanh applied once too often?",
    "sigmoid": "{output} is the sigmoid of what it should be. Is it applied once too often?",
    "tanh missing": "{output} would be right with tanh applied to it.",
    "sigmoid missing": "{output} would be right with the sigmoid applied to it.",
    "positive part missing": "{output} is right but where it is negative: there it should be 0.",
    "sigmoid for tanh": "{output} went through the sigmoid, where it should go through tanh.",
    "positive part for tanh": "{output} went through ReLU, where it should go through tanh.",
    "tanh for sigmoid": "{output} went through tanh, where it should go through the sigmoid.",
}

# --- Right numbers at wrong places ---


def _transposed(pattern: kinds.Transposed, output: str) -> str:
    if len(pattern.order) == 2:
        return f"{output} is transposed."
    return f"{output} is right but for the order of its axes: yours is that of transpose{pattern.order}."


def _reversed(pattern: kinds.Reversed, output: str) -> str:
    if len(pattern.axes) == 1:
        return f"{output} is reversed{along(pattern.axes[0])}."
    if len(pattern.axes) == 2:
        return f"{output} is turned by 180 degrees: its last two axes are reversed."
    return f"{output} is reversed along all of its axes."


def _shifted(pattern: kinds.Shifted, output: str) -> str:
    steps, slice_ = abs(pattern.steps), slice_words(pattern.axis)
    places = f"{steps} place{'s' * (steps > 1)} {'later' if pattern.steps > 0 else 'earlier'}"
    around = ", and wraps around at the end" if pattern.around else ""
    return f"each {slice_} of {output} is {places} than it should be{around}."


def _other_order(pattern: kinds.OtherOrder, output: str) -> str:
    return f"the {slice_words(pattern.axis, many=True)} of {output} are right, but in another order."


def _same_numbers(pattern: kinds.SameNumbers, output: str) -> str:
    if pattern.in_order:
        return f"{output} has the right values in the right order, only in another shape."
    return f"{output} has all the right values, but at other places."


# --- Sums and means ---


def _not_reduced(pattern: kinds.NotReduced, output: str) -> str:
    over = f"{output} over {axis_words(pattern.axis)}"
    return f"the {pattern.how} of {over} is right: take it before you return."


def _reduced(pattern: kinds.Reduced, output: str) -> str:
    return f"{output} is the {pattern.how} of what it should be over {axis_words(pattern.axis)}."


def _only_slice(pattern: kinds.OnlySlice, output: str) -> str:
    return f"{output} holds only the {pattern.which} {slice_words(pattern.axis)} of what it should be."


def _trimmed(pattern: kinds.Trimmed, output: str) -> str:
    sides = [
        (f"at the {side} of {axes_words(axes)}")
        for side, axes in (("start", pattern.starts), ("end", pattern.ends))
        if axes
    ]
    what = "lacks slices" if pattern.missing else "has slices too many"
    return f"{output} {what} {' and '.join(sides)}, and is right otherwise."


def _running_sum(pattern: kinds.RunningSum, output: str) -> str:
    way = "from the last to the first" if pattern.backwards else "from the first to the last"
    if pattern.missing:
        return f"the {slice_words(pattern.axis, many=True)} of {output} should be added up, {way}."
    many = slice_words(pattern.axis, many=True)
    return f"the {many} of {output} are added up, {way}: each holds the sum of those before it, too."


def _mean_off(pattern: kinds.MeanOff, output: str) -> str:
    over = f"its mean over {axis_words(pattern.axis)}"
    if pattern.missing:
        return f"{output} is right once {over} is subtracted."
    return f"{output} lacks {over}: it is subtracted, and should not be."


def _sums_to_one(pattern: kinds.SumsToOne, output: str) -> str:
    where = f"along axis {pattern.axis.index}" if pattern.axis else "over the whole array"
    return f"{output} adds up to 1 {where}; it should along axis {pattern.right.index}."


def _alike_along(pattern: kinds.AlikeAlong, output: str) -> str:
    return f"all {slice_words(pattern.axis, many=True)} of {output} are the same, and should not be."


def _factor_per_slice(pattern: kinds.FactorPerSlice, output: str) -> str:
    return f"each {slice_words(pattern.axis)} of {output} is right up to a factor of its own."


def _offset_per_slice(pattern: kinds.OffsetPerSlice, output: str) -> str:
    return f"each {slice_words(pattern.axis)} of {output} is right up to a constant of its own that is added."


def _line_per_slice(pattern: kinds.LinePerSlice, output: str) -> str:
    each = f"each {slice_words(pattern.axis)} of {output}"
    return f"{each} is right up to a factor and a constant of its own: look at what scales and shifts it."


# --- Other arrays of the call ---


def _equals_other(pattern: kinds.EqualsOther, output: str) -> str:
    if pattern.swapped:
        return f"{output} is what {pattern.other} should be, and the other way round: they are swapped."
    if pattern.is_output:
        return f"{output} is what {pattern.other} should be."
    if output.endswith(f"[{pattern.other!r}]"):
        return f"{output} is what it was before the call."
    return f"{output} is equal to {pattern.other}."


def _adds_other(pattern: kinds.AddsOther, output: str) -> str:
    way = "added" if pattern.negative else "subtracted"
    if pattern.expressions:
        sign = " divided by " if pattern.inverse else " times "
        what = f"{pattern.other}{sign}{either(pattern.expressions)}"
        return f"{output} would be right with {what} {way}{explained(pattern.expressions)}."
    if pattern.factor is None:
        return f"{output} would be right with a multiple of {pattern.other} {way}."
    size = "" if pattern.factor == 1 else f"{number(pattern.factor)} times "
    return f"{output} would be right with {size}{pattern.other} {way}."


def _times_other(pattern: kinds.TimesOther, output: str) -> str:
    if pattern.missing:
        return f"{output} is right once it is multiplied by {pattern.other}, element by element."
    return f"{output} is multiplied by {pattern.other}, element by element, and should not be."


# --- Precision and range ---


def _rounded(pattern: kinds.Rounded, output: str) -> str:
    if pattern.to.startswith("float"):
        return f"{output} was {pattern.to} at some point, which is too coarse: compute in float64 throughout."
    return f"{output} is right, but cut to {pattern.to}. Look for rounding and for arrays of integers."


def _nearly_right(pattern: kinds.NearlyRight, output: str) -> str:
    return (
        f"{output} is nearly right, to {digits(pattern.relative)} of its largest value. Perhaps a small "
        "term, such as eps, is missing or at another place, or numbers are float32 on the way."
    )


def _overflows(pattern: kinds.Overflows, output: str) -> str:
    only = "" if pattern.always else "only "
    return (
        f"{output} is NaN or infinite {only}where {pattern.scores} goes beyond about 700 in size: the "
        "exponential overflows there, or is rounded to 0. Subtract each row's own maximum first, and take no "
        "logarithm of a probability that was rounded to 0."
    )


def _clipped(pattern: kinds.Clipped, output: str) -> str:
    way = "above" if pattern.above else "below"
    return f"{output} stops at {number(pattern.limit)} where it should lie {way} it, and is right elsewhere."


# --- Where it is wrong ---


def _zero_instead(pattern: kinds.ZeroInstead, output: str) -> str:
    return f"{output} is right but where it is 0 and should not be."


def _not_zero(pattern: kinds.NotZero, output: str) -> str:
    return f"{output} is right but where it should be 0."


def _slices_right(pattern: kinds.SlicesRight, output: str) -> str:
    return f"only {slice_at(pattern.axis, pattern.which)} of {output} is right."


def _slices_wrong(pattern: kinds.SlicesWrong, output: str) -> str:
    return f"only {slice_at(pattern.axis, pattern.which)} of {output} is wrong."


def _alternating_wrong(pattern: kinds.AlternatingWrong, output: str) -> str:
    many = slice_words(pattern.axis, many=True)
    return f"only the {many} of {'odd' if pattern.odd else 'even'} index of {output} are wrong."


def _edge_wrong(pattern: kinds.EdgeWrong, output: str) -> str:
    if pattern.far_only:
        return f"{output} is right but for the last row and column of each image."
    return f"{output} is right but at the border of each image."


def _diagonal_wrong(pattern: kinds.DiagonalWrong, output: str) -> str:
    return f"{output} is wrong {pattern.where} the diagonal only."


def _wrong_where_sign(pattern: kinds.WrongWhereSign, output: str) -> str:
    if pattern.other == LABELS:
        return f"{output} is wrong exactly at the label of each row."
    sign = "positive" if pattern.positive else "negative"
    return f"{output} is wrong exactly where {pattern.other} is {sign}."


def _right_where(pattern: kinds.RightWhere, output: str) -> str:
    first, *others = (
        f"right where {each.right}, and wrong where {each.wrong}" for each in pattern.conditions
    )
    return f"{output} is {first}." + "".join(f" Also: {other}." for other in others)


_WORDS: dict[type[Pattern], Callable[[Any, str], str]] = {
    kinds.AllZero: _all_zero,
    kinds.WrongSign: _wrong_sign,
    kinds.SomeSigns: _some_signs,
    kinds.ConstantFactor: _constant_factor,
    kinds.ConstantOffset: _constant_offset,
    kinds.FunctionOf: _function_of,
    kinds.Transposed: _transposed,
    kinds.Reversed: _reversed,
    kinds.Shifted: _shifted,
    kinds.OtherOrder: _other_order,
    kinds.SameNumbers: _same_numbers,
    kinds.NotReduced: _not_reduced,
    kinds.Reduced: _reduced,
    kinds.OnlySlice: _only_slice,
    kinds.Trimmed: _trimmed,
    kinds.RunningSum: _running_sum,
    kinds.MeanOff: _mean_off,
    kinds.SumsToOne: _sums_to_one,
    kinds.AlikeAlong: _alike_along,
    kinds.FactorPerSlice: _factor_per_slice,
    kinds.OffsetPerSlice: _offset_per_slice,
    kinds.LinePerSlice: _line_per_slice,
    kinds.EqualsOther: _equals_other,
    kinds.AddsOther: _adds_other,
    kinds.TimesOther: _times_other,
    kinds.Rounded: _rounded,
    kinds.NearlyRight: _nearly_right,
    kinds.Overflows: _overflows,
    kinds.Clipped: _clipped,
    kinds.ZeroInstead: _zero_instead,
    kinds.NotZero: _not_zero,
    kinds.SlicesRight: _slices_right,
    kinds.SlicesWrong: _slices_wrong,
    kinds.AlternatingWrong: _alternating_wrong,
    kinds.EdgeWrong: _edge_wrong,
    kinds.DiagonalWrong: _diagonal_wrong,
    kinds.WrongWhereSign: _wrong_where_sign,
    kinds.RightWhere: _right_where,
}
