"""What a student reads under one graded test: the most useful line first, then what else is known."""

from __future__ import annotations

from autograder import feedback
from autograder.case import GradedCase
from autograder.declared import DeclaredTest
from autograder.findings import CallFailed, ChangedArgument, ClaimFailed, Differs, Finding
from autograder.values import Reply

SHOWN_FINDINGS = 4
PRINTED_LINES = 8


def report(case: GradedCase, declared: DeclaredTest) -> str:
    """The text for one test that ran; for a test without findings, at most its notes."""
    paragraphs = [_findings(case), _shares(case), _printed(case, declared)]
    paragraphs.extend(feedback.describe_note(note) for note in case.notes)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def describe(finding: Finding) -> str:
    """One finding in words."""
    if isinstance(finding, CallFailed):
        if finding.failure.kind == "missing" and finding.failure.message:
            return finding.failure.message
        return feedback.describe_failure(finding.failure, function=finding.function)
    if isinstance(finding, Differs):
        return feedback.describe_difference(
            finding.difference, function=finding.function, output_name=finding.output
        )
    if isinstance(finding, ChangedArgument):
        return feedback.describe_changed_argument(finding.function, finding.parameter)
    assert isinstance(finding, ClaimFailed)
    return feedback.describe_claim(finding.function, finding.message)


def _findings(case: GradedCase) -> str:
    """The first finding about each output: inputs go from small to large, so the first is the simplest."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in case.findings:
        kind = getattr(finding, "output", None) or type(finding).__name__
        first.setdefault((finding.function, kind), finding)
    return "\n".join(describe(finding) for finding in list(first.values())[:SHOWN_FINDINGS])


def _shares(case: GradedCase) -> str:
    """Which outputs are right although others are not, and on how many of the inputs."""
    if not case.findings:
        return ""
    lines = []
    share = case.share()
    if 0 < share < 1:
        right = [output for (_, output), holds in case.claimed.items() if holds]
        wrong = [output for (_, output), holds in case.claimed.items() if not holds]
        lines.append(feedback.describe_share(right, wrong))
    function = case.findings[0].function
    calls = [index for index, call in enumerate(case.calls) if call.function == function]
    failed = {finding.call for finding in case.findings if finding.function == function}
    if len(calls) > 1 and len(failed) < len(calls):
        lines.append(feedback.describe_inputs(function, len(calls) - len(failed), len(calls)))
    return "\n".join(lines)


def _printed(case: GradedCase, declared: DeclaredTest) -> str:
    """What the first call that went wrong printed: for tests that students may see right away only."""
    if not case.findings or declared.visibility != "visible":
        return ""
    reply: Reply = case.calls[case.findings[0].call].actual
    lines = reply.printed.rstrip().splitlines()
    return feedback.describe_printed(lines[:PRINTED_LINES], len(lines) > PRINTED_LINES) if lines else ""
