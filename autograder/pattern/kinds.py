"""The patterns, as facts without words: one class per kind. pattern_words.py has a sentence for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True)
class Axis:
    """An axis of an output: its place, its name ("N", "T", "" where unknown), and how many there are."""

    index: int
    name: str
    ndim: int


@dataclass(frozen=True)
class Expression:
    """A quantity of the problem: "N", "sqrt(d_k)", "N / D", and the names in it."""

    formula: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """What all wrong answers of an output have in common.

    always: it fits the right answers of the test too, or there are none; else it holds where it is wrong.
    """

    output: str
    always: bool


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


# --- Right numbers at wrong places ---


@dataclass(frozen=True)
class Transposed(Pattern):
    """`order` is that of numpy.transpose, which makes the answer from the right one."""

    order: tuple[int, ...]


@dataclass(frozen=True)
class Reversed(Pattern):
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Shifted(Pattern):
    """Each slice holds what belongs `steps` earlier; `around` where the last ones come first."""

    axis: Axis
    steps: int
    around: bool


@dataclass(frozen=True)
class OtherOrder(Pattern):
    """The slices along an axis are right, and in another order."""

    axis: Axis


@dataclass(frozen=True)
class SameNumbers(Pattern):
    """The right numbers; at other places, or `in_order` and only of another shape."""

    in_order: bool


# --- Sums and means ---


@dataclass(frozen=True)
class NotReduced(Pattern):
    """The sum (or mean) of the answer over `axis` is right: it was not taken."""

    how: Literal["sum", "mean"]
    axis: Axis  # of the answer


@dataclass(frozen=True)
class Reduced(Pattern):
    """The answer is the sum (or mean) of the right one over an axis, which may still be there."""

    how: Literal["sum", "mean"]
    axis: Axis


@dataclass(frozen=True)
class OnlySlice(Pattern):
    """The answer is one slice of the right one."""

    axis: Axis
    which: Literal["first", "last"]


@dataclass(frozen=True)
class Trimmed(Pattern):
    """Slices are missing, or too many, at the start or at the end of some axes; the others are right."""

    missing: bool
    starts: tuple[Axis, ...]
    ends: tuple[Axis, ...]


@dataclass(frozen=True)
class RunningSum(Pattern):
    """Each slice is the sum of the right ones up to it (from it on if `backwards`), or `missing` so."""

    axis: Axis
    backwards: bool
    missing: bool


@dataclass(frozen=True)
class MeanOff(Pattern):
    """Right but for the mean along an axis: subtracted where it should not be, or `missing`."""

    axis: Axis
    missing: bool


@dataclass(frozen=True)
class SumsToOne(Pattern):
    """The answer adds up to 1 along `axis`, the right one along `right`; None is over everything."""

    axis: Axis | None
    right: Axis


@dataclass(frozen=True)
class AlikeAlong(Pattern):
    """All slices along an axis are equal, and should not be."""

    axis: Axis


@dataclass(frozen=True)
class FactorPerSlice(Pattern):
    """Each slice along an axis is right up to a factor of its own."""

    axis: Axis


@dataclass(frozen=True)
class OffsetPerSlice(Pattern):
    """Each slice along an axis is right up to a constant of its own."""

    axis: Axis


@dataclass(frozen=True)
class LinePerSlice(Pattern):
    """Each slice along an axis is right up to a factor and a constant of its own."""

    axis: Axis


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


# --- Where it is wrong ---


@dataclass(frozen=True)
class ZeroInstead(Pattern):
    """Right but where it is 0, and should not be."""


@dataclass(frozen=True)
class NotZero(Pattern):
    """Right but where it should be 0."""


@dataclass(frozen=True)
class SlicesRight(Pattern):
    """Along an axis only the first, the last or a single slice is right."""

    axis: Axis
    which: Literal["first", "last"] | int


@dataclass(frozen=True)
class SlicesWrong(Pattern):
    """Along an axis only the first, the last or a single slice is wrong."""

    axis: Axis
    which: Literal["first", "last"] | int


@dataclass(frozen=True)
class AlternatingWrong(Pattern):
    """Along an axis only the slices of odd, or of even, index are wrong."""

    axis: Axis
    odd: bool


@dataclass(frozen=True)
class EdgeWrong(Pattern):
    """Of images only the border is wrong, or only the last row and column."""

    far_only: bool


@dataclass(frozen=True)
class DiagonalWrong(Pattern):
    """Of square matrices only one side of the diagonal is wrong, or only the diagonal itself."""

    where: Literal["on", "above", "below"]


@dataclass(frozen=True)
class WrongWhereSign(Pattern):
    """Wrong exactly where another array has a sign."""

    other: str
    positive: bool


# --- Which inputs ---


@dataclass(frozen=True)
class Condition:
    """What the inputs with a right answer have in common ("N = 1"), and those with a wrong one ("N > 1")."""

    right: str
    wrong: str


@dataclass(frozen=True)
class RightWhere(Pattern):
    """Right on some inputs and wrong on the others; each of the conditions tells all of them apart."""

    conditions: tuple[Condition, ...]
