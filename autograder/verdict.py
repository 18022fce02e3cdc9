"""The result of one graded test, from what its run raised, recorded and scored.

Two ways to fail are kept apart. What a submission does wrong is recorded as findings, or raised as an
AssertionError by the case. Any other exception is the autograder's own failure: the student reads that
it is not their fault, and staff get the traceback.
"""

from __future__ import annotations

import math
import traceback
import unittest
from dataclasses import dataclass, field
from typing import Any

from autograder import feedback
from autograder.answer import StopTest
from autograder.case import GradedCase
from autograder.declared import DeclaredTest, decorated
from autograder.result_format import TestResult
from autograder.test_report import report

MESSAGE_CHARACTERS = 4_000


@dataclass
class Events:
    """What unittest told about one test, in its order."""

    errors: list[BaseException] = field(default_factory=list)
    skipped: str | None = None
    out_of_time: bool = False
    seconds: float = 0.0


def judge(test: unittest.TestCase, declared: DeclaredTest, events: Events) -> TestResult:
    """One result for one test, whatever happened in it."""
    broken = next((error for error in events.errors if not isinstance(error, AssertionError)), None)
    if events.out_of_time:
        return _result(declared, 0.0, feedback.not_run(), events)
    if broken is not None:
        return broken_result(declared, broken, events)
    if events.skipped is not None:
        return _result(declared, 0.0, feedback.left_out(events.skipped), events)
    claims = [error for error in events.errors if not isinstance(error, StopTest)]
    findings = getattr(test, "findings", [])
    share = test.share() if isinstance(test, GradedCase) else 1.0
    earned = declared.points * (0.0 if claims else share)
    if declared.partial_credit:
        given = score_given(test)
        if given is None and not events.errors and not findings:
            return _result(
                declared, 0.0, feedback.not_scored(), events, staff="a @partial_credit test set no score"
            )
        earned = min(max(given or 0.0, 0.0), declared.points)
    return _result(declared, earned, _output(test, declared, claims), events, passed=not (claims or findings))


def broken_result(declared: DeclaredTest, error: BaseException, events: Events | None = None) -> TestResult:
    """The result of a test in which the autograder itself failed."""
    details = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return _result(
        declared,
        0.0,
        feedback.autograder_failed_here(),
        events or Events(),
        staff=details[-MESSAGE_CHARACTERS:],
    )


def forget_score(test: unittest.TestCase) -> None:
    """Take away the score that an earlier test left: gradescope-utils keeps it on the shared function."""
    for layer in decorated(getattr(type(test), test._testMethodName)):
        for attribute in ("__score__", "__leaderboard_value__"):
            vars(layer).pop(attribute, None)


def score_given(test: unittest.TestCase) -> float | None:
    """What the test gave to set_score, also where another decorator was put around; None if nothing."""
    for layer in decorated(getattr(type(test), test._testMethodName)):
        score = vars(layer).get("__score__")
        if score is not None:
            return _finite(score)
    return None


def leaderboard_entry(test: unittest.TestCase) -> dict[str, Any] | None:
    """The leaderboard entry that a test set; None where it declares none or set none."""
    layers = list(decorated(getattr(type(test), test._testMethodName)))
    name = getattr(layers[0], "__leaderboard_column__", None)
    values = [
        vars(layer)["__leaderboard_value__"] for layer in layers if "__leaderboard_value__" in vars(layer)
    ]
    if name is None or not values:
        return None
    return {
        "name": name,
        "value": values[0],
        "order": getattr(layers[0], "__leaderboard_sort_order__", "desc"),
    }


def _output(test: unittest.TestCase, declared: DeclaredTest, claims: list[BaseException]) -> str:
    hidden = getattr(getattr(test, test._testMethodName), "__hide_errors__", None)
    failed = bool(claims or getattr(test, "findings", []))
    if hidden and failed:
        return str(hidden)
    texts = [feedback.plain(str(claim), MESSAGE_CHARACTERS) for claim in claims]
    if isinstance(test, GradedCase):
        texts.append(report(test, declared))
    return "\n\n".join(text for text in texts if text)


def _result(
    declared: DeclaredTest,
    earned: float,
    output: str,
    events: Events,
    passed: bool = False,
    staff: str = "",
) -> TestResult:
    extra: dict[str, Any] = {"test": declared.name, "seconds": round(events.seconds, 4)}
    if staff:
        extra["autograder_failed"] = staff
    return TestResult(
        name=declared.title,
        number=declared.number,
        score=earned,
        max_score=declared.points,
        status="passed" if passed else "failed",
        output=output,
        visibility=declared.visibility,
        tags=declared.tags,
        extra_data=extra,
    )


def _finite(score: Any) -> float | None:
    try:
        number = float(score)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
