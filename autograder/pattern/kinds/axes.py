"""Along the axes: right numbers at wrong places, sums and means, slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder.pattern.kinds.parts import Axis, Pattern

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
