"""The CPU seconds that processes have used, in the kernel's own books."""

from __future__ import annotations

import sys
import time

_SCHEDULED = 2  # of the kernel's three clocks of a process, the one in nanoseconds


def cpu_seconds(*pids: int | None) -> float | None:
    """Of these processes and all their threads together; None where it cannot be read.

    Nothing that a process does to its own clocks changes it. Only on Linux.
    """
    if not sys.platform.startswith("linux") or not pids:
        return None
    try:
        return sum(time.clock_gettime((~pid << 3) | _SCHEDULED) for pid in pids if pid is not None)
    except OSError:
        return None
