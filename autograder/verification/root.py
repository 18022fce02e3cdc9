"""A root of the platform's, in a temporary folder of this machine.

ROOT/source/                     the zip, unpacked
ROOT/run_autograder              copied out of it
ROOT/submission/                 one submission, fresh for every run
ROOT/submission_metadata.json    who handed it in
ROOT/results/                    empty before every run
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

METADATA = {
    "id": 1,
    "created_at": "2025-01-01T12:00:00.000000-08:00",
    "users": [{"id": 1, "name": "Example", "email": "example@example.org"}],
    "assignment": {"id": 1, "title": "Example"},
    "submission_method": "upload",
    "previous_submissions": [],
}
# Of this machine's environment, what no command may notice: the platform has none of it.
_NOT_OURS = ("PYTHON", "VIRTUAL_ENV", "AUTOGRADER_ROOT", "AUTOGRADER_ASSIGNMENT", "PYTEST_")


@dataclass(frozen=True)
class Root:
    """The platform's folder `folder`, and how a command is started in it.

    inside: the path by which commands know it. setup: the command that installs the package. untried: what
    the platform does and this root does not, for the report. user: whom student code must run as, "" where
    that is left to the machine.
    """

    folder: Path
    inside: str
    setup: tuple[str, ...]
    untried: tuple[str, ...]
    user: str = ""
    setup_environment: Mapping[str, str] = field(default_factory=dict)
    run_environment: Mapping[str, str] = field(default_factory=dict)

    def start(
        self, command: Sequence[str], place: str, environment: Mapping[str, str], output: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        """Start a command in the folder `place` of this root. All that it says goes to `output`."""
        return subprocess.Popen(
            list(command),
            cwd=self.folder / place,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@contextlib.contextmanager
def temporary_root() -> Iterator[Root]:
    """An empty root in the folder for temporary files; it is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="autograder-verify-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)  # the student user must be able to walk through it
        inside = str(folder)
        run = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "AUTOGRADER_ROOT": inside}
        yield Root(
            folder,
            inside,
            ("bash", f"{inside}/source/setup.sh", "--no-system-changes"),
            (
                "the part of setup.sh that changes the system: installing Python, creating the student users",
                "the platform's own Ubuntu and Python",
            ),
            setup_environment={
                name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)
            },
            run_environment=run,
        )


def unpack(package: Path, root: Root) -> None:
    """Lay the zip out as the platform does."""
    source = root.folder / "source"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(source)
        for info in archive.infolist():
            (source / info.filename).chmod(info.external_attr >> 16 & 0o777)
    shutil.copy(source / "run_autograder", root.folder / "run_autograder")
    (root.folder / "submission_metadata.json").write_text(json.dumps(METADATA))


def hand_in(submission: Path, root: Root) -> None:
    """Put a submission into the root in place of the one before."""
    for name in ("submission", "results"):
        shutil.rmtree(root.folder / name, ignore_errors=True)
    shutil.copytree(submission, root.folder / "submission", ignore=shutil.ignore_patterns("__pycache__"))
    (root.folder / "results").mkdir()
