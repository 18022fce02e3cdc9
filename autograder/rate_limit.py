"""A limit on how often a student's submissions are graded, by the platform's own times.

Only graded submissions count: neither those that this limit turned away, nor those in which the platform or
the autograder failed. A submission that is turned away gets the results of the latest graded one once more,
because the platform counts the last submission. Where the platform's data do not say enough, the submission
is graded: a strange file must not cost a student anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from autograder import feedback
from autograder.declared import DeclaredTest
from autograder.json_safe import safe_line, safe_text
from autograder.metadata import PreviousSubmission, SubmissionMetadata, parse_time
from autograder.result_format import LONGEST_OUTPUT, VISIBILITIES, Results, TestResult
from autograder.results import ResultsWriter
from autograder.settings import RateLimit

MEMORY = "rate_limit"  # the key in the extra data
PLATFORM_FAILED = "The autograder failed to execute"
MOST_REMEMBERED = 200


@dataclass(frozen=True)
class TurnedAway:
    """A submission that is not graded: when the next one will be, and the graded one that counts on.

    results: the platform's copy of what it got, None where the platform gives its score alone.
    """

    next_time: datetime
    graded_time: datetime
    score: float
    results: dict[str, Any] | None


def judge(limit: RateLimit, metadata: SubmissionMetadata) -> TurnedAway | None:
    """None: grade this submission. It is judged by when it was submitted, so that a rerun judges alike."""
    now, window = metadata.created_at, timedelta(hours=limit.hours)
    if now is None:
        return None
    graded = _graded(limit, metadata, now)
    recent = [each for each in graded if now - _time(each) < window]
    if len(recent) < limit.submissions:
        return None
    results = _latest_results(metadata, now)
    scored = [each for each in recent if each.score is not None or results is not None]
    if not scored:
        return None
    try:
        next_time = (_time(recent[-limit.submissions]) + window).astimezone(now.tzinfo)
        graded_time = _time(scored[-1]).astimezone(now.tzinfo)
    except OverflowError:  # the year 9999
        return None
    return TurnedAway(next_time, graded_time, scored[-1].score or 0.0, results)


def not_counted(metadata: SubmissionMetadata) -> list[str]:
    """The times of earlier submissions in which the autograder failed, as they are handed on.

    The platform gives the whole results of the latest one only, so each submission tells the next.
    """
    latest = _latest(metadata)
    if latest is None:
        return []
    times = [time for time in _times(_memory(latest).get("not_counted")) if time]
    if latest.time is not None and _autograder_failed(latest):
        times.append(latest.time)
    return [time.isoformat() for time in times[-MOST_REMEMBERED:]]


def give_again(
    turned_away: TurnedAway,
    limit: RateLimit,
    writer: ResultsWriter,
    declared: Sequence[DeclaredTest],
    points: float,
    remembered: list[str],
) -> Results:
    """Write the graded submission's results once more, below when the next attempt is possible.

    points: the assignment's, for a score whose tests the platform does not give. remembered: what
    `not_counted` says.
    """
    results = turned_away.results or {}
    memory = _dict(_dict(results.get("extra_data")).get(MEMORY))
    told = memory.get("output") if memory.get("turned_away") is True else results.get("output")
    told = safe_text(told, LONGEST_OUTPUT // 2)
    tests = _tests(results, declared) or [_score_alone(turned_away, points)]
    writer.remember(MEMORY, {"not_counted": remembered, "turned_away": True, "output": told})
    writer.declare(tests)
    for test in tests:
        writer.update(test)
    first = feedback.describe_turned_away(
        limit.submissions, limit.hours, turned_away.next_time, turned_away.graded_time
    )
    leaderboard = results.get("leaderboard")
    return writer.finish(
        output="\n\n".join(filter(None, [first, told])),
        leaderboard=[entry for entry in leaderboard if isinstance(entry, dict)]
        if isinstance(leaderboard, list)
        else [],
    )


def _graded(limit: RateLimit, metadata: SubmissionMetadata, now: datetime) -> list[PreviousSubmission]:
    """The earlier submissions that were graded: the limit is applied to them in their order."""
    latest, window = _latest(metadata), timedelta(hours=limit.hours)
    left_out = set(_times(_memory(latest).get("not_counted"))) if latest else set()
    graded: list[PreviousSubmission] = []
    for each in _by_time(metadata):
        if _time(each) >= now or each.time in left_out or _failed(each):
            continue
        recent = [one for one in graded if _time(each) - _time(one) < window]
        if len(recent) < limit.submissions:
            graded.append(each)
    return graded


def _by_time(metadata: SubmissionMetadata) -> list[PreviousSubmission]:
    return sorted((each for each in metadata.previous_submissions if each.time is not None), key=_time)


def _time(submission: PreviousSubmission) -> datetime:
    """Its time, of a submission that has one."""
    assert submission.time is not None
    return submission.time


def _latest(metadata: SubmissionMetadata) -> PreviousSubmission | None:
    """The latest of which the platform gives results: it gives those of one only."""
    told = [each for each in _by_time(metadata) if each.results]
    return told[-1] if told else None


def _latest_results(metadata: SubmissionMetadata, now: datetime) -> dict[str, Any] | None:
    """Results that can be given again: of tests, and not of a run in which something of ours failed."""
    latest = _latest(metadata)
    if latest is None or _failed(latest) or latest.time is None or latest.time >= now:
        return None
    tests = latest.results.get("tests") if latest.results else None
    return (
        latest.results if isinstance(tests, list) and any(isinstance(test, dict) for test in tests) else None
    )


def _failed(submission: PreviousSubmission) -> bool:
    output = submission.results.get("output") if submission.results else None
    platform = isinstance(output, str) and output.startswith(PLATFORM_FAILED)
    return submission.autograder_error or platform or _autograder_failed(submission)


def _autograder_failed(submission: PreviousSubmission) -> bool:
    return "autograder_failed" in _dict(submission.results and submission.results.get("extra_data"))


def _memory(submission: PreviousSubmission) -> dict[str, Any]:
    return _dict(_dict(submission.results and submission.results.get("extra_data")).get(MEMORY))


def _times(value: Any) -> list[datetime]:
    texts = value if isinstance(value, list) else []
    return [time for text in texts if (time := parse_time(text)) is not None]


def _tests(results: dict[str, Any], declared: Sequence[DeclaredTest]) -> list[TestResult]:
    visibilities = {(test.number, test.title): test.visibility for test in declared}
    entries = results.get("tests")
    return [
        _test(entry, visibilities)
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    ]


def _test(entry: dict[str, Any], visibilities: dict[tuple[str, str], str]) -> TestResult:
    """A test as the platform kept it; one whose visibility is lost is not shown before the time comes."""
    name, number = safe_line(entry.get("name"), 300), safe_line(entry.get("number"), 40)
    visibility, tags = entry.get("visibility"), entry.get("tags")
    if visibility not in VISIBILITIES:
        visibility = visibilities.get((number, name), "after_published")
    return TestResult(
        name=name,
        number=number,
        score=entry.get("score", 0),
        max_score=entry.get("max_score", 0),
        status=entry.get("status"),
        output=safe_text(entry.get("output"), LONGEST_OUTPUT),
        visibility=visibility,
        tags=tuple(tags) if isinstance(tags, list) else (),
        extra_data=_dict(entry.get("extra_data")),
    )


def _score_alone(turned_away: TurnedAway, points: float) -> TestResult:
    score = min(max(turned_away.score, 0.0), points)
    return TestResult(feedback.earlier_score(turned_away.graded_time), "", score, points)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
