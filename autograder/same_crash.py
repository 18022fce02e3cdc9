"""A crash that an earlier test has told in full already: the same error at the same line of the student's.

Told once, it can be mended once; told ten times, it hides what else is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from autograder.case import GradedCase
from autograder.declared import DeclaredTest, outermost
from autograder.findings import CallFailed, Finding
from autograder.values import Frame

Crash = tuple[str, str, str, tuple[Frame, ...]]
_NUMBER = re.compile(r"\d+")
_SURELY_TOLD = 4  # of a test's findings, from the first on


def told_before(finished: Iterable[tuple[GradedCase, DeclaredTest]]) -> dict[str, str]:
    """By the name of a test that failed by one crash alone, the number of the test that told it first.

    Both are tests that students can see: the sentences of another hold whatever its inputs are.
    """
    told: dict[Crash, str] = {}
    repeated = {}
    for case, declared in finished:
        if declared.visibility == "visible" and not _hides_errors(case):
            crashes = [_crash(finding) for finding in case.findings]
            only = crashes[0] if len(set(crashes)) == 1 else None
            if only in told:
                repeated[declared.name] = told[only]
            for crash in _told(case.findings):
                told.setdefault(crash, declared.number)
    return repeated


def _told(findings: Sequence[Finding]) -> list[Crash]:
    """The crashes that a text tells: the first of each function."""
    first: dict[str, Crash | None] = {}
    for finding in findings[:_SURELY_TOLD]:
        if isinstance(finding, CallFailed):
            first.setdefault(finding.function, _crash(finding))
    return [crash for crash in first.values() if crash is not None]


def _crash(finding: Finding) -> Crash | None:
    """Function, error and the student's own lines; shapes and sizes in the message are the input's."""
    if not isinstance(finding, CallFailed) or finding.failure.kind not in ("raised", "memory"):
        return None
    failure = finding.failure
    message = _NUMBER.sub("#", failure.message)
    return (finding.function, failure.type_name, message, failure.frames) if failure.frames else None


def _hides_errors(case: GradedCase) -> bool:
    return outermost(getattr(type(case), case._testMethodName), "__hide_errors__") is not None
