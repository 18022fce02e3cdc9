"""The mutation matrix: what every known mistake loses in every graded test that calls its function.

A mistake stands in for one function of the key; everything runs in this process or in forks of it, so only
for code that we trust.
"""

from __future__ import annotations

import multiprocessing
import os
import unittest
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from autograder.assignment import Assignment, load_cases, load_reference
from autograder.declared import DeclaredTest, declared_tests
from autograder.errors import UsageError
from autograder.mistake import Mistake
from autograder.mistakes_loader import load_mistakes
from autograder.proof.alike import alike
from autograder.result_format import TestResult
from autograder.runner import run
from autograder.solutions import Mistaken, Recorder, Reference
from autograder.values import Reply

_Replies = dict[str, list[tuple[str, Reply]]]


@dataclass(frozen=True)
class Row:
    """A mistake and the points that it loses, by name of each test that calls its function.

    broken: tests in which not the mistake but the autograder failed.
    """

    mistake: Mistake
    lost: Mapping[str, float]
    broken: tuple[str, ...] = ()

    @property
    def cost(self) -> float:
        """Points that a submission with this mistake and no other loses."""
        return round(sum(self.lost.values()), 2)


@dataclass(frozen=True)
class Matrix:
    """Everything that the proof found; `functions` are those whose mistakes were run.

    imperfect: tests in which the key itself does not get all points. alike: pairs of mistakes of one
    function that no graded input tells apart.
    """

    functions: tuple[str, ...]
    tests: tuple[DeclaredTest, ...]
    rows: tuple[Row, ...]
    alike: tuple[tuple[str, str], ...]
    imperfect: tuple[str, ...]


def prove(
    assignment: Assignment,
    *,
    function: str | None = None,
    processes: int | None = None,
    on_rows: Callable[[int, int], None] = lambda done, total: None,
) -> Matrix:
    """Run the mistakes of one function, or of all; deterministic whatever the number of processes.

    processes: at most, else as many as there are processors; 1 stays in this process. on_rows is told
    after each function how many mistakes are done, of how many. Raises UsageError for a function that is
    not declared, AssignmentError where the assignment or its catalogue is wrong.
    """
    if function is not None and function not in assignment.functions:
        raise UsageError(f"{assignment.file} declares no function {function}")
    bench = _Bench(assignment)
    functions = tuple([function] if function else assignment.functions)
    total = sum(len(bench.mistakes[name]) for name in functions)
    found: dict[str, _Found] = {}
    for finished in _each(bench, functions, processes or os.cpu_count() or 1):
        found[finished.function] = finished
        on_rows(sum(len(one.rows) for one in found.values()), total)
    return Matrix(
        functions,
        tuple(bench.tests),
        tuple(bench.row(*row) for name in functions for row in found[name].rows),
        tuple(pair for name in functions for pair in found[name].alike),
        bench.imperfect,
    )


@dataclass(frozen=True)
class _Found:
    """What one function's mistakes did, in a form that crosses to another process."""

    function: str
    rows: tuple[tuple[str, dict[str, float], tuple[str, ...]], ...]
    alike: tuple[tuple[str, str], ...]


class _Bench:
    """What every process needs: the cases, the key, the mistakes, and which test calls which function."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.cases: Sequence[type[unittest.TestCase]] = load_cases(assignment)
        self.tests = declared_tests(assignment, self.cases)
        self._functions = load_reference(assignment)
        self._key = Reference(self._functions, assignment.functions)
        self._catalogue = {mistake.name: mistake for mistake in load_mistakes(assignment)}
        self.mistakes: dict[str, list[Mistake]] = defaultdict(list)
        for mistake in self._catalogue.values():
            self.mistakes[mistake.function].append(mistake)
        results, replies = self._run(self._key, lambda test: True)
        self.imperfect = tuple(_name(result) for result in results if _lost(result) or _broken(result))
        # With other answers a test may end early, but it cannot come to a function that it never calls.
        self._calls = {name: {function for function, _ in told} for name, told in replies.items()}

    def row(self, name: str, lost: Mapping[str, float], broken: tuple[str, ...]) -> Row:
        return Row(self._catalogue[name], lost, broken)

    def find(self, function: str) -> _Found:
        """Run all mistakes of one function, and compare them with each other."""
        rows, replies = [], {}
        for mistake in self.mistakes[function]:
            solution = Mistaken(self._functions, self.assignment.functions, mistake)
            results, replies[mistake.name] = self._run(
                solution, lambda test: function in self._calls.get(test.name, ())
            )
            lost = {_name(result): _lost(result) for result in results}
            rows.append((mistake.name, lost, tuple(_name(result) for result in results if _broken(result))))
        return _Found(function, tuple(rows), tuple(_alike_pairs(replies)))

    def _run(
        self, solution: Any, only: Callable[[DeclaredTest], bool]
    ) -> tuple[tuple[TestResult, ...], _Replies]:
        recorded = Recorder(solution)
        # A wrong variant may warn as much as a student's program; that is no finding.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = run(self.assignment, self.cases, recorded, self._key, only=only)
        return outcome.results, recorded.replies


def _each(bench: _Bench, functions: Sequence[str], processes: int) -> Iterable[_Found]:
    """Each function's findings, in whatever order they come."""
    if processes == 1 or len(functions) == 1:
        yield from map(bench.find, functions)
        return
    # Forks inherit the loaded cases and mistakes, which could not be sent.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, initializer=_work_at, initargs=(bench,)) as pool:
        with warnings.catch_warnings():
            # Newer Pythons warn of any fork beside threads; ours start before the pool has any.
            warnings.simplefilter("ignore", DeprecationWarning)
            # The largest first, so that no process is left with one at the end.
            order = sorted(functions, key=lambda name: -len(bench.mistakes[name]))
            waiting = [pool.submit(_find, name) for name in order]
        for finished in as_completed(waiting):
            yield finished.result()


_bench: _Bench


def _work_at(bench: _Bench) -> None:
    global _bench
    _bench = bench


def _find(function: str) -> _Found:
    return _bench.find(function)


def _alike_pairs(replies: Mapping[str, _Replies]) -> Iterable[tuple[str, str]]:
    for (left, one), (right, other) in combinations(replies.items(), 2):
        if all(alike(told, other[test]) for test, told in one.items()):
            yield left, right


def _name(result: TestResult) -> str:
    return str(result.extra_data["test"])


def _lost(result: TestResult) -> float:
    score, most = result.points
    return round(most - score, 2)


def _broken(result: TestResult) -> bool:
    return "autograder_failed" in result.extra_data
