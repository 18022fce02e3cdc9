"""Why a test has no result of its own: it was not run, left out, or the autograder failed."""

from __future__ import annotations

from autograder.wording import plain, wrapped


def autograder_failed() -> str:
    return wrapped(
        "The autograder failed, not you. Nothing you handed in is at fault, and course staff can see what "
        "went wrong. The scores earned before the failure are kept; the rest was not graded yet."
    )


def autograder_failed_here() -> str:
    return wrapped(
        "The autograder failed in this test, not you: it counts as 0 until the course staff have looked at "
        "it. Every other test is graded as usual."
    )


def not_scored() -> str:
    return wrapped(
        "This test did not say how many points you get. That is a mistake in the autograder, not in your "
        "code: it counts as 0 until the course staff have looked at it."
    )


def left_out(reason: str) -> str:
    return wrapped(f"This test was left out: {plain(reason)}")


def not_run() -> str:
    return wrapped(
        "Not run: the time for the whole submission was over before this test. "
        "If another test says that a function took too long, start with that function."
    )
