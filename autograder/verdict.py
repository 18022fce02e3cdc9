"""The result of one graded test, from what its run raised, recorded and scored.

Two ways to fail are kept apart. What a submission does wrong is recorded as findings, or raised as an
AssertionError by the case. Any other exception is the autograder's own failure: the student reads that
it is not their fault, and staff get the traceback.
"""

from __future__ import annotations

import traceback
import unittest
from dataclasses import dataclass, field
from typing import Any

from autograder import feedback
from autograder.answer import StopTest
from autograder.case import GradedCase
from autograder.declared import DeclaredTest, decorated, outermost
from autograder.errors import AutograderError
from autograder.json_safe import safe_number
from autograder.result_format import TestResult
from autograder.test_report import fitted, report
from autograder.wording import plain, wrapped

MESSAGE_CHARACTERS = 4_000
SHOWN_CLAIMS = 8


@dataclass
class Events:
    """What unittest told about one test, in its order."""

    errors: list[BaseException] = field(default_factory=list)
    skipped: str | None = None
    succeeded: bool = False
    seconds: float = 0.0


def judge(test: unittest.TestCase, declared: DeclaredTest, events: Events) -> TestResult:
    """One result for one test, whatever happened in it."""
    broken = next((error for error in events.errors if not isinstance(error, AssertionError)), None)
    if broken is not None:
        return broken_result(declared, broken, events)
    if events.skipped is not None and not events.errors:
        return left_out_result(declared, events.skipped, events)
    if not events.succeeded and not events.errors:
        return broken_result(declared, AutograderError("the test was interrupted"), events)
    claims = [error for error in events.errors if not isinstance(error, StopTest)]
    findings = getattr(test, "findings", [])
    share = test.share() if isinstance(test, GradedCase) else 1.0
    earned = declared.points * (0.0 if claims else share)
    if declared.partial_credit:
        given = score_given(test)
        if given is None and not events.errors and not findings:
            staff = "a @partial_credit test gave no number to set_score"
            return _result(declared, 0.0, feedback.not_scored(), events, staff=staff)
        earned = min(max(given or 0.0, 0.0), declared.points)
    passed = earned >= declared.points and not (claims or findings)
    return _result(declared, earned, _output(test, declared, claims), events, passed)


def left_out_result(declared: DeclaredTest, reason: str, events: Events | None = None) -> TestResult:
    """The result of a test that its case skipped."""
    return _result(declared, 0.0, feedback.left_out(reason), events or Events())


def not_started_result(declared: DeclaredTest) -> TestResult:
    """The result of a test for which no time was left."""
    return _result(declared, 0.0, feedback.not_run(), Events())


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
    for layer in decorated(_method(test)):
        for attribute in ("__score__", "__leaderboard_value__"):
            vars(layer).pop(attribute, None)


def score_given(test: unittest.TestCase) -> float | None:
    """What the test gave to set_score, also where another decorator was put around; None if no number."""
    return safe_number(outermost(_method(test), "__score__"))


def leaderboard_entry(test: unittest.TestCase) -> dict[str, Any] | None:
    """The leaderboard entry that a test set; None where it declares none or set none."""
    name = outermost(_method(test), "__leaderboard_column__")
    value = outermost(_method(test), "__leaderboard_value__")
    if name is None or value is None:
        return None
    order = outermost(_method(test), "__leaderboard_sort_order__")
    return {"name": name, "value": value, "order": order}


def _method(test: unittest.TestCase) -> Any:
    return getattr(type(test), test._testMethodName)


def _output(test: unittest.TestCase, declared: DeclaredTest, claims: list[BaseException]) -> str:
    hidden = outermost(_method(test), "__hide_errors__")
    failed = bool(claims or getattr(test, "findings", []))
    if hidden and failed:
        return str(hidden)
    texts = [plain(str(claim), MESSAGE_CHARACTERS) for claim in claims]
    if texts and declared.visibility != "visible":
        texts = [feedback.withheld_claims(len(texts))]
    shown = texts[:SHOWN_CLAIMS]
    if isinstance(test, GradedCase):
        return report(test, declared, claims=shown)
    return fitted([wrapped(text) for text in shown])


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
