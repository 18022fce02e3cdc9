"""What a graded test found out: facts, one class per kind, without a word of prose.

Finding
  CallFailed        the call gave no value
  Differs           a returned value is not what it should be
  ChangedArgument   the call changed an argument that it may not change
  ClaimFailed       a claim about the answer is false, in the words of the case
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.difference import Difference
from autograder.values import Failure


@dataclass(frozen=True)
class Finding:
    """`function` is what was called, `call` the number of the call within the test, from 0."""

    function: str
    call: int


@dataclass(frozen=True)
class CallFailed(Finding):
    failure: Failure


@dataclass(frozen=True)
class Differs(Finding):
    """follows: the forward function whose exact derivative the output is, where that one is wrong."""

    output: str
    difference: Difference
    follows: str = ""


@dataclass(frozen=True)
class ChangedArgument(Finding):
    parameter: str


@dataclass(frozen=True)
class ClaimFailed(Finding):
    message: str


@dataclass(frozen=True)
class Unsteady(Finding):
    """The same call, made again, gave another answer."""


@dataclass(frozen=True)
class CallRecord:
    """One call of a test with both answers, for whoever wants to look at the whole test afterwards.

    probe: made by us to look closer at a failure; it says nothing about the submission by itself.
    """

    function: str
    arguments: tuple[Any, ...]
    actual: Any  # Reply
    expected: Any  # Reply
    probe: bool = False
