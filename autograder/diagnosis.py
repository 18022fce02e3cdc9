"""Which known mistakes give exactly a submission's output?

Evidence is every call of a function in all tests of a run. A mistake explains an output when it gives the
student's value on each of these calls (and so not the key's on at least one). Nothing is named that the
evidence does not single out; where two explanations remain, both are.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from autograder.evidence import Evidence, Functions, Replay, Specs, collect
from autograder.findings import CallRecord
from autograder.observation import DOUBLE, RAISED, STRUCTURE, Observation, Rounding, agree, same_value

if TYPE_CHECKING:
    from autograder.mistake import Mistake

MOST_NAMED = 2  # explanations of one output; more than that is no explanation
PAIR_CALLS = 5  # on which two mistakes at once are looked for, before all calls confirm them


@dataclass(frozen=True)
class Explanation:
    """These outputs of a function are what these mistakes give; several mistakes are alternatives.

    together: the mistakes were made at once, and no single one explains the output.
    """

    function: str
    outputs: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    together: bool = False


class Diagnosis:
    """Explains the wrong functions of one run. Mistakes are replayed in this process, when first asked."""

    def __init__(
        self,
        transcripts: Iterable[Sequence[CallRecord]],
        functions: Functions,
        specs: Specs,
        mistakes: Sequence[Mistake],
    ) -> None:
        self._functions = functions
        self._specs = specs
        self._evidence, self._rounding = collect(transcripts, specs)
        self._mistakes: dict[str, list[Mistake]] = defaultdict(list)
        for mistake in mistakes:
            self._mistakes[mistake.function].append(mistake)
        self._explained: dict[str, tuple[Explanation, ...]] = {}

    def wrong(self, function: str) -> bool:
        """Is this function wrong on any call of the run?"""
        return any(not item.agrees(self._rounding) for item in self._evidence.get(function, []))

    def unexplained(self, function: str) -> frozenset[str]:
        """The wrong outputs of this function for which no mistake was singled out."""
        explained = {output for each in self.explain(function) for output in each.outputs}
        return frozenset(wrong_outputs(self._evidence.get(function, []), self._rounding)) - explained

    def explain(self, function: str) -> tuple[Explanation, ...]:
        """What explains this function's wrong outputs; empty where nothing is singled out."""
        if function not in self._explained:
            # A wrong variant may warn as much as a student's program; that is no finding.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._explained[function] = tuple(self._find(function))
        return self._explained[function]

    def _find(self, function: str) -> list[Explanation]:
        evidence = self._evidence.get(function, [])
        wrong = wrong_outputs(evidence, self._rounding)
        # An answer that is no answer proves no misconception: other words explain it.
        if STRUCTURE in wrong or not wrong:
            return []
        replays = {
            mistake: Replay(
                evidence, {**self._functions, function: mistake.variant}, self._specs, self._rounding
            )
            for mistake in self._mistakes[function]
        }
        if all(RAISED in item.actual for item in evidence if not item.agrees(self._rounding)):
            # Exceptions of one kind have many causes: without any wrong value it must be the very same one.
            replays = {mistake: replay for mistake, replay in replays.items() if replay.crashes_alike()}
        whole = _whole(evidence, replays, wrong)
        if whole or RAISED in wrong:
            return [Explanation(function, wrong, whole)] if 0 < len(whole) <= MOST_NAMED else []
        return [
            found
            for output in wrong
            if (found := _one_output(function, evidence, replays, output, self._rounding))
        ]


def wrong_outputs(evidence: Sequence[Evidence], rounding: Rounding = DOUBLE) -> tuple[str, ...]:
    """The outputs on which the student differs from the key at some call, in the order first seen."""
    names = dict.fromkeys(name for item in evidence for name in (*item.expected, *item.actual))
    return tuple(
        name
        for name in names
        if any(not agree(item.actual, item.expected, name, rounding) for item in evidence)
    )


def _whole(
    evidence: Sequence[Evidence], replays: Mapping[Mistake, Replay], wrong: Sequence[str]
) -> tuple[Mistake, ...]:
    """The mistakes that alone explain every wrong output; those that spoil no right one are preferred."""
    every = dict.fromkeys(name for item in evidence for name in item.expected)
    whole = [mistake for mistake, replay in replays.items() if all(map(replay.explains, wrong))]
    exact = [mistake for mistake in whole if all(map(replays[mistake].explains, every))]
    return tuple(exact or whole)


def _one_output(
    function: str,
    evidence: Sequence[Evidence],
    replays: Mapping[Mistake, Replay],
    output: str,
    rounding: Rounding,
) -> Explanation | None:
    """What explains one output by itself: a mistake, or two that were made at once."""
    single = tuple(mistake for mistake, replay in replays.items() if replay.explains(output))
    if single:
        return Explanation(function, (output,), single) if len(single) <= MOST_NAMED else None
    pair = _pair(evidence, replays, output, rounding)
    return Explanation(function, (output,), pair, together=True) if pair else None


def _pair(
    evidence: Sequence[Evidence], replays: Mapping[Mistake, Replay], output: str, rounding: Rounding
) -> tuple[Mistake, ...]:
    """The one pair of mistakes whose deviations from the key add up, or multiply, to the student's."""
    few = range(min(PAIR_CALLS, len(evidence)))
    target, base = (_stacked(evidence, few, output, side) for side in ("actual", "expected"))
    if target is None or base is None:
        return ()
    effects = {}
    for mistake, replay in replays.items():
        effect = _stacked(evidence, few, output, replay)
        if effect is not None and not same_value(effect, base, rounding):
            effects[mistake] = effect
    found = [
        pair
        for pair in combinations(effects, 2)
        if _combined(target, base, effects[pair[0]], effects[pair[1]], rounding)
        and _confirmed(evidence, replays[pair[0]], replays[pair[1]], output, rounding)
    ]
    return found[0] if len(found) == 1 else ()


def _combined(
    target: np.ndarray, base: np.ndarray, first: np.ndarray, second: np.ndarray, rounding: Rounding
) -> bool:
    with np.errstate(all="ignore"):
        together = first + second - base, first * second / base
    return any(same_value(target, each, rounding) for each in together)


def _confirmed(
    evidence: Sequence[Evidence], first: Replay, second: Replay, output: str, rounding: Rounding
) -> bool:
    """Does the pair hold on every call?"""
    every = range(len(evidence))
    sides = [_stacked(evidence, every, output, side) for side in ("actual", "expected", first, second)]
    return all(side is not None for side in sides) and _combined(*sides, rounding)  # type: ignore[arg-type]


def _stacked(
    evidence: Sequence[Evidence], calls: Iterable[int], output: str, side: str | Replay
) -> np.ndarray | None:
    """One output of these calls as one line of finite numbers; None where a call has no such value."""
    rows = []
    for index in calls:
        item = evidence[index]
        view: Observation = side.view(index) if isinstance(side, Replay) else getattr(item, side)
        if output not in view or output not in item.expected:
            return None
        try:
            row = np.asarray(view[output], dtype=np.float64)
        except (TypeError, ValueError):
            return None
        if row.shape != np.shape(item.expected[output]) or not np.isfinite(row).all():
            return None
        rows.append(row.ravel())
    return np.concatenate(rows) if rows else None
