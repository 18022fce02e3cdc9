"""What the kinds of patterns are made of."""

from __future__ import annotations

from dataclasses import dataclass


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
