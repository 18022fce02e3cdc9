"""What tests of hostile submissions share: the way to the grader's connection, and what must hold after."""

from __future__ import annotations

import os
import textwrap
import time
from pathlib import Path

import pytest

from autograder.sandbox import landlock, processes
from autograder.sandbox.student import Student
from autograder.values import Failure
from tests.harness.sandboxed import Sandboxed

needs_files_confined = pytest.mark.skipif(
    os.geteuid() != 0 and not landlock.abi_version(), reason="neither another user nor Landlock here"
)
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")

# Descriptors that lead to the grader: of the submission while it loads, of a test in a call.
TO_THE_GRADER = """
import os, socket, stat, struct
def connections():
    found = []
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                found.append(descriptor)
        except OSError:
            pass
    return found
def frame(message):
    import msgspec
    body = msgspec.msgpack.encode(message)
    return struct.pack(">I", len(body)) + body
"""


def with_connections(source: str) -> str:
    return TO_THE_GRADER + textwrap.dedent(source)


def failure_of_call(student: Student, *arguments: object) -> Failure | None:
    """How a first call of `f` in a session of its own fails, if it does."""
    with student.session("attacked", 1) as session:
        return session.call("f", *arguments).failure


def assert_nobody_else_is_harmed(box: Sandboxed) -> None:
    """The next submission in the same nursery works, and of the attacker nothing is alive."""
    assert owned_by_students(box) == set()
    honest = box.student("import numpy as np\ndef f(x): return float(np.sum(x)) + 1\n", {"f": "x -> y"})
    with honest.session("next", 1) as session:
        reply = session.call("f", [20.0, 21.0])
    honest.close()
    assert reply.failure is None
    assert reply.value == 42.0
    assert owned_by_students(box) == set()


def owned_by_students(box: Sandboxed) -> set[int]:
    """Living processes of the student user and below the nursery; the kernel may take a moment."""
    give_up = time.monotonic() + 5
    while (found := _alive(box)) and time.monotonic() < give_up:
        time.sleep(0.01)
    return found


def _alive(box: Sandboxed) -> set[int]:
    found = processes.descendants(box.nursery.pid)
    if box.user is not None:
        found |= {int(path.name) for path in Path("/proc").glob("[0-9]*") if _uid(path) == box.user.uid}
    return set(filter(is_alive, found))


def is_alive(pid: int) -> bool:
    return _state(pid) not in (b"Z", b"X", b"")


def _uid(folder: Path) -> int | None:
    lines = processes.read_small(f"{folder}/status").split(b"\n")
    return next((int(line.split()[1]) for line in lines if line.startswith(b"Uid:")), None)


def _state(pid: int) -> bytes:
    return next(iter(processes.read_small(f"/proc/{pid}/stat").rpartition(b")")[2].split()), b"")
