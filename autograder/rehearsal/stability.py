"""Verdicts that depend on chance: another one for the same seed, or for another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Points = dict[str, float]  # points earned, by name of test


@dataclass(frozen=True)
class Change:
    """One solution's points in one test, where they are not always the same.

    seed: under which they were `found`, against `usual` ones. same_seed: twice run, two verdicts.
    """

    solution: str
    test: str
    seed: int
    usual: float
    found: float
    same_seed: bool


@dataclass
class Stability:
    """Compares each run of a solution with its first. The first seed is the assignment's own."""

    runs: int = 0
    changes: list[Change] = field(default_factory=list)
    _usual: dict[str, Points] = field(default_factory=dict)
    _of_seed: dict[tuple[str, int], Points] = field(default_factory=lambda: defaultdict(dict))

    def add(self, solution: str, seed: int, points: Points) -> None:
        """One more run."""
        self.runs += 1
        usual = self._usual.setdefault(solution, points)
        before = self._of_seed.setdefault((solution, seed), points)
        for test, found in points.items():
            if found != before[test]:
                self.changes.append(Change(solution, test, seed, before[test], found, same_seed=True))
            elif before is points and found != usual[test]:
                self.changes.append(Change(solution, test, seed, usual[test], found, same_seed=False))
