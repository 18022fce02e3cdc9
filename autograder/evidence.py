"""What the calls of a run prove: the student's answers, the key's, and any variant's, call by call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from autograder.answering import Answerer
from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.observation import DOUBLE, RAISED, SINGLE, Observation, Rounding, agree, deviation, observe
from autograder.values import Failure, Part

Functions = Mapping[str, Callable[..., Any]]
Specs = Mapping[str, FunctionSpec]

FEWEST_ANSWERS = 10  # right ones that tell in which precision a submission computes
# Right answers are off by 1e-16 or so in float64, by 1e-8 or more in float32.
SINGLE_FROM, RIGHT_TO = 1e-9, 1e-4


@dataclass(frozen=True)
class Evidence:
    """One call of a function: the test that it stands in, its number there, and what was shown.

    state: the parameters that the key changes on some call, which are outputs then.
    """

    transcript: tuple[CallRecord, ...]
    number: int
    actual: Observation
    expected: Observation
    state: frozenset[str]

    def agrees(self, rounding: Rounding) -> bool:
        """Is the student right on this call, in every output?"""
        return all(
            agree(self.actual, self.expected, name, rounding) for name in {*self.actual, *self.expected}
        )


def collect(
    transcripts: Iterable[Sequence[CallRecord]], specs: Specs
) -> tuple[dict[str, list[Evidence]], Rounding]:
    """Every call by function, and the precision of the whole run.

    Calls on which the student differs come first, since they decide soonest.
    """
    found: dict[str, list[Evidence]] = defaultdict(list)
    tests = [tuple(transcript) for transcript in transcripts]
    states = _states(tests, specs)
    for transcript in tests:
        for number, call in enumerate(transcript):
            if not call.probe:
                spec, state = specs[call.function], frozenset(states[call.function])
                seen = [observe(reply, spec, call, state) for reply in (call.actual, call.expected)]
                found[call.function].append(Evidence(transcript, number, *seen, state))
    rounding = _rounding(item for items in found.values() for item in items if item.number == 0)
    for items in found.values():
        items.sort(key=lambda item: item.agrees(rounding))
    return found, rounding


def _states(tests: Iterable[Sequence[CallRecord]], specs: Specs) -> dict[str, set[str]]:
    """The parameters that the key changes, by function: running averages, but not a gradient used up."""
    states: dict[str, set[str]] = defaultdict(set)
    for call in (call for transcript in tests for call in transcript):
        parameters = specs[call.function].signature.parameters
        states[call.function].update(parameters[index] for index in call.expected.changed)
    return states


def _rounding(sample: Iterable[Evidence]) -> Rounding:
    """In which precision does a submission compute? Its right answers tell, whatever their dtype says."""
    deviations = [
        deviation(item.actual[name], item.expected[name])
        for item in sample
        for name in item.expected
        if name in item.actual
    ]
    right = [each for each in deviations if each is not None and each < RIGHT_TO]
    return SINGLE if len(right) >= FEWEST_ANSWERS and median(right) > SINGLE_FROM else DOUBLE


class Replay:
    """What other functions show on each call of the evidence; a call is replayed when it is asked for.

    rounding: the submission's; where it computes in float32, so do the other functions.
    """

    def __init__(
        self, evidence: Sequence[Evidence], functions: Functions, specs: Specs, rounding: Rounding
    ) -> None:
        self._evidence = evidence
        self._rounding = rounding
        self._functions = functions
        self._specs = specs
        self._views: dict[int, Observation] = {}
        self._failures: dict[int, Failure | None] = {}

    def view(self, index: int) -> Observation:
        """The observation at one call."""
        if index not in self._views:
            with np.errstate(all="ignore"):
                self._views[index] = self._show(index)
        return self._views[index]

    def explains(self, output: str) -> bool:
        """Is this output the student's on every call?"""
        return all(
            agree(item.actual, self.view(i), output, self._rounding) for i, item in enumerate(self._evidence)
        )

    def crashes_alike(self) -> bool:
        """Does each call that should give a value and raises do so at the same operation as the student's?"""
        for index, item in enumerate(self._evidence):
            if RAISED in item.actual and RAISED not in item.expected:
                self.view(index)
                failure = item.transcript[item.number].actual.failure
                if not _same_crash(failure, self._failures.get(index)):
                    return False
        return True

    def _show(self, index: int) -> Observation:
        """One call after whatever earlier calls it refers to, in a session of its own."""
        item = self._evidence[index]
        record = item.transcript[item.number]
        answerer = Answerer(self._functions.__getitem__, keep=lambda name: self._specs[name].signature.kept)
        numbers: dict[int, int] = {}
        try:
            for position, number in enumerate(_needed(item.transcript, item.number)):
                earlier = item.transcript[number]
                answerer.call(earlier.function, *self._arguments(earlier, numbers))
                numbers[number] = position
            reply = answerer.call(record.function, *self._arguments(record, numbers))
        except (TypeError, IndexError, KeyError):
            return {RAISED: "raised"}  # an earlier call gave nothing that could be referred to
        self._failures[index] = reply.failure
        return observe(reply, self._specs[record.function], record, item.state)

    def _arguments(self, record: CallRecord, numbers: Mapping[int, int]) -> list[Any]:
        given = [_renumber(each, numbers) for each in record.arguments]
        return [_single(each) for each in given] if self._rounding == SINGLE else given


def _same_crash(left: Failure, right: Failure | None) -> bool:
    """The same words, which tell NumPy's operation and its shapes; or both by a `raise` of their own."""
    if right is None:
        return False
    by_choice = all(each.frames and each.frames[-1].source.startswith("raise") for each in (left, right))
    return left.message == right.message or by_choice


def _needed(transcript: Sequence[CallRecord], number: int) -> list[int]:
    """The earlier calls that a call refers to, and those that they refer to, in order."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        for part in _parts(transcript[waiting.pop()].arguments):
            if part not in found:
                found.add(part)
                waiting.append(part)
    return sorted(found)


def _parts(argument: Any) -> list[int]:
    if isinstance(argument, Part):
        return [argument.call]
    if isinstance(argument, (list, tuple)):
        return [part for item in argument for part in _parts(item)]
    return []


def _renumber(argument: Any, numbers: Mapping[int, int]) -> Any:
    if isinstance(argument, Part):
        return Part(numbers[argument.call], argument.path)
    if isinstance(argument, (list, tuple)):
        return type(argument)(_renumber(item, numbers) for item in argument)
    return argument


def _single(argument: Any) -> Any:
    """An argument with its float64 arrays made float32."""
    if isinstance(argument, np.ndarray) and argument.dtype == np.float64:
        return argument.astype(np.float32)
    if isinstance(argument, dict):
        return {key: _single(item) for key, item in argument.items()}
    return [_single(item) for item in argument] if isinstance(argument, list) else argument
