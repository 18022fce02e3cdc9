"""Run the graded cases of an assignment against a solution and a key.

    run(assignment, cases, solution, key) -> list[TestResult]

Cases use gradescope-utils' decorators, because course staff know them. Its stock result class loses
results in several ways (a failing fixture of a class, skipped tests, sub-tests, an exception in tearDown
after a failure, scores left over on shared functions); the subclass here closes each: every declared test
gets exactly one result.
"""

from __future__ import annotations

import time
import unittest
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradescope_utils.autograder_utils.json_test_runner import JSONTestResult

from autograder.assignment import Assignment
from autograder.case import GradedCase, Grading, Solution
from autograder.declared import DeclaredTest, declared_tests, test_name
from autograder.errors import AutograderError
from autograder.result_format import TestResult
from autograder.verdict import Events, broken_result, forget_score, judge, leaderboard_entry


@dataclass(frozen=True)
class Run:
    """What a run found: one result per declared test, in their order, and the leaderboard."""

    results: tuple[TestResult, ...]
    leaderboard: tuple[dict[str, Any], ...]


def run(
    assignment: Assignment,
    cases: Sequence[type[unittest.TestCase]],
    solution: Solution,
    key: Solution,
    *,
    seed: int | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
    on_result: Callable[[TestResult], None] = lambda result: None,
    only: Callable[[DeclaredTest], bool] = lambda test: True,
) -> Run:
    """Run every test once. `on_result` is called with each result as soon as it is known.

    seed: of the inputs; the assignment's own without it. Raises AssignmentError for a wrong declaration,
    before anything runs; never raises for what a submission or a case does.
    """
    declared = {test.name: test for test in declared_tests(assignment, cases) if only(test)}
    grading = Grading(
        solution, key, assignment.functions, assignment.seed if seed is None else seed, out_of_time
    )
    outcome = _Result(declared, on_result)
    _suite(cases, declared, grading).run(outcome)
    outcome.complete()
    return Run(tuple(outcome.judged[name] for name in declared), tuple(outcome.leaderboard))


def _suite(
    cases: Iterable[type[unittest.TestCase]], declared: dict[str, DeclaredTest], grading: Grading
) -> unittest.TestSuite:
    """The tests in the order declared; each instance is told what it is run with."""
    suite = unittest.TestSuite()
    for case in cases:
        for method in unittest.defaultTestLoader.getTestCaseNames(case):
            if f"{case.__qualname__}.{method}" in declared:
                test = case(method)
                if isinstance(test, GradedCase):
                    test.grading = grading
                suite.addTest(test)
    return suite


class _Result(JSONTestResult):
    """Collects what unittest reports, and judges each test once when it is over."""

    def __init__(self, declared: dict[str, DeclaredTest], on_result: Callable[[TestResult], None]) -> None:
        super().__init__(None, True, 1, [], [], "")
        self.buffer = True
        self._declared = declared
        self._on_result = on_result
        self._events = Events()
        self._started = 0.0
        self.judged: dict[str, TestResult] = {}

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._events = Events()
        self._started = time.perf_counter()
        forget_score(test)

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._mirrorOutput = False
        self._events.seconds = time.perf_counter() - self._started
        declared = self._declared[test_name(test)]
        try:
            result = judge(test, declared, self._events)
        except Exception as error:
            result = broken_result(declared, error, self._events)
        self._settle(declared, result)
        entry = leaderboard_entry(test)
        if entry is not None:
            self.leaderboard.append(entry)

    def add_out_of_time(self, test: unittest.TestCase) -> None:
        """The run's time is up: this test was not started."""
        self._events.out_of_time = True

    def addSuccess(self, test: unittest.TestCase) -> None:
        pass

    def addError(self, test: Any, err: Any) -> None:
        if isinstance(test, unittest.TestCase):
            self._events.errors.append(err[1])
        else:
            self._fixture_failed(err[1])

    def addFailure(self, test: Any, err: Any) -> None:
        self.addError(test, err)

    def addSkip(self, test: Any, reason: str) -> None:
        if isinstance(test, unittest.TestCase):
            self._events.skipped = str(reason)

    def addSubTest(self, test: unittest.TestCase, subtest: Any, err: Any) -> None:
        if err is not None:
            self._events.errors.append(err[1])

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:
        self.addError(test, err)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._events.errors.append(AutograderError("the case declares that it is expected to fail"))

    def complete(self) -> None:
        """Settle what never started: the tests of a class whose setUpClass failed or was skipped."""
        for name, declared in self._declared.items():
            if name not in self.judged:
                error = self._fixture_error or AutograderError("this test was never started")
                self._settle(declared, broken_result(declared, error))

    _fixture_error: BaseException | None = None

    def _fixture_failed(self, error: BaseException) -> None:
        """setUpClass and its like belong to no test: those that did not run because of it are settled last."""
        self._fixture_error = error

    def _settle(self, declared: DeclaredTest, result: TestResult) -> None:
        self.judged[declared.name] = result
        self._on_result(result)


def not_run(declared: Iterable[DeclaredTest]) -> list[TestResult]:
    """The results of tests that did not run yet, for the file that is there from the start."""
    blank = TestResult(name="", number="", score=0.0, max_score=0.0)
    return [
        replace(
            blank,
            name=test.title,
            number=test.number,
            max_score=test.points,
            visibility=test.visibility,
            tags=test.tags,
        )
        for test in declared
    ]
