"""One student user for each grading that runs on this machine at the same time.

Killing everything that a user owns must not reach another submission: so two gradings never share one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.confinement import User, student_user

SLOTS = 64
_LOCKS = Path("/run" if Path("/run").is_dir() else "/var/run")


@contextlib.contextmanager
def claimed_user() -> Iterator[User | None]:
    """The first student user that no other grading holds; None where we cannot become anybody else.

    The claim ends with the block, or with this process. Raises SandboxError if all are taken.
    """
    if os.geteuid() != 0:
        yield None
        return
    for slot in range(SLOTS):
        descriptor = os.open(
            _LOCKS / f"autograder-student-{slot}.lock",
            os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW,
            0o600,
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        try:
            yield student_user(slot)
        finally:
            os.close(descriptor)
        return
    raise SandboxError(f"{SLOTS} gradings run on this machine already: wait for one to end")
