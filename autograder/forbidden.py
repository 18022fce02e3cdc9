"""What each graded test forbids its functions to use, and which functions of a submission do so."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from autograder.assignment import Assignment
from autograder.source_uses import SourceUses, Use
from autograder.submission import Submission
from autograder.values import Failure

SHOWN = 3


class Test(Protocol):
    """A graded test, as declared."""

    name: str
    number: str


class Forbidden:
    """The `forbid` entries of an assignment, applied to one submission."""

    def __init__(self, assignment: Assignment, tests: Iterable[Test], submission: Submission) -> None:
        some = any(question.forbid for question in assignment.questions)
        self._names = {
            test.name: assignment.question_of(test.number).forbid for test in (tests if some else ())
        }
        self._submission = submission
        everywhere = [set(question.forbid) for question in assignment.questions]
        self.everywhere = tuple(sorted(set.intersection(*everywhere)))
        self._known: dict[tuple[str, tuple[str, ...]], Failure | None] = {}

    def names(self, test: str) -> tuple[str, ...]:
        """What the functions called in this test may not use."""
        return self._names.get(test, ())

    def refusal(self, test: str, function: str) -> Failure | None:
        """Why a function is not called in this test: it plainly uses what is forbidden. Else None."""
        names = self.names(test)
        if not names or function not in self._submission.functions:
            return None
        if (function, names) not in self._known:
            location = self._submission.functions[function]
            uses = self._uses.find(location.file, location.name, names)
            self._known[function, names] = self._failure(uses) if uses else None
        return self._known[function, names]

    @cached_property
    def _uses(self) -> SourceUses:
        return SourceUses(self._submission.files)

    def _failure(self, uses: list[Use]) -> Failure:
        shown = [f"{use.name} ({self._submission.place(use.file, use.line)})" for use in uses[:SHOWN]]
        more = [f"{len(uses) - SHOWN} more"] if len(uses) > SHOWN else []
        *others, last = [*shown, *more]
        return Failure("forbidden", message=f"{', '.join(others)} and {last}" if others else last)
