"""One sentence for each pattern: facts come in, words go out.

No sentence holds a right value: only quantities of the problem, places, and factors and offsets where the
student's own answer has them throughout.
"""

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
from autograder.pattern.kinds.places import (
    AlternatingWrong,
    DiagonalWrong,
    EdgeWrong,
    NotZero,
    RightWhere,
    SlicesRight,
    SlicesWrong,
    WrongWhereSign,
    ZeroInstead,
)
from autograder.pattern.kinds.rules import (
    AddsOther,
    AllZero,
    Clipped,
    ConstantFactor,
    ConstantOffset,
    EqualsOther,
    Function,
    FunctionOf,
    NearlyRight,
    Overflows,
    Rounded,
    SomeSigns,
    TimesOther,
    WrongSign,
)
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
    says_where = isinstance(pattern, Overflows) or clause.startswith(f"{pattern.output} is right but")
    if not pattern.always and not says_where:
        rest = f"it{clause[len(pattern.output) :]}" if starts_with_name else clause
        return f"Where {pattern.output} is wrong, {rest}"
    return clause if starts_with_name else clause[0].upper() + clause[1:]


# --- One rule for every number ---


def _all_zero(pattern: AllZero, output: str) -> str:
    return f"{output} is 0 everywhere, and should not be."


def _wrong_sign(pattern: WrongSign, output: str) -> str:
    return f"{output} has the wrong sign, and is right otherwise."


def _some_signs(pattern: SomeSigns, output: str) -> str:
    return f"every value of {output} has the right size, but some have the wrong sign."


def _constant_factor(pattern: ConstantFactor, output: str) -> str:
    sign = " and has the wrong sign" if pattern.negative else ""
    each = f"each value of {output}"
    if pattern.expressions:
        return f"{each} {_named_factor(pattern)}{sign}{explained(pattern.expressions)}."
    if pattern.factor is None:
        return f"{output} is right up to a constant factor, which differs from input to input{sign}."
    if pattern.factor > 1:
        return f"{each} is {number(pattern.factor)} times too large{sign}."
    return f"{each} is {number(pattern.factor)} times what it should be{sign}."


def _named_factor(pattern: ConstantFactor) -> str:
    formulas = either(pattern.expressions)
    if any(name in BELOW_ONE for each in pattern.expressions for name in each.names):
        return f"lacks the factor {formulas}" if pattern.inverse else f"has the factor {formulas} too much"
    return f"is {formulas} times too {'small' if pattern.inverse else 'large'}"


def _constant_offset(pattern: ConstantOffset, output: str) -> str:
    each = f"each value of {output}"
    if pattern.expressions:
        way = "small" if pattern.negative else "large"
        formulas = either(pattern.expressions, bare=True)
        return f"{each} is too {way} by {formulas}{explained(pattern.expressions)}."
    if pattern.offset is None:
        return f"{output} is right up to a constant that is added, which differs from input to input."
    return f"{each} is {number(abs(pattern.offset))} too {'large' if pattern.offset > 0 else 'small'}."


def _function_of(pattern: FunctionOf, output: str) -> str:
    return _FUNCTIONS[pattern.function].format(output=output)


