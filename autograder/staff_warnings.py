"""What staff should know about an assignment that is not wrong, but may not do what they expect."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Sequence

from autograder.assignment import Assignment
from autograder.declared import DeclaredTest

UNTIL = {
    "after_due_date": "students see no total score before the due date (the late one, where there is one)",
    "after_published": "students see no total score before the grades are published",
}
SHOWN = 6  # numbers of tests in one line


def staff_warnings(assignment: Assignment, tests: Sequence[DeclaredTest]) -> list[str]:
    """One line for each thing worth knowing; imports what `forbid` names, to see whether it is there."""
    return [*visibility_warnings(assignment, tests), *unknown_names(assignment)]


def visibility_warnings(assignment: Assignment, tests: Sequence[DeclaredTest]) -> list[str]:
    """What the visibility of questions and tests does to the total score that students see.

    The platform shows a student no total as long as one test, of however few points, is not visible.
    """
    hidden_questions = {each.number for each in assignment.questions if each.visibility == "hidden"}
    hidden = [
        test
        for test in tests
        if test.visibility == "hidden" and assignment.question_of(test.number).number not in hidden_questions
    ]
    warnings = list(assignment.warnings)
    if hidden:
        warnings.append(
            f"{assignment.cases}: {_numbers(hidden)} hidden, so no student ever sees a total score; "
            "for secret tests use after_published"
        )
    if warnings:
        return warnings
    for visibility, consequence in UNTIL.items():
        later = [test for test in tests if test.visibility == visibility]
        if later:
            warnings.append(f"{assignment.file}: {_numbers(later)} {visibility}, so {consequence}")
    return warnings


def unknown_names(assignment: Assignment) -> list[str]:
    """A line for each name in `forbid` that an installed package does not have: misspelt, most likely.

    Nothing is said about packages that are not installed here. Imports the packages: not while grading.
    """
    names = dict.fromkeys(name for question in assignment.questions for name in question.forbid)
    return [
        f"{assignment.file}: forbid: there is no {name} in the installed {name.partition('.')[0]}; "
        "is it misspelt?"
        for name in names
        if _is_installed(name.partition(".")[0]) and not _exists(name)
    ]


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _exists(name: str) -> bool:
    """Can it be imported, or is it an attribute of something that can?"""
    try:
        importlib.import_module(name)
        return True
    except Exception:
        above, _, attribute = name.rpartition(".")
    try:
        return bool(above) and hasattr(importlib.import_module(above), attribute)
    except Exception:
        return False


def _numbers(tests: Iterable[DeclaredTest]) -> str:
    numbers = [test.number for test in tests]
    more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    listed = ", ".join(numbers[:SHOWN]) + more
    return f"test {listed} is" if len(numbers) == 1 else f"tests {listed} are"
