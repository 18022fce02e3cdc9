"""An assignment as data: a .toml file becomes frozen objects, or an error that names the entry.

assignments/exam.toml explains every entry. The project's root is the folder above the .toml file's own;
`reference` and `cases` are relative to it. Whatever is wrong raises AssignmentError: unknown entries,
wrong kinds, points that do not add up, two functions of one name.
"""

from __future__ import annotations

import math
import unittest
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.content import load_cases_from, load_functions_from
from autograder.errors import AssignmentError
from autograder.function_spec import FunctionSpec, read_functions
from autograder.questions import Part, Question, read_parts
from autograder.settings import (
    GradingSettings,
    Leaderboard,
    LimitSettings,
    RateLimit,
    read_grading,
    read_leaderboard,
    read_limits,
    read_rate_limit,
)
from autograder.toml_table import Table, did_you_mean

_ENTRIES = (
    "title",
    "seed",
    "public_seed",
    "points",
    "reference",
    "cases",
    "may_change",
    "limits",
    "grading",
    "forbid",
    "rate_limit",
    "leaderboard",
)


@dataclass(frozen=True)
class Assignment:
    """A checked assignment. `file` is the .toml file as messages name it; `functions` keep their order."""

    name: str
    file: str
    root: Path
    title: str
    seed: int
    public_seed: int
    points: float
    reference: str
    cases: str
    limits: LimitSettings
    functions: Mapping[str, FunctionSpec]
    parts: tuple[Part, ...]
    warnings: tuple[str, ...]
    grading: GradingSettings = field(default_factory=GradingSettings)
    rate_limit: RateLimit | None = None
    leaderboard: Leaderboard | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, part by part."""
        return tuple(question for part in self.parts for question in part.questions)

    def question_of(self, test_number: str) -> Question:
        """The question that a test's number belongs to: "2.1.3" -> question 2.1."""
        for question in self.questions:
            if f"{test_number}.".startswith(f"{question.number}."):
                return question
        numbers = ", ".join(question.number for question in self.questions)
        raise AssignmentError(f"{self.file}: no question {test_number}; there are {numbers}")


def load_assignment(path_or_name: str | Path, root: Path | None = None) -> Assignment:
    """Read an assignment by its path or its name: "exam" is assignments/exam.toml under `root`.

    root: the project's folder; without it, the one above the .toml file's folder, and for a name the one
    that holds this package.
    """
    path = _path_of(path_or_name, root)
    root = root or path.resolve().parent.parent
    file = path.resolve().relative_to(root.resolve()).as_posix() if _within(path, root) else str(path)
    return assignment_of(Table.load(path, file), path.stem, root)


def assignment_of(table: Table, name: str, root: Path) -> Assignment:
    """Check the entries of an assignment, wherever they were read. Raises AssignmentError."""
    table.refuse_unknown([*_ENTRIES, "functions", "parts", "questions"])
    parts, functions = read_parts(table), read_functions(table)
    return Assignment(
        name=name,
        file=table.file,
        root=root,
        title=table.text("title"),
        seed=table.whole("seed"),
        public_seed=_public_seed(table),
        points=table.positive("points"),
        reference=_folder(table, "reference"),
        cases=_folder(table, "cases"),
        limits=read_limits(table.table("limits", {})),
        grading=read_grading(table.table("grading", {})),
        functions=functions,
        parts=parts,
        warnings=_warnings(table.file, parts),
        rate_limit=read_rate_limit(table),
        leaderboard=read_leaderboard(table, functions),
    )


def only_assignment(root: Path | None = None) -> str:
    """The name of the one assignment that this project holds, as a package does. Raises AssignmentError."""
    folder = (root or Path(__file__).resolve().parents[1]) / "assignments"
    names = sorted(path.stem for path in folder.glob("*.toml"))
    if len(names) != 1:
        found = ", ".join(names) or "none"
        raise AssignmentError(f"{folder}: holds {found}; name one, or set AUTOGRADER_ASSIGNMENT")
    return names[0]


def load_cases(assignment: Assignment) -> list[type[unittest.TestCase]]:
    """The graded TestCase classes, by file name, then in the order written.

    Raises AssignmentError with file and line where a case file cannot be imported.
    """
    folder = assignment.root / assignment.cases
    return load_cases_from(folder, assignment.cases, f"{assignment.name}_cases")


def load_reference(assignment: Assignment) -> dict[str, Callable[..., Any]]:
    """The answer key: every declared function by its name. Raises AssignmentError where one is missing."""
    files: dict[str, list[str]] = defaultdict(list)
    for function in assignment.functions.values():
        files[function.file].append(function.name)
    return load_functions_from(assignment.root / assignment.reference, assignment.reference, files)


def check_weights(assignment: Assignment, tests: Iterable[tuple[str, float, str]]) -> None:
    """Check that the (number, weight, name) of all graded tests give every question its points.

    Weights are whole hundredths, so that points add up exactly wherever they are added.
    Raises AssignmentError with one line for each question or test that is wrong.
    """
    problems = []
    sums: dict[str, float] = defaultdict(float)
    for number, weight, name in tests:
        if problem := _weight_problem(number, weight):
            problems.append(f"{assignment.cases}: test {name!r} {problem}")
        else:
            sums[assignment.question_of(str(number)).number] += weight
    for question in assignment.questions:
        if not math.isclose(sums[question.number], question.points, abs_tol=1e-6):
            problems.append(
                f"{assignment.file}: question {question.number} is worth {question.points:g}, "
                f"but the weights in {assignment.cases} add up to {round(sums[question.number], 2):g}"
            )
    if problems:
        raise AssignmentError("\n".join(problems))


def _weight_problem(number: Any, weight: Any) -> str:
    if number is None:
        return 'has no question; write @number("2.1") above it'
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < math.inf:
        return f"needs a weight of at least 0, such as @weight(2), not {weight!r}"
    if not math.isclose(weight * 100, round(weight * 100), abs_tol=1e-6):
        return f"has the weight {weight!r}; use at most two decimals"
    return ""


def _path_of(path_or_name: str | Path, root: Path | None) -> Path:
    path = Path(path_or_name)
    if path.suffix == ".toml":
        return path if root is None or path.is_absolute() or path.exists() else root / path
    folder = (root or Path(__file__).resolve().parent.parent) / "assignments"
    names = sorted(file.stem for file in folder.glob("*.toml"))
    if str(path) not in names:
        there = ", ".join(names) or "none"
        guess = did_you_mean(str(path), names)
        raise AssignmentError(f"no assignment {str(path)!r} in {folder}{guess}; there are: {there}")
    return folder / f"{path}.toml"


def _within(path: Path, root: Path) -> bool:
    return root.resolve() in path.resolve().parents


def _folder(table: Table, key: str) -> str:
    folder = Path(table.text(key))
    if folder.is_absolute() or ".." in folder.parts:
        table.fail(key, f"must be a folder inside the project, relative to it, not {str(folder)!r}")
    return folder.as_posix()


def _public_seed(table: Table) -> int:
    graded = table.whole("seed")
    seed = table.whole("public_seed", 1 if graded != 1 else 2)
    if seed == graded:
        table.fail("public_seed", "must differ from seed, or the kit gives the graded inputs away")
    return seed


def _warnings(file: str, parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(
        f"{file}: question {question.number} is hidden, so no student ever sees a total score; "
        "for secret tests use after_published"
        for part in parts
        for question in part.questions
        if question.visibility == "hidden"
    )
