"""How loading a submission went, and why a function of it cannot be called at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from autograder.values import Failure

if TYPE_CHECKING:  # the kit's supervisor needs no more of a submission than this page says
    from autograder.submission import Submission

LOADING_FAILED = {
    "cpu_time": "loading your files took too long",
    "idle": "loading your files waited for something that never came",
    "wall_time": "the time for the whole run was used up",
    "processes": "loading your files started processes that went on",
    "": "loading your files ended the process",
}


class LoadProblem(Protocol):
    """One top-level statement that raised while its file was loading."""

    file: str
    line: int
    source: str
    error: str


@dataclass(frozen=True)
class LoadReport:
    """How loading went. `failure` is set where no file could be loaded at all."""

    layers: tuple[str, ...] = ()
    problems: tuple[LoadProblem, ...] = ()
    notes: tuple[str, ...] = ()
    failure: Failure | None = None

    def after(self, first: Failure) -> LoadReport:
        """The report of a second try, which loaded definitions only because the first ended like this."""
        note = f"{first.message}, so only imports and definitions were loaded: no other top-level code ran."
        return replace(self, notes=(note[:1].upper() + note[1:], *self.notes))


def refusal(submission: Submission, function: str, failure: Failure | None) -> Failure | None:
    """Why a function cannot be called at all, or None where it can.

    failure: why nothing of the submission could be loaded, if so.
    """
    location = submission.functions.get(function)
    if location is None:
        return Failure("missing", message=submission.why_missing(function))
    if location.is_stub:
        return Failure("stub", message=f"{location.file} line {location.line}")
    return failure
