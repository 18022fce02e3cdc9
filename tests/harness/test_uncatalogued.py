"""Mistakes that nobody catalogued: caught, never taken for known ones, mostly told how they are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import pytest

from autograder.case import GradedCase
from autograder.crash_help import explain
from autograder.difference import MissingKeys, WrongCount, WrongType
from autograder.findings import CallFailed, ChangedArgument, Differs, Finding, Unsteady
from autograder.rehearsal.styles import as_the_key, float32_inside
from benchmarks.planting import Bench, named_mistakes
from tests.harness import uncatalogued_images, uncatalogued_layers, uncatalogued_sequences
from tests.harness.uncatalogued import ALL, Wrong

each_wrong = pytest.mark.parametrize("wrong", ALL, ids=lambda wrong: wrong.name)
SUBJECTS = (uncatalogued_layers, uncatalogued_images, uncatalogued_sequences)


@lru_cache(maxsize=1)
def bench() -> Bench:
    return Bench()


def tells(case: GradedCase, finding: Finding) -> Iterator[str]:
    """What helps in the words of one finding."""
    assert case.grading is not None
    if isinstance(finding, ChangedArgument):
        yield "pattern"
    elif isinstance(finding, Unsteady):
        yield "kind"
    elif isinstance(finding, Differs):
        yield from ["kind"] * isinstance(finding.difference, WrongCount | MissingKeys | WrongType)
    elif isinstance(finding, CallFailed):
        signature = case.grading.functions[finding.function].signature
        arguments = case.calls[finding.call].arguments
        if explain(finding.failure, function=finding.function, signature=signature, arguments=arguments):
            yield "crash"


@each_wrong
def test_an_uncatalogued_mistake_is_caught_and_gets_no_wrong_name(wrong: Wrong) -> None:
    finished, lost = bench().finished(as_the_key, {wrong.function: wrong.variant})
    explainer = bench().explainer(finished)
    told = set()
    for case, test in finished.values():
        own = [finding for finding in case.findings if finding.function == wrong.function]
        told |= {kind for finding in own for kind in tells(case, finding)}
        if own and explainer.known(case, test).patterns:
            told.add("pattern")
    assert lost > 0
    assert named_mistakes(explainer, finished) == []
    assert wrong.told in {*told, ""}


@pytest.mark.parametrize("wrong", ALL[::7], ids=lambda wrong: wrong.name)
def test_float32_brings_no_wrong_name(wrong: Wrong) -> None:
    finished, _ = bench().finished(float32_inside, {wrong.function: wrong.variant})
    assert named_mistakes(bench().explainer(finished), finished) == []


def test_most_uncatalogued_mistakes_get_a_pattern_or_an_explanation_of_the_crash() -> None:
    counts = Counter(wrong.told for wrong in ALL)
    assert len(ALL) >= 40
    assert counts["pattern"] + counts["crash"] >= 0.7 * len(ALL)


def test_every_function_of_the_exam_has_an_uncatalogued_mistake() -> None:
    assert {wrong.function for wrong in ALL} >= set(bench().specs) - {"causal_mask", "rnn_num_params"}


def test_no_two_uncatalogued_mistakes_have_one_name() -> None:
    assert [name for name, count in Counter(wrong.name for wrong in ALL).items() if count > 1] == []
    assert all(any(hasattr(module, wrong.name) for module in SUBJECTS) for wrong in ALL)
