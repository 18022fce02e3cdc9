"""One line that says what changed since the last submission."""

from __future__ import annotations

from autograder.metadata import PreviousSubmission
from autograder.progress import progress
from autograder.result_format import TestResult


def earlier(scores: dict[str, object], error: bool = False) -> PreviousSubmission:
    tests = [{"number": number, "score": score} for number, score in scores.items()]
    return PreviousSubmission(None, None, error, {"tests": tests})


def graded(number: str, score: float, visibility: str = "visible") -> TestResult:
    return TestResult("a test", number, score, 2.0, visibility=visibility)


def test_what_was_mended_got_better_or_was_lost_is_named() -> None:
    before = earlier({"1.1": 0.0, "1.2": 0.0, "1.10": 2.0, "1.4": 1.0})
    now = [graded("1.1", 2), graded("1.2", 1), graded("1.10", 0), graded("1.4", 1)]

    assert progress([before], now) == "Since your last submission: mended: 1.1; better: 1.2; lost: 1.10."


def test_nothing_is_said_where_nothing_changed_or_there_is_nothing_to_compare_with() -> None:
    assert progress([earlier({"1.1": 2.0})], [graded("1.1", 2)]) == ""
    assert progress([], [graded("1.1", 2)]) == ""
    assert progress([PreviousSubmission(None, None, False, None)], [graded("1.1", 2)]) == ""


def test_a_run_in_which_the_autograder_failed_does_not_count() -> None:
    before = [earlier({"1.1": 2.0}), earlier({"1.1": 0.0}, error=True)]

    assert progress(before, [graded("1.1", 2)]) == ""


def test_the_latest_graded_submission_counts() -> None:
    before = [earlier({"1.1": 2.0}), earlier({"1.1": 0.0})]

    assert "mended: 1.1" in progress(before, [graded("1.1", 2)])


def test_tests_that_students_cannot_see_are_not_named() -> None:
    assert progress([earlier({"1.1": 0.0})], [graded("1.1", 2, "after_published")]) == ""


def test_strange_earlier_results_are_no_error() -> None:
    strange = PreviousSubmission(
        None, None, False, {"tests": [None, {"number": 1}, {"number": "1", "score": "x"}]}
    )

    assert progress([strange], [graded("1.1", 2)]) == ""
