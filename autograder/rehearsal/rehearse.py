"""Every example, correct style and known mistake, run under several seeds before the first student comes."""

from __future__ import annotations

import tempfile
import unittest
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, load_reference
from autograder.case import Observer
from autograder.declared import DeclaredTest
from autograder.examples import find_examples, folder_of_examples
from autograder.grader import Grader
from autograder.mistakes_loader import load_mistakes
from autograder.rehearsal.margins import Listener, Margin, margins
from autograder.rehearsal.stability import Points, Stability
from autograder.rehearsal.styles import STYLES, submission
from autograder.result_format import TestResult
from autograder.results import ResultsWriter
from autograder.runner import run
from autograder.solutions import Mistaken, Reference

TIMES = 2  # each run, to see whether it gives the same verdict again

OnStep = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rehearsal:
    """What was found.

    unfair: (style, test, points lost) under the assignment's own seed. slowest: (seconds, function, example)
    of the slowest call of a correct example, by the clock. run_cpu_seconds: of the most expensive run of a
    correct example, all processes together. correct: the examples with full marks.
    """

    tests: Mapping[str, DeclaredTest]
    seeds: tuple[int, ...]
    examples: tuple[str, ...]
    correct: tuple[str, ...]
    stability: Stability
    unfair: tuple[tuple[str, str, float], ...]
    margins: tuple[Margin, ...]
    slowest: tuple[float, str, str]
    run_cpu_seconds: tuple[float, str]


def rehearse(
    assignment: Assignment, seeds: int, on_step: OnStep = lambda what, done, total: None
) -> Rehearsal:
    """Run everything under the assignment's seed and those after it.

    on_step: told what runs next, how many steps are done, and of how many.
    """
    chosen = tuple(assignment.seed + number for number in range(seeds))
    with Grader(assignment) as grader:
        return _Rehearser(assignment, grader, chosen, on_step).rehearse()


class _Rehearser:
    def __init__(
        self, assignment: Assignment, grader: Grader, seeds: tuple[int, ...], on_step: OnStep
    ) -> None:
        self._assignment = assignment
        self._grader = grader
        self._seeds = seeds
        self._on_step = on_step
        found = find_examples(folder_of_examples(assignment.root, assignment.name))
        self._examples = {example.name: example.submission for example in found}
        self._functions = load_reference(assignment)
        self._key = Reference(self._functions, assignment.functions)
        self._mistakes = load_mistakes(assignment)
        self._stability = Stability()
        self._total = (len(self._examples) + len(STYLES)) * len(seeds) * TIMES + len(self._mistakes)
        self._done = 0
        self._slowest = (0.0, "", "")
        self._most_cpu = (0.0, "")
        self._unfair: list[tuple[str, str, float]] = []
        self._closest: dict[str, dict[str, float]] = {}

    def rehearse(self) -> Rehearsal:
        correct = tuple(name for name, folder in self._examples.items() if self._example(name, folder))
        for style in STYLES:
            self._style(style)
        return Rehearsal(
            {test.name: test for test in self._grader.tests},
            self._seeds,
            tuple(self._examples),
            correct,
            self._stability,
            tuple(self._unfair),
            tuple(margins(self._closest, dict(self._nearest_mistakes()))),
            self._slowest,
            self._most_cpu,
        )

    def _example(self, name: str, folder: Path) -> bool:
        """Grade one example under all seeds; True where it has full marks under the first."""
        is_correct = False
        for seed, number in self._rounds(f"example {name}"):
            listener = Listener()
            before = self._grader.cpu_seconds()
            with tempfile.TemporaryDirectory() as scratch:
                writer = ResultsWriter(Path(scratch) / "results.json")
                results = self._grader.grade(folder, writer, seed=seed, observer=listener).results
            spent = self._grader.cpu_seconds() - before
            self._stability.add(f"example {name}", seed, _points(results.tests))
            if number == 0:
                is_correct = results.score == results.max_score
            if is_correct:
                self._closest.setdefault(f"example {name}", dict(listener.closeness))
                function, seconds = max(listener.slowest.items(), key=lambda item: item[1])
                self._slowest = max(self._slowest, (seconds, function, name))
                self._most_cpu = max(self._most_cpu, (spent, name))
        return is_correct

    def _style(self, style: Any) -> None:
        name = f"style {style.__name__}"
        functions = submission(self._functions, self._assignment.functions, style)
        solution = Reference(functions, self._assignment.functions)
        for seed, number in self._rounds(name):
            listener = Listener()
            results = self._run(solution, seed, listener)
            self._stability.add(name, seed, _points(results))
            if number == 0:
                self._closest[name] = dict(listener.closeness)
                lost = ((each, most - score) for each in results for score, most in [each.points])
                self._unfair += [(name, _name(each), points) for each, points in lost if points > 0]

    def _nearest_mistakes(self) -> Iterator[tuple[str, dict[str, float]]]:
        for mistake in self._mistakes:
            self._step(f"mistake {mistake.name}")
            listener = Listener()
            solution = Mistaken(self._functions, self._assignment.functions, mistake)
            self._run(solution, self._assignment.seed, listener, mistake.function)
            yield mistake.name, dict(listener.closeness)

    def _run(
        self, solution: Reference, seed: int, observer: Observer, function: str = ""
    ) -> tuple[TestResult, ...]:
        """The key in other clothes, in this process; with a `function`, only the tests that name it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # float32 overflows earlier, and mistakes warn as they like
            cases: Sequence[type[unittest.TestCase]] = self._grader.cases
            outcome = run(
                self._assignment,
                cases,
                solution,
                self._key,
                seed=seed,
                observer=observer,
                only=lambda test: not function or function in test.tags,
            )
        return outcome.results

    def _rounds(self, what: str) -> Iterator[tuple[int, int]]:
        """Every seed as often as it is to be run, with the number of the round."""
        for number in range(len(self._seeds) * TIMES):
            self._step(what)
            yield self._seeds[number // TIMES], number

    def _step(self, what: str) -> None:
        self._on_step(what, self._done, self._total)
        self._done += 1


def _points(results: Sequence[TestResult]) -> Points:
    return {_name(result): result.points[0] for result in results}


def _name(result: TestResult) -> str:
    return str(result.extra_data["test"])
