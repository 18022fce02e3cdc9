"""The exam's kit, unpacked where nothing of ours is, and a Python that has NumPy and nothing else."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.assignment import load_assignment
from autograder.kit.package import Kit, make_kit, write_kit
from tests.harness.examples import FOLDER

STARTER_FILES = ("attention.py", "layers.py", "optim.py", "rnn_layers.py", "tokenizer.py")
_LINE = re.compile(r"(ok|--)  (\S+) +(\S+) / (\S+)  (.*)")


@functools.cache
def exam_kit() -> Kit:
    return make_kit(load_assignment("exam"))


def unpacked(folder: Path) -> Path:
    """The kit in a new folder below this one."""
    write_kit(exam_kit(), folder / "exam-kit.zip")
    with zipfile.ZipFile(folder / "exam-kit.zip") as archive:
        archive.extractall(folder)
    return folder / "exam-kit"


def handed(folder: Path, story: str) -> Path:
    """The kit with an example's files in place of the starter files."""
    kit = unpacked(folder)
    for name in STARTER_FILES:
        (kit / name).unlink()
    shutil.copytree(FOLDER / story / "submission", kit, dirs_exist_ok=True)
    return kit


def limits(kit: Path, **seconds: float) -> Path:
    """Set limits of the unpacked kit, so that what hangs is found out sooner."""
    file = kit / "check_files" / "assignment.json"
    entries = json.loads(file.read_text())
    entries["limits"].update(seconds)
    file.write_text(json.dumps(entries))
    return kit


def with_code(folder: Path, **code: str) -> Path:
    """The kit with the right solutions, and this code at the end of some files: layers="def softmax ..."."""
    kit = handed(folder, "perfect")
    for name, text in code.items():
        with (kit / f"{name}.py").open("a") as file:
            file.write(f"\n\n{text}\n")
    return kit


@functools.cache
def _environment() -> tempfile.TemporaryDirectory:
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    venv.create(folder.name, with_pip=False)
    installed = Path(np.__file__).resolve().parents[1]
    (packages,) = Path(folder.name).glob("lib/python*/site-packages")
    for name in ("numpy", "numpy.libs"):
        if (installed / name).is_dir():
            (packages / name).symlink_to(installed / name)
    return folder


def numpy_alone() -> str:
    """An interpreter for which nothing but NumPy is installed."""
    return os.fspath(Path(_environment().name) / "bin" / "python")


@dataclass(frozen=True)
class Checked:
    """What check.py printed: verdicts by number as (passed, points)."""

    status: int
    output: str
    errors: str

    @property
    def verdicts(self) -> dict[str, tuple[bool, float]]:
        found = map(_LINE.fullmatch, self.output.splitlines())
        return {each[2]: (each[1] == "ok", float(each[3])) for each in found if each}

    @property
    def lost(self) -> dict[str, float]:
        """As in expected.json."""
        return {number: points for number, (passed, points) in self.verdicts.items() if not passed}

    @property
    def titles(self) -> dict[str, str]:
        found = map(_LINE.fullmatch, self.output.splitlines())
        return {each[2]: each[5] for each in found if each}

    def told(self, number: str) -> str:
        """The text under one test, as it was before it was indented."""
        lines = self.output.splitlines()
        start = lines.index(f"{number} {self.titles[number].removesuffix('  (not implemented yet)')}") + 1
        text: list[str] = []
        for line in lines[start:]:
            if line and not line.startswith("    "):
                break
            text.append(line[4:])
        return "\n".join(text).rstrip("\n")


def check(kit: Path, *options: str, python: str | None = None, **environment: str) -> Checked:
    """Run check.py in an empty environment, from some other folder."""
    done = subprocess.run(
        [python or numpy_alone(), os.fspath(kit / "check.py"), *options],
        cwd=kit.parent,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return Checked(done.returncode, done.stdout, done.stderr)


def with_torch() -> str:
    """This very interpreter, which has everything."""
    return sys.executable
