"""Run the graded cases of an assignment against a solution and a key.

    run(assignment, cases, solution, key) -> list[TestResult]

Cases use gradescope-utils' decorators, because course staff know them. Its stock result class loses
results in several ways (a failing fixture of a class, skipped tests, sub-tests, an exception in tearDown
after a failure, scores left over on shared functions); the subclass here closes each: every declared test
gets exactly one result.
"""

from __future__ import annotations

import time
import traceback
import unittest
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradescope_utils.autograder_utils.json_test_runner import JSONTestResult

from autograder.assignment import Assignment
from autograder.case import GradedCase, Grading, Observer, Solution
from autograder.declared import DeclaredTest, declared_tests, test_name
from autograder.errors import AutograderError
from autograder.result_format import TestResult
from autograder.verdict import (
    Events,
    broken_result,
    forget_score,
    judge,
    leaderboard_entry,
    left_out_result,
    not_started_result,
)


@dataclass(frozen=True)
class Run:
    """What a run found: one result per declared test, in their order, and the leaderboard.

    problems: for staff, the tracebacks of fixtures of classes and modules that failed. One that failed after
    the tests of its class (tearDownClass) cost nobody a point. finished: the tests that ran, for whoever
    wants to look at all their calls together.
    """

    results: tuple[TestResult, ...]
    leaderboard: tuple[dict[str, Any], ...]
    problems: tuple[str, ...] = ()
    finished: tuple[tuple[unittest.TestCase, DeclaredTest], ...] = ()


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
    tests: Sequence[DeclaredTest] | None = None,
    observer: Observer | None = None,
) -> Run:
    """Run every test once, class by class. `on_result` is called with each result as soon as it is known.

    seed: of the inputs; the assignment's own without it. out_of_time: whether no further test may start.
    tests: what `declared_tests` said of these cases, where that is known. observer: told of every call and
    comparison.
    setUpModule runs before each class of its file, so that no class depends on another. Raises
    AssignmentError for a wrong declaration, before anything runs, and SandboxError where the sandbox
    breaks; never raises for what a submission or a case does, but for a KeyboardInterrupt.
    """
    tests = declared_tests(assignment, cases) if tests is None else tests
    declared = [test for test in tests if only(test)]
    seed = assignment.seed if seed is None else seed
    grading = Grading(
        solution,
        key,
        assignment.functions,
        seed,
        assignment.grading.follow_through,
        assignment.grading.show_expected,
        observer,
    )
    outcomes = []
    for case in cases:
        own = {test.name: test for test in declared if test.name.rpartition(".")[0] == case.__qualname__}
        outcomes.append(_Result(own, out_of_time, on_result))
        outcomes[-1].run(_suite(case, own, grading))
    return Run(
        tuple(result for outcome in outcomes for result in outcome.judged.values()),
        tuple(entry for outcome in outcomes for entry in outcome.leaderboard),
        tuple(problem for outcome in outcomes for problem in outcome.problems),
        tuple(pair for outcome in outcomes for pair in outcome.finished),
    )


def _suite(case: type[unittest.TestCase], names: Iterable[str], grading: Grading) -> unittest.TestSuite:
    """The tests of one class in the order declared; each instance is told what it is run with."""
    suite = unittest.TestSuite()
    for name in names:
        test = case(name.rpartition(".")[2])
        if isinstance(test, GradedCase):
            test.grading = grading
        suite.addTest(test)
    return suite


class _Result(JSONTestResult):
    """Collects what unittest reports about one class, and judges each test once when it is over."""

    def __init__(
        self,
        declared: dict[str, DeclaredTest],
        out_of_time: Callable[[], bool],
        on_result: Callable[[TestResult], None],
    ) -> None:
        super().__init__(None, True, 1, [], [], "")
        self.buffer = True
        self._declared = declared
        self._out_of_time = out_of_time
        self._on_result = on_result
        self._running: unittest.TestCase | None = None
        self._events = Events()
        self._started = 0.0
        self._fixture_error: BaseException | None = None
        self._fixture_skipped: str | None = None
        self.judged: dict[str, TestResult] = {}
        self.finished: list[tuple[unittest.TestCase, DeclaredTest]] = []
        self.problems: list[str] = []

    def run(self, suite: unittest.TestSuite) -> None:
        """Run the tests, then settle those that never started."""
        if self._out_of_time():
            self.stop()
        try:
            suite.run(self)
        except SystemExit as error:  # from a fixture: unittest itself handles those of tests
            self._fixture_error = error
        for declared in [test for name, test in self._declared.items() if name not in self.judged]:
            self._settle(declared, self._never_started(declared))
        if self._fixture_error is not None:
            self.problems.append("".join(traceback.format_exception(self._fixture_error)))

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._running = test
        self._events = Events()
        self._started = time.perf_counter()
        forget_score(test)

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._running = None
        self._events.seconds = time.perf_counter() - self._started
        declared = self._declared[test_name(test)]
        try:
            result = judge(test, declared, self._events)
        except Exception as error:
            result = broken_result(declared, error, self._events)
        self._settle(declared, result)
        self.finished.append((test, declared))
        entry = leaderboard_entry(test)
        if entry is not None:
            self.leaderboard.append(entry)
        if self._out_of_time():
            self.stop()

    def addSuccess(self, test: unittest.TestCase) -> None:
        self._events.succeeded = True

    def addError(self, test: Any, err: Any) -> None:
        if isinstance(test, unittest.TestCase):
            self._events.errors.append(err[1])
        else:  # setUpClass and its like belong to no test
            self._fixture_error = self._fixture_error or err[1]

    def addFailure(self, test: Any, err: Any) -> None:
        self.addError(test, err)

    def addSkip(self, test: Any, reason: str) -> None:
        if not isinstance(test, unittest.TestCase):
            self._fixture_skipped = str(reason)
            return
        if self._running is None:  # Python 3.12.1 does not start a test that a decorator skips
            self.startTest(test)
        self._events.skipped = str(reason)

    def addSubTest(self, test: unittest.TestCase, subtest: Any, err: Any) -> None:
        if err is not None:
            self._events.errors.append(err[1])

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:
        self.addError(test, err)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._events.errors.append(AutograderError("the case declares that it is expected to fail"))

    def _never_started(self, declared: DeclaredTest) -> TestResult:
        """The verdict on a test whose class did not get to it."""
        if self.shouldStop:
            return not_started_result(declared)
        if self._fixture_skipped is not None:
            return left_out_result(declared, self._fixture_skipped)
        never_started = AutograderError("this test was never started")
        return broken_result(declared, self._fixture_error or never_started)

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
