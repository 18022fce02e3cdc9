"""What a student reads under one graded test: the most useful line first, then what else is known."""

from __future__ import annotations

from collections.abc import Sequence

from autograder import feedback
from autograder.case import GradedCase
from autograder.compare import TOLERANCES
from autograder.crash_help import explain
from autograder.declared import DeclaredTest
from autograder.difference import NotFinite, WrongCount, WrongValues
from autograder.findings import CallFailed, ChangedArgument, ClaimFailed, Differs, Finding, Unsteady
from autograder.observation import observe
from autograder.picture import bars, map_of
from autograder.snippet import snippet
from autograder.values import Reply

SHOWN_FINDINGS = 4
PRINTED_LINES = 8
LINES = 40  # of one test's text; what is least useful is left out first


def report(case: GradedCase, declared: DeclaredTest, more: Sequence[str] = ()) -> str:
    """The text for one test that ran; for a test without findings, at most its notes.

    more: what is known about the test from the whole run, each a paragraph.
    """
    notes = "\n".join(feedback.describe_note(note) for note in case.notes)
    if not case.findings:
        return notes
    paragraphs = [_findings(case), *more, _shares(case)]
    if declared.visibility == "visible":
        paragraphs += [_picture(case), _example(case), _printed(case)]
    return _fitted([*paragraphs, notes])


def _fitted(paragraphs: Sequence[str]) -> str:
    """As many paragraphs as fit, from the first on; one that does not is left out."""
    shown: list[str] = []
    room = LINES
    for paragraph in filter(None, paragraphs):
        lines = paragraph.count("\n") + 2
        if not shown or lines <= room:
            shown.append(paragraph)
            room -= lines
    return "\n\n".join(shown)


def describe(case: GradedCase, finding: Finding) -> str:
    """One finding in words."""
    if isinstance(finding, CallFailed):
        return _describe_failure(case, finding)
    if isinstance(finding, Differs):
        if not finding.output and isinstance(finding.difference, WrongCount) and not finding.difference.path:
            return feedback.describe_count(finding.function, finding.difference.actual, _names(case, finding))
        return feedback.describe_difference(
            finding.difference, function=finding.function, output_name=finding.output
        )
    if isinstance(finding, ChangedArgument):
        return feedback.describe_changed_argument(finding.function, finding.parameter)
    if isinstance(finding, Unsteady):
        return feedback.describe_unsteady(finding.function)
    assert isinstance(finding, ClaimFailed)
    return feedback.describe_claim(finding.function, finding.message)


def _describe_failure(case: GradedCase, finding: CallFailed) -> str:
    failure = finding.failure
    if failure.kind == "missing" and failure.message:
        return failure.message
    assert case.grading is not None
    hint = explain(
        failure,
        function=finding.function,
        signature=case.grading.functions[finding.function].signature,
        arguments=case.calls[finding.call].arguments,
    )
    return feedback.describe_failure(failure, function=finding.function, hint=hint)


def _names(case: GradedCase, finding: Finding) -> list[str]:
    """What the function returns, one name for each value at the top."""
    assert case.grading is not None
    returns = case.grading.functions[finding.function].signature.returns
    return [each if isinstance(each, str) else f"({', '.join(map(str, each))})" for each in returns]


def _first_difference(case: GradedCase) -> Differs | None:
    return next((each for each in case.findings if isinstance(each, Differs) and each.output), None)


def _picture(case: GradedCase) -> str:
    """Where the first wrong array is right and wrong; for norms per step, the student's as a bar."""
    finding = _first_difference(case)
    if finding is None or not isinstance(finding.difference, WrongValues | NotFinite):
        return ""
    assert case.grading is not None
    spec, call = case.grading.functions[finding.function], case.calls[finding.call]
    actual = observe(call.actual, spec).get(finding.output)
    expected = observe(call.expected, spec).get(finding.output)
    if finding.output == "norms":
        return bars(actual)
    tolerance = getattr(finding.difference, "tolerance", TOLERANCES["float64"])
    return map_of(actual, expected, tolerance)


def _example(case: GradedCase) -> str:
    """The first failing call, ready to be pasted."""
    assert case.grading is not None
    finding = case.findings[0]
    if isinstance(finding, CallFailed) and finding.failure.kind in ("missing", "import", "stub"):
        return ""
    outputs = [(finding.output,)] if isinstance(finding, Differs) and finding.output else []
    code = snippet(
        case.calls,
        finding.call,
        case.grading.functions,
        show_expected=case.grading.show_expected,
        outputs=outputs,
    )
    return feedback.describe_example(code) if code else ""


def _findings(case: GradedCase) -> str:
    """The first finding about each output: inputs go from small to large, so the first is the simplest."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in case.findings:
        kind = getattr(finding, "output", None) or type(finding).__name__
        first.setdefault((finding.function, kind), finding)
    return "\n".join(describe(case, finding) for finding in list(first.values())[:SHOWN_FINDINGS])


def _shares(case: GradedCase) -> str:
    """Which outputs are right although others are not, what follows a wrong forward pass, how many inputs."""
    lines = []
    right = [output for (_, output), holds in case.claimed.items() if holds]
    wrong = [output for (_, output), holds in case.claimed.items() if not holds]
    if case.share() > 0 and right and wrong:
        lines.append(feedback.describe_share(right, wrong))
    follows = next((each for each in case.findings if isinstance(each, Differs) and each.follows), None)
    if follows is not None and case.grading is not None:
        kept = case.grading.follow_through if case.share() > 0 else 0.0
        lines.append(feedback.describe_follow_through(follows.function, follows.follows, kept))
    function = case.findings[0].function
    calls = [i for i, call in enumerate(case.calls) if call.function == function and not call.probe]
    failed = {finding.call for finding in case.findings if finding.function == function}
    if len(calls) > 1 and len(failed) < len(calls):
        lines.append(feedback.describe_inputs(function, len(calls) - len(failed), len(calls)))
    return "\n".join(lines)


def _printed(case: GradedCase) -> str:
    """What the first call that went wrong printed."""
    reply: Reply = case.calls[case.findings[0].call].actual
    lines = reply.printed.rstrip().splitlines()
    return feedback.describe_printed(lines[:PRINTED_LINES], len(lines) > PRINTED_LINES) if lines else ""
