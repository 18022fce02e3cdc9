"""The optional tables of an assignment: [limits], [grading], [rate_limit], [leaderboard]."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from autograder.toml_table import Table, did_you_mean

LONGEST_WINDOW = 24 * 366  # hours


@dataclass(frozen=True)
class LimitSettings:
    """What a submission may use: seconds per call, megabytes per process, characters per test."""

    cpu_seconds: float = 10.0
    idle_seconds: float = 10.0
    import_cpu_seconds: float = 30.0
    memory_mb: int = 512
    torch_memory_mb: int = 2048
    printed_characters: int = 4000
    answer_mb: int = 64
    timeout_seconds: float = 600.0


@dataclass(frozen=True)
class GradingSettings:
    """How failures are told and what they cost.

    follow_through: the share of an output's points that a backward pass keeps where it is the exact
    derivative of the student's own wrong forward pass. show_expected: whether the smallest failing example
    shows the right values, in tests that students may see. rubric: whether a known mistake with a credit
    keeps that share of the points.
    """

    follow_through: float = 0.5
    show_expected: bool = True
    rubric: bool = False


@dataclass(frozen=True)
class RateLimit:
    """At most so many submissions are graded in any stretch of so many hours."""

    submissions: int
    hours: float


@dataclass(frozen=True)
class Leaderboard:
    """A race of one function against loops; `race` is a file below the folder of the answer key."""

    on: bool
    title: str
    function: str
    race: str


def read_limits(table: Table) -> LimitSettings:
    """[limits]; an entry left out has its default. Raises AssignmentError."""
    table.refuse_unknown(asdict(LimitSettings()))
    values: dict[str, Any] = {}
    for key, default in asdict(LimitSettings()).items():
        values[key] = (
            table.whole(key, default, 1) if isinstance(default, int) else table.positive(key, default)
        )
    limits = LimitSettings(**values)
    if limits.cpu_seconds >= limits.timeout_seconds:
        table.fail("cpu_seconds", f"must be less than timeout_seconds, {limits.timeout_seconds:g}")
    return limits


def read_grading(table: Table) -> GradingSettings:
    """[grading]; an entry left out has its default. Raises AssignmentError."""
    defaults = GradingSettings()
    table.refuse_unknown(asdict(defaults))
    return GradingSettings(
        follow_through=table.share("follow_through", defaults.follow_through),
        show_expected=table.yes("show_expected", defaults.show_expected),
        rubric=table.yes("rubric", defaults.rubric),
    )


def read_rate_limit(table: Table) -> RateLimit | None:
    """[rate_limit], of which both entries are needed; None where the table is left out."""
    if "rate_limit" not in table.entries:
        return None
    entry = table.table("rate_limit")
    entry.refuse_unknown(["submissions", "hours"])
    limit = RateLimit(entry.whole("submissions", least=1), entry.positive("hours"))
    if limit.hours > LONGEST_WINDOW:
        entry.fail("hours", f"must be at most {LONGEST_WINDOW}, a year, not {limit.hours:g}")
    return limit


def read_leaderboard(table: Table, functions: Iterable[str]) -> Leaderboard | None:
    """[leaderboard]; None where the table is left out. functions: those that the assignment declares."""
    if "leaderboard" not in table.entries:
        return None
    entry = table.table("leaderboard")
    entry.refuse_unknown(["on", "title", "function", "race"])
    function, race = entry.text("function"), entry.text("race")
    if function not in functions:
        entry.fail("function", f"no function {function!r} is declared{did_you_mean(function, functions)}")
    if not re.fullmatch(r"(\w+/)*\w+\.py", race):
        entry.fail("race", f"{race!r} must be a .py file below `reference`, such as races/{function}.py")
    return Leaderboard(entry.yes("on", True), entry.text("title"), function, race)
