"""Looking at and ending processes that nobody can be trusted to report on."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Container


def children(pid: int, known: Container[int] = ()) -> set[int]:
    """The living children of a process but the known ones, by the kernel's own list; empty without /proc."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            listed = read_small(f"/proc/{pid}/task/{task}/children")
            found.update(child for child in map(int, listed.split()) if child not in known)
    return {child for child in found if not _is_zombie(child)}


def read_small(path: str) -> bytes:
    """The start of a file of the kernel's; nothing where it is gone. Cheaper than a file object."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def descendants(pid: int, known: Container[int] = ()) -> set[int]:
    """The children of a process but the known ones, their children, and so on."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children(waiting.pop(), known) - found:
            found.add(child)
            waiting.append(child)
    return found


def kill(pid: int | None) -> None:
    """Kill one process; one that is gone already is no error."""
    if pid is not None and pid > 1:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


class Process:
    """A process that we may have to end, held so that its number cannot come to mean another one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = -1
        self._ended = False
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(pid)

    def kill(self) -> None:
        """End it at once; one that is gone already is no error. A second call does nothing."""
        if self._ended:
            return
        self._ended = True
        if self._handle < 0:
            kill(self.pid)
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self._handle = -1


def _is_zombie(pid: int) -> bool:
    fields = read_small(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return not fields or fields[0] == b"Z"
