"""A submission as something that answers calls: each session in a test process that nothing was left in.

Holds the submission process, starts it again when it is lost, and makes sure after each test that
nothing else of the student's lives on.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.errors import SandboxError
from autograder.forbidden import Forbidden
from autograder.function_spec import FunctionSpec
from autograder.sandbox import messages, processes, wire
from autograder.sandbox.confinement import Limits, User
from autograder.sandbox.framing import Closed, Connection
from autograder.sandbox.load_report import LOADING_FAILED, LoadReport, refusal
from autograder.sandbox.nursery_host import Nursery
from autograder.sandbox.session import TestSession
from autograder.sandbox.student_session import SILENT, StudentSession
from autograder.sandbox.tried import Tried
from autograder.sandbox.watch import Expired, Watch
from autograder.sandbox.workspace import Workspace
from autograder.submission import Submission
from autograder.values import Failure

STRAY_SECONDS = 10.0  # killing takes microseconds; more than this is no longer a matter of waiting
CONFINE_SECONDS = 30.0
MOST_PROCESSES_WHILE_LOADING = 8
TEXT_CHARACTERS = 600  # of a note, or of what stopped a file from loading


class Crowded(Exception):
    """Loading started more processes than any loading needs."""

    kind = "processes"


class Student:
    """Answers calls with the functions of one submission, confined.

    deadline: on time.monotonic's clock; no call goes on beyond it. tried: what the submission tried that
    confinement refuses, and how often: for staff, and only a hint (attempts.py). forbidden: what each test
    forbids to use.
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
        forbidden: Forbidden | None = None,
    ) -> None:
        self._nursery = nursery
        self._workspace = workspace
        self._submission = submission
        self.specs = specs
        self._limits = limits
        self._user = user
        self._deadline = deadline
        self._forbidden = forbidden
        self._connection: Connection | None = None
        self._process: processes.Leader | None = None
        self._met: set[int] = set()
        self._ahead: TestSession | None = None
        self._kept: TestSession | None = None
        self._keeps = True
        self._tests = 0
        self._definitions_only = False
        self.report = LoadReport()
        self.tried = Tried()

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

    @property
    def pid(self) -> int | None:
        """The submission process, while there is one."""
        return self._process.pid if self._process else None

    @contextlib.contextmanager
    def session(self, name: str, seed: int) -> Iterator[StudentSession]:
        """A process for the graded test `name`: a new one, or one that the test before left unchanged."""
        test = self._begin(seed, self._forbidden.names(name) if self._forbidden else ())
        try:
            yield StudentSession(self, test, name)
        finally:
            if test is not None:
                self._end(test)

    def close(self) -> None:
        """End the submission process and everything that it left."""
        self._drop()

    def refusal(self, function: str, test: str) -> Failure | None:
        """Why this function cannot be called in this test, or None where it can."""
        refused = refusal(self._submission, function, self.report.failure)
        return refused or (self._forbidden and self._forbidden.refusal(test, function))

    def _load(self) -> LoadReport:
        """One try to load. Raises SandboxError where the process cannot be confined."""
        folder, scratch = str(self._workspace.submission), str(self._workspace.scratch)
        self._workspace.clean()
        self._process, self._connection = self._nursery.spawn(self._user, self._limits, [folder], [scratch])
        self._met = set()
        layers = _confined(self._connection)
        order = messages.Load(
            folder=folder,
            files=[(file.path, file.source) for file in self._submission.files],
            functions={name: (at.file, at.name) for name, at in self._submission.functions.items()},
            definitions_only=self._definitions_only,
            forbidden=list(self._forbidden.everywhere) if self._forbidden else [],
        )
        try:
            self._connection.send(order, watch=(watch := self._while_loading()))
            loaded = self._connection.receive(messages.Loaded, watch)
            self.tried.add(loaded.tried)
            if self._strays():
                raise Crowded
        except (Closed, Expired, Crowded, wire.WireError) as error:
            self._drop()
            return LoadReport(layers, failure=Failure("import", message=_why(error)))
        with contextlib.suppress(Closed):
            self._ahead = self._new_test()
        return LoadReport(layers, _shortened(loaded.problems), tuple(map(_short, loaded.notes[:20])))

    def _while_loading(self) -> Callable[[], None]:
        assert self._process is not None
        pid = self._process.pid
        watch = Watch(pid, self._limits.import_cpu_seconds, self._limits.idle_seconds, self._deadline)

        def look() -> None:
            watch()
            if len(processes.descendants(pid)) > MOST_PROCESSES_WHILE_LOADING:
                raise Crowded

        return look

    def _begin(self, seed: int, forbidden: Sequence[str]) -> TestSession | None:
        """Begin in the process made ahead, and have the next one made while this one works.

        A submission that does not answer any more is loaded again, then once more with definitions only.
        """
        kept = self._again(seed, forbidden)
        if kept is not None:
            return kept
        for attempt in range(3):
            self.start()
            if self._connection is None:
                return None
            test, self._ahead = self._ahead, None
            try:
                test = test or self._new_test()
                test.begin(seed, forbidden)
            except Closed:
                if test is not None:
                    test.close()
                self._drop()
                self._definitions_only = self._definitions_only or attempt == 1
                continue
            with contextlib.suppress(Closed):
                self._ahead = self._new_test()
            return test
        self.report = replace(self.report, failure=Failure("import", message=SILENT))
        return None

    def _again(self, seed: int, forbidden: Sequence[str]) -> TestSession | None:
        """Begin in the process of the test before, where that left it as it was."""
        test, self._kept = self._kept, None
        if test is None:
            return None
        try:
            if test.is_unchanged():
                test.begin(seed, forbidden)
                return test
        except Expired:  # once is enough: every test would wait for it
            self._keeps = False
        except Closed:
            pass
        test.close()
        return None

    def _new_test(self) -> TestSession:
        assert self._connection is not None
        self._tests += 1
        return TestSession(self._connection, self._tests, self._limits, self._deadline)

    def _end(self, test: TestSession) -> None:
        """End a test: its process, whatever it may have left running, and what it wrote.

        A process that may be as good as a new one waits for the next test instead.
        """
        if test.pid is not None:
            self._met.add(test.pid)
        if self._keeps and test.finish():
            self._kept = test
        else:
            test.close()
        self.tried.add(test.tried)
        test.tried = []
        if test.lost or self._strays():
            self._drop()
        self._workspace.clean()

    def _drop(self) -> None:
        """End the submission process and all that it left; the next session starts a new one."""
        for test in filter(None, (self._ahead, self._kept)):
            test.close()
        self._ahead = self._kept = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is None:
            return
        self._nursery.end(self._process)
        self._process = None
        give_up = time.monotonic() + STRAY_SECONDS
        while True:
            if self._user is not None:
                self._nursery.sweep(self._user)
            left = self._nursery.orphans()
            if not left:
                return
            if time.monotonic() > give_up:
                raise SandboxError(f"processes of a submission could not be ended: {sorted(left)}")
            for pid in left:
                processes.kill(pid)
            time.sleep(0.001)

    def _strays(self) -> set[int]:
        """Processes that nobody started for a test: below the submission process, or already orphans."""
        if self._ahead is not None:
            try:
                self._ahead.meet()
            except Closed:
                self._drop()
            else:
                self._met.add(self._ahead.pid or 0)
        own = processes.descendants(self._process.pid) - self._met if self._process is not None else set()
        return own | self._nursery.orphans()


def _confined(connection: Connection) -> tuple[str, ...]:
    """The layers in force in a new submission process, in which no code of the student's ran yet."""
    watch = Watch(None, math.inf, math.inf, time.monotonic() + CONFINE_SECONDS)
    try:
        confined = connection.receive(messages.Confined, watch)
    except (Closed, Expired, wire.WireError) as error:
        raise SandboxError(f"a process for student code could not be set up ({error!r})") from error
    if confined.error:
        raise SandboxError(confined.error)
    return tuple(confined.layers)


def _why(error: Exception) -> str:
    return LOADING_FAILED.get(getattr(error, "kind", ""), LOADING_FAILED[""])


def _short(text: str) -> str:
    return text[:TEXT_CHARACTERS]


def _shortened(problems: list[messages.LoadProblem]) -> tuple[messages.LoadProblem, ...]:
    return tuple(
        messages.LoadProblem(_short(each.file), each.line, _short(each.source), _short(each.error))
        for each in problems[:200]
    )
