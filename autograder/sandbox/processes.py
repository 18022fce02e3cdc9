"""Looking at and ending processes that nobody can be trusted to report on."""

from __future__ import annotations

import contextlib
import os
import select
import signal

LEAVE_SECONDS = 1.0  # for a killed process to be gone, which takes the kernel a millisecond


def children(pid: int) -> set[int]:
    """The children of a process, dead ones that wait for their burial included; empty without /proc."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            found.update(map(int, read_small(f"/proc/{pid}/task/{task}/children").split()))
    return found


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


def descendants(pid: int) -> set[int]:
    """The children of a process, their children, and so on."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        new = children(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def kill(pid: int) -> None:
    """Kill one process; one that is gone already is no error."""
    if pid > 1:
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


class Leader(Process):
    """A process that leads a group of its own: what it forks stays in the group, where seccomp sees to it."""

    def kill(self) -> None:
        """End the whole group at once, however fast it forks; wait until the leader's children left it."""
        if self._ended:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            gone = select.poll()
            gone.register(self._handle, select.POLLIN)
            gone.poll(1000 * LEAVE_SECONDS)
        super().kill()
