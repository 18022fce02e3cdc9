"""Patterns of the inputs on which an answer is right."""

from __future__ import annotations

import pytest

from autograder.pattern import CallEvidence, find_patterns
from autograder.pattern.kinds.places import Condition, RightWhere
from autograder.pattern.kinds.rules import ConstantFactor
from tests.harness.pattern_evidence import evidence, rng

CONVOLUTION = {
    "N": 2.0,
    "C": 3.0,
    "height": 5.0,
    "width": 5.0,
    "kh": 3.0,
    "kw": 3.0,
    "stride": 1.0,
    "pad": 0.0,
}


def conditions(right, wrong):
    """What is found where calls with some quantities are right, and calls with others wrong."""
    generator = rng()
    calls = []
    for quantities, agrees in [*((q, True) for q in right), *((q, False) for q in wrong)]:
        expected = generator.normal(size=(3, 4))
        calls.append(
            CallEvidence(
                expected if agrees else generator.normal(size=(3, 4)), expected, quantities, agrees=agrees
            )
        )
    found = find_patterns(evidence(*calls))
    assert all(isinstance(pattern, RightWhere) for pattern in found)
    return [condition.right for pattern in found for condition in pattern.conditions]


def convolutions(**changes):
    """Two calls that differ from the usual ones in these quantities."""
    return [{**CONVOLUTION, **changes}, {**CONVOLUTION, **changes, "N": 4.0}]


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ({"pad": 1.0}, {"pad": 0.0}, "pad > 0"),
        ({"pad": 0.0}, {"pad": 2.0}, "pad = 0"),
        ({"stride": 1.0}, {"stride": 2.0}, "stride = 1"),
        ({"height": 5.0}, {"height": 7.0}, "the image is square"),
        ({"kh": 3.0}, {"kh": 2.0}, "the kernel is square"),
        ({"C": 1.0}, {"C": 2.0}, "C = 1"),
        (
            {"stride": 3.0, "kh": 3.0, "height": 9.0, "width": 9.0},
            {"stride": 2.0, "height": 9.0, "width": 9.0},
            None,
        ),
    ],
)
def test_the_condition_that_tells_right_from_wrong_inputs_is_found(right, wrong, words):
    found = conditions(convolutions(**right), convolutions(**wrong))
    assert found == ([words] if words else ["the windows do not overlap"])


def test_a_condition_that_one_wrong_input_fulfils_is_not_named():
    assert conditions(convolutions(pad=1.0), [*convolutions(), {**CONVOLUTION, "pad": 2.0}]) == []


def test_no_condition_is_named_where_all_inputs_are_wrong():
    assert conditions([], convolutions(pad=1.0) + convolutions()) == []


def test_two_inputs_are_too_few():
    assert conditions([{"N": 1.0}], [{"N": 3.0}]) == []


def test_a_single_right_input_names_a_condition_only_where_no_other_size_explains_it():
    wrong = [{"N": 3.0, "T": 2.0}, {"N": 4.0, "T": 3.0}]
    assert conditions([{"N": 1.0, "T": 3.0}], wrong) == ["N = 1"]
    assert conditions([{"N": 1.0, "T": 1.0}], wrong) == []
    assert conditions([{"N": 1.0, "T": 2.0}], [{"N": 3.0, "T": 3.0}, {"N": 4.0, "T": 4.0}]) == []


def test_where_two_conditions_remain_both_are_said():
    right = [{"N": 1.0, "T": 1.0}, {"N": 1.0, "T": 1.0, "D": 2.0}]
    wrong = [{"N": 2.0, "T": 2.0}, {"N": 3.0, "T": 2.0}]
    assert conditions(right, wrong) == ["N = 1", "T = 1"]


def test_a_call_that_gave_nothing_counts_as_wrong():
    expected = rng().normal(size=(3, 4))
    calls = [
        CallEvidence(expected, expected, {"N": 1.0}, agrees=True),
        CallEvidence(None, expected, {"N": 3.0}),
        CallEvidence(None, expected, {"N": 2.0}),
    ]
    assert find_patterns(evidence(*calls)) == (RightWhere("dx", True, (Condition("N = 1", "N > 1"),)),)


def test_a_factor_that_explains_the_right_inputs_too_says_it_alone():
    calls = [
        CallEvidence(n * right, right, {"N": float(n)}, agrees=n == 1)
        for n, right in ((n, rng(n).normal(size=(2, 3))) for n in (1, 3, 4))
    ]
    (pattern,) = find_patterns(evidence(*calls))
    assert isinstance(pattern, ConstantFactor)
    assert pattern.always
