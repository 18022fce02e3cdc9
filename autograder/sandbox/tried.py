"""What a submission's processes say that they tried, added up on the host: for staff, and never believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MOST = 20
MOST_TIMES = 1_000_000
CHARACTERS = 200


class Tried(Counter[str]):
    """How often what was tried. Bounded, whatever the processes say."""

    def add(self, tried: Sequence[tuple[str, int]]) -> None:
        for what, times in tried[:MOST]:
            what = what[:CHARACTERS]
            if what in self or len(self) < MOST:
                self[what] += min(max(times, 1), MOST_TIMES)
