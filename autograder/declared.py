"""The graded tests of an assignment as declared: who they are, what they are worth, who may see them.

Read from gradescope-utils' decorators before anything runs, so that a wrong declaration is refused while
the instructor is looking, and so that the results list the same tests whatever happens.
"""

from __future__ import annotations

import contextlib
import inspect
import unittest
from collections.abc import Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from autograder.assignment import Assignment, check_weights
from autograder.case import GradedCase
from autograder.errors import AssignmentError
from autograder.questions import VISIBILITIES

_ATTRIBUTES = ("__weight__", "__number__", "__tags__", "__visibility__", "__hide_errors__")
_EXPECTED_FAILURE = "__unittest_expecting_failure__"


@dataclass(frozen=True)
class DeclaredTest:
    """One graded test. `name` is unique: "Softmax.test_rows"; `points` is 0 for an informational one."""

    name: str
    number: str
    title: str
    points: float
    visibility: str
    tags: tuple[str, ...]
    partial_credit: bool
    leaderboard: bool


def declared_tests(assignment: Assignment, cases: Sequence[type[unittest.TestCase]]) -> list[DeclaredTest]:
    """Every test of these classes. Raises AssignmentError that names the test and the decorator."""
    tests = [_declared(assignment, case, method) for case in cases for method in _methods(case)]
    names = [test.name for test in tests]
    for name in names:
        if names.count(name) > 1:
            raise AssignmentError(f"{assignment.cases}: two tests are called {name}: rename one class")
    check_weights(assignment, [(test.number, test.points, test.name) for test in tests])
    return tests


def test_name(test: unittest.TestCase) -> str:
    """The name under which a test was declared."""
    return f"{type(test).__qualname__}.{test._testMethodName}"


test_name.__test__ = False  # type: ignore[attr-defined]  # for pytest: a helper, not a test


def decorated(method: Any) -> list[Any]:
    """The method and everything that decorators put around it, from the outside in.

    A decorator without functools.wraps is seen through as well: what it wraps stands in its closure.
    """
    layers: list[Any] = []
    waiting = [method]
    while waiting:
        layer = waiting.pop(0)
        is_layer = isinstance(layer, FunctionType) or hasattr(layer, "__wrapped__")
        if is_layer and not any(layer is known for known in layers):
            layers.append(layer)
            waiting += [getattr(layer, "__wrapped__", None), *_captured(layer).values()]
    return layers


def outermost(method: Any, attribute: str) -> Any:
    """What a decorator set on the outermost layer of a method that has this attribute; None without."""
    values = (vars(layer)[attribute] for layer in decorated(method) if attribute in vars(layer))
    return next(values, None)


def is_partial_credit(method: Any) -> bool:
    """Does gradescope-utils' @partial_credit wrap this method, however deep?"""
    return any("set_score" in _captured(layer) for layer in decorated(method))


def _methods(case: type[unittest.TestCase]) -> list[str]:
    """Test methods in the order written, inherited ones first."""
    names = unittest.defaultTestLoader.getTestCaseNames(case)
    order = [name for base in reversed(case.__mro__) for name in vars(base)]
    return sorted(names, key=order.index)


def _declared(assignment: Assignment, case: type[unittest.TestCase], name: str) -> DeclaredTest:
    method = getattr(case, name)
    where = f"{assignment.cases}: {case.__qualname__}.{name}"
    _refuse(method, case, where)
    number = outermost(method, "__number__")
    if number is None:
        raise AssignmentError(
            f'{where} has no number: add @number("2.1") with the question that it belongs to'
        )
    question = assignment.question_of(str(number))
    visibility = outermost(method, "__visibility__") or question.visibility
    if visibility not in VISIBILITIES:
        raise AssignmentError(f"{where}: visibility {visibility!r} is none of {', '.join(VISIBILITIES)}")
    tags = tuple(outermost(method, "__tags__") or ())
    _check_tags(assignment, case, tags, where)
    return DeclaredTest(
        name=f"{case.__qualname__}.{name}",
        number=str(number),
        title=_title(method, where),
        points=outermost(method, "__weight__") or 0,
        visibility=visibility,
        tags=tags,
        partial_credit=is_partial_credit(method),
        leaderboard=outermost(method, "__leaderboard_column__") is not None,
    )


def _refuse(method: Any, case: type[unittest.TestCase], where: str) -> None:
    """Declarations that would lose or give away points in silence."""
    layers = decorated(method)
    if any(inspect.iscoroutinefunction(layer) for layer in layers):
        raise AssignmentError(f"{where} is `async def`: it would never be awaited; write `def`")
    if inspect.isgeneratorfunction(inspect.unwrap(method)):
        raise AssignmentError(f"{where} has a `yield`: nothing in it would ever run; take the yield out")
    if getattr(method, _EXPECTED_FAILURE, False) or getattr(case, _EXPECTED_FAILURE, False):
        raise AssignmentError(f"{where}: @expectedFailure has no place on a graded test; remove it")
    for attribute in _ATTRIBUTES:
        if hasattr(case, attribute):
            raise AssignmentError(
                f"{where}: @{attribute.strip('_')} decorates the class, where it has no effect; "
                "put the decorator on each test method"
            )
    weights = [vars(layer)["__weight__"] for layer in layers if "__weight__" in vars(layer)]
    if is_partial_credit(method) and any(weight != weights[0] for weight in weights):
        raise AssignmentError(f"{where} has @weight and @partial_credit that differ: keep only the latter")


def _title(method: Any, where: str) -> str:
    lines = (inspect.getdoc(method) or "").strip().splitlines()
    if not lines:
        raise AssignmentError(f"{where} has no docstring: its first line is the title that students see")
    return lines[0].strip()


def _check_tags(assignment: Assignment, case: type, tags: tuple[str, ...], where: str) -> None:
    if issubclass(case, GradedCase) and not tags:
        raise AssignmentError(f'{where} has no tags: add @tags("softmax") with the functions that it grades')
    for tag in tags:
        if issubclass(case, GradedCase) and tag not in assignment.functions:
            raise AssignmentError(f"{where}: tag {tag!r} is no function of {assignment.file}")


def _captured(layer: Any) -> dict[str, Any]:
    """What a function captured from where it was defined, by name; None for what is not set yet."""
    captured: dict[str, Any] = {}
    if not isinstance(layer, FunctionType):
        return captured
    for name, cell in zip(layer.__code__.co_freevars, layer.__closure__ or (), strict=True):
        captured[name] = None
        with contextlib.suppress(ValueError):
            captured[name] = cell.cell_contents
    return captured
