"""Running a check in worker processes, whatever the student's code does to them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from autograder.check.job import Job
from autograder.errors import AutograderError, UsageError
from autograder.one_thread import ONE_THREAD
from autograder.sandbox.last_words import fatal_frames
from autograder.sandbox.load_report import LOADING_FAILED
from autograder.staging import stage
from autograder.values import Failure, Frame

SILENCE = 20.0  # seconds; a worker says every second that it lives, unless something stops all of Python
NO_NUMPY = "No module named 'numpy'"
WINDOWS_CRASH = 0xC0000000
WINDOWS_ACCESS_VIOLATION = 0xC0000005


@dataclass
class _Heard:
    """What one worker said until it ended."""

    at: tuple[str, int, str] | None = None
    expired: Failure | None = None
    done: list[str] = field(default_factory=list)
    last: dict[str, Any] | None = None


class Supervisor:
    """Checks the files in a folder. kit: the folder of check.py; ours: the names in it that are not the
    student's; on_progress: told how many tests of how many are done."""

    def __init__(
        self, kit: Path, files: Path, ours: Sequence[str], on_progress: Callable[[int, int], None]
    ) -> None:
        self._kit = kit
        self._files = files
        self._ours = ours
        self._on_progress = on_progress
        self._total = 0

    def check(self, folder: Path, only: Sequence[str] = ()) -> dict[str, Any]:
        """Run the tests; gives the last message of the worker that came to the end.

        Raises UsageError for a question that does not exist, AutograderError where something of ours fails.
        """
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            staged = stage(folder, Path(scratch) / "submission", self._ours)
            job = Job(self._files, staged.folder, Path(scratch) / "last_words", staged.skipped, tuple(only))
            while True:
                heard = self._work(job)
                if heard.last is None:
                    job = _without_loss(job, heard)
                elif job.skip:
                    # Tests that an earlier worker finished were left out; explaining takes them all.
                    job = replace(job, skip=())
                else:
                    return heard.last

    def _work(self, job: Job) -> _Heard:
        """One worker, from start to end. Raises where it did not come to the student's files."""
        job.last_words.write_text("", encoding="utf-8")
        with tempfile.TemporaryFile() as errors, self._worker(errors) as process:
            assert process.stdin is not None
            try:
                process.stdin.write(job.encoded().encode() + b"\n")
                process.stdin.close()
                heard = self._listen(process, job)
            except BrokenPipeError:
                heard = _Heard()
            finally:
                process.kill()
            status = process.wait()
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace")
        if heard.last is None and heard.at is None:
            raise AutograderError(_never_started(said))
        if heard.last is None and heard.expired is None:
            heard.expired = cause_of_death(status, job.last_words.read_text("utf-8", "replace"))
        return heard

    def _worker(self, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        command = [sys.executable, os.fspath(self._kit / "check.py"), "--worker"]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **ONE_THREAD},
        )

    def _listen(self, process: subprocess.Popen[bytes], job: Job) -> _Heard:
        heard = _Heard()
        lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
        while True:
            try:
                line = lines.get(timeout=SILENCE)
            except queue.Empty:
                heard.expired = Failure("cpu_time")
                return heard
            if line is None:
                return heard
            self._hear(json.loads(line), heard, job)

    def _hear(self, message: dict[str, Any], heard: _Heard, job: Job) -> None:
        if "at" in message:
            heard.at = tuple(message["at"])
        elif "done" in message:
            heard.done.append(message["done"])
            self._on_progress(len(job.skip) + len(heard.done), self._total)
        elif "total" in message:
            self._total = message["total"]
        elif "expired" in message:
            frames = tuple(Frame(**frame) for frame in message["frames"])
            heard.expired = Failure(message["expired"], frames=frames)
        elif "usage" in message:
            raise UsageError(message["usage"])
        elif "broken" in message:
            raise AutograderError(message["broken"])
        elif "tests" in message:
            heard.last = message


def _read(stream: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    with contextlib.suppress(ValueError):  # closed meanwhile
        for line in stream:
            lines.put(line)
    lines.put(None)


def _without_loss(job: Job, heard: _Heard) -> Job:
    """The same work without what ended its worker, and without the tests that it had finished."""
    assert heard.at is not None
    assert heard.expired is not None
    test, call, _ = heard.at
    job = replace(job, skip=(*job.skip, *heard.done))
    if test:
        return replace(job, calls={**job.calls, (test, call): heard.expired})
    failure = Failure("import", message=LOADING_FAILED.get(heard.expired.kind, LOADING_FAILED[""]))
    if job.first_load is None:
        return replace(job, first_load=failure)
    return replace(job, second_load=failure)


def cause_of_death(status: int, last_words: str) -> Failure:
    """How a worker ended that did not say why, from its exit status: negative for a signal, as on Unix."""
    frames = fatal_frames(last_words)
    if status < 0:
        with contextlib.suppress(ValueError):
            return Failure("died", type_name=signal.Signals(-status).name, frames=frames)
        return Failure("died", type_name=f"signal {-status}", frames=frames)
    if status >= WINDOWS_CRASH:
        violation = status == WINDOWS_ACCESS_VIOLATION
        return Failure("died", type_name="access violation" if violation else hex(status), frames=frames)
    return Failure("exited", message=f"exit status {status}", frames=frames)


def _never_started(said: str) -> str:
    if NO_NUMPY in said:
        return f"NumPy is not installed for {sys.executable}: run  {sys.executable} -m pip install numpy"
    return f"the check could not start:\n{said.strip() or 'no reason was given'}"
