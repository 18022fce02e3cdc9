"""Patterns made of the other arrays of a call: in place of the answer, added to it, multiplied with it."""

from __future__ import annotations

import numpy as np

from autograder.pattern import CallEvidence, find_patterns
from autograder.pattern.kinds.parts import Expression
from autograder.pattern.kinds.rules import AddsOther, EqualsOther, TimesOther
from tests.harness.pattern_evidence import SHAPES, evidence, rng


def calls_with(change, shapes=SHAPES, others=None, **options):
    """Calls whose arguments are dout, of the output's shape, and b, with one number for each column."""
    calls = []
    for seed, shape in enumerate(shapes):
        generator = rng(seed)
        right, dout, b = (generator.normal(size=size) for size in (shape, shape, shape[-1:]))
        given = {"dout": dout, "b": b} if others is None else others(right)
        quantities = {"N": float(shape[0]), "learning_rate": 0.1 * (seed + 1)}
        calls.append(CallEvidence(change(right, given), right, quantities, given, **options))
    return find_patterns(evidence(*calls))


def test_an_argument_in_place_of_the_answer_is_found():
    assert calls_with(lambda right, given: given["dout"]) == (EqualsOther("dx", True, "dout", False),)


def test_an_argument_that_is_nearly_the_answer_is_not_claimed():
    assert calls_with(lambda right, given: given["dout"] + 0.001 * right) == ()


def test_what_another_output_should_be_is_found():
    right = [rng(n).normal(size=(2, 4)) for n in (0, 1)]
    calls = [CallEvidence(dw, db, outputs={"dw": dw}) for dw, db in right]
    near = [CallEvidence(dw * 1.001 + 0.1 * db, db, outputs={"dw": dw}) for dw, db in right]
    assert find_patterns(evidence(*calls)) == (EqualsOther("dx", True, "dw", True),)
    assert find_patterns(evidence(*near)) == ()


def test_two_outputs_in_the_wrong_order_are_called_swapped():
    right = [rng(n).normal(size=(2, 4)) for n in (0, 1)]
    swapped = [CallEvidence(dw, db, outputs={"dw": dw}, answers={"dw": db}) for dw, db in right]
    twice = [CallEvidence(dw, db, outputs={"dw": dw}, answers={"dw": dw}) for dw, db in right]
    assert find_patterns(evidence(*swapped))[0].swapped
    assert not find_patterns(evidence(*twice))[0].swapped


def test_a_bias_that_is_missing_is_found():
    found = calls_with(lambda right, given: right - given["b"])
    assert found == (AddsOther("dx", True, "b", 1.0, negative=True),)


def test_a_multiple_of_the_upstream_gradient_is_found():
    found = calls_with(lambda right, given: right + 2 * given["dout"])
    assert found == (AddsOther("dx", True, "dout", 2.0),)


def test_a_multiple_is_named_by_a_quantity():
    rates = iter((0.1, 0.2, 0.3))
    (pattern,) = calls_with(lambda right, given: right + next(rates) * given["dout"])
    assert pattern.expressions == (Expression("learning_rate", ("learning_rate",)),)
    assert pattern.factor is None


def test_a_multiple_that_is_not_the_same_everywhere_is_not_claimed():
    def change(right, given):
        return right + given["dout"] * np.linspace(1, 1.01, right.size).reshape(right.shape)

    assert calls_with(change) == ()


def test_what_is_right_up_to_one_hot_labels_is_found():
    def labels(right):
        return {"the one-hot labels": np.eye(right.shape[1])[np.arange(len(right)) % right.shape[1]]}

    def change(right, given):
        return right + given["the one-hot labels"] / len(right)

    (pattern,) = calls_with(change, others=labels)
    assert pattern == AddsOther("dx", True, "the one-hot labels", None, (Expression("N", ("N",)),), True)


def test_a_factor_too_many_and_a_factor_missing_are_found():
    assert calls_with(lambda right, given: right * given["dout"]) == (TimesOther("dx", True, "dout", False),)
    assert calls_with(lambda right, given: right / given["b"]) == (TimesOther("dx", True, "b", True),)


def test_a_factor_that_is_not_quite_the_argument_is_not_claimed():
    assert calls_with(lambda right, given: right * (given["dout"] + 0.001)) == ()


def test_an_argument_that_is_one_number_throughout_is_not_named():
    found = calls_with(
        lambda right, given: right + 1.0, others=lambda right: {"gamma": np.ones(right.shape[1])}
    )
    assert [type(pattern) for pattern in found] != [AddsOther]
