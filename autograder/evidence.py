"""What the calls of a run prove: the student's answers, the key's, and any variant's, call by call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answering import Answerer
from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.observation import RAISED, Observation, agree, observe
from autograder.values import Part

Functions = Mapping[str, Callable[..., Any]]
Specs = Mapping[str, FunctionSpec]


@dataclass(frozen=True)
class Evidence:
    """One call of a function: the test that it stands in, its number there, and what was shown."""

    transcript: tuple[CallRecord, ...]
    number: int
    actual: Observation
    expected: Observation

    @property
    def agrees(self) -> bool:
        """Is the student right on this call, in every output?"""
        return all(agree(self.actual, self.expected, name) for name in {*self.actual, *self.expected})


def collect(transcripts: Iterable[Sequence[CallRecord]], specs: Specs) -> dict[str, list[Evidence]]:
    """Every call by function; those on which the student differs come first, since they decide soonest."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for transcript in transcripts:
        for number, call in enumerate(transcript):
            if not call.probe:
                spec = specs[call.function]
                seen = observe(call.actual, spec), observe(call.expected, spec)
                found[call.function].append(Evidence(tuple(transcript), number, *seen))
    for items in found.values():
        items.sort(key=lambda item: item.agrees)
    return found


class Replay:
    """What other functions show on each call of the evidence; a call is replayed when it is asked for."""

    def __init__(self, evidence: Sequence[Evidence], functions: Functions, specs: Specs) -> None:
        self._evidence = evidence
        self._functions = functions
        self._specs = specs
        self._views: dict[int, Observation] = {}

    def view(self, index: int) -> Observation:
        """The observation at one call."""
        if index not in self._views:
            with np.errstate(all="ignore"):
                self._views[index] = self._show(self._evidence[index])
        return self._views[index]

    def explains(self, output: str) -> bool:
        """Is this output the student's on every call?"""
        return all(agree(item.actual, self.view(i), output) for i, item in enumerate(self._evidence))

    def _show(self, item: Evidence) -> Observation:
        """One call after whatever earlier calls it refers to, in a session of its own."""
        record = item.transcript[item.number]
        answerer = Answerer(self._functions.__getitem__, keep=lambda name: self._specs[name].signature.kept)
        numbers: dict[int, int] = {}
        try:
            for position, number in enumerate(_needed(item.transcript, item.number)):
                earlier = item.transcript[number]
                answerer.call(earlier.function, *(_renumber(each, numbers) for each in earlier.arguments))
                numbers[number] = position
            reply = answerer.call(record.function, *(_renumber(each, numbers) for each in record.arguments))
        except (TypeError, IndexError, KeyError):
            return {RAISED: "raised"}  # an earlier call gave nothing that could be referred to
        return observe(reply, self._specs[record.function])


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
