"""What may be said about a failed test that students cannot see yet: no value, and nothing that theirs chose.

A submission could hide the inputs of such a test in whatever it returns, raises or prints, for whoever reads
the text later. So these sentences name the kind of failure and the output, and are the same whatever stood
in them; staff who want to know more grade the submission on their own machine.
"""

from __future__ import annotations

import builtins

from autograder import feedback
from autograder.difference import (
    Difference,
    Missing,
    MissingKeys,
    NotFinite,
    WrongCount,
    WrongShape,
    WrongType,
    WrongValues,
)
from autograder.feedback.calls import FAILURES
from autograder.findings import CallFailed, ChangedArgument, ClaimFailed, Differs, Finding, Unsteady
from autograder.values import Failure
from autograder.wording import place

_KNOWN_ERRORS = {name for name, value in vars(builtins).items() if isinstance(value, type)} | {"LinAlgError"}


def describe_discreetly(finding: Finding) -> str:
    """One finding in words that hold for every input."""
    if isinstance(finding, CallFailed):
        return _failure(finding.failure, finding.function)
    if isinstance(finding, Differs):
        where = place(finding.output, finding.difference.path) if finding.output else "the result"
        return f"{finding.function}: {where} {_difference(finding.difference)}."
    if isinstance(finding, ChangedArgument):
        return feedback.describe_changed_argument(finding.function, finding.parameter)
    if isinstance(finding, Unsteady):
        return feedback.describe_unsteady(finding.function)
    assert isinstance(finding, ClaimFailed)
    return feedback.describe_claim(finding.function, finding.message)


def _failure(failure: Failure, function: str) -> str:
    error = failure.type_name if failure.type_name in _KNOWN_ERRORS else "an exception of its own"
    if failure.kind == "raised":
        return f"{function} stopped with {error}."
    if failure.kind == "import":
        return f"{function} could not be loaded, because its file stops before it."
    if failure.kind == "forbidden":
        return f"{function} uses something that this question asks you to do without."
    if failure.kind == "died":
        return f"{function} crashed the Python process."
    return FAILURES[failure.kind].format(function=function)


def _difference(difference: Difference) -> str:
    nearly = isinstance(difference, WrongValues) and difference.is_close_miss
    return "is nearly right, but not quite" if nearly else _DIFFERENCES.get(type(difference), "is wrong")


_DIFFERENCES: dict[type[Difference], str] = {
    Missing: "is None",
    WrongType: "is of another type than it must be",
    WrongCount: "has another number of values than it must have",
    MissingKeys: "lacks keys that it must have",
    WrongShape: "has another shape than it must have",
    NotFinite: "is NaN or infinite",
}
