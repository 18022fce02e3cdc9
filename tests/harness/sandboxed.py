"""Submissions written inside a test, run in the real sandbox."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.function_spec import FunctionSpec
from autograder.sandbox.confinement import Limits, User
from autograder.sandbox.nursery_host import Nursery
from autograder.sandbox.slots import claimed_user
from autograder.sandbox.student import Student
from autograder.sandbox.workspace import Workspace
from autograder.signature import parse_signature
from autograder.staging import stage
from autograder.submission import Wanted, read_submission
from autograder.values import Reply

QUICK = Limits(cpu_seconds=2.0, idle_seconds=1.0, import_cpu_seconds=3.0, memory_mb=256)


class Sandboxed:
    """Makes Students from source text. `call` is the short way: one function, one call, one session."""

    def __init__(self, nursery: Nursery, folder: Path, stack: contextlib.ExitStack) -> None:
        self.nursery = nursery
        self._folder = folder
        self._stack = stack
        self.user: User | None = stack.enter_context(claimed_user())
        self.workspace: Workspace | None = None

    def student(
        self, files: str | dict[str, str | bytes], signatures: dict[str, str] | None = None, **limits: float
    ) -> Student:
        """A submission of these files (a text: layers.py); `signatures` are of the graded functions."""
        given = {"layers.py": files} if isinstance(files, str) else files
        source = self._folder / f"handed_in_{len(list(self._folder.iterdir()))}"
        for name, content in given.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = textwrap.dedent(content).encode() if isinstance(content, str) else content
            path.write_bytes(text)
        parsed = {
            name: FunctionSpec(name, "layers.py", parse_signature(text))
            for name, text in (signatures or {"f": "x? -> y"}).items()
        }
        self.workspace = self._stack.enter_context(contextlib.closing(Workspace(self.user)))
        stage(source, self.workspace.submission)
        wanted = {name: Wanted("layers.py") for name in parsed}
        submission = read_submission(self.workspace.submission, wanted)
        student = Student(
            self.nursery, self.workspace, submission, parsed, replace(QUICK, **limits), self.user
        )
        return self._stack.enter_context(contextlib.closing(student))

    def call(self, source: str | dict[str, str | bytes], *arguments: object, **limits: float) -> Reply:
        """What `f(*arguments)` of this submission answers."""
        with self.student(source, **limits).session("a test", 1) as session:
            return session.call("f", *arguments)


@contextlib.contextmanager
def sandbox(nursery: Nursery, folder: Path) -> Iterator[Sandboxed]:
    with contextlib.ExitStack() as stack:
        yield Sandboxed(nursery, folder, stack)
