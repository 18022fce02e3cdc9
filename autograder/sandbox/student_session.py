"""The seam, as a graded test sees it: calls go to a test process, or are refused before they get there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.sandbox.cpu_clock import cpu_seconds
from autograder.sandbox.session import TestSession
from autograder.values import Failure, Part, Reply

if TYPE_CHECKING:
    from autograder.sandbox.student import Student

SILENT = "the process that had loaded your files did not answer any more"


class StudentSession:
    """The seam: `call(function, *arguments)`, answered by the test process or by why it cannot be."""

    def __init__(self, student: Student, session: TestSession | None, test: str = "") -> None:
        self._student = student
        self._session = session
        self._test = test
        self._answered: list[int | None] = []
        self._sent = 0

    def call(self, function: str, *arguments: Any) -> Reply:
        """Call a function of the submission. Never raises for what student code does."""
        return self.post(function, *arguments)()

    def post(self, function: str, *arguments: Any) -> Callable[[], Reply]:
        """Like `call`, but return at once with a function that waits for the reply. One call at a time."""
        refused = self._student.refusal(function, self._test)
        if refused is not None or self._session is None:
            self._answered.append(None)
            failed = Reply(failure=refused or Failure("import", message=SILENT))
            return lambda: failed
        sent = tuple(self._renumber(argument) for argument in arguments)
        self._answered.append(self._sent)
        self._sent += 1
        return self._session.post(function, sent, self._student.specs[function].signature.kept)

    def cpu_seconds(self) -> float | None:
        """What this test's process and the one that it was forked from have used, as the kernel counts it."""
        pid = self._student.pid
        return None if self._session is None or pid is None else cpu_seconds(self._session.pid, pid)

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
