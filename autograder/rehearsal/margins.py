"""How far right and wrong are apart in each graded test, in units of its tolerance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

NARROW_RIGHT = 0.5  # of the tolerance: a correct style that needs more may fail on another machine
NARROW_WRONG = 5.0  # tolerances: a mistake closer than this may pass under another seed


class Listener:
    """Listens to a run: the largest share of a tolerance in each test, each function's slowest call."""

    def __init__(self) -> None:
        self.closeness: dict[str, float] = defaultdict(float)
        self.slowest: dict[str, float] = defaultdict(float)

    def called(self, test: str, function: str, seconds: float) -> None:
        self.slowest[function] = max(self.slowest[function], seconds)

    def compared(self, test: str, closeness: float) -> None:
        self.closeness[test] = max(self.closeness[test], closeness)


@dataclass(frozen=True)
class Margin:
    """One test: the correct style that needs most of the tolerance, and the mistake that is least far off.

    right: a share of the tolerance, at most 1 where the style passes. wrong: in tolerances, above 1; infinite
    where no mistake is caught by numbers alone.
    """

    test: str
    style: str
    right: float
    mistake: str
    wrong: float

    @property
    def is_narrow(self) -> bool:
        return self.right > NARROW_RIGHT or self.wrong < NARROW_WRONG


def margins(
    styles: Mapping[str, Mapping[str, float]], mistakes: Mapping[str, Mapping[str, float]]
) -> list[Margin]:
    """The margin of every test that compares numbers, from the closeness of each style and mistake in it."""
    tests = dict.fromkeys(test for shares in styles.values() for test in shares)
    return [_margin(test, styles, mistakes) for test in tests]


def _margin(
    test: str, styles: Mapping[str, Mapping[str, float]], mistakes: Mapping[str, Mapping[str, float]]
) -> Margin:
    right, style = max((shares.get(test, 0.0), name) for name, shares in styles.items())
    caught = [(shares[test], name) for name, shares in mistakes.items() if shares.get(test, 0.0) > 1.0]
    wrong, mistake = min(caught, default=(math.inf, ""))
    return Margin(test, style, right, mistake, wrong)
