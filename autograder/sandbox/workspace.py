"""Where a submission lies while it is graded: a copy that it can read, and a folder that it can write."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from autograder.sandbox.confinement import User

FEW = 100  # entries that are removed at once; more are taken away, and removed while grading goes on
CLOSE_SECONDS = 5.0  # a hundred thousand folders, made in a second, take minutes to remove
# Without root, a folder that its owner may not enter has to be opened before it can be emptied.
_going_on: list[subprocess.Popen[bytes]] = []  # removals that outlive their workspace
_REMOVE = 'chmod -R u+rwX -- "$1"; exec rm -rf -- "$1"'


class Workspace:
    """A temporary folder with `submission/` (readable) and `scratch/` (writable by the student user)."""

    def __init__(self, user: User | None) -> None:
        self._user = user
        self.folder = Path(tempfile.mkdtemp(prefix="autograder-")).resolve()
        self.folder.chmod(0o711)
        self.submission = self.folder / "submission"
        self.scratch = self.folder / "scratch"
        self._removals: list[subprocess.Popen[bytes]] = []
        self._make_scratch()

    def clean(self) -> None:
        """Empty the scratch folder, so that nothing is left behind for the next test.

        The folder itself stays: what may be written is bound to it, not to its name.
        """
        with contextlib.suppress(OSError):
            self.scratch.chmod(0o700)
        with contextlib.suppress(OSError):
            for entry in os.listdir(self.scratch)[:FEW]:
                _remove_one(self.scratch / entry)
            left = os.listdir(self.scratch)
            if left:
                self._take_away(left)

    def close(self) -> None:
        """Remove everything. What takes longer than a few seconds is removed after we went on."""
        if not self._removals:
            self.clean()
        if not self._removals:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.exists():
            self._removals.append(_start_removal(self.folder))
        give_up = time.monotonic() + CLOSE_SECONDS
        for removal in self._removals:
            with contextlib.suppress(subprocess.TimeoutExpired):
                removal.wait(max(give_up - time.monotonic(), 0))
        _going_on[:] = [removal for removal in (*_going_on, *self._removals) if removal.poll() is None]

    def _make_scratch(self) -> None:
        self.scratch.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(self.scratch, self._user.uid, self._user.gid)

    def _take_away(self, names: list[str]) -> None:
        """Move entries out of the scratch folder, which takes no time, and start removing them."""
        rubbish = Path(tempfile.mkdtemp(prefix="rubbish-", dir=self.folder))
        for number, name in enumerate(names):
            entry = self.scratch / name
            with contextlib.suppress(OSError):
                if os.geteuid() != 0 and entry.is_dir() and not entry.is_symlink():
                    entry.chmod(0o700)  # a folder that is moved has to be writable
                entry.rename(rubbish / str(number))
        self._removals.append(_start_removal(rubbish))


def _remove_one(path: Path) -> None:
    """Remove a file, a link or an empty folder."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


def _start_removal(folder: Path) -> subprocess.Popen[bytes]:
    """Remove a folder of any depth in a process of its own; links are not followed."""
    command = ["rm", "-rf", "--"] if os.geteuid() == 0 else ["sh", "-c", _REMOVE, "sh"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        [*command, os.fspath(folder)], stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
