"""A submission that answers calls in this very process: for the machine of whoever wrote it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.answering import Answerer, CannotAnswer
from autograder.check.settings import StudentSettings
from autograder.check.watchdog import Watchdog
from autograder.forbidden import Forbidden
from autograder.function_spec import FunctionSpec
from autograder.portable import size_of
from autograder.sandbox import loading
from autograder.sandbox.determinism import import_torch, reseed
from autograder.sandbox.load_report import LoadReport, refusal
from autograder.settings import LimitSettings
from autograder.submission import Submission
from autograder.values import Failure, Reply

RELOAD_SECONDS = 0.25  # files that take longer are loaded once, not once a test
MEGABYTE = 1 << 20
NOTES = 10


@dataclass(frozen=True)
class LoadProblem:
    """One top-level statement that raised while its file was loading."""

    file: str
    line: int
    source: str
    error: str


@dataclass(frozen=True)
class KnownLosses:
    """What earlier processes did not survive, and this one must not try again.

    calls: how a call ended, by the test's name and the number of the call in it. first_load, second_load: how
    loading ended; the second try runs definitions only.
    """

    calls: Mapping[tuple[str, int], Failure] = field(default_factory=dict)
    first_load: Failure | None = None
    second_load: Failure | None = None


class InProcess:
    """Loads a submission with the grader's own loader, anew for each test, and calls it here.

    watchdog: ends this process when a call or loading takes too long. announce: told (test, number, function)
    before each call, and ("", 0, "") before loading, so that somebody else knows what did not come back.
    forbidden: what each test forbids; here only what the source shows is refused.
    """

    def __init__(
        self,
        folder: Path,
        submission: Submission,
        specs: Mapping[str, FunctionSpec],
        limits: LimitSettings,
        watchdog: Watchdog,
        announce: Callable[[str, int, str], None],
        losses: KnownLosses,
        forbidden: Forbidden,
    ) -> None:
        self._folder = folder
        self._submission = submission
        self.specs = specs
        self.limits = limits
        self.watchdog = watchdog
        self.announce = announce
        self.losses = losses
        self._forbidden = forbidden
        self.settings = StudentSettings()
        self._numpy_names = [(module, vars(module).get("__getattr__")) for module in (np, np.lib)]
        self._loaded: loading.Loaded | None = None
        self._fresh = False
        self._seconds = 0.0
        if submission.imports_torch:
            import_torch()
        self.report = self._first_report()

    @contextlib.contextmanager
    def session(self, name: str, seed: int) -> Iterator[_Session]:
        """One test, which starts with freshly loaded files: what an earlier one left cannot reach it."""
        if self._loaded is not None and not self._fresh and self._seconds < RELOAD_SECONDS:
            self._load()
        self._fresh = False
        reseed(seed)
        yield _Session(self, name)

    def lookup(self, function: str, test: str) -> Callable[..., Any]:
        """The student's function. Raises CannotAnswer with what a student is told where there is none."""
        refused = refusal(self._submission, function, self.report.failure)
        refused = refused or self._forbidden.refusal(test, function)
        if refused is not None or self._loaded is None:
            raise CannotAnswer(refused or Failure("died"))
        return self._loaded.lookup(function)

    def own_file(self, name: str) -> str | None:
        """The submission's file that a traceback names, or None for anybody else's."""
        return self._loaded.own_file(name) if self._loaded is not None else None

    def new_notes(self) -> tuple[str, ...]:
        """Remarks since loading, or since this was last asked for."""
        return tuple(self._loaded.new_notes()[:NOTES]) if self._loaded is not None else ()

    def _first_report(self) -> LoadReport:
        if self.losses.second_load is not None:
            return LoadReport(failure=self.losses.second_load)
        self._load()
        assert self._loaded is not None
        problems = tuple(LoadProblem(*problem) for problem in self._loaded.problems)
        report = LoadReport(problems=problems, notes=tuple(self._loaded.notes[:20]))
        return report if self.losses.first_load is None else report.after(self.losses.first_load)

    def _load(self) -> None:
        for module, own in self._numpy_names:
            vars(module).pop("__getattr__", None)
            if own is not None:
                module.__getattr__ = own  # type: ignore[method-assign]
        self.settings.forget()
        self.announce("", 0, "")
        reseed(0)
        started = time.perf_counter()
        with (
            self.watchdog.limit(self.limits.import_cpu_seconds, self.limits.idle_seconds),
            self.settings.apply(),
        ):
            self._loaded = loading.load(
                os.fspath(self._folder),
                [(file.path, file.source) for file in self._submission.files],
                {name: (at.file, at.name) for name, at in self._submission.functions.items()},
                definitions_only=self.losses.first_load is not None,
            )
        self._seconds = time.perf_counter() - started
        self._fresh = True


class _Session:
    """The calls of one test."""

    def __init__(self, solution: InProcess, name: str) -> None:
        self._solution = solution
        self._name = name
        self._count = 0
        self._death: Failure | None = None
        printed = solution.limits.printed_characters
        self._answerer = Answerer(self._lookup, solution.own_file, self._keep, printed)

    def call(self, function: str, *arguments: Any) -> Reply:
        """Call a function of the submission. Once a call did not come back, none of this test is made."""
        solution, number = self._solution, self._count
        self._count += 1
        self._death = self._death or solution.losses.calls.get((self._name, number))
        if self._death is not None:
            return Reply(failure=self._death)
        solution.announce(self._name, number, function)
        limits = solution.limits
        with solution.watchdog.limit(limits.cpu_seconds, limits.idle_seconds), solution.settings.apply():
            reply = self._answerer.call(function, *arguments)
        if size_of(reply.value) + size_of(reply.changed) > limits.answer_mb * MEGABYTE:
            reply = Reply(failure=Failure("too_big"), printed=reply.printed)
        return replace(reply, notes=solution.new_notes())

    def _lookup(self, function: str) -> Callable[..., Any]:
        return self._solution.lookup(function, self._name)

    def _keep(self, function: str) -> tuple[int, ...]:
        return self._solution.specs[function].signature.kept