_FUNCTIONS: dict[Function, str] = {
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


# --- Other arrays of the call ---


def _equals_other(pattern: EqualsOther, output: str) -> str:
    if pattern.swapped:
        return f"{output} is what {pattern.other} should be, and the other way round: they are swapped."
    if pattern.is_output:
        return f"{output} is what {pattern.other} should be."
    if output.endswith(f"[{pattern.other!r}]"):
        return f"{output} is what it was before the call."
    return f"{output} is equal to {pattern.other}."


def _adds_other(pattern: AddsOther, output: str) -> str:
    way = "added" if pattern.negative else "subtracted"
    if pattern.expressions:
        sign = " divided by " if pattern.inverse else " times "
        what = f"{pattern.other}{sign}{either(pattern.expressions)}"
        return f"{output} would be right with {what} {way}{explained(pattern.expressions)}."
    if pattern.factor is None:
        return f"{output} would be right with a multiple of {pattern.other} {way}."
    size = "" if pattern.factor == 1 else f"{number(pattern.factor)} times "
    return f"{output} would be right with {size}{pattern.other} {way}."


def _times_other(pattern: TimesOther, output: str) -> str:
    if pattern.missing:
        return f"{output} is right once it is multiplied by {pattern.other}, element by element."
    return f"{output} is multiplied by {pattern.other}, element by element, and should not be."


# --- Precision and range ---


def _rounded(pattern: Rounded, output: str) -> str:
    if pattern.to.startswith("float"):
        return f"{output} was {pattern.to} at some point, which is too coarse: compute in float64 throughout."
    return f"{output} is right, but cut to {pattern.to}. Look for rounding and for arrays of integers."


def _nearly_right(pattern: NearlyRight, output: str) -> str:
    return (
        f"{output} is nearly right, to {digits(pattern.relative)} of its largest value. Perhaps a small "
        "term, such as eps, is missing or at another place, or numbers are float32 on the way."
    )


def _overflows(pattern: Overflows, output: str) -> str:
    only = "" if pattern.always else "only "
    return (
        f"{output} is NaN or infinite {only}where {pattern.scores} goes beyond about 700 in size: the "
        "exponential overflows there, or is rounded to 0. Subtract each row's own maximum first, and take no "
        "logarithm of a probability that was rounded to 0."
    )


def _clipped(pattern: Clipped, output: str) -> str:
    way = "above" if pattern.above else "below"
    return f"{output} stops at {number(pattern.limit)} where it should lie {way} it, and is right elsewhere."


# --- Where it is wrong ---


def _zero_instead(pattern: ZeroInstead, output: str) -> str:
    return f"{output} is right but where it is 0 and should not be."


def _not_zero(pattern: NotZero, output: str) -> str:
    return f"{output} is right but where it should be 0."


def _slices_right(pattern: SlicesRight, output: str) -> str:
    return f"only {slice_at(pattern.axis, pattern.which)} of {output} is right."


def _slices_wrong(pattern: SlicesWrong, output: str) -> str:
    return f"only {slice_at(pattern.axis, pattern.which)} of {output} is wrong."


def _alternating_wrong(pattern: AlternatingWrong, output: str) -> str:
    many = slice_words(pattern.axis, many=True)
    return f"only the {many} of {'odd' if pattern.odd else 'even'} index of {output} are wrong."


def _edge_wrong(pattern: EdgeWrong, output: str) -> str:
    if pattern.far_only:
        return f"{output} is right but for the last row and column of each image."
    return f"{output} is right but at the border of each image."


def _diagonal_wrong(pattern: DiagonalWrong, output: str) -> str:
    return f"{output} is wrong {pattern.where} the diagonal only."


def _wrong_where_sign(pattern: WrongWhereSign, output: str) -> str:
    if pattern.other == LABELS:
        return f"{output} is wrong exactly at the label of each row."
    sign = "positive" if pattern.positive else "negative"
    return f"{output} is wrong exactly where {pattern.other} is {sign}."


def _right_where(pattern: RightWhere, output: str) -> str:
    first, *others = (
        f"right where {each.right}, and wrong where {each.wrong}" for each in pattern.conditions
    )
    return f"{output} is {first}." + "".join(f" Also: {other}." for other in others)


_WORDS: dict[type[Pattern], Callable[[Any, str], str]] = {
    AllZero: _all_zero,
    WrongSign: _wrong_sign,
    SomeSigns: _some_signs,
    ConstantFactor: _constant_factor,
    ConstantOffset: _constant_offset,
    FunctionOf: _function_of,
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
    EqualsOther: _equals_other,
    AddsOther: _adds_other,
    TimesOther: _times_other,
    Rounded: _rounded,
    NearlyRight: _nearly_right,
    Overflows: _overflows,
    Clipped: _clipped,
    ZeroInstead: _zero_instead,
    NotZero: _not_zero,
    SlicesRight: _slices_right,
    SlicesWrong: _slices_wrong,
    AlternatingWrong: _alternating_wrong,
    EdgeWrong: _edge_wrong,
    DiagonalWrong: _diagonal_wrong,
    WrongWhereSign: _wrong_where_sign,
    RightWhere: _right_where,
}
