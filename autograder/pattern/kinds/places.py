"""Right in part: the places of an output that are wrong, and the inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder.pattern.kinds.parts import Axis, Pattern

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
