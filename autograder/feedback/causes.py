"""What lies behind a failure, in words: misconceptions, other functions, earlier submissions, credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from autograder.wording import listed, plain, quantity, wrapped


def describe_explanation(
    function: str, outputs: Sequence[str], mistakes: Sequence[tuple[str, str]], together: bool
) -> str:
    """Known mistakes, as (what is wrong, what to do), that give exactly these outputs."""
    whats, remedies = [what for what, _ in mistakes], list(dict.fromkeys(remedy for _, remedy in mistakes))
    subject = f"{function}, {listed(outputs)}" if outputs else function
    if together:
        seems, mend = f"two things are wrong at once: {'; and '.join(whats)}.", "; and ".join(remedies)
    elif len(mistakes) > 1:
        seems, mend = f"{', or as if '.join(whats)}: both give exactly your values.", ", or ".join(remedies)
    else:
        seems, mend = f"{whats[0]}.", remedies[0]
    return f"{subject}: it looks as if {seems}\nTo mend it: {mend}."


def describe_credit(credit: float, outputs: Sequence[str]) -> str:
    """A known mistake that keeps a share of the points; outputs: of which, where others are right."""
    points = f"the points of {listed(outputs)}" if outputs else "the points"
    return f"It is a common slip: you keep {100 * credit:.0f}% of {points}."


def describe_cause(function: str, cause: str, number: str, unfinished: bool) -> str:
    """A function that fails while another that it calls fails, too, or is not there yet."""
    state = "is not there yet" if unfinished else "is wrong as well"
    return f"Your {function} uses your {cause}, which {state}: mend {number} first."


def describe_needed(function: str, needed: str, number: str) -> str:
    """A test that could not come to its function, because one that it needs first fails."""
    return f"{function} could not be tried here, because it needs {needed}: mend {number} first."


def describe_told_before(function: str, number: str) -> str:
    """A crash that an earlier test tells in full."""
    return f"{function} stops with the same error at the same line as in {number}: mend that first."


def describe_follow_through(
    function: str, outputs: Sequence[str], forward: str, number: str, kept: float
) -> str:
    """Gradients that are right for a forward pass that is not; number: the test to mend first, if known."""
    are, their = ("is", "its") if len(outputs) == 1 else ("are", "their")
    first = f"mend {number} first" if number else f"it is {forward} that is to be mended"
    share = f" You keep {100 * kept:.0f}% of {their} points." if kept else ""
    right = f"{listed(outputs)} {are} right for your own {forward}"
    return f"{function}: {right}, but that one is wrong: {first}.{share}"


def describe_progress(mended: Sequence[str], better: Sequence[str], lost: Sequence[str]) -> str:
    """What changed since the last submission, by test numbers; "" where nothing did."""
    groups = (("mended", mended), ("better", better), ("lost", lost))
    said = [f"{word}: {_shortlist(numbers)}" for word, numbers in groups if numbers]
    return wrapped(f"Since your last submission: {'; '.join(said)}.") if said else ""


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


def _shortlist(numbers: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(plain(number, 20) for number in numbers[:most])
    return f"{shown} and {len(numbers) - most} more" if len(numbers) > most else shown
