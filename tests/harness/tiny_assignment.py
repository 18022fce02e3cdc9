"""A tiny assignment, its key and its grading, for tests of the runner and of graded cases.

`grade` runs cases in this process, and checks on every run what no run may break: each declared test has
exactly one result, each is reported once and in order, and results.json is what the platform takes.
"""

from __future__ import annotations

import functools
import json
import tempfile
import unittest
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder import feedback
from autograder.assignment import Assignment, load_assignment
from autograder.case import GradedCase
from autograder.declared import DeclaredTest, declared_tests
from autograder.result_format import TestResult
from autograder.results import ResultsWriter
from autograder.runner import Run, not_run, run
from autograder.solutions import Reference
from tests.harness.results_validator import check
from tests.harness.tiny_key import FUNCTIONS, KEY


@dataclass(frozen=True)
class Graded:
    """A run, and the results.json that came of it."""

    run: Run
    document: dict[str, Any] = field(repr=False)

    @property
    def results(self) -> tuple[TestResult, ...]:
        return self.run.results

    @property
    def one(self) -> TestResult:
        """The result of the only test."""
        (result,) = self.run.results
        return result

    @property
    def scores(self) -> list[float]:
        return [result.score for result in self.run.results]


def worth(points: float, question: str = "1.1") -> Callable[[Any], Any]:
    """The decorators that a graded test needs; its docstring is supplied where there is none."""

    def decorate(method: Any) -> Any:
        method.__doc__ = method.__doc__ or method.__name__.replace("_", " ")
        return weight(points)(number(question)(tags("softmax")(method)))

    return decorate


def tiny(points: Mapping[str, float], visibility: str = "visible") -> Assignment:
    """An assignment with these points by question, such as {"1.1": 10}; all of one visibility."""
    lines = ['title = "Tiny"', "seed = 7", f"points = {sum(points.values())}"]
    lines += ['reference = "key"', 'cases = "graded"', FUNCTIONS]
    for part in sorted({question.split(".")[0] for question in points}):
        worth = sum(value for question, value in points.items() if question.split(".")[0] == part)
        lines += ["[[parts]]", f'number = "{part}"', f'title = "Part {part}"', f"points = {worth}"]
    for question, value in points.items():
        lines += ["[[questions]]", f'number = "{question}"', f'title = "Question {question}"']
        lines += [f"points = {value}", f'visibility = "{visibility}"']
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "assignments" / "tiny.toml"
        file.parent.mkdir()
        file.write_text("\n".join(lines))
        return load_assignment("tiny", Path(folder))


TINY = tiny({"1.1": 10})


def declared(
    *decorators: Callable[[Any], Any],
    assignment: Assignment = TINY,
    base: type[unittest.TestCase] = GradedCase,
    method: Any = None,
) -> DeclaredTest:
    """The declaration of Softmax.test_rows with these decorators, the outermost first."""

    def test_rows(self: unittest.TestCase, **options: Any) -> None:
        """softmax is right

        on every row"""

    method = method or test_rows
    for decorator in reversed(decorators):
        method = decorator(method)
    (test,) = declared_tests(assignment, [type("Softmax", (base,), {"test_rows": method})])
    return test


def with_wraps(function: Any) -> Any:
    """A decorator as it should be."""

    @functools.wraps(function)
    def retried(*arguments: Any, **options: Any) -> Any:
        return function(*arguments, **options)

    return retried


def without_wraps(function: Any) -> Any:
    """A decorator that hides what it wraps."""

    def retried(*arguments: Any, **options: Any) -> Any:
        """a title of its own"""
        return function(*arguments, **options)

    return retried


def tiny_case(**methods: Callable[..., Any]) -> type[GradedCase]:
    """A class with one passing test worth 10 points, test_tiny, and these methods."""

    class Tiny(GradedCase):
        @worth(10)
        def test_tiny(self) -> None: ...

    for name, method in methods.items():
        setattr(Tiny, name, method)
    return Tiny


def raising(error: BaseException) -> Callable[..., Any]:
    """A function, a method or a fixture that raises this."""

    def raises(*_: Any) -> Any:
        raise error

    return raises


def solution(changes: Mapping[str, Callable[..., Any] | None] | None = None) -> Reference:
    """The key with some functions replaced; None takes one away."""
    functions = {**KEY, **(changes or {})}
    return Reference({name: function for name, function in functions.items() if function}, TINY.functions)


def grade(
    *cases: type[unittest.TestCase],
    student: Any = None,
    key: Mapping[str, Callable[..., Any] | None] | None = None,
    points: Mapping[str, float] | None = None,
    **options: Any,
) -> Graded:
    """Grade these cases in this process.

    student: functions to replace (see `solution`), or a Solution. points: by question, else what the weights
    add up to.
    """
    assignment = tiny(points or _weights(cases))
    declared = declared_tests(assignment, cases)
    reported: list[TestResult] = []
    with tempfile.TemporaryDirectory() as folder:
        writer = ResultsWriter(Path(folder) / "results.json")
        writer.declare(not_run(declared))

        def settle(result: TestResult) -> None:
            reported.append(result)
            writer.update(result)

        submission = student if hasattr(student, "session") else solution(student)
        found = run(assignment, cases, submission, solution(key), on_result=settle, **options)
        writer.finish(leaderboard=found.leaderboard)
        document = json.loads(writer.path.read_bytes())
        assert check(writer.path, assignment.points) == []
    assert [result.extra_data["test"] for result in found.results] == [test.name for test in declared]
    assert tuple(reported) == found.results
    return Graded(found, document)


def grade_body(body: Callable[[GradedCase], Any], **options: Any) -> tuple[TestResult, GradedCase]:
    """Grade one test worth 10 points that does this; gives its result, and the case for its findings."""
    kept: list[GradedCase] = []

    class Tiny(GradedCase):
        @worth(10)
        def test_body(self):
            kept.append(self)
            body(self)

    return grade(Tiny, **options).one, kept[0]


def is_our_fault(result: TestResult) -> bool:
    """Does the student read that the autograder failed, and do staff read why? Such a test counts as 0."""
    told = result.output == feedback.autograder_failed_here()
    return told and bool(result.extra_data.get("autograder_failed")) and result.score == 0


def is_students_fault(result: TestResult) -> bool:
    """Did the student lose points, and read why?"""
    failed = result.status == "failed" and "autograder_failed" not in result.extra_data
    return failed and "autograder failed" not in result.output and bool(result.output)


def staff_details(result: TestResult) -> str:
    """The traceback that staff find."""
    return str(result.extra_data["autograder_failed"])


def _weights(cases: tuple[type[unittest.TestCase], ...]) -> dict[str, float]:
    points: dict[str, float] = defaultdict(float)
    for case in cases:
        for name in unittest.defaultTestLoader.getTestCaseNames(case):
            method = getattr(case, name)
            points[".".join(method.__number__.split(".")[:2])] += method.__weight__
    return dict(sorted(points.items()))
