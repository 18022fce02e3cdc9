"""What changed since the student's last submission, from the platform's copy of its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder import feedback
from autograder.metadata import PreviousSubmission
from autograder.result_format import TestResult, natural_order

LEAST_CHANGE = 0.005  # points: half of the smallest difference that the results can show


def progress(previous: Sequence[PreviousSubmission], results: Sequence[TestResult]) -> str:
    """One line: which tests gained and lost points; "" where there is nothing to compare with.

    Only tests that students see at once are named. A run in which the autograder failed does not count.
    """
    before = _last_scores(previous)
    if before is None:
        return ""
    now = {
        test.number: test.points
        for test in results
        if (test.visibility or "visible") == "visible" and test.number
    }
    shared = [number for number in now if number in before]
    gained = [number for number in shared if now[number][0] > before[number] + LEAST_CHANGE]
    lost = [number for number in shared if now[number][0] < before[number] - LEAST_CHANGE]
    mended = [number for number in gained if now[number][0] == now[number][1]]
    better = [number for number in gained if number not in mended]
    return feedback.describe_progress(*(sorted(each, key=natural_order) for each in (mended, better, lost)))


def _last_scores(previous: Sequence[PreviousSubmission]) -> dict[str, float] | None:
    """Points by test number in the latest submission that was graded, None if there is none."""
    graded = [each for each in previous if each.results is not None and not each.autograder_error]
    if not graded or not isinstance(graded[-1].results, dict):
        return None
    tests = graded[-1].results.get("tests")
    if not isinstance(tests, list):
        return None
    scores = dict(pair for test in tests if (pair := _score(test)) is not None)
    return scores or None


def _score(test: Any) -> tuple[str, float] | None:
    if not isinstance(test, dict):
        return None
    number, score = test.get("number"), test.get("score")
    if not isinstance(number, str) or isinstance(score, bool) or not isinstance(score, (int, float)):
        return None
    return number, float(score)
