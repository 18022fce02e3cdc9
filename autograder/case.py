"""A graded test case: call a function, then claim something about the answer.

    class Softmax(GradedCase):
        @weight(2)
        @number("1.1")
        @tags("softmax")
        def test_rows(self):
            \"\"\"softmax turns each row of scores into probabilities\"\"\"
            for shape in [(1, 2), (3, 4)]:
                self.call("softmax", self.normal(*shape)).equals_reference()

The docstring's first line is the title that students see. Inputs come from `self.rng`, seeded by the
assignment and the test's name, and go from the smallest to the largest. Every call goes to the
submission and to the key alike; a case never imports either.
"""

from __future__ import annotations

import hashlib
import unittest
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from autograder.answer import Answer, StopTest
from autograder.closer_look import exact_derivatives, is_unsteady
from autograder.errors import AutograderError
from autograder.findings import CallRecord, Differs, Finding, Unsteady
from autograder.function_spec import FunctionSpec
from autograder.portable import fresh
from autograder.values import Part, Reply

DECIMALS = 3


class Answerer(Protocol):
    def call(self, function: str, *arguments: Any) -> Reply: ...


class Solution(Protocol):
    """Anything that answers calls: a submission, the key, a wrong variant of it, recorded answers."""

    def session(self, name: str, seed: int) -> Any:
        """A context manager that gives an Answerer for the calls of one test."""


class Observer(Protocol):
    """Told of every call and every comparison, by the name of the test."""

    def called(self, test: str, function: str, seconds: float) -> None: ...

    def compared(self, test: str, closeness: float) -> None:
        """closeness: the share of its tolerance that an answer needs."""


@dataclass(frozen=True)
class Grading:
    """What a case is run with.

    follow_through: the share of an output's points that the exact derivative of a wrong forward pass keeps.
    show_expected: whether the smallest failing example may show the key's values.
    """

    solution: Solution
    key: Solution
    functions: Mapping[str, FunctionSpec]
    seed: int
    follow_through: float = 0.0
    show_expected: bool = True
    observer: Observer | None = None


