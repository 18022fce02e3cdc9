"""What is known about a failed test once all tests have run: the cause, the misconception, the pattern.

Facts about single answers are told at once (test_report.py). This looks at the run as a whole: which known
mistake gives every answer of a function, which other function is to blame, what the differences look like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autograder import feedback
from autograder.case import GradedCase
from autograder.declared import DeclaredTest
from autograder.diagnosis import Diagnosis, Explanation
from autograder.evidence import Functions
from autograder.findings import CallFailed, ClaimFailed, Differs
from autograder.function_spec import FunctionSpec
from autograder.observation import RAISED
from autograder.pattern import Pattern, evidence_from, find_patterns
from autograder.pattern.kinds.rules import NearlyRight
from autograder.pattern_words import describe_pattern
from autograder.result_format import TestResult
from autograder.same_crash import told_before
from autograder.signature import Signature
from autograder.test_report import Known, follow_through, report
from autograder.wording import plain

if TYPE_CHECKING:
    from autograder.mistake import Mistake

MOST_EXPLANATIONS = 3
MOST_PATTERNS = 2
_UNFINISHED = ("missing", "import", "stub")

Finished = Sequence[tuple[GradedCase, DeclaredTest]]


def explained(
    results: Iterable[TestResult], finished: Finished, explainer: Explainer, *, rubric: bool
) -> Iterator[TestResult]:
    """The results that change once the whole run is known: their text, and with `rubric` their score."""
    by_name = {result.extra_data.get("test"): result for result in results}
    for case, declared in finished:
        result = by_name[declared.name]
        # A text of another making (a hidden error, an assertion of the case) stays, and so does its score.
        if not case.findings or result.output != report(case, declared):
            continue
        known = explainer.known(case, declared)
        if not rubric or declared.partial_credit:
            known = replace(known, credit=0.0)
        text = report(case, declared, known)
        score = declared.points * case.share(known.credit) if known.credit else result.score
        if (text, score) != (result.output, result.score):
            yield replace(result, output=text, score=score)


class Explainer:
    """Explains the failed tests of one run.

    uses: the graded functions that each graded function of the submission calls.
    """

    def __init__(
        self,
        finished: Finished,
        functions: Functions,
        specs: Mapping[str, FunctionSpec],
        mistakes: Sequence[Mistake],
        uses: Mapping[str, frozenset[str]],
    ) -> None:
        self._specs = specs
        self._uses = uses
        self._diagnosis = Diagnosis([case.calls for case, _ in finished], functions, specs, mistakes)
        self._first_failed = _first_failed(finished)
        self._told_before = told_before(finished)
        self._with_credit = {mistake.function for mistake in mistakes if mistake.credit}

    def known(self, case: GradedCase, declared: DeclaredTest) -> Known:
        """About a failed test: what to mend first, else the misconception, else the pattern."""
        causes = self._followed(case) or self._causes(case, declared)
        if declared.name in self._told_before:
            return Known(causes, told_in=self._told_before[declared.name])
        wrong = [claimed for claimed, right in case.claimed.items() if not right]
        if not causes or 0 < len(case.followed()) < len(wrong):
            causes += self._misconceptions(case)
        patterns = [] if causes else self._patterns(case, declared.visibility == "visible")
        return Known(causes, patterns, self._credit(case))

    def paragraphs(self, case: GradedCase, declared: DeclaredTest) -> list[str]:
        """The same as a list of texts; none where the test has no findings."""
        known = self.known(case, declared) if case.findings else Known()
        return [*known.causes, *known.patterns]

    def explanations(self, case: GradedCase) -> list[Explanation]:
        """The known mistakes behind what is wrong in this test."""
        wrong = _wrong(case)
        return [
            explanation
            for function in wrong
            for explanation in self._diagnosis.explain(function)
            if wrong[function] & {_base(output) for output in explanation.outputs}
            or RAISED in explanation.outputs
        ]

    def _credit(self, case: GradedCase) -> float:
        """The share that the wrong outputs of this test keep: that of the one mistake behind them all."""
        if not all(isinstance(each, ClaimFailed | Differs) for each in case.findings):
            return 0.0
        if not any(each.function in self._with_credit for each in case.findings):
            return 0.0  # without looking for mistakes that a cause leaves untold
        found = self.explanations(case)
        mistakes = {mistake for each in found for mistake in each.mistakes}
        unexplained = any(
            outputs & {_base(output) for output in self._diagnosis.unexplained(function)}
            for function, outputs in _wrong(case).items()
        )
        if unexplained or len(mistakes) != 1 or any(each.together for each in found):
            return 0.0
        return mistakes.pop().credit or 0.0

    def _followed(self, case: GradedCase) -> list[str]:
        """A forward pass that is to be mended first, because these gradients are right for it."""
        forward = next((each.follows for each in case.findings if isinstance(each, Differs)), "")
        first = self._first_failed.get(forward)
        told = follow_through(case, first.number if first else "")
        return [told] if told else []

    def _misconceptions(self, case: GradedCase) -> list[str]:
        return [
            feedback.describe_explanation(
                each.function,
                self._subject(each),
                [(mistake.says, mistake.remedy) for mistake in each.mistakes],
                each.together,
            )
            for each in self.explanations(case)[:MOST_EXPLANATIONS]
        ]

    def _subject(self, explanation: Explanation) -> list[str]:
        """The outputs to name: none where the explanation holds for all that the function returns."""
        if len(explanation.outputs) == 1 and not explanation.outputs[0].isidentifier():
            return [plain(explanation.outputs[0])]  # one gradient of a list may have a mistake of its own
        named = [output for output in explanation.outputs if output.isidentifier()]
        signature = self._specs[explanation.function].signature
        return [] if set(named) == set(_outputs(signature)) else named

    def _causes(self, case: GradedCase, declared: DeclaredTest) -> list[str]:
        """Another function that is to be mended first, in one line."""
        main = declared.tags[0]
        failed = next((each.function for each in case.findings if isinstance(each, CallFailed)), main)
        if failed != main and failed in self._first_failed:
            return [feedback.describe_needed(main, failed, self._first_failed[failed].number)]
        for cause in sorted(self._uses.get(case.findings[0].function, ())):
            if self._diagnosis.wrong(cause) and cause in self._first_failed and cause not in declared.tags:
                first, function = self._first_failed[cause], case.findings[0].function
                return [feedback.describe_cause(function, cause, first.number, first.unfinished)]
        return []

    def _patterns(self, case: GradedCase, with_numbers: bool) -> list[str]:
        told: list[str] = []
        for function, outputs in _wrong(case).items():
            for output in sorted(outputs):
                evidence = evidence_from(case.calls, function, output, self._specs)
                told += map(describe_pattern, _worth_telling(find_patterns(evidence)[:MOST_PATTERNS]))
        shown = [text for text in dict.fromkeys(told) if with_numbers or not any(map(str.isdigit, text))]
        return shown[:MOST_EXPLANATIONS]


def _worth_telling(patterns: Iterable[Pattern]) -> Iterator[Pattern]:
    """A near miss stands in the facts already."""
    return (pattern for pattern in patterns if not isinstance(pattern, NearlyRight))


@dataclass(frozen=True)
class _FirstFailed:
    """The first failed test of a function that students see, and whether the function is not there at all."""

    number: str
    unfinished: bool


def _first_failed(finished: Finished) -> dict[str, _FirstFailed]:
    """By the main function of the test."""
    first: dict[str, _FirstFailed] = {}
    for case, declared in finished:
        if case.findings and declared.tags and declared.visibility == "visible":
            finding = case.findings[0]
            unfinished = isinstance(finding, CallFailed) and finding.failure.kind in _UNFINISHED
            first.setdefault(declared.tags[0], _FirstFailed(declared.number, unfinished))
    return first


def _wrong(case: GradedCase) -> dict[str, set[str]]:
    """The outputs that this test found wrong, by function."""
    wrong: dict[str, set[str]] = {}
    for finding in case.findings:
        outputs = wrong.setdefault(finding.function, set())
        if isinstance(finding, Differs) and finding.output:
            outputs.add(finding.output)
        else:
            outputs.update(_all_outputs(case, finding.function))
    return wrong


def _all_outputs(case: GradedCase, function: str) -> Iterable[str]:
    assert case.grading is not None
    return _outputs(case.grading.functions[function].signature)


def _outputs(signature: Signature) -> list[str]:
    return [name for _, name in signature.leaves() if not signature.stays(name)]


def _base(output: str) -> str:
    """grads[0] -> grads: a list or a dictionary is claimed as one output."""
    return output.partition("[")[0]
