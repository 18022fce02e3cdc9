"""The zip that Gradescope takes: everything that grading one assignment needs, and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import AutograderError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever and wherever it is built
SCRIPTS = ("setup.sh", "run_autograder")
EXECUTABLE = 0o100755 << 16
ORDINARY = 0o100644 << 16
NEVER = {"__pycache__", ".venv", ".git"}
# What an instructor does before the upload: these commands stay behind, with what only they use.
WORKSHOP = {
    *(f"autograder/commands/{name}.py" for name in ("build", "kit", "new_assignment", "rehearse")),
    *(f"autograder/{name}" for name in ("kit", "check", "rehearsal", "verification")),
    *(f"autograder/{name}.py" for name in ("package", "examples", "recorded")),
}


def package_files(assignment: Assignment) -> list[str]:
    """The files of the zip, relative to the project's root, sorted. AutograderError: one is missing."""
    files = {*SCRIPTS, "requirements.txt", f"assignments/{assignment.name}.toml"}
    for folder in ("autograder", assignment.reference, assignment.cases):
        files.update(_python_files(assignment.root, folder))
    for file in files:
        if not (assignment.root / file).is_file():
            raise AutograderError(f"{assignment.root / file} is missing: the package needs it")
    return sorted(files)


def write_package(assignment: Assignment, output: Path) -> list[str]:
    """Write the zip; returns the files in it. Building twice gives the same bytes."""
    files = package_files(assignment)
    temporary = output.with_name(f".{output.name}.new")
    with zipfile.ZipFile(temporary, "w") as archive:
        for file in files:
            info = zipfile.ZipInfo(file, EPOCH)
            info.create_system = 3  # Unix: the modes below mean what they say
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = EXECUTABLE if file in SCRIPTS else ORDINARY
            archive.writestr(info, _unix_lines((assignment.root / file).read_bytes()), compresslevel=9)
    temporary.replace(output)
    return files


def _python_files(root: Path, folder: str) -> Iterator[str]:
    for path in (root / folder).rglob("*.py"):
        relative = path.relative_to(root)
        places = {relative.as_posix(), *(parent.as_posix() for parent in relative.parents)}
        if not NEVER.intersection(relative.parts) and not WORKSHOP & places:
            yield relative.as_posix()


def _unix_lines(content: bytes) -> bytes:
    """A script with Windows line ends does not run on the platform, which mends only two of them."""
    return content.replace(b"\r\n", b"\n")
