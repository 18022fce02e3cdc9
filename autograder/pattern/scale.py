"""One rule for every number: a factor, a sign, a constant, a function of the right value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.rules import (
    AllZero,
    ConstantFactor,
    ConstantOffset,
    Function,
    FunctionOf,
    SomeSigns,
    WrongSign,
)
from autograder.pattern.named import expressions_equal_to


def all_zero(view: View) -> Pattern | None:
    pairs = view.differing
    if any(pair.actual.any() for pair in pairs) or sum(pair.actual.size for pair in pairs) < 2:
        return None
    return AllZero(view.output, view.always(lambda pair: 0 * pair.expected))


def factor(view: View) -> Pattern | None:
    """A factor that each call has in common, or that is a quantity of the problem."""
    if not view.same_shapes:
        return None
    factors = [_factor_of(pair) for pair in view.differing]
    if None in factors or not view.varied:
        return None
    if _alike(factors) and factors[0] == -1 and view.always(lambda pair: -pair.expected):
        return WrongSign(view.output, True)
    named = _named_factor(view, factors)
    if named is not None:
        return named
    always = view.always(lambda pair: factors[0] * pair.expected)
    if _alike(factors):
        # A factor of 1.00001 is a small term, such as eps, and not a factor.
        return _sign_or_factor(view.output, always, factors[0]) if abs(factors[0] - 1) > 1e-2 else None
    if all(_tells_factor(pair) for pair in view.differing):
        return ConstantFactor(view.output, not view.agreeing, None)
    return None


def offset(view: View) -> Pattern | None:
    """A constant that each call has in common, or that is a quantity of the problem."""
    if not view.same_shapes or not view.varied:
        return None
    offsets = [_offset_of(pair) for pair in view.differing]
    if None in offsets:
        return None
    named = _named_offset(view, offsets)
    if named is not None:
        return named
    if not _alike(offsets):
        enough = all(pair.actual.size > 2 for pair in view.differing)
        return ConstantOffset(view.output, not view.agreeing, None) if enough else None
    return ConstantOffset(view.output, view.always(lambda pair: pair.expected + offsets[0]), offsets[0])


def some_signs(view: View) -> Pattern | None:
    if not view.same_shapes or not view.varied:
        return None
    if not all(
        pair.gives_actual(np.where(pair.wrong, -pair.expected, pair.expected)) for pair in view.differing
    ):
        return None
    return SomeSigns(view.output, not view.agreeing)


_FUNCTIONS: dict[Function, Callable[[np.ndarray], np.ndarray]] = {
    "square": np.square,
    "root": np.sqrt,
    "logarithm": np.log,
    "exponential": np.exp,
    "reciprocal": lambda e: 1 / e,
    "absolute value": np.abs,
    "positive part": lambda e: np.maximum(e, 0),
    "complement": lambda e: 1 - e,
    "tanh": np.tanh,
    "sigmoid": lambda e: _sigmoid(e),
    "sigmoid for tanh": lambda e: _sigmoid(np.arctanh(e)),
    "positive part for tanh": lambda e: np.maximum(np.arctanh(e), 0),
    "tanh for sigmoid": lambda e: np.tanh(np.log(e / (1 - e))),
}

_MISSING: dict[Function, Callable[[np.ndarray], np.ndarray]] = {
    "tanh missing": np.tanh,
    "sigmoid missing": lambda a: _sigmoid(a),
    "positive part missing": lambda a: np.maximum(a, 0),
}


def function_of(view: View) -> Pattern | None:
    """The first function that turns the answer into the right numbers, or these into the answer."""
    if not view.same_shapes or sum(np.count_nonzero(pair.wrong) for pair in view.differing) < 2:
        return None
    for name, function in _MISSING.items():
        if _has_range(view) and view.gives_expected(lambda pair, function=function: function(pair.actual)):
            return FunctionOf(view.output, not view.agreeing, name)
    if not (view.varied or _is_truth(view)):
        return None
    for name, function in _FUNCTIONS.items():
        if view.gives_actual(lambda pair, function=function: function(pair.expected)):
            always = view.always(lambda pair, function=function: function(pair.expected))
            return FunctionOf(view.output, always, name)
    return None


def _has_range(view: View) -> bool:
    """A function that is missing shows only where the right numbers are not all 0."""
    right = np.concatenate([pair.expected.ravel() for pair in view.differing])
    return np.unique(right).size > 2


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _factor_of(pair: Pair) -> float | None:
    place = int(np.argmax(np.abs(pair.expected)))
    reference = pair.expected.flat[place]
    if not reference or not pair.actual.flat[place]:
        return None
    found = float(pair.actual.flat[place] / reference)
    if not pair.gives_actual(found * pair.expected):
        return None
    return -1.0 if abs(found + 1) < 1e-6 else found


def _offset_of(pair: Pair) -> float | None:
    found = float(pair.difference.mean())
    return found if pair.gives_actual(pair.expected + found) else None


def _tells_factor(pair: Pair) -> bool:
    """Are there enough numbers in this call alone to see that they share a factor?"""
    values = np.unique(np.abs(pair.expected[pair.wrong]))
    return values.size >= 2 and float(values[-1]) > (1 + 1e-6) * float(values[0])


def _named_factor(view: View, factors: list) -> Pattern | None:
    silent = [pair for pair in view.agreeing if not pair.expected.any()]
    known = [*view.differing, *(pair for pair in view.agreeing if pair not in silent)]
    quantities = [pair.call.quantities for pair in known]
    sizes = [abs(each) for each in factors]
    negative = factors[0] < 0
    if any((each < 0) != negative for each in factors):
        return None
    values = [*sizes, *([1.0] * (len(known) - len(factors)))]
    found, inverse = expressions_equal_to(values, quantities)
    return ConstantFactor(view.output, True, None, found, inverse, negative) if found else None


def _named_offset(view: View, offsets: list) -> Pattern | None:
    known = [*view.differing, *view.agreeing]
    quantities = [pair.call.quantities for pair in known]
    for negative in (False, True):
        signed = [-each if negative else each for each in offsets]
        if min(signed) > 0 and not view.agreeing:
            found, inverse = expressions_equal_to(signed, quantities)
            if found and not inverse:
                return ConstantOffset(view.output, True, None, found, negative)
    return None


def _sign_or_factor(output: str, always: bool, factor: float) -> Pattern:
    if factor == -1:
        return WrongSign(output, always)
    return ConstantFactor(output, always, abs(factor), negative=factor < 0)


def _alike(values: list) -> bool:
    return bool(np.allclose(values, values[0], rtol=1e-5, atol=0))


def _is_truth(view: View) -> bool:
    """Masks: both truth values must be among the wrong ones."""
    return all(pair.call.expected.dtype.kind == "b" for pair in view.differing) and all(
        np.unique(pair.expected).size == 2 for pair in view.differing
    )
