"""How long a process may go on: CPU seconds for work, a shorter patience for doing nothing.

Seconds of CPU rather than of the clock, so that a slow container does not fail good code; read by the
host from the kernel's own books, so that nothing the process does can change them.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from autograder.sandbox.processes import read_small
from autograder.values import FailureKind

STARVED_FACTOR = 10  # clock seconds allowed per CPU second where the CPU time cannot be read
PROGRESS_SECONDS = 0.005
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Expired(Exception):
    """A budget ran out; `kind` says which."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind)
        self.kind: FailureKind = kind


@dataclass
class Watch:
    """Call it now and then; it raises Expired when the process has had enough.

    cpu_seconds: of work from now on. idle_seconds: of the clock without any work.
    deadline: on time.monotonic's clock, for whatever the process does.
    """

    pid: int | None
    cpu_seconds: float
    idle_seconds: float
    deadline: float

    def __post_init__(self) -> None:
        self._started = self._moved = time.monotonic()
        # Read at the first look: most calls are over before anybody looks.
        self._first: float | None = None
        self._last = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now > self.deadline:
            raise Expired("wall_time")
        used, running = self._usage()
        if used is None:
            if now - self._started > self.cpu_seconds * STARVED_FACTOR:
                raise Expired("cpu_time")
            return
        if self._first is None:
            self._first = used
        if running or used - self._last > PROGRESS_SECONDS:
            self._last, self._moved = used, now
        if used - self._first > self.cpu_seconds:
            raise Expired("cpu_time")
        if now - self._moved > self.idle_seconds:
            raise Expired("idle")

    def _usage(self) -> tuple[float | None, bool]:
        """CPU seconds used so far, None where unknown; and whether it wants to run right now."""
        fields = read_small(f"/proc/{self.pid}/stat").rpartition(b")")[2].split() if self.pid else []
        if len(fields) < 13:
            return None, False
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND, fields[0] in (b"R", b"D")
