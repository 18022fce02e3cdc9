"""A submission as something that answers calls: each session in a fresh test process.

Holds the submission process, starts it again when it is lost, and makes sure after each test that
nothing else of the student's lives on.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.errors import SandboxError
from autograder.function_spec import FunctionSpec
from autograder.sandbox import messages, processes, wire
from autograder.sandbox.confinement import Limits, User
from autograder.sandbox.framing import Closed, Connection
from autograder.sandbox.load_report import LOADING_DIED, LOADING_FAILED, LoadReport, refusal
from autograder.sandbox.nursery_host import Nursery
from autograder.sandbox.session import TestSession
from autograder.sandbox.watch import Expired, Watch
from autograder.sandbox.workspace import Workspace
from autograder.submission import Submission
from autograder.values import Failure, Part, Reply

STRAY_SECONDS = 10.0  # killing takes microseconds; more than this is no longer a matter of waiting


class Student:
    """Answers calls with the functions of one submission, confined.

    deadline: on time.monotonic's clock; no call goes on beyond it.
    """

    def __init__(
        self,
        nursery: Nursery,
        workspace: Workspace,
        submission: Submission,
        specs: Mapping[str, FunctionSpec],
        limits: Limits,
        user: User | None,
        deadline: float = math.inf,
    ) -> None:
        self._nursery = nursery
        self._workspace = workspace
        self._submission = submission
        self.specs = specs
        self._limits = limits
        self._user = user
        self._deadline = deadline
        self._connection: Connection | None = None
        self._pid: int | None = None
        self._ahead: TestSession | None = None
        self._tests = 0
        self._definitions_only = False
        self.report = LoadReport()

    def start(self) -> LoadReport:
        """Load the submission. A first try that runs out of time is followed by one that defines only."""
        if self._connection is None and self.report.failure is None:
            self.report = self._load()
            if self.report.failure is not None and not self._definitions_only:
                self._definitions_only = True
                first = self.report.failure
                self.report = self._load()
                if self.report.failure is None:
                    self.report = self.report.after(first)
        return self.report

    @contextlib.contextmanager
    def session(self, name: str, seed: int) -> Iterator[StudentSession]:
        """A fresh test process for the graded test `name`."""
        test = self._begin(seed)
        try:
            yield StudentSession(self, test)
        finally:
            if test is not None:
                self._end(test)

    def close(self) -> None:
        """End the submission process and everything that it left."""
        self._drop()
        self._kill_strays()

    def refusal(self, function: str) -> Failure | None:
        """Why this function cannot be called at all, or None where it can."""
        return refusal(self._submission, function, self.report.failure)

    def _load(self) -> LoadReport:
        folder = str(self._workspace.submission)
        scratch = str(self._workspace.scratch)
        self._workspace.clean()
        self._pid, self._connection = self._nursery.spawn(self._user, self._limits, [folder], [scratch])
        order = messages.Load(
            folder=folder,
            files=[(file.path, file.source) for file in self._submission.files],
            functions={name: (at.file, at.name) for name, at in self._submission.functions.items()},
            definitions_only=self._definitions_only,
        )
        watch = Watch(self._pid, self._limits.import_cpu_seconds, self._limits.idle_seconds, self._deadline)
        try:
            self._connection.send(order, watch=watch)
            loaded = self._connection.receive(messages.Loaded, watch)
        except (Closed, Expired, wire.WireError) as error:
            self._drop()
            reason = LOADING_FAILED.get(getattr(error, "kind", ""), LOADING_DIED)
            return LoadReport(failure=Failure("import", message=reason))
        self._kill_strays()
        with contextlib.suppress(Closed):
            self._ahead = self._new_test() if self._connection is not None else None
        return LoadReport(tuple(loaded.layers[:20]), tuple(loaded.problems[:200]), tuple(loaded.notes[:20]))

    def _begin(self, seed: int) -> TestSession | None:
        """Begin in the process made ahead, and have the next one made while this one works.

        A submission that was lost, or whose earlier test ended the process made ahead, starts again.
        """
        for _ in range(2):
            self.start()
            if self._connection is None:
                return None
            try:
                test, self._ahead = self._ahead or self._new_test(), None
                test.begin(seed)
            except Closed:
                self._drop()
                continue
            with contextlib.suppress(Closed):
                self._ahead = self._new_test()
            return test
        return None

    def _new_test(self) -> TestSession:
        assert self._connection is not None
        self._tests += 1
        return TestSession(self._connection, self._tests, self._limits, self._deadline)

    def _end(self, test: TestSession) -> None:
        """End a test: its process, whatever it may have left running, and what it wrote."""
        test.close()
        if test.lost:
            self._drop()
        self._kill_strays(test.pid)
        self._workspace.clean()

    def _drop(self) -> None:
        """Give the submission process up; the next session starts a new one."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        processes.kill(self._pid)
        self._pid = None

    def _kill_strays(self, ended: int | None = None) -> None:
        """Nothing of the student's may live on but the submission process and the test made ahead."""
        give_up = time.monotonic() + STRAY_SECONDS
        while strays := self._strays(ended):
            if self._user is not None:
                self._nursery.sweep(self._user)
            for stray in strays:
                processes.kill(stray)
            self._drop()
            if time.monotonic() > give_up:
                raise SandboxError(f"processes of a submission could not be ended: {sorted(strays)}")

    def _strays(self, ended: int | None) -> set[int]:
        """Unknown processes below us. `ended` was killed, and may take a moment to be gone."""
        if self._ahead is not None:
            try:
                self._ahead.meet()
            except Closed:
                self._drop()
        known = (ended, self._ahead.pid if self._ahead is not None else None)
        own = processes.descendants(self._pid, known) if self._pid is not None else set()
        return own | self._nursery.orphans()


class StudentSession:
    """The seam: `call(function, *arguments)`, answered by the test process or by why it cannot be."""

    def __init__(self, student: Student, session: TestSession | None) -> None:
        self._student = student
        self._session = session
        self._answered: list[int | None] = []
        self._sent = 0

    def call(self, function: str, *arguments: Any) -> Reply:
        """Call a function of the submission. Never raises for what student code does."""
        refused = self._student.refusal(function)
        if refused is not None or self._session is None:
            self._answered.append(None)
            return Reply(failure=refused or Failure("died"))
        sent = tuple(self._renumber(argument) for argument in arguments)
        self._answered.append(self._sent)
        self._sent += 1
        return self._session.call(function, sent, self._student.specs[function].signature.kept)

    def _renumber(self, argument: Any) -> Any:
        """Calls that were refused never reached the process, which therefore counts fewer."""
        if isinstance(argument, Part):
            number = self._answered[argument.call]
            if number is None:
                raise ValueError(f"call {argument.call} gave no value to refer to")
            return Part(number, argument.path)
        if isinstance(argument, (list, tuple)):
            return type(argument)(self._renumber(item) for item in argument)
        return argument
