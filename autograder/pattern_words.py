"""One sentence for each pattern: facts come in, words go out.

No sentence holds a right value: only quantities of the problem, places, and factors and offsets where the
student's own answer has them throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.pattern import kinds
from autograder.pattern.kinds import Axis, Expression, Pattern


def describe_pattern(pattern: Pattern) -> str:
    """The sentence for a pattern, with what it may mean where that is certain enough to be of use."""
    words: Callable[[Any, str], str] = _WORDS[type(pattern)]
    clause = words(pattern, pattern.output)
    if not pattern.always:
        return f"Where {pattern.output} is wrong, {clause}"
    return clause if clause.startswith(pattern.output) else clause[0].upper() + clause[1:]


# --- One rule for every number ---


def _all_zero(pattern: kinds.AllZero, output: str) -> str:
    return f"{output} is 0 everywhere. Is the result written into the array that you return?"


def _wrong_sign(pattern: kinds.WrongSign, output: str) -> str:
    return f"{output} has the wrong sign, and is right otherwise."


def _some_signs(pattern: kinds.SomeSigns, output: str) -> str:
    return f"every value of {output} has the right size, but some have the wrong sign."


def _constant_factor(pattern: kinds.ConstantFactor, output: str) -> str:
    sign = " and has the wrong sign" if pattern.negative else ""
    each = f"each value of {output}"
    if pattern.expressions:
        return f"{each} {_named_factor(pattern)}{sign}{_explained(pattern.expressions)}."
    if pattern.factor is None:
        return f"{output} is right up to a constant factor, which differs from input to input{sign}."
    if pattern.factor > 1:
        return f"{each} is {_number(pattern.factor)} times too large{sign}."
    return f"{each} is {_number(pattern.factor)} times what it should be{sign}."


def _named_factor(pattern: kinds.ConstantFactor) -> str:
    formulas = _either(pattern.expressions)
    if any(name in _BELOW_ONE for each in pattern.expressions for name in each.names):
        return f"lacks the factor {formulas}" if pattern.inverse else f"has the factor {formulas} too much"
    return f"is {formulas} times too {'small' if pattern.inverse else 'large'}"


def _constant_offset(pattern: kinds.ConstantOffset, output: str) -> str:
    each = f"each value of {output}"
    if pattern.expressions:
        way = "small" if pattern.negative else "large"
        return f"{each} is too {way} by {_either(pattern.expressions, bare=True)}{_explained(pattern.expressions)}."
    if pattern.offset is None:
        return f"{output} is right up to a constant that is added, which differs from input to input."
    return f"{each} is {_number(abs(pattern.offset))} too {'large' if pattern.offset > 0 else 'small'}."


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
}

# --- Right numbers at wrong places ---


def _transposed(pattern: kinds.Transposed, output: str) -> str:
    if len(pattern.order) == 2:
        return f"{output} is transposed."
    return f"{output} is right but for the order of its axes: yours is that of transpose{pattern.order}."


def _reversed(pattern: kinds.Reversed, output: str) -> str:
    if len(pattern.axes) == 1:
        return f"{output} is reversed{_along(pattern.axes[0])}."
    if len(pattern.axes) == 2:
        return f"{output} is turned by 180 degrees: its last two axes are reversed."
    return f"{output} is reversed along all of its axes."


def _shifted(pattern: kinds.Shifted, output: str) -> str:
    steps, slice_ = abs(pattern.steps), _slice(pattern.axis)
    places = f"{steps} place{'s' * (steps > 1)} {'later' if pattern.steps > 0 else 'earlier'}"
    around = ", and wraps around at the end" if pattern.around else ""
    return f"each {slice_} of {output} is {places} than it should be{around}."


def _other_order(pattern: kinds.OtherOrder, output: str) -> str:
    return f"the {_slice(pattern.axis, many=True)} of {output} are right, but in another order."


def _same_numbers(pattern: kinds.SameNumbers, output: str) -> str:
    if pattern.in_order:
        return f"{output} has the right values in the right order, only in another shape."
    return f"{output} has all the right values, but at other places: look at reshape and transpose."


# --- Sums and means ---


def _not_reduced(pattern: kinds.NotReduced, output: str) -> str:
    return (
        f"the {pattern.how} of {output} over axis {pattern.axis.index} is right: take it before you return."
    )


def _reduced(pattern: kinds.Reduced, output: str) -> str:
    return f"{output} is the {pattern.how} of what it should be over {_axis(pattern.axis)}."


def _only_slice(pattern: kinds.OnlySlice, output: str) -> str:
    return f"{output} holds only the {pattern.which} {_slice(pattern.axis)} of what it should be."


def _running_sum(pattern: kinds.RunningSum, output: str) -> str:
    way = "from the last to the first" if pattern.backwards else "from the first to the last"
    if pattern.missing:
        return f"the {_slice(pattern.axis, many=True)} of {output} should be added up, {way}."
    many = _slice(pattern.axis, many=True)
    return f"the {many} of {output} are added up, {way}: each holds the sum of those before it, too."


def _mean_off(pattern: kinds.MeanOff, output: str) -> str:
    over = f"its mean over {_axis(pattern.axis)}"
    if pattern.missing:
        return f"{output} is right once {over} is subtracted."
    return f"{output} lacks {over}: it is subtracted, and should not be."


def _sums_to_one(pattern: kinds.SumsToOne, output: str) -> str:
    where = f"along axis {pattern.axis.index}" if pattern.axis else "over the whole array"
    return f"{output} adds up to 1 {where}; it should along axis {pattern.right.index}."


def _alike_along(pattern: kinds.AlikeAlong, output: str) -> str:
    return f"all {_slice(pattern.axis, many=True)} of {output} are the same, and should not be."


def _factor_per_slice(pattern: kinds.FactorPerSlice, output: str) -> str:
    return f"each {_slice(pattern.axis)} of {output} is right up to a factor of its own."


def _offset_per_slice(pattern: kinds.OffsetPerSlice, output: str) -> str:
    return f"each {_slice(pattern.axis)} of {output} is right up to a constant that is added to all of it."


# --- Other arrays of the call ---


def _equals_other(pattern: kinds.EqualsOther, output: str) -> str:
    if pattern.is_output:
        return f"{output} is what {pattern.other} should be. Look at the order of what you return."
    return f"{output} is equal to {pattern.other}."


def _adds_other(pattern: kinds.AddsOther, output: str) -> str:
    if pattern.factor is None:
        return f"{output} is right up to a multiple of {pattern.other} that should be added."
    size = "" if abs(pattern.factor) == 1 else f"{_number(abs(pattern.factor))} times "
    should = "should not be added" if pattern.factor > 0 else "is missing"
    return f"{output} is right but for {size}{pattern.other}, which {should}."


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
        f"{output} is right to {pattern.relative:.0e} of its largest value: "
        "look at small terms such as eps, and for float32 on the way."
    )


def _overflows(pattern: kinds.Overflows, output: str) -> str:
    return (
        f"{output} is NaN or infinite where {pattern.other} has numbers beyond about 700 in size: there exp "
        "leaves the range of floating point. Subtract the maximum first."
    )


def _clipped(pattern: kinds.Clipped, output: str) -> str:
    way = "above" if pattern.above else "below"
    return f"{output} stops at {_number(pattern.limit)} where it should lie {way} it, and is right elsewhere."


# --- Where it is wrong ---


def _zero_instead(pattern: kinds.ZeroInstead, output: str) -> str:
    return f"{output} is right but where it is 0 and should not be."


def _not_zero(pattern: kinds.NotZero, output: str) -> str:
    return f"{output} is right but where it should be 0."


def _slices_right(pattern: kinds.SlicesRight, output: str) -> str:
    return f"only {_which(pattern)} of {output} is right."


def _slices_wrong(pattern: kinds.SlicesWrong, output: str) -> str:
    return f"only {_which(pattern)} of {output} is wrong."


def _alternating_wrong(pattern: kinds.AlternatingWrong, output: str) -> str:
    many = _slice(pattern.axis, many=True)
    return f"only the {many} of {'odd' if pattern.odd else 'even'} index of {output} are wrong."


def _edge_wrong(pattern: kinds.EdgeWrong, output: str) -> str:
    if pattern.far_only:
        return f"{output} is right but for the last row and column of each image."
    return f"{output} is right but at the border of each image."


def _diagonal_wrong(pattern: kinds.DiagonalWrong, output: str) -> str:
    return f"{output} is wrong {pattern.where} the diagonal only."


def _wrong_where_sign(pattern: kinds.WrongWhereSign, output: str) -> str:
    sign = "positive" if pattern.positive else "negative"
    return f"{output} is wrong exactly where {pattern.other} is {sign}."


def _right_where(pattern: kinds.RightWhere, output: str) -> str:
    sides = [
        f"{output} is right where {each.right}, and wrong where {each.wrong}" for each in pattern.conditions
    ]
    return f"{sides[0]}." + "".join(f" (The same inputs: {side}.)" for side in sides[1:])


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
    kinds.RunningSum: _running_sum,
    kinds.MeanOff: _mean_off,
    kinds.SumsToOne: _sums_to_one,
    kinds.AlikeAlong: _alike_along,
    kinds.FactorPerSlice: _factor_per_slice,
    kinds.OffsetPerSlice: _offset_per_slice,
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

# --- Parts of sentences ---

_BELOW_ONE = frozenset({"1 - momentum", "momentum", "eps", "alpha", "learning_rate"})

# What the short names of quantities stand for.
QUANTITY_WORDS = {
    "N": "the number of examples",
    "D": "the number of features",
    "M": "the number of outputs",
    "C": "the number of channels or classes",
    "F": "the number of filters",
    "T": "the number of time steps",
    "S": "the number of keys",
    "H": "the hidden size",
    "d_k": "the size of a key",
    "d_v": "the size of a value",
    "kh": "the height of the kernel",
    "kw": "the width of the kernel",
    "windows": "the number of windows in an image",
    "kernel area": "the number of values in a window",
    "pixels": "height times width",
    "head size": "D / num_heads",
}

_SLICE_WORDS = {
    "N": "example",
    "D": "feature",
    "M": "output",
    "C": "channel",
    "F": "filter",
    "T": "time step",
    "S": "key",
    "height": "row",
    "out_height": "row",
    "width": "column",
    "out_width": "column",
}


def _explained(expressions: Sequence[Expression]) -> str:
    names = dict.fromkeys(name for each in expressions for name in each.names)
    meanings = [f"{name} is {QUANTITY_WORDS[name]}" for name in names if name in QUANTITY_WORDS]
    return f" ({', '.join(meanings)})" if meanings else ""


def _either(expressions: Sequence[Expression], bare: bool = False) -> str:
    formulas = [each.formula for each in expressions]
    if not bare:
        formulas = [
            f"({formula})" if any(sign in formula for sign in "*/") else formula for formula in formulas
        ]
    return " or ".join(formulas)


def _number(value: float) -> str:
    return f"{value:.4g}"


def _slice(axis: Axis, many: bool = False) -> str:
    """What an axis counts: an example, a time step; a row, a column or an entry where it has no name."""
    plain = {1: ("entry",), 2: ("row", "column")}.get(axis.ndim, ())
    word = _SLICE_WORDS.get(axis.name) or (plain[axis.index] if axis.index < len(plain) else "")
    if not word:
        return f"slices along axis {axis.index}" if many else f"slice along axis {axis.index}"
    return (f"{word[:-1]}ies" if word == "entry" else f"{word}s") if many else word


def _axis(axis: Axis) -> str:
    return f"axis {axis.index}"


def _along(axis: Axis) -> str:
    if axis.name == "T":
        return " in time"
    return "" if axis.ndim == 1 else f" along axis {axis.index}"


def _which(pattern: kinds.SlicesRight | kinds.SlicesWrong) -> str:
    if isinstance(pattern.which, str):
        return f"the {pattern.which} {_slice(pattern.axis)}"
    return f"{_slice(pattern.axis)} {pattern.which}"
