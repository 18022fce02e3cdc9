"""A thread that ends this process when a call of a student's function does not come back."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator

from autograder.values import FailureKind, Frame

TICK = 0.1  # seconds between looks
PATIENCE = 2  # times the waiting that the assignment allows: a busy machine makes its processes wait, too


class Watchdog:
    """Calls `expired` from its own thread, with the reason, once a watched block is over its limit.

    alive: called about once a second, watched block or not, as long as Python runs at all.
    """

    def __init__(self, expired: Callable[[FailureKind], None], alive: Callable[[], None]) -> None:
        self._expired = expired
        self._alive = alive
        self._watched: tuple[float, float, float, float] | None = None
        threading.Thread(target=self._watch, daemon=True).start()

    @contextlib.contextmanager
    def limit(self, cpu_seconds: float, idle_seconds: float) -> Iterator[None]:
        """The block may compute for so long, and wait for so long."""
        self._watched = (time.process_time(), time.monotonic(), cpu_seconds, PATIENCE * idle_seconds)
        try:
            yield
        finally:
            self._watched = None

    def _watch(self) -> None:
        told = 0.0
        while True:
            time.sleep(TICK)
            now = time.monotonic()
            if now - told >= 1:
                self._alive()
                told = now
            watched = self._watched
            if watched is not None and (kind := _over(*watched)) is not None:
                self._expired(kind)


def _over(cpu: float, started: float, cpu_seconds: float, idle_seconds: float) -> FailureKind | None:
    computed = time.process_time() - cpu
    if computed > cpu_seconds:
        return "cpu_time"
    return "idle" if time.monotonic() - started - computed > idle_seconds else None


def frames_of(thread: int, own_file: Callable[[str], str | None]) -> tuple[Frame, ...]:
    """Where a thread is right now: the student's own lines, the outermost first."""
    frame = sys._current_frames().get(thread)
    stack = traceback.extract_stack(frame) if frame is not None else []
    found = [(own_file(each.filename), each) for each in stack]
    return tuple(Frame(file, each.lineno or 0, each.name, each.line or "") for file, each in found if file)
