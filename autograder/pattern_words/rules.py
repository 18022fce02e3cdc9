"""Words for one rule that makes every answer from the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.pattern.kinds.parts import Pattern
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
from autograder.pattern.terms import BELOW_ONE, either, explained, number
from autograder.wording import digits

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


WORDS: dict[type[Pattern], Callable[[Any, str], str]] = {
    AllZero: _all_zero,
    WrongSign: _wrong_sign,
    SomeSigns: _some_signs,
    ConstantFactor: _constant_factor,
    ConstantOffset: _constant_offset,
    FunctionOf: _function_of,
    EqualsOther: _equals_other,
    AddsOther: _adds_other,
    TimesOther: _times_other,
    Rounded: _rounded,
    NearlyRight: _nearly_right,
    Overflows: _overflows,
    Clipped: _clipped,
}
