"""Answering calls with Python functions, in whatever process this runs.

The one place where a function is called on behalf of a graded case: the test process of a
submission, the key, a known wrong variant of the key and a student's own machine all use it, so that
each treats arguments, exceptions, printed text and changed arguments alike.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from autograder.capture import BoundedText
from autograder.portable import fresh, plain_text, portable, same
from autograder.values import Failure, FailureKind, Frame, Opaque, Part, Reply

MESSAGE_CHARACTERS = 2_000
FRAMES = 20
TRACE_LINES = 200
PRINTED_CHARACTERS = 4_000

KINDS: dict[type[BaseException], FailureKind] = {
    NotImplementedError: "stub",
    SystemExit: "exited",
    MemoryError: "memory",  # NumPy raises a kind of its own
}


class ForbiddenUse(ImportError):
    """Raised where a submission uses what a question forbids; `name` says what."""

    def __init__(self, name: str) -> None:
        super().__init__(f"you are asked to do without {name} here", name=name)


class CannotAnswer(Exception):
    """Raised by a lookup whose function is not there; carries the failure to report."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind)
        self.failure = failure


class Answerer:
    """One session of calls. Keeps every value returned, so that a later call can refer to it.

    lookup: gives the function of a name, or raises CannotAnswer.
    own_file: gives a traceback's file name relative to the submission, or None where it is not the
        student's.
    keep: gives the positions of the returned tuple that stay here, by function name.
    interruptible: whether Ctrl-C ends the run; student code in a process of its own cannot raise one.
    """

    def __init__(
        self,
        lookup: Callable[[str], Callable[..., Any]],
        own_file: Callable[[str], str | None] = lambda name: name,
        keep: Callable[[str], tuple[int, ...]] = lambda function: (),
        printed_characters: int = PRINTED_CHARACTERS,
        interruptible: bool = True,
    ) -> None:
        self._lookup = lookup
        self._own_file = own_file
        self._keep = keep
        self._printed_characters = printed_characters
        self._interruptible = interruptible
        self._returned: list[Any] = []

    def call(self, function: str, *arguments: Any) -> Reply:
        """Call a function with fresh copies of the arguments; never raises for what it does."""
        return self.answer(function, arguments, self._keep(function))

    def answer(self, function: str, arguments: Sequence[Any], keep: Sequence[int]) -> Reply:
        """Like `call`, with the positions of the returned tuple that stay here given by the caller."""
        given = [self._resolve(argument) for argument in arguments]
        printed = BoundedText(self._printed_characters)
        started = time.perf_counter()
        failure = value = shown = None
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                value = self._lookup(function)(*given)
                shown = portable(_without(value, keep))
            except CannotAnswer as missing:
                failure = missing.failure
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt) and self._interruptible:
                    raise
                failure = self._failure(error)
        seconds = time.perf_counter() - started
        self._returned.append(value)
        return Reply(
            value=shown,
            failure=failure,
            printed=plain_text(printed.text),
            changed=_changed(arguments, given),
            seconds=seconds,
        )

    def _resolve(self, argument: Any) -> Any:
        if isinstance(argument, Part):
            value = self._returned[argument.call]
            for index in argument.path:
                value = value[index]
            return value
        if isinstance(argument, (list, tuple)):
            return type(argument)(self._resolve(item) for item in argument)
        return fresh(argument)

    def _failure(self, error: BaseException) -> Failure:
        frames = own_frames(error.__traceback__, self._own_file)
        if isinstance(error, ForbiddenUse):
            return Failure("forbidden", message=plain_text(str(error.name)), frames=frames)
        return Failure(
            kind=next((kind for each, kind in KINDS.items() if isinstance(error, each)), "raised"),
            type_name=plain_text(type(error).__name__)[:200],
            message=_message(error),
            frames=frames,
        )


def own_frames(trace: TracebackType | None, own_file: Callable[[str], str | None]) -> tuple[Frame, ...]:
    """The student's own lines of a traceback, the outermost first, the last twenty at most."""
    found = []
    for summary in traceback.extract_tb(trace, limit=-TRACE_LINES):
        file = own_file(summary.filename)
        if file is not None:
            found.append(Frame(file, summary.lineno or 0, summary.name, plain_text(summary.line or "")[:200]))
    return tuple(found[-FRAMES:])


def _message(error: BaseException) -> str:
    """An exception's text; a `__str__` that raises must not take the report with it."""
    try:
        return plain_text(str(error))[:MESSAGE_CHARACTERS]
    except BaseException:
        return "(its message cannot be shown)"


def _without(value: Any, keep: Sequence[int]) -> Any:
    """A returned tuple with the values that stay here named instead of copied."""
    if not keep or not isinstance(value, (tuple, list)):
        return value
    return tuple(Opaque("kept") if index in keep else item for index, item in enumerate(value))


def _changed(before: Sequence[Any], after: Sequence[Any]) -> dict[int, Any]:
    """The arguments that can change and did, as the call left them; Parts are the student's own affair."""
    changed = {}
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        if isinstance(new, (np.ndarray, list, dict)) and not _refers(old):
            left = portable(new)
            if not same(portable(old), left):
                changed[index] = left
    return changed


def _refers(argument: Any) -> bool:
    if isinstance(argument, (list, tuple)):
        return any(map(_refers, argument))
    return isinstance(argument, Part)
