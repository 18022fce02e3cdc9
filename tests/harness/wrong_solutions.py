"""Solutions of the exam that are wrong all over, and what students would read about them.

Each is the key with its answers spoilt on the way out, so that every graded value is wrong while caches go on
working; graded in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.assignment import Assignment, load_assignment, load_cases, load_reference
from autograder.case import GradedCase
from autograder.declared import DeclaredTest
from autograder.explainer import Explainer
from autograder.function_spec import FunctionSpec
from autograder.mistakes_loader import load_mistakes
from autograder.runner import run
from autograder.signature import Returns
from autograder.solutions import Reference
from autograder.test_report import report

EXAM = load_assignment("exam")
CASES = load_cases(EXAM)
KEY = load_reference(EXAM)
MISTAKES = load_mistakes(EXAM)

Change = Callable[[Any], Any]
Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class GradedRun:
    """All tests of a run by name, those that failed, and what explains them."""

    cases: Mapping[str, GradedCase]
    failed: Sequence[tuple[GradedCase, DeclaredTest]]
    explainer: Explainer

    def texts(self, visibility: str = "visible", show_expected: bool = True) -> dict[str, str]:
        """What stands under each failed test, by its number, for tests of this visibility."""
        texts = {}
        for case, declared in self.failed:
            assert case.grading is not None
            case.grading = replace(case.grading, show_expected=show_expected)
            shown = replace(declared, visibility=visibility)
            texts[declared.number] = report(case, shown, self.explainer.known(case, shown))
        return texts


def graded(student: Functions, key: Functions = KEY, assignment: Assignment = EXAM) -> GradedRun:
    """Grade functions against a key, in this process."""
    specs = assignment.functions
    outcome = run(assignment, CASES, Reference(student, specs), Reference(key, specs))
    finished = [(case, test) for case, test in outcome.finished if isinstance(case, GradedCase)]
    explainer = Explainer(finished, key, specs, MISTAKES, {})
    cases = {test.name: case for case, test in finished}
    return GradedRun(cases, [(case, test) for case, test in finished if case.findings], explainer)


def spoilt(change: Change, every_output: bool = True) -> dict[str, Callable[..., Any]]:
    """The key with each returned value changed; without `every_output`, only the last of each function."""
    return {
        name: _spoilt(function, EXAM.functions[name], change, every_output) for name, function in KEY.items()
    }


def _spoilt(function: Callable[..., Any], spec: FunctionSpec, change: Change, every_output: bool) -> Any:
    graded_names = [name for _, name in spec.signature.leaves() if not spec.signature.stays(name)]
    wrong = set(graded_names if every_output else graded_names[-1:])

    def spoil(value: Any, names: Returns) -> Any:
        if isinstance(names, str):
            return changed(value, change) if names in wrong else value
        return tuple(spoil(item, name) for item, name in zip(value, names, strict=True))

    return lambda *arguments: spoil(function(*arguments), spec.signature.returns)


def changed(value: Any, change: Change) -> Any:
    """A value with each of its arrays and numbers changed."""
    if isinstance(value, dict):
        return {key: changed(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(changed(item, change) for item in value)
    return value if isinstance(value, (str, bool)) or value is None else change(value)


def raising_with_its_arguments(*arguments: Any) -> Any:
    """A function that tells its inputs in whatever an exception can hold."""
    text = repr(arguments)
    raise type(text, (ValueError,), {})(text)


def printing_its_arguments(function: Callable[..., Any]) -> Callable[..., Any]:
    def prints(*arguments: Any) -> Any:
        print(arguments)
        return function(*arguments)

    return prints


def numbers_in(value: Any) -> np.ndarray:
    """The sizes of all numbers in a value, however deep, each once."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return np.unique(np.concatenate([np.zeros(0), *map(numbers_in, value)]))
    array = np.asarray(value) if isinstance(value, (int, float, np.generic, np.ndarray)) else np.zeros(0)
    return np.unique(np.abs(array[np.isfinite(array)])) if array.dtype.kind in "iuf" else np.zeros(0)
