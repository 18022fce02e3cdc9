"""Where a submission lies while it is graded: a copy that it can read, and a folder that it can write."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from autograder.sandbox.confinement import User


class Workspace:
    """A temporary folder with `submission/` (readable) and `scratch/` (writable by the student user)."""

    def __init__(self, user: User | None) -> None:
        self._user = user
        self.folder = Path(tempfile.mkdtemp(prefix="autograder-")).resolve()
        self.folder.chmod(0o711)
        self.submission = self.folder / "submission"
        self.scratch = self.folder / "scratch"
        self._make_scratch()

    def clean(self) -> None:
        """Empty the scratch folder, so that nothing is left behind for the next test.

        The folder itself stays: what may be written is bound to it, not to its name.
        """
        with os.scandir(self.scratch) as entries:
            for entry in list(entries):
                _remove(Path(entry.path))

    def close(self) -> None:
        _remove(self.folder)

    def _make_scratch(self) -> None:
        self.scratch.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(self.scratch, self._user.uid, self._user.gid)


def _remove(folder: Path) -> None:
    """Remove what a student may have filled: links are not followed, and no depth is too deep."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    if os.path.lexists(folder):
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
