"""What a submission's processes say that they tried, added up on the host: for staff, and never believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.sandbox.attempts import MOST_KINDS

MOST_TIMES = 1_000_000
CHARACTERS = 200


class Tried(Counter[str]):
    """How often what was tried. Bounded, whatever the processes say."""

    def add(self, tried: Sequence[tuple[str, int]]) -> None:
        for what, times in tried[:MOST_KINDS]:
            what = what[:CHARACTERS]
            if what in self or len(self) < MOST_KINDS:
                self[what] += min(max(times, 1), MOST_TIMES)
