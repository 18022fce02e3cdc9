"""On the host: what a submission's processes say that they tried (see attempts.py). For staff alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from autograder.sandbox.attempts import MARK

KINDS = ("reading files", "changing files", "network", "processes", "signals")
_LINE = re.compile(rf"^{MARK}: ({'|'.join(KINDS)}): ([ -~]{{0,400}})$", re.MULTILINE)
SHOWN = 5
MOST = 10_000


class Tried:
    """Counts lines that come from untrusted processes: too few, perhaps, or made up."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {kind: [] for kind in KINDS}

    def read(self, text: str) -> None:
        """Count the lines in what a process wrote."""
        for kind, detail in _LINE.findall(text):
            self._counts[kind] = min(self._counts[kind] + 1, MOST)
            examples = self._examples[kind]
            if detail not in examples and len(examples) < SHOWN:
                examples.append(detail)

    def read_lines(self, lines: Iterable[str]) -> None:
        self.read("\n".join(lines))

    def summary(self) -> dict[str, dict[str, Any]]:
        """How often each kind was tried, at least, and the first few of it; {} where nothing was."""
        return {
            kind: {"times": self._counts[kind], "first": list(self._examples[kind])}
            for kind in KINDS
            if self._counts[kind]
        }
