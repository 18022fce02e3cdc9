"""What is known about a failed test once all tests have run: the cause, the misconception, the pattern.

Facts about single answers are told at once (test_report.py). This looks at the run as a whole: which known
mistake gives every answer of a function, which other function is to blame, what the differences look like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from autograder import feedback
from autograder.case import GradedCase
from autograder.declared import DeclaredTest
from autograder.diagnosis import Diagnosis, Explanation
from autograder.evidence import Functions
from autograder.findings import CallFailed, Differs
from autograder.function_spec import FunctionSpec
from autograder.mistake import Mistake
from autograder.observation import RAISED
from autograder.pattern import evidence_from, find_patterns
from autograder.pattern_words import describe_pattern

MOST_EXPLANATIONS = 3
MOST_PATTERNS = 2

Finished = Sequence[tuple[GradedCase, DeclaredTest]]


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

    def paragraphs(self, case: GradedCase, declared: DeclaredTest) -> list[str]:
        """What to tell below the facts: what to mend first, else the misconception, else the pattern."""
        if not case.findings:
            return []
        return self._causes(case, declared) or self._misconceptions(case) or self._patterns(case)

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

    def _misconceptions(self, case: GradedCase) -> list[str]:
        return [
            feedback.describe_explanation(
                [output for output in each.outputs if output.isidentifier()],
                [(mistake.says, mistake.remedy) for mistake in each.mistakes],
                each.together,
            )
            for each in self.explanations(case)[:MOST_EXPLANATIONS]
        ]

    def _causes(self, case: GradedCase, declared: DeclaredTest) -> list[str]:
        """Another function that is to be mended first, in one line."""
        main = declared.tags[0]
        failed = next((each.function for each in case.findings if isinstance(each, CallFailed)), main)
        if failed != main and failed in self._first_failed:
            return [feedback.describe_needed(main, failed, self._first_failed[failed])]
        for cause in sorted(self._uses.get(case.findings[0].function, ())):
            if self._diagnosis.wrong(cause) and cause in self._first_failed and cause not in declared.tags:
                number = self._first_failed[cause]
                return [feedback.describe_cause(case.findings[0].function, cause, number)]
        return []

    def _patterns(self, case: GradedCase) -> list[str]:
        told: list[str] = []
        for function, outputs in _wrong(case).items():
            for output in sorted(outputs):
                evidence = evidence_from(case.calls, function, output, self._specs)
                told += [describe_pattern(pattern) for pattern in find_patterns(evidence)[:MOST_PATTERNS]]
        return list(dict.fromkeys(told))[:MOST_EXPLANATIONS]


def _first_failed(finished: Finished) -> dict[str, str]:
    """For each function, the number of the first failed test whose main function it is."""
    first: dict[str, str] = {}
    for case, declared in finished:
        if case.findings and declared.tags:
            first.setdefault(declared.tags[0], declared.number)
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
    signature = case.grading.functions[function].signature
    return [name for _, name in signature.leaves() if not signature.stays(name)]


def _base(output: str) -> str:
    """grads[0] -> grads: a list or a dictionary is claimed as one output."""
    return output.partition("[")[0]
