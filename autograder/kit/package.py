"""The student kit as one zip, with public inputs: nothing in it depends on the seed of the graded ones."""

from __future__ import annotations

import json
import tempfile
import unittest
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import getfile
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, load_cases, load_reference
from autograder.case import GradedCase
from autograder.declared import DeclaredTest, declared_tests
from autograder.errors import AssignmentError
from autograder.kit.shipped_modules import needed_modules
from autograder.kit.starter import starter_file
from autograder.package import EPOCH, ORDINARY
from autograder.recorded import save
from autograder.runner import run
from autograder.solutions import Reference
from autograder.toml_table import Table

FILES = "check_files"  # the folder for everything that students need not look at
STARTS = ("autograder.check.main", "autograder.check.worker")
TEMPLATES = Path(__file__).resolve().parent / "files"
PACKAGE = TEMPLATES.parent.parent
FOR_GRADESCOPE = ("rate_limit", "leaderboard")  # settings that mean nothing on a student's machine


@dataclass(frozen=True)
class Kit:
    """What was written: the files by their place in the zip, and the public tests in them."""

    files: dict[str, bytes]
    tests: tuple[DeclaredTest, ...]
    left_out: tuple[DeclaredTest, ...]


def make_kit(assignment: Assignment) -> Kit:
    """All files of the kit. Raises AssignmentError where it would give something away or the key fails."""
    cases = load_cases(assignment)
    tests = declared_tests(assignment, cases)
    public = tuple(test for test in tests if test.visibility == "visible")
    case_files = _case_files(assignment, cases, tests)
    files = {
        "README.md": _readme(assignment, public),
        "check.py": (TEMPLATES / "check.py").read_bytes(),
        **_starter_files(assignment),
        f"{FILES}/assignment.json": _entries(assignment, public),
        f"{FILES}/expected.npz": _expected(assignment, cases, public),
    }
    for path in case_files:
        files[f"{FILES}/cases/{path.name}"] = path.read_bytes()
    for path in needed_modules(PACKAGE, STARTS):
        files[f"{FILES}/{path.relative_to(PACKAGE.parent).as_posix()}"] = path.read_bytes()
    for path in sorted((TEMPLATES / "gradescope_utils").rglob("*.py")):
        files[f"{FILES}/{path.relative_to(TEMPLATES).as_posix()}"] = path.read_bytes()
    return Kit(files, public, tuple(test for test in tests if test not in public))


def write_kit(kit: Kit, output: Path) -> None:
    """Write the zip, below one folder of its own name. Writing twice gives the same bytes."""
    temporary = output.with_name(f".{output.name}.new")
    with zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted(kit.files):
            info = zipfile.ZipInfo(f"{output.stem}/{name}", EPOCH)
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = ORDINARY
            archive.writestr(info, kit.files[name], compresslevel=9)
    temporary.replace(output)


def _starter_files(assignment: Assignment) -> dict[str, bytes]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for function in assignment.functions.values():
        wanted[function.file].append(function.name)
    folder = assignment.root / assignment.reference
    return {
        file: starter_file((folder / file).read_text(encoding="utf-8"), names, file).encode()
        for file, names in wanted.items()
    }


def _case_files(
    assignment: Assignment, cases: Sequence[type[unittest.TestCase]], tests: Sequence[DeclaredTest]
) -> list[Path]:
    """The case files that students may see, and what these share. Files ship whole or not at all."""
    visible: dict[Path, set[bool]] = defaultdict(set)
    for case in cases:
        own = [test for test in tests if test.name.rpartition(".")[0] == case.__qualname__]
        visible[Path(getfile(case))].update(test.visibility == "visible" for test in own)
    for file, found in visible.items():
        if len(found) > 1:
            raise AssignmentError(
                f"{assignment.cases}/{file.name}: some of its tests are visible and some are not; move the "
                "latter to a file of their own, which stays out of the kit"
            )
    shared = (assignment.root / assignment.cases).glob("_*.py")
    return sorted([*shared, *(file for file, found in visible.items() if found == {True})])


def _expected(
    assignment: Assignment, cases: Sequence[type[unittest.TestCase]], public: Sequence[DeclaredTest]
) -> bytes:
    """expected.npz: what the key answers to every public test with the public seed."""
    key = Reference(load_reference(assignment), assignment.functions)
    names = {test.name for test in public}
    outcome = run(
        assignment, cases, key, key, seed=assignment.public_seed, only=lambda test: test.name in names
    )
    failed = [result for result in outcome.results if result.status != "passed"]
    if failed:
        raise AssignmentError(
            f"the key fails {failed[0].number} where public_seed = {assignment.public_seed}: "
            f"{failed[0].output}"
        )
    calls = {test.name: case.calls for case, test in outcome.finished if isinstance(case, GradedCase)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expected.npz"
        save(calls, path)
        return path.read_bytes()


def _entries(assignment: Assignment, public: Sequence[DeclaredTest]) -> bytes:
    """The assignment as the kit knows it: its seed is the public one, its points are the public tests'."""
    path = assignment.root / assignment.file
    entries: dict[str, Any] = dict(Table.load(path, assignment.file).entries)
    del entries["seed"]
    for key in ("public_seed", *FOR_GRADESCOPE):
        entries.pop(key, None)
    points: dict[str, float] = defaultdict(float)
    for test in public:
        points[assignment.question_of(test.number).number] += test.points
    entries["questions"] = [
        {**question, "points": round(points[question["number"]], 2)}
        for question in entries["questions"]
        if points[question["number"]]
    ]
    entries["parts"] = [
        {**part, "points": round(total, 2)}
        for part in entries["parts"]
        if (total := sum(points[each] for each in points if each.startswith(f"{part['number']}.")))
    ]
    entries["points"] = round(sum(points.values()), 2)
    entries.update(seed=assignment.public_seed, cases="cases")
    return json.dumps(entries, indent=1, ensure_ascii=False).encode() + b"\n"


def _readme(assignment: Assignment, public: Sequence[DeclaredTest]) -> bytes:
    text = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    files: dict[str, int] = defaultdict(int)
    for function in assignment.functions.values():
        files[function.file] += 1
    table = "\n".join(f"- `{file}`: {count} functions" for file, count in files.items())
    question = assignment.question_of(public[0].number).number if public else "1.1"
    values = {"TITLE": assignment.title, "FILES": table, "QUESTION": question, "TESTS": str(len(public))}
    values["SECONDS"] = f"{assignment.limits.cpu_seconds:g}"
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text.encode()
