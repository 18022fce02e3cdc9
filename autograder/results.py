"""The results file of one submission: never missing and never broken.

From `declare` on the file holds every declared test, and is replaced whole as tests finish. So a crash of
the autograder costs only the tests that had not run, or had finished within the last half second.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.result_format import Results, TestResult, natural_order

__all__ = ["Results", "ResultsWriter", "TestResult", "natural_order", "replace_file"]

NOT_RUN_YET = (
    "This test did not run: the autograder stopped before it came to it. Please submit again, and tell "
    "the course staff if that does not help."
)
UNFINISHED = (
    "The autograder stopped before it had finished. Only the tests that it came to are graded. Please "
    "submit again, and tell the course staff if that does not help."
)
NOT_RUN_FAILED = (
    "This test did not run: the autograder itself failed before it came to it. That is not your fault."
)
AUTOGRADER_FAILED = (
    "The autograder itself failed: that is not your fault, and the course staff will be told. You keep the "
    "points of every test that ran before; the other tests count as 0 until the staff have run them again."
)


class ResultsWriter:
    """Keeps the results file of one submission up to date.

    A symbolic link in the file's place is replaced, never followed. Until `finish` only the file's owner
    may read it. Raises AutograderError where the file cannot be written.
    """

    def __init__(
        self,
        path: str | Path,
        visibility: str = "visible",
        stdout_visibility: str = "hidden",
        seconds_between_writes: float = 0.5,
    ):
        """seconds_between_writes: what a killed autograder loses at most; each write takes milliseconds."""
        self.path = Path(path)
        self._pause = seconds_between_writes
        self.results = Results(visibility=visibility, stdout_visibility=stdout_visibility)
        self._ran: list[bool] = []
        self._places: dict[tuple[str, str], list[int]] = {}
        self._written = 0.0
        self._remembered: dict[str, Any] = {}

    def remember(self, key: str, value: Any) -> None:
        """Keep this in the extra data of every results file from now on, also where the autograder fails.

        The platform shows it to no student, and gives it back with the next submission.
        """
        self._remembered[key] = value
        self.results = replace(self.results, extra_data={**self.results.extra_data, key: value})

    def declare(self, tests: Iterable[TestResult]) -> None:
        """Write the fallback: every test of the assignment, not run yet, with 0 points."""
        waiting = [replace(test, score=0, status="failed", output=NOT_RUN_YET) for test in tests]
        self._ran = [False] * len(waiting)
        self._places = {}
        for index, test in enumerate(waiting):
            self._places.setdefault((test.number, test.name), []).append(index)
        self.results = replace(self.results, tests=tuple(waiting), output=UNFINISHED)
        self._write(durable=True)

    def update(self, result: TestResult) -> None:
        """Put the result in its declared test's place: the one with the same number and name."""
        index = self._index_of(result)
        tests = list(self.results.tests)
        tests[index] = replace(result, max_score=tests[index].max_score)
        self._ran[index] = True
        self.results = replace(self.results, tests=tuple(tests))
        if time.monotonic() - self._written < self._pause:
            return
        # A full disk now must not end the grading: `finish` writes everything once more, or says why not.
        with suppress(AutograderError):
            self._write(durable=False)

    def finish(
        self,
        output: str = "",
        output_format: str = "text",
        extra_data: Mapping[str, Any] | None = None,
        leaderboard: Iterable[Mapping[str, Any]] = (),
        execution_time: float | None = None,
    ) -> Results:
        """Write the final results, and make sure that they can be read back."""
        self.results = replace(
            self.results,
            output=output,
            output_format=output_format,
            extra_data={**(extra_data or {}), **self._remembered},
            leaderboard=tuple(leaderboard),
            execution_time=execution_time,
        )
        self._write_final()
        return self.results

    def autograder_failed(self, message: str, details: str = "") -> Results:
        """Write what was earned so far; students read that it is our fault, and `message`.

        message: a sentence or two that students may read. details: for staff, in the extra data.
        """
        tests = tuple(
            test if ran else replace(test, output=NOT_RUN_FAILED)
            for test, ran in zip(self.results.tests, self._ran, strict=True)
        )
        self.results = replace(
            self.results,
            tests=tests,
            output=f"{AUTOGRADER_FAILED}\n\n{message}",
            output_format="text",
            extra_data={
                **self.results.extra_data,
                "autograder_failed": {"message": message, "details": details},
            },
        )
        self._write_final()
        return self.results

    def _index_of(self, result: TestResult) -> int:
        places = self._places.get((result.number, result.name), [])
        if not places:
            raise AutograderError(
                f"test {result.number} {result.name!r} was never declared: declare it first"
            )
        return next((index for index in places if not self._ran[index]), places[0])

    def _write_final(self) -> None:
        self._write(durable=True, mode=0o644)
        try:
            written = json.loads(self.path.read_bytes())
        except (OSError, ValueError) as error:
            raise AutograderError(f"{self.path}: cannot be read back: {error}") from error
        if written != self.results.to_json():
            raise AutograderError(f"{self.path}: was changed by another program while it was written")

    def _write(self, durable: bool, mode: int = 0o600) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.path, self.results.to_bytes(), durable, mode)
            self._written = time.monotonic()
        except OSError as error:
            remedy = "make its folder writable and free some space"
            raise AutograderError(f"{self.path}: cannot be written: {error.strerror}; {remedy}") from error


def replace_file(path: Path, data: bytes, durable: bool, mode: int) -> None:
    """Put a new file with `data` in the place of `path`, at once: a reader sees the old or the new one.

    durable: wait until the data is on the disk. Raises OSError; the old file then stands as it was.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