class GradedCase(unittest.TestCase):
    """Base class of all graded cases. The runner sets `grading` on each instance before it runs."""

    grading: Grading | None = None

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        grading = self.grading
        if grading is None:
            raise AutograderError(f"{self.id()} is graded by the runner: python -m autograder grade")
        self.calls: list[CallRecord] = []
        self.findings: list[Finding] = []
        self.claimed: dict[tuple[str, str], bool] = {}
        self.notes: list[str] = []
        self._looked: dict[int, tuple[str, frozenset[str]]] = {}
        name = self.name
        seed = seed_of(grading.seed, name)
        self.rng = np.random.default_rng(seed)
        with (
            grading.solution.session(name, seed) as self._student,
            grading.key.session(name, seed) as self._key,
        ):
            return super().run(result)

    @property
    def name(self) -> str:
        """The name of this test among all declared ones: "Softmax.test_rows"."""
        return f"{type(self).__qualname__}.{self._testMethodName}"

    def call(self, function: str, *arguments: Any) -> Answer:
        """Call a function of the submission and of the key with the same arguments."""
        assert self.grading is not None
        spec = self.grading.functions.get(function)
        if spec is None:
            raise AutograderError(f"{self.id()}: no function {function!r} is declared in the assignment")
        given = tuple(_argument(argument) for argument in arguments)
        actual, expected = self._ask_both(function, *given)
        answer = Answer(self, len(self.calls), function, spec.signature, actual, expected)
        self.calls.append(CallRecord(function, given, actual, expected))
        self.notes.extend(note for note in actual.notes if note not in self.notes)
        if self.grading.observer is not None:
            self.grading.observer.called(self.name, function, actual.seconds)
        answer.check_arguments(spec.may_change)
        return answer

    def look_closer(self, number: int, output: str) -> str:
        """Find out more about a wrong answer by further calls, once for each call that gave one.

        Gives the name of the forward function whose exact derivative this output is, if it is one's.
        """
        assert self.grading is not None
        if number not in self._looked:
            record, functions = self.calls[number], self.grading.functions
            if not self._looked and is_unsteady(record, functions[record.function], self._ask):
                self.record(Unsteady(record.function, number))
            self._looked[number] = exact_derivatives(self.calls, number, functions, self._ask, number)
        forward, exact = self._looked[number]
        return forward if output in exact else ""

    def _ask(self, function: str, *arguments: Any) -> Reply:
        """One more call, to the submission; the key is called too, so that both count alike."""
        actual, expected = self._ask_both(function, *arguments, probe=True)
        self.calls.append(CallRecord(function, arguments, actual, expected, probe=True))
        return actual

    def _ask_both(self, function: str, *arguments: Any, probe: bool = False) -> tuple[Reply, Reply]:
        """The submission's reply and the key's; a process of the submission's works while the key does."""
        post = getattr(self._student, "post", None)
        collect = post(function, *arguments) if post else partial(self._student.call, function, *arguments)
        ask_key = self._key.call
        if probe:  # recorded answers hold none to a call that the test itself does not make
            ask_key = getattr(self._key, "probe", ask_key)
        expected = ask_key(function, *arguments)
        return collect(), expected

    def record(self, finding: Finding) -> None:
        """Remember that something is wrong; the test goes on."""
        if finding not in self.findings:
            self.findings.append(finding)
        output = finding.output if isinstance(finding, Differs) else ""
        for claimed in self.claimed:
            if claimed[0] == finding.function and output in ("", claimed[1]):
                self.claimed[claimed] = False

    def enter(self, function: str, output: str) -> None:
        """Count an output among those that this test judges."""
        self.claimed.setdefault((function, output), True)

    def share(self, credit: float = 0.0) -> float:
        """The share of the test's points that the answers earned, 0 to 1.

        Each output counts on its own ("dx and db are right, dw is not"), as long as every call
        returned and changed nothing that it may not change.
        credit: what a wrong output keeps at least.
        """
        if not self.findings:
            return 1.0
        if not all(isinstance(finding, Differs) and finding.output for finding in self.findings):
            return credit
        kept = self.grading.follow_through if self.grading is not None else 0.0
        followed = self.followed()
        return sum(
            1.0 if right else max(credit, kept * (claimed in followed))
            for claimed, right in self.claimed.items()
        ) / len(self.claimed)

    def followed(self) -> list[tuple[str, str]]:
        """The wrong outputs, by function, that are the exact derivative of the student's own forward pass."""
        return [claimed for claimed, right in self.claimed.items() if not right and self._follows(*claimed)]

    def _follows(self, function: str, output: str) -> bool:
        """Is a wrong output, wherever it is wrong, the exact derivative of the student's own forward pass?"""
        wrong = [each for each in self.findings if isinstance(each, Differs) and each.function == function]
        return all(each.follows for each in wrong if each.output == output)

    def stop(self) -> None:
        """End the test here: what was found so far is the verdict."""
        raise StopTest

    def normal(self, *shape: int, scale: float = 1.0) -> np.ndarray:
        """Normally distributed numbers, of three decimals: a failing example is to be read and pasted."""
        return np.round(self.rng.normal(scale=scale, size=shape), DECIMALS)

    def off_zero(self, *shape: int, margin: float = 0.1) -> np.ndarray:
        """Numbers of both signs that keep a distance from 0, where ReLU has its kink."""
        sizes = np.round(self.rng.uniform(margin, 2.0, size=shape), DECIMALS)
        return self.rng.choice([-1.0, 1.0], size=shape) * sizes

    def distinct(self, *shape: int) -> np.ndarray:
        """Numbers no two of which are close: a max-pool window over them has no tie."""
        count = int(np.prod(shape))
        spread = self.rng.permutation(count) - count / 2 + self.rng.uniform(0, 0.5, count)
        return np.round(spread.reshape(shape) / 4, DECIMALS)

    def labels(self, count: int, classes: int) -> np.ndarray:
        """Integer class labels, (count,)."""
        return self.rng.integers(0, classes, size=count)


def seed_of(seed: int, name: str) -> int:
    """The seed of a test: the same everywhere for one assignment and one name."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:8], "big")


def _argument(argument: Any) -> Any:
    """Arguments reach students as plain numbers, containers and arrays, copied from the case's own."""
    if isinstance(argument, np.generic):
        return argument.item()
    if isinstance(argument, (list, tuple)):
        return type(argument)(_argument(item) for item in argument)
    if isinstance(argument, dict):
        return {key: _argument(item) for key, item in argument.items()}
    return argument if isinstance(argument, Part) else fresh(argument)
