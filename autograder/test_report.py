"""What a student reads under one graded test: the most useful line first, then what else is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder import feedback
from autograder.case import GradedCase
from autograder.compare import TOLERANCES
from autograder.crash_help import explain
from autograder.declared import DeclaredTest
from autograder.difference import NotFinite, WrongCount, WrongValues
from autograder.discreet import describe_discreetly
from autograder.findings import CallFailed, ChangedArgument, ClaimFailed, Differs, Finding, Unsteady
from autograder.observation import observe
from autograder.picture import bars, map_of
from autograder.snippet import snippet
from autograder.values import Reply
from autograder.wording import wrapped

SHOWN_FINDINGS = 4
PRINTED_LINES = 8
LINES = 40  # of one test's text; what is least useful is left out first


@dataclass(frozen=True)
class Known:
    """What only the whole run tells about a failed test, in paragraphs.

    causes: what is to be mended; it stands before the facts. patterns: what the facts look like.
    credit: the share that the wrong outputs keep, because a common slip explains them all.
    told_in: the number of an earlier test that tells in full the one crash by which this test failed.
    """

    causes: Sequence[str] = ()
    patterns: Sequence[str] = ()
    credit: float = 0.0
    told_in: str = ""


NOTHING = Known()


def report(
    case: GradedCase,
    declared: DeclaredTest,
    known: Known = NOTHING,
    claims: Sequence[str] = (),
) -> str:
    """The text for one test that ran; for a test without findings, at most its notes.

    known: what the whole run tells about the test. claims: the assertions of the case that failed.
    """
    visible = declared.visibility == "visible"
    # A note comes from the submission's process, as everything does that only visible tests may show.
    notes = "\n".join(feedback.describe_note(note) for note in case.notes) if visible else ""
    if not case.findings:
        return fitted([*map(wrapped, claims), wrapped(notes)])
    facts = [_findings(case, visible), *known.patterns]
    if known.told_in:
        facts = [_told_before(case, known)]
    prose = [*claims, *(known.causes or [follow_through(case)]), *facts, _shares(case, known.credit)]
    shown = [_picture(case), _example(case), _printed(case)] if visible and not known.told_in else []
    return fitted([*map(wrapped, prose), *shown, wrapped(notes)])


def fitted(paragraphs: Sequence[str]) -> str:
    """As many paragraphs as fit, from the first on; one that does not is left out, the first is cut."""
    shown: list[str] = []
    room = LINES
    for paragraph in filter(None, paragraphs):
        lines = paragraph.splitlines()
        if not shown and len(lines) > room:
            lines = [*lines[: room - 1], "..."]
        if len(lines) <= room:
            shown.append("\n".join(lines))
            room -= len(lines) + 1
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


def _told_before(case: GradedCase, known: Known) -> str:
    """Where to read about the crash, unless a cause says so already."""
    if any(f"mend {known.told_in} first" in cause for cause in known.causes):
        return ""
    return feedback.describe_told_before(case.findings[0].function, known.told_in)


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


def _findings(case: GradedCase, visible: bool) -> str:
    """The first finding about each output: inputs go from small to large, so the first is the simplest."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in case.findings:
        kind = getattr(finding, "output", None) or type(finding).__name__
        first.setdefault((finding.function, kind), finding)
    shown = list(first.values())[:SHOWN_FINDINGS]
    return "\n".join(describe(case, each) if visible else describe_discreetly(each) for each in shown)


def _shares(case: GradedCase, credit: float) -> str:
    """Which outputs are right although others are not, what the wrong ones keep, on how many inputs."""
    lines = []
    right = [output for (_, output), holds in case.claimed.items() if holds]
    wrong = [output for (_, output), holds in case.claimed.items() if not holds]
    if case.share() > 0 and right and wrong:
        lines.append(feedback.describe_share(right, wrong))
    if credit:
        lines.append(feedback.describe_credit(credit, wrong if right else ()))
    function = case.findings[0].function
    calls = [i for i, call in enumerate(case.calls) if call.function == function and not call.probe]
    failed = {finding.call for finding in case.findings if finding.function == function}
    if len(calls) > 1 and len(failed) < len(calls):
        lines.append(feedback.describe_inputs(function, len(calls) - len(failed), len(calls)))
    return "\n".join(lines)


def follow_through(case: GradedCase, number: str = "") -> str:
    """What is right for a wrong forward pass, whose first failed test is `number`; "" where nothing is."""
    follows = next((each for each in case.findings if isinstance(each, Differs) and each.follows), None)
    if follows is None or case.grading is None:
        return ""
    outputs = [name for function, name in case.followed() if function == follows.function]
    kept = case.grading.follow_through if case.share() > 0 else 0.0
    if not outputs:
        return ""
    return feedback.describe_follow_through(follows.function, outputs, follows.follows, number, kept)


def _printed(case: GradedCase) -> str:
    """What the first call that went wrong printed."""
    reply: Reply = case.calls[case.findings[0].call].actual
    lines = reply.printed.rstrip().splitlines()
    return feedback.describe_printed(lines[:PRINTED_LINES], len(lines) > PRINTED_LINES) if lines else ""
