"""What the supervisor tells a worker and what it hears from it: lines of JSON, read without NumPy.

A worker says, one line each: where it is ({"at": [test, call, function]}; test "" while loading), that it
lives ({"alive": true}), a test's name when that is done ({"done": name}), that a call took too long
({"expired": kind, "frames": [...]}), and at the end what came of it all ({"tests": [...], "overview": text})
or that something of ours is wrong ({"broken": text}) or of the command line ({"usage": text}).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.values import Failure, Frame


@dataclass(frozen=True)
class Job:
    """One worker's work.

    files: the kit's own folder. folder: the staged submission; skipped: what staging left out, and why.
    last_words: the file that takes what a fatal signal leaves. only: numbers of questions, parts or tests,
    all where empty. skip: names of tests that need not run. calls, first_load, second_load: as in
    KnownLosses.
    """

    files: Path
    folder: Path
    last_words: Path
    skipped: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    calls: Mapping[tuple[str, int], Failure] = field(default_factory=dict)
    first_load: Failure | None = None
    second_load: Failure | None = None

    def encoded(self) -> str:
        """One line of JSON."""
        entries = {
            **vars(self),
            **{key: str(getattr(self, key)) for key in ("files", "folder", "last_words")},
        }
        entries["calls"] = [[*call, asdict(failure)] for call, failure in self.calls.items()]
        for key in ("first_load", "second_load"):
            failure = getattr(self, key)
            entries[key] = failure and asdict(failure)
        return json.dumps(entries)


def decoded_job(text: str) -> Job:
    """The job that `encoded` wrote."""
    entries: dict[str, Any] = json.loads(text)
    for key in ("files", "folder", "last_words"):
        entries[key] = Path(entries[key])
    for key in ("skipped", "only", "skip"):
        entries[key] = tuple(entries[key])
    for key in ("first_load", "second_load"):
        entries[key] = entries[key] and _failure(entries[key])
    entries["calls"] = {(test, number): _failure(each) for test, number, each in entries["calls"]}
    return Job(**entries)


def _failure(entries: dict[str, Any]) -> Failure:
    return Failure(**{**entries, "frames": tuple(Frame(**frame) for frame in entries["frames"])})
