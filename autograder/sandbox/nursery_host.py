"""The host's side of the nursery: starting it, asking it for submission processes, sweeping a user."""

from __future__ import annotations

import contextlib
import math
import subprocess
import time
from collections.abc import Sequence

from autograder.errors import SandboxError
from autograder.sandbox import messages, processes
from autograder.sandbox.confinement import Limits, User
from autograder.sandbox.framing import MEGABYTE, Closed, Connection, pair
from autograder.sandbox.launch import Launched
from autograder.sandbox.watch import TICKS_PER_SECOND, Watch

_START_SECONDS = 120.0  # for torch on a cold disk; NumPy alone takes a tenth of a second
_ORDER_SECONDS = 30.0
_REPORT_BYTES = 2 * MEGABYTE  # of what a submission process says: where loading failed, how a test ended


class Nursery:
    """A running nursery. The first order waits until it is ready."""

    def __init__(self, launched: Launched) -> None:
        self._process = launched.process
        self._errors = launched.errors
        self._connection = Connection(launched.end)
        self._ready = False
        self._submissions: set[int] = set()

    @property
    def pid(self) -> int:
        return self._process.pid

    def spawn(
        self, user: User | None, limits: Limits, readable: Sequence[str], writable: Sequence[str]
    ) -> tuple[processes.Leader, Connection]:
        """Start a submission process; gives it and the connection to it."""
        ours, theirs = pair()
        order = messages.Spawn(
            uid=user.uid if user else None,
            gid=user.gid if user else None,
            user=user.name if user else "",
            limits=limits,
            readable=list(readable),
            writable=list(writable),
        )
        pid = self._ask(order, messages.Spawned, [theirs.fileno()]).pid
        theirs.close()
        self._submissions.add(pid)
        return processes.Leader(pid), Connection(ours, takes_bytes=_REPORT_BYTES)

    def end(self, submission: processes.Leader) -> None:
        """End a submission process and its group; `orphans` names it until it is buried."""
        submission.kill()
        self._submissions.discard(submission.pid)

    def sweep(self, user: User) -> None:
        """Kill everything that this user owns, however fast it forks."""
        self._ask(messages.Sweep(user.uid, user.gid), messages.Swept)

    def orphans(self) -> set[int]:
        """Processes below the nursery that are no submission in use: ended ones, until they are buried, and
        those that a submission started and that lost their parent."""
        return processes.children(self.pid) - self._submissions

    def cpu_seconds(self) -> float:
        """Used by the nursery and by whatever ran below it and is gone; 0 where there is no /proc."""
        fields = processes.read_small(f"/proc/{self.pid}/stat").rpartition(b")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS_PER_SECOND

    def close(self) -> None:
        self._connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        for pid in processes.descendants(self.pid):
            processes.kill(pid)
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _ask(self, order: object, answer: type, descriptors: Sequence[int] = ()) -> messages.Spawned:
        try:
            if not self._ready:
                self._connection.receive(messages.Ready, _patience(_START_SECONDS))
                self._ready = True
            self._connection.send(order, descriptors)
            return self._connection.receive(answer, _patience(_ORDER_SECONDS))
        except Exception as error:
            raise SandboxError(self._explain(error)) from error

    def _explain(self, error: Exception) -> str:
        self._errors.seek(0)
        last_words = self._errors.read()[-2000:].decode("utf-8", "replace").strip()
        reason = last_words or ("it ended without a word" if isinstance(error, Closed) else repr(error))
        return (
            f"The process that starts student code could not do its work ({reason}). "
            "Run `python -m autograder doctor` on this machine."
        )


def _patience(seconds: float) -> Watch:
    return Watch(None, math.inf, math.inf, time.monotonic() + seconds)
