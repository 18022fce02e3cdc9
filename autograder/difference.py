"""How two values can differ: the facts, without words. compare.py finds them, feedback tells them.

Difference        path to the place
  Missing         None was returned
  WrongType       text, an object, booleans for numbers ...
  WrongCount      another number of values than the function returns
  MissingKeys     a dictionary without some of its keys
  WrongShape      an array of another shape
  NotFinite       NaN or infinity
  WrongValues     numbers beyond the tolerance
  WrongSequence   tokens
  WrongText       a string
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Path = tuple["str | int", ...]
Index = tuple[int, ...]
Precision = Literal["float64", "float32", "float16", "integer", "exact"]
Kind = Literal[
    "array", "number", "integer array", "integer", "mask", "truth value", "dict", "list", "text", "None"
]


@dataclass(frozen=True)
class Tolerance:
    """|actual - expected| <= floor + atol * max |expected| of the whole array + rtol * |expected|."""

    rtol: float
    atol: float
    floor: float = 0.0


@dataclass(frozen=True)
class Difference:
    """Where two values disagree: `path` leads to the place by names and indices."""

    path: Path


@dataclass(frozen=True)
class Missing(Difference):
    """None, where a value is expected."""


@dataclass(frozen=True)
class WrongType(Difference):
    actual_type: str
    expected_kind: Kind


@dataclass(frozen=True)
class WrongCount(Difference):
    """Another number of values than the function returns; 1 for something that is no sequence."""

    actual: int
    expected: int


@dataclass(frozen=True)
class MissingKeys(Difference):
    missing: tuple[Any, ...]
    actual: tuple[Any, ...]


@dataclass(frozen=True)
class WrongShape(Difference):
    actual: Index
    expected: Index


@dataclass(frozen=True)
class NotFinite(Difference):
    """NaN or infinity at `count` of `total` places that should hold something else; `nans` are NaN."""

    count: int
    total: int
    first_index: Index
    nans: int


@dataclass(frozen=True)
class WrongValues(Difference):
    """`count` of `total` numbers beyond the tolerance; the worst is the one furthest off.

    `max_rel` is the largest |actual - expected| / |expected| over them, infinite if every such expected
    is 0. `relative` is max_abs in units of the largest |expected| of the array: what it is right to.
    """

    count: int
    total: int
    first_index: Index
    worst_index: Index
    actual_at_worst: float | int | bool
    expected_at_worst: float | int | bool
    max_abs: float
    max_rel: float
    relative: float
    tolerance: Tolerance
    precision: Precision

    @property
    def is_close_miss(self) -> bool:
        """Right to two digits, so the formula is nearly right."""
        return self.precision != "exact" and self.relative < 1e-2


@dataclass(frozen=True)
class WrongSequence(Difference):
    """Tokens that differ from `index` on; `actual_at_index` is None past the end of the actual ones."""

    index: int
    actual_length: int
    expected_length: int
    actual_at_index: int | str | None


@dataclass(frozen=True)
class WrongText(Difference):
    index: int
    actual: str
    expected_length: int
