"""What the platform says about a submission: submission_metadata.json, read whatever it holds.

The platform may change the file at any time, and a laptop has none. So nothing here raises: what is
missing or strange is None, or left out. No names, addresses or student numbers are kept.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

LARGEST_FILE = 50_000_000


@dataclass(frozen=True)
class PreviousSubmission:
    """An earlier submission. `results` is the platform's copy of what we wrote, or None.

    autograder_error: the autograder failed, at no fault of the student.
    """

    time: datetime | None
    score: float | None
    autograder_error: bool
    results: dict[str, Any] | None


@dataclass(frozen=True)
class SubmissionMetadata:
    """One submission: times have a time zone or are None; previous submissions stand as the file has them.

    The due dates are the submitters' own where the platform gives them (an extension), the latest of a
    group's; else the assignment's.
    """

    created_at: datetime | None = None
    due_date: datetime | None = None
    late_due_date: datetime | None = None
    submitters: int = 0
    submission_method: str = ""
    total_points: float | None = None
    previous_submissions: tuple[PreviousSubmission, ...] = ()


def read_metadata(path: str | Path) -> SubmissionMetadata:
    """Read the file. Without one, or with one that is no JSON object, every field has its default."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read(LARGEST_FILE).decode("utf-8-sig", "replace"))
    except (OSError, ValueError, RecursionError):
        return SubmissionMetadata()
    return metadata_of(document)


def metadata_of(document: Any) -> SubmissionMetadata:
    """The metadata in a parsed JSON document of any shape."""
    entries = _dict(document)
    assignment, users = _dict(entries.get("assignment")), _dicts(entries.get("users"))
    method = entries.get("submission_method")
    return SubmissionMetadata(
        created_at=parse_time(entries.get("created_at")),
        due_date=_date("due_date", users, assignment),
        late_due_date=_date("late_due_date", users, assignment),
        submitters=len(users),
        submission_method=method if isinstance(method, str) else "",
        total_points=_number(assignment.get("total_points")),
        previous_submissions=tuple(map(_previous, _dicts(entries.get("previous_submissions")))),
    )


def _previous(entry: dict[str, Any]) -> PreviousSubmission:
    return PreviousSubmission(
        time=parse_time(entry.get("submission_time")),
        score=_number(entry.get("score")),
        autograder_error=entry.get("autograder_error") is True,
        results=_dict(entry.get("results")) or None,
    )


def _date(key: str, users: Iterable[dict[str, Any]], assignment: dict[str, Any]) -> datetime | None:
    own = [parse_time(_dict(user.get("assignment")).get(key)) for user in users]
    return max((time for time in own if time), default=None) or parse_time(assignment.get(key))


def parse_time(value: Any) -> datetime | None:
    """A moment as the platform writes it, with its time zone; None for anything else."""
    # Python 3.10 reads neither a Z nor any other count of fractional digits than 3 and 6.
    match = isinstance(value, str) and re.fullmatch(r"([^.]+?)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)", value.strip())
    if not match:
        return None
    moment, fraction, zone = match.groups()
    zone = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"
    try:
        return datetime.fromisoformat(f"{moment}.{(fraction or '')[:6]:0<6}{zone}")
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
