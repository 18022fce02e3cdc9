"""A rehearsal on one page: steady, fair, clear and fast, each with what to look at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from textwrap import shorten

from autograder.assignment import Assignment
from autograder.rehearsal.margins import NARROW_RIGHT, NARROW_WRONG, Margin
from autograder.rehearsal.rehearse import TIMES, Rehearsal
from autograder.rehearsal.stability import Change

MOST_LINES = 12  # of one section
CLOSEST = 3
TITLE_CHARACTERS = 60
HALF_A_CPU = 0.5


def problems(rehearsal: Rehearsal) -> int:
    """How many findings must be mended before students come; narrow margins are only warnings."""
    return len(rehearsal.stability.changes) + len(rehearsal.unfair)


def page(assignment: Assignment, rehearsal: Rehearsal) -> str:
    """The whole page as text, without colours."""
    seeds = rehearsal.seeds
    head = (
        f"{assignment.title}: {len(rehearsal.tests)} tests, {len(rehearsal.examples)} examples, "
        f"seeds {seeds[0]} to {seeds[-1]}, each run {TIMES} times"
    )
    sections = [
        head,
        "\n".join(_steady(rehearsal)),
        "\n".join(_fair(rehearsal)),
        "\n".join(_clear(rehearsal)),
        "\n".join(_fast(assignment, rehearsal)),
    ]
    return "\n\n".join(sections)


def _steady(rehearsal: Rehearsal) -> Iterator[str]:
    changes = rehearsal.stability.changes
    if not changes:
        yield f"STEADY   No verdict changed in {rehearsal.stability.runs} runs."
        return
    yield f"UNSTEADY {len(changes)} verdicts changed in {rehearsal.stability.runs} runs:"
    yield from _first(_told(rehearsal, change) for change in changes)
    yield "  Choose inputs on which the answer does not hang by chance, or a larger tolerance."


def _told(rehearsal: Rehearsal, change: Change) -> str:
    when = "run again" if change.same_seed else f"under seed {change.seed}"
    points = f"{change.usual:g} points, {when} {change.found:g}"
    return f"{_place(rehearsal, change.test)}: {change.solution} has {points}"


def _fair(rehearsal: Rehearsal) -> Iterator[str]:
    correct = ", ".join(rehearsal.correct) or "none"
    if not rehearsal.unfair:
        yield f"FAIR     All correct styles of the key have full marks; so have these examples: {correct}."
        return
    yield f"UNFAIR   Correct styles of the key lose points (examples with full marks: {correct}):"
    yield from _first(
        f"{_place(rehearsal, test)}: {style} loses {points:g}" for style, test, points in rehearsal.unfair
    )


def _clear(rehearsal: Rehearsal) -> Iterator[str]:
    every = sorted(rehearsal.margins, key=_room)
    narrow = [each for each in every if each.is_narrow]
    compared = len(every)
    if not narrow:
        yield (
            f"CLEAR    In all {compared} tests that compare numbers, correct styles need at most "
            f"{NARROW_RIGHT:g} of the tolerance,"
        )
        yield f"         and mistakes are off by at least {NARROW_WRONG:g} times it. Closest together are"
        yield from (f"  {_margin(rehearsal, each)}" for each in every[:CLOSEST])
    else:
        yield (
            f"NARROW   In {len(narrow)} of {compared} tests that compare numbers, right and wrong are close "
            "(in tolerances):"
        )
        yield from _first(_margin(rehearsal, each) for each in narrow)
        yield (
            f"  A correct style that needs more than {NARROW_RIGHT:g} may fail under another seed; a mistake "
            f"below {NARROW_WRONG:g} may pass."
        )


def _margin(rehearsal: Rehearsal, margin: Margin) -> str:
    wrong = "" if math.isinf(margin.wrong) else f"; {margin.mistake} is off by {margin.wrong:.3g}"
    return f"{_place(rehearsal, margin.test)}: {margin.style} needs {margin.right:.2g}{wrong}"


def _room(margin: Margin) -> float:
    return margin.wrong / max(margin.right, 1e-12)


def _fast(assignment: Assignment, rehearsal: Rehearsal) -> Iterator[str]:
    seconds, function, example = rehearsal.slowest
    spent, costly = rehearsal.run_cpu_seconds
    if not rehearsal.correct:
        yield "TIME     Unknown: no example has full marks."
        return
    limits = assignment.limits
    times = limits.cpu_seconds / max(seconds, 1e-6)
    yield (
        f"TIME     The slowest call of a correct example takes {seconds:.3f} s ({function}, {example}): "
        f"1/{times:,.0f} of the {limits.cpu_seconds:g} CPU seconds."
    )
    yield (
        f"         A whole run takes up to {spent:.1f} CPU seconds ({costly}): on half a CPU about "
        f"{spent / HALF_A_CPU:.0f} s, of {limits.timeout_seconds:g} s."
    )


def _place(rehearsal: Rehearsal, test: str) -> str:
    declared = rehearsal.tests[test]
    return f"{declared.number} {shorten(declared.title, TITLE_CHARACTERS, placeholder=' ...')}"


def _first(lines: Iterator[str]) -> Iterator[str]:
    every = list(lines)
    yield from (f"  {line}" for line in every[:MOST_LINES])
    if len(every) > MOST_LINES:
        yield f"  and {len(every) - MOST_LINES} more"
