"""Calls of two solutions side by side, as a graded test records them, without a test around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.answering import Answerer
from autograder.diagnosis import Diagnosis
from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.mistake import Mistake

Functions = Mapping[str, Callable[..., Any]]
Call = tuple[Any, ...]  # the function's name, then its arguments


class SideBySide:
    """A student and a key that answer the same calls; `ask` makes one more call to the student."""

    def __init__(self, student: Functions, key: Functions, specs: Mapping[str, FunctionSpec]) -> None:
        def keep(name: str) -> tuple[int, ...]:
            return specs[name].signature.kept

        self._student = Answerer({**key, **student}.__getitem__, keep=keep)
        self._key = Answerer(key.__getitem__, keep=keep)
        self.calls: list[CallRecord] = []

    def call(self, function: str, *arguments: Any) -> None:
        expected = self._key.call(function, *arguments)
        self.calls.append(CallRecord(function, arguments, self._student.call(function, *arguments), expected))

    def ask(self, function: str, *arguments: Any) -> Any:
        return self._student.call(function, *arguments)


def diagnose(
    student: Functions,
    mistakes: Sequence[Mistake],
    tests: Sequence[Sequence[Call]],
    key: Functions,
    specs: Mapping[str, FunctionSpec],
) -> Diagnosis:
    """The diagnosis of a run with one test for each list of calls."""
    transcripts = []
    for calls in tests:
        both = SideBySide(student, key, specs)
        for call in calls:
            both.call(*call)
        transcripts.append(both.calls)
    return Diagnosis(transcripts, key, specs, mistakes)
