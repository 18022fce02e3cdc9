"""One rule that makes every answer from the right one: a factor, a function, another array, a cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder.pattern.kinds.parts import Expression, Pattern

Function = Literal[
    "square",
    "root",
    "logarithm",
    "exponential",
    "reciprocal",
    "absolute value",
    "positive part",
    "complement",
    "tanh",
    "sigmoid",
    "tanh missing",
    "sigmoid missing",
    "positive part missing",
    "sigmoid for tanh",
    "positive part for tanh",
    "tanh for sigmoid",
]

# --- One rule for every number ---


@dataclass(frozen=True)
class AllZero(Pattern):
    """Every number is 0."""


@dataclass(frozen=True)
class WrongSign(Pattern):
    """Every number has the wrong sign, and the right size."""


@dataclass(frozen=True)
class SomeSigns(Pattern):
    """Every number has the right size, and some have the wrong sign."""


@dataclass(frozen=True)
class ConstantFactor(Pattern):
    """Each number is `factor` times the right one; None where the factor differs from call to call.

    expressions: the quantities that are equal to the factor (to its reciprocal if `inverse`) in every
    call, one or two; empty where none is singled out.
    """

    factor: float | None
    expressions: tuple[Expression, ...] = ()
    inverse: bool = False
    negative: bool = False


@dataclass(frozen=True)
class ConstantOffset(Pattern):
    """Each number is `offset` above the right one; None where that differs from call to call."""

    offset: float | None
    expressions: tuple[Expression, ...] = ()
    negative: bool = False


@dataclass(frozen=True)
class FunctionOf(Pattern):
    """Each number is a function of the right one."""

    function: Function


# --- Other arrays of the call ---


@dataclass(frozen=True)
class EqualsOther(Pattern):
    """The answer is an argument of the call, or what another output should be; `swapped` with that one."""

    other: str
    is_output: bool
    swapped: bool = False


@dataclass(frozen=True)
class AddsOther(Pattern):
    """The answer is the right one plus `factor` times another array; None where that differs by call.

    expressions, inverse, negative: as those of ConstantFactor.
    """

    other: str
    factor: float | None
    expressions: tuple[Expression, ...] = ()
    inverse: bool = False
    negative: bool = False


@dataclass(frozen=True)
class TimesOther(Pattern):
    """The answer is the right one times another array, or lacks this factor if `missing`."""

    other: str
    missing: bool


# --- Precision and range ---


@dataclass(frozen=True)
class Rounded(Pattern):
    """The right numbers, cut to fewer digits: "float32", "float16", "integers", "2 decimals"."""

    to: str


@dataclass(frozen=True)
class NearlyRight(Pattern):
    """Every number is right to this share of itself."""

    relative: float


@dataclass(frozen=True)
class Overflows(Pattern):
    """NaN or infinite where the scores have numbers beyond the range of exp, and nowhere else."""

    scores: str


@dataclass(frozen=True)
class Clipped(Pattern):
    """Right but where it stays at `limit`, and should be beyond."""

    limit: float
    above: bool
