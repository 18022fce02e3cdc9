"""The exam with wrong functions planted in correct submissions, and what its feedback says about them.

Everything that a real run looks at is looked at here: all tests, then the explanation of each that failed.
It runs in this process, so only for code that we trust.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.assignment import load_assignment, load_cases, load_reference
from autograder.call_graph import used_functions
from autograder.case import GradedCase
from autograder.declared import DeclaredTest
from autograder.explainer import Explainer
from autograder.grader import wanted
from autograder.mistakes_loader import load_mistakes
from autograder.rehearsal.styles import Function, Style, submission
from autograder.runner import run
from autograder.solutions import Reference
from autograder.submission import read_submission

ROOT = Path(__file__).resolve().parents[1]
PERFECT = ROOT / "submissions_example" / "perfect" / "submission"
NAMES = "it looks as if"  # how a paragraph that names a mistake reads

Finished = dict[str, tuple[GradedCase, DeclaredTest]]


class Bench:
    """The exam, its key and its catalogue, and the tests that each correct submission has passed."""

    def __init__(self) -> None:
        self.assignment = load_assignment("exam", ROOT)
        self.specs = self.assignment.functions
        self.functions = load_reference(self.assignment)
        self.mistakes = load_mistakes(self.assignment)
        self._cases = load_cases(self.assignment)
        self._key = Reference(self.functions, self.specs)
        perfect = read_submission(PERFECT, wanted(self.assignment))
        self.uses = used_functions(perfect.files, perfect.functions)
        self._correct: dict[Style, Finished] = {}

    def finished(self, style: Style, wrong: Mapping[str, Function]) -> tuple[Finished, float]:
        """All tests of a submission with these wrong functions, and the points that it loses.

        Tests that no wrong function reaches are those of the correct submission, which is run once.
        """
        if not wrong:
            return self._run(style, {}, lambda test: True)
        if style not in self._correct:
            self._correct[style] = self._run(style, {}, lambda test: True)[0]
        correct = self._correct[style]
        reached = {name for name in self.specs if {name, *self.uses[name]} & wrong.keys()}
        again = {
            name for name, (case, _) in correct.items() if reached & {call.function for call in case.calls}
        }
        found, lost = self._run(style, wrong, lambda test: test.name in again)
        return {**correct, **found}, lost

    def _run(
        self, style: Style, wrong: Mapping[str, Function], only: Callable[[DeclaredTest], bool]
    ) -> tuple[Finished, float]:
        solution = Reference(submission(self.functions, self.specs, style, wrong), self.specs)
        # A wrong function may warn as much as a student's program; that is no finding.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = run(self.assignment, self._cases, solution, self._key, only=only)
        finished = {
            test.name: (case, test) for case, test in outcome.finished if isinstance(case, GradedCase)
        }
        return finished, sum(most - score for score, most in (each.points for each in outcome.results))

    def explainer(self, finished: Finished) -> Explainer:
        return Explainer(list(finished.values()), self.functions, self.specs, self.mistakes, self.uses)


def named_mistakes(explainer: Explainer, finished: Finished) -> list[frozenset[str]]:
    """The mistakes that students read about, those that are said together as one set."""
    named = []
    for case, test in finished.values():
        if any(NAMES in paragraph for paragraph in explainer.paragraphs(case, test)):
            named += [frozenset(m.name for m in each.mistakes) for each in explainer.explanations(case)]
    return named
