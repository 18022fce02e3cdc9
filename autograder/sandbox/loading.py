"""Loading a submission inside its confined process, so that each fault costs as little as it can.

Untrusted from the first statement on. Files run statement by statement, and only those that define a
wanted function or are imported by one. Installs an import finder and puts NumPy's old names back.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from autograder.answering import CannotAnswer
from autograder.portable import plain_text
from autograder.sandbox import legacy_numpy
from autograder.sandbox.imports import describe
from autograder.sandbox.inert import Inert, nothing
from autograder.sandbox.source_tree import SourceTree
from autograder.sandbox.standins import StandIn, reason_of
from autograder.sandbox.statements import LoadProblem, StatementRunner
from autograder.values import Failure

MOST_NOTES = 50


class Loaded:
    """A loaded submission. `problems` are the top-level statements that raised, in order."""

    def __init__(
        self,
        folder: str,
        files: Sequence[tuple[str, str]],
        functions: Mapping[str, tuple[str, str]],
        definitions_only: bool,
    ) -> None:
        tree = SourceTree(files)
        self._folder = os.path.realpath(folder)
        self._paths = set(tree.sources)
        self._functions = dict(functions)
        self._modules: dict[str, Any] = {}
        self._unreadable: dict[str, str] = {}
        self._notes: list[str] = []
        self._told = 0
        self._runner = StatementRunner(self._folder, tree, definitions_only, self.add_note)

    @property
    def problems(self) -> list[LoadProblem]:
        return self._runner.problems

    @property
    def notes(self) -> list[str]:
        """Remarks for the student that cost nothing, so far."""
        return list(self._notes)

    def new_notes(self) -> list[str]:
        """The remarks since loading ended, or since this was last asked for."""
        new = self._notes[self._told :]
        self._told = len(self._notes)
        return new

    def add_note(self, note: str) -> None:
        note = plain_text(note)
        if note not in self._notes and len(self._notes) < MOST_NOTES:
            self._notes.append(note)

    def modules(self) -> list[ModuleType]:
        """The modules of the submission's files that were begun by now."""
        return self._runner.importer.modules()

    def own_file(self, name: str) -> str | None:
        """The submission's file that a traceback names, or None for anybody else's."""
        return name if name in self._paths else None

    def lookup(self, function: str) -> Callable[..., Any]:
        """The student's function for a name of the assignment.

        Raises CannotAnswer, with what stopped it, where loading did not get that far.
        """
        if function not in self._functions:
            raise CannotAnswer(Failure("missing"))
        path, name = self._functions[function]
        value = vars(self._modules[path]).get(name) if path in self._modules else None
        if isinstance(value, (StandIn, Inert)) or not callable(value):
            value = self._as_defined(path, name, value)
        # A file handed in beside the code is opened by its bare name.
        os.chdir(os.path.join(self._folder, os.path.dirname(path)))
        return value

    def load_all(self) -> None:
        self._runner.importer.install()
        for path in dict.fromkeys(path for path, _ in self._functions.values()):
            try:
                self._modules[path] = self._runner.importer.load(path)
            except BaseException as error:
                self._unreadable[path] = describe(error)
        self._told = len(self._notes)

    def _as_defined(self, path: str, name: str, value: Any) -> Callable[..., Any]:
        """The function that a later assignment overwrote; a script's `softmax = softmax(x)` hurts nobody."""
        defined = self._runner.definitions.get((path, name))
        if not callable(defined) or isinstance(defined, (StandIn, Inert)):
            raise CannotAnswer(self._failure(path, name, value))
        kind = type(value).__name__
        self.add_note(
            f"{path} later gives the name `{name}` to a value of type {kind}; the function was graded."
        )
        return defined

    def _failure(self, path: str, name: str, value: Any) -> Failure:
        if path in self._unreadable:
            return Failure("import", message=f"{path}: {self._unreadable[path]}")
        problem = self._runner.failed.get((path, name))
        if problem is not None:
            _, line, source, error = problem
            place = self._runner.place(path, line)
            return Failure("import", message=f"{place}, `{source}`, stopped with {error}")
        if isinstance(value, StandIn):
            return Failure("import", message=reason_of(value).rpartition(";")[0])
        if value is None:
            return Failure("import", message=f"{path} was run, but left `{name}` undefined")
        kind = type(value).__name__
        return Failure("import", message=f"`{name}` in {path} is of type {kind}, not a function")


def load(
    folder: str,
    files: Sequence[tuple[str, str]],
    functions: Mapping[str, tuple[str, str]],
    definitions_only: bool = False,
) -> Loaded:
    """Load what the wanted functions need. Never raises for what the student's code does.

    folder: where the submission lies. files: (path, source) of every Python file. functions: API name ->
    (path, name in that file). definitions_only: run imports, definitions and constants, nothing else.
    """
    loaded = Loaded(folder, files, functions, definitions_only)
    legacy_numpy.restore(loaded.add_note)
    for name in ("get_ipython", "display"):
        if not hasattr(builtins, name):
            setattr(builtins, name, nothing)
    loaded.load_all()
    return loaded
