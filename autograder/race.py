"""The leaderboard: how many times as fast as plain loops a student's function is.

A ratio of CPU seconds, so that a slow container, or one that others use as well, changes nothing. Both
numbers come from the kernel's books, read by the host, and not from a clock in the student's process, which
code there could replace: of the loops, what the host itself used for them; of the student's function, what
the test process and the submission process used together between the call and its answer. Work cannot be
handed to anybody else, since student code can start no process in a test. Inputs are new in each round, so
that remembered answers are of no use, and an answer that is wrong ends the race without an entry.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.case import seed_of
from autograder.compare import compare
from autograder.content import import_file, package_of
from autograder.declared import DeclaredTest
from autograder.errors import AssignmentError
from autograder.sandbox.student import Student, StudentSession

ROUNDS = 3
WARM_UP = 1  # rounds that do not count: a new process copies its memory page by page as it first writes it


@dataclass(frozen=True)
class Race:
    """A function of the assignment, inputs for it, and the loops that it is measured against."""

    title: str
    function: str
    arguments: Callable[[np.random.Generator], Sequence[Any]]
    slow: Callable[..., Any]


def load_race(assignment: Assignment) -> Race | None:
    """The race of [leaderboard], None where that is off. Raises AssignmentError where its file is wrong."""
    leaderboard = assignment.leaderboard
    if leaderboard is None or not leaderboard.on:
        return None
    reference = assignment.root / assignment.reference
    file, shown_as = reference / leaderboard.race, f"{assignment.reference}/{leaderboard.race}"
    if not file.is_file():
        raise AssignmentError(f"{shown_as}: is missing; [leaderboard] names it")
    importlib.invalidate_caches()
    package = ".".join([package_of(reference), *leaderboard.race.split("/")[:-1]])
    module = import_file(package, file, shown_as)
    for name in ("arguments", "slow"):
        if not callable(getattr(module, name, None)):
            raise AssignmentError(f"{shown_as}: must define the function {name}")
    return Race(leaderboard.title, leaderboard.function, module.arguments, module.slow)  # type: ignore[attr-defined]


def run_race(
    race: Race,
    student: Student,
    assignment: Assignment,
    tests: Sequence[DeclaredTest],
    out_of_time: Callable[[], bool] = lambda: False,
) -> list[dict[str, Any]]:
    """The entry for the leaderboard, or none where the function is wrong or cannot be measured.

    What the strictest question of the function forbids is forbidden here as well.
    """
    own = [test for test in tests if race.function in test.tags]
    strictest = max(own, key=lambda test: len(assignment.question_of(test.number).forbid), default=None)
    name, seed = strictest.name if strictest else race.function, assignment.seed
    slow: list[float] = []
    fast: list[float] = []
    with student.session(name, seed_of(seed, "race")) as session:
        for number in range(WARM_UP + ROUNDS):
            given = race.arguments(np.random.default_rng(seed_of(seed, f"race {number}")))
            if out_of_time():
                return []
            started = time.process_time()
            expected = race.slow(*given)
            slow.append(time.process_time() - started)
            seconds = _measure(session, race.function, given, expected)
            if seconds is None:
                return []
            fast.append(seconds)
    return [{"name": race.title, "value": _ratio(slow[WARM_UP:], fast[WARM_UP:]), "order": "desc"}]


def _measure(session: StudentSession, function: str, given: Sequence[Any], expected: Any) -> float | None:
    """CPU seconds of one call; None where it does not answer right, or nobody knows how long it took."""
    before = session.cpu_seconds()
    reply = session.call(function, *given)
    after = session.cpu_seconds()
    value = reply.value[0] if isinstance(reply.value, (tuple, list)) and reply.value else reply.value
    if reply.failure is not None or before is None or after is None or after <= before:
        return None
    return after - before if compare(value, expected) is None else None


def _ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Of the best rounds, to three digits: what disturbs a measurement makes it longer."""
    return float(f"{min(slow) / min(fast):.3g}")
