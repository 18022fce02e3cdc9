"""What lies between submissions: what changed since the last one, and when the next one is possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from autograder.wording import plain, quantity, wrapped


def describe_progress(mended: Sequence[str], better: Sequence[str], lost: Sequence[str]) -> str:
    """What changed since the last submission, by test numbers; "" where nothing did."""
    groups = (("mended", mended), ("better", better), ("lost", lost))
    said = [f"{word}: {_shortlist(numbers)}" for word, numbers in groups if numbers]
    return wrapped(f"Since your last submission: {'; '.join(said)}.") if said else ""


def _shortlist(numbers: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(plain(number, 20) for number in numbers[:most])
    return f"{shown} and {len(numbers) - most} more" if len(numbers) > most else shown


def describe_turned_away(submissions: int, hours: float, next_time: datetime, graded_time: datetime) -> str:
    """Why a submission was not graded; when the next one will be comes first."""
    # Rounded up: a minute too early, it would be turned away again.
    next_time += timedelta(seconds=59, microseconds=999_999)
    limit = f"{quantity(submissions, 'submission')} in {hours:g} hour{'' if hours == 1 else 's'}"
    are = "is" if submissions == 1 else "are"
    return (
        f"Your next attempt is possible from {_moment(next_time)} on. {limit} {are} graded, so this one was "
        f"not; it costs you nothing. Below are the results of your submission of {_moment(graded_time)}, "
        "which count on."
    )


def earlier_score(graded_time: datetime) -> str:
    """The title of a score that stands for all tests of an earlier submission."""
    return f"The score of your submission of {_moment(graded_time)}"


def _moment(time: datetime) -> str:
    zone = f"{time:%z}"
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M} (UTC{zone[:3]}:{zone[3:5]})"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
