"""Looking at and ending processes that nobody can be trusted to report on."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def children(pid: int) -> set[int]:
    """The living children of a process, by the kernel's own list; empty where there is no /proc."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                listed = Path(f"/proc/{pid}/task/{task}/children").read_text()
                found.update(int(child) for child in listed.split())
    return {child for child in found if not _is_zombie(child)}


def descendants(pid: int) -> set[int]:
    """The children of a process, their children, and so on."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children(waiting.pop()) - found:
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
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except (OSError, IndexError):
        return True
