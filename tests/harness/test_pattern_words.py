"""The sentences about patterns."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.pattern import find_patterns
from autograder.pattern.kinds import axes, places, rules
from autograder.pattern.kinds.parts import Axis, Expression, Pattern
from autograder.pattern_words import _FUNCTIONS, _WORDS, describe_pattern
from tests.harness.pattern_evidence import call, evidence, rng

TIME, ROW, COLUMN, ENTRY = Axis(1, "T", 3), Axis(0, "", 2), Axis(1, "", 2), Axis(0, "", 1)
N, RATIO = Expression("N", ("N",)), Expression("N / D", ("N", "D"))
RATE = Expression("1 - momentum", ("1 - momentum",))

SENTENCES = [
    (rules.AllZero("dx", True), "dx is 0 everywhere, and should not be."),
    (rules.WrongSign("dx", True), "dx has the wrong sign, and is right otherwise."),
    (rules.WrongSign("dx", False), "Where dx is wrong, it has the wrong sign, and is right otherwise."),
    (rules.ConstantFactor("dx", True, 2.0), "Each value of dx is 2 times too large."),
    (rules.ConstantFactor("dx", True, 0.5), "Each value of dx is 0.5 times what it should be."),
    (
        rules.ConstantFactor("dx", True, None, (N,), inverse=True),
        "Each value of dx is N times too small (N is the number of examples).",
    ),
    (
        rules.ConstantFactor("dx", True, None, (N, RATIO), negative=True),
        "Each value of dx is N or (N / D) times too large and has the wrong sign "
        "(N is the number of examples, D is the number of features).",
    ),
    (
        rules.ConstantFactor("dx", True, None, (RATE,), inverse=True),
        "Each value of dx lacks the factor 1 - momentum.",
    ),
    (
        rules.ConstantFactor("dx", True, None),
        "dx is right up to a constant factor, which differs from input to input.",
    ),
    (rules.ConstantOffset("dx", True, -1.0), "Each value of dx is 1 too small."),
    (
        rules.ConstantOffset("dx", False, None, (N,)),
        "Where dx is wrong, each value of dx is too large by N (N is the number of examples).",
    ),
    (axes.Transposed("dw", True, (1, 0)), "dw is transposed."),
    (
        axes.Transposed("h", True, (1, 0, 2)),
        "h is right but for the order of its axes: yours is that of transpose(1, 0, 2).",
    ),
    (axes.Reversed("dx", True, (TIME,)), "dx is reversed in time."),
    (axes.Reversed("v", True, (ENTRY,)), "v is reversed."),
    (axes.Shifted("h", True, TIME, 1, False), "Each time step of h is 1 place later than it should be."),
    (axes.OtherOrder("db", True, ENTRY), "The entries of db are right, but in another order."),
    (places.SlicesRight("h", True, TIME, "last"), "Only the last time step of h is right."),
    (places.SlicesWrong("dx", True, COLUMN, 2), "Only column 2 of dx is wrong."),
    (places.AlternatingWrong("pe", True, COLUMN, True), "Only the columns of odd index of pe are wrong."),
    (
        axes.Trimmed("dx", True, False, (Axis(2, "", 4), Axis(3, "", 4)), (Axis(3, "", 4),)),
        "dx has slices too many at the start of axes 2 and 3 and at the end of axis 3, "
        "and is right otherwise.",
    ),
    (
        axes.NotReduced("db", True, "sum", ROW),
        "The sum of db over axis 0 is right: take it before you return.",
    ),
    (rules.AddsOther("out", True, "b", 1.0, negative=True), "out would be right with b added."),
    (
        rules.AddsOther("dx", True, "the one-hot labels", None, (N,), True),
        "dx would be right with the one-hot labels divided by N subtracted (N is the number of examples).",
    ),
    (rules.EqualsOther("dw", True, "db", True), "dw is what db should be."),
    (
        rules.EqualsOther("bn_param['running_mean']", True, "running_mean", False),
        "bn_param['running_mean'] is what it was before the call.",
    ),
    (
        places.RightWhere(
            "dx", True, (places.Condition("pad > 0", "pad = 0"), places.Condition("C = 1", "C > 1"))
        ),
        "dx is right where pad > 0, and wrong where pad = 0. Also: right where C = 1, and wrong where C > 1.",
    ),
]


@pytest.mark.parametrize(("pattern", "sentence"), SENTENCES, ids=lambda value: type(value).__name__)
def test_the_sentence_for_a_pattern(pattern, sentence):
    assert describe_pattern(pattern) == sentence


def test_every_kind_has_a_sentence():
    def below(kind):
        return {kind, *(each for child in kind.__subclasses__() for each in below(child))}

    assert below(Pattern) - {Pattern} == set(_WORDS)


@pytest.mark.parametrize("function", _FUNCTIONS)
def test_every_function_has_a_sentence(function):
    assert describe_pattern(rules.FunctionOf("out", True, function)).startswith("out ")


def test_no_sentence_holds_a_right_value():
    """Right values that no other number has, in every kind of difference that is easily made."""
    right = [np.round(rng(n).uniform(3, 4, size=(n, 4)), 6) + 7e-7 for n in (3, 4)]
    changes = [
        np.negative, np.transpose, np.square, np.zeros_like, np.log, lambda r: r[:, ::-1],
        lambda r: 2 * r, lambda r: r + 0.5, lambda r: r.mean(0), lambda r: np.roll(r, 1, 1),
        lambda r: np.minimum(r, 3.5),
        lambda r: np.where(r > 3.5, 0, r), lambda r: np.round(r, 2),
        lambda r: r * r[:1],
        lambda r: r - r.mean(0),
    ]  # fmt: skip
    told = [
        describe_pattern(pattern)
        for change in changes
        for pattern in find_patterns(evidence(*(call(change(each), each) for each in right)))
    ]
    values = {f"{value:.4g}" for each in right for value in each.ravel()}
    assert len(told) >= len(changes)
    assert not [text for text in told if values & set(re.findall(r"\d+\.\d+", text))]
