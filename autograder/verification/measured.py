"""Running a command and measuring what it and everything below it takes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.sandbox.processes import descendants, kill, read_small

BETWEEN_LOOKS = 0.02  # seconds; a test process lives longer


@dataclass(frozen=True)
class Measured:
    """What a command took.

    seconds: from start to end. cpu_seconds: computing, of all its processes. peak_mb: the largest sum, over
    the processes that ran at one time, of what each has for itself and its share of what it shares (PSS);
    None where the system has no /proc. status: its exit status, None where it had to be ended.
    """

    status: int | None
    seconds: float
    cpu_seconds: float
    peak_mb: float | None

    @property
    def waiting(self) -> float:
        """Seconds in which nothing was computed."""
        return max(self.seconds - self.cpu_seconds, 0.0)


def measure(process: subprocess.Popen[bytes], seconds: float) -> Measured:
    """Wait for a process that was just started, and end it and all below it after so many seconds."""
    started = time.monotonic()
    peak = 0.0
    with ended(process):
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            passed = time.monotonic() - started
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                break
            if passed > seconds:
                break
            peak = max(peak, memory_mb({process.pid, *descendants(process.pid)}))
            time.sleep(BETWEEN_LOOKS)
    return Measured(
        process.returncode if pid else None, passed, usage.ru_utime + usage.ru_stime, peak or None
    )


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """After the block the process and everything below it is gone, however the block ended."""
    try:
        yield
    finally:
        if process.returncode is None:
            for pid in (process.pid, *descendants(process.pid)):
                kill(pid)
            process.wait()


def memory_mb(pids: set[int]) -> float:
    """What these processes have in memory together; one that is gone has nothing."""
    return sum(map(_proportional_kb, pids)) / 1024


def _proportional_kb(pid: int) -> float:
    lines = read_small(f"/proc/{pid}/smaps_rollup").splitlines()
    return next((float(line.split()[1]) for line in lines if line.startswith(b"Pss:")), 0.0)
