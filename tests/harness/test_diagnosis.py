"""Naming the known mistake behind wrong answers: only what the evidence singles out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import Diagnosis
from autograder.mistake import Mistake
from autograder.values import Part
from tests.harness.side_by_side import Call, SideBySide, diagnose
from tests.harness.tiny_assignment import TINY
from tests.harness.tiny_key import KEY, affine_backward, affine_forward, running_mean, softmax

RNG = np.random.default_rng(3)
SPECS = {
    **TINY.functions,
    "affine_backward": replace(TINY.functions["affine_backward"], may_change=frozenset({"dout"})),
}


def mistake(name: str, function: str, variant: Callable[..., Any]) -> Mistake:
    return Mistake(name, function, says=f"{name} happened", remedy="mend it", variant=variant)


def backward(change: Callable[..., Any]) -> Callable[..., Any]:
    """affine_backward with its gradients changed: change(dout, dx, dw, db)."""
    return lambda dout, cache: change(dout, *affine_backward(dout, cache))


def forward(change: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, w, b: (change(x, w, b), (x, w))


def without_shift(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


DW_AVERAGED = mistake("dw_averaged", "affine_backward", backward(lambda d, x, w, b: (x, w / len(d), b)))
DW_NEGATIVE = mistake("dw_negative", "affine_backward", backward(lambda d, x, w, b: (x, -w, b)))
DB_NEGATIVE = mistake("db_negative", "affine_backward", backward(lambda d, x, w, b: (x, w, -b)))
BOTH_NEGATIVE = mistake("both_negative", "affine_backward", backward(lambda d, x, w, b: (x, -w, -b)))
NO_BIAS = mistake("no_bias", "affine_forward", forward(lambda x, w, b: x @ w))
BIAS_TWICE = mistake("bias_twice", "affine_forward", forward(lambda x, w, b: x @ w + 2 * b))
TWICE = mistake("twice", "affine_forward", forward(lambda x, w, b: 2 * x @ w + b))
RAISES = mistake("raises", "affine_forward", forward(lambda x, w, b: x @ w + b.repeat(len(x))))
NO_SHIFT = mistake("no_shift", "softmax", without_shift)
NOT_STORED = mistake("not_stored", "running_mean", lambda x, state: running_mean(x, dict(state)))
CATALOGUE = [DW_AVERAGED, DW_NEGATIVE, DB_NEGATIVE, NO_BIAS, TWICE, RAISES, NO_SHIFT, NOT_STORED]


def affine(*rows: int) -> list[list[Call]]:
    """Tests of one forward and one backward call each, with this many examples."""
    tests = []
    for n in rows:
        x, w, b, dout = (RNG.normal(size=shape) for shape in ((n, 4), (4, 3), (3,), (n, 3)))
        tests.append([("affine_forward", x, w, b), ("affine_backward", dout, Part(0, (1,)))])
    return tests


AFFINE = affine(2, 3, 5)
FORWARD = [test[:1] for test in AFFINE]
SOFTMAX: list[list[Call]] = [[("softmax", RNG.normal(size=(n, 3)))] for n in (1, 2, 4)]
LARGE: list[list[Call]] = [[("softmax", np.array([[0.0, 1.0], [0.0, 1000.0]]))]]
STATE: list[list[Call]] = [[("running_mean", RNG.normal(size=(n, 2)), {"mean": np.ones(2)})] for n in (2, 3)]


def named(
    function: str,
    student: Callable[..., Any],
    tests: Sequence[Sequence[Call]] = AFFINE,
    mistakes: Sequence[Mistake] = CATALOGUE,
    **others: Callable[..., Any],
) -> list[tuple[tuple[str, ...], list[str], bool]]:
    """What explains this student's function: outputs, mistakes, and whether they were made at once."""
    found = diagnose({function: student, **others}, mistakes, tests, KEY, SPECS)
    return [
        (each.outputs, [m.name for m in each.mistakes], each.together) for each in found.explain(function)
    ]


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.name)
def test_a_mistake_is_named_where_it_gives_every_answer(known: Mistake) -> None:
    tests = FORWARD if known.function == "affine_forward" else AFFINE
    explained = named(known.function, known.variant, [*tests, *SOFTMAX, *LARGE, *STATE])
    assert [mistakes for _, mistakes, _ in explained] == [[known.name]]


@pytest.mark.parametrize("function", sorted(KEY))
def test_a_right_function_is_never_explained(function: str) -> None:
    idle = mistake("idle", function, KEY[function])
    assert named(function, KEY[function], [*AFFINE, *SOFTMAX, *STATE], [*CATALOGUE, idle]) == []
    assert named(function, KEY[function], affine(1), CATALOGUE) == []


def test_what_is_wrong_elsewhere_does_not_matter() -> None:
    assert named("affine_backward", affine_backward, softmax=lambda z: -softmax(z)) == []


def test_a_mistake_must_give_every_answer() -> None:
    def averaged_at_first(dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        return dx, dw / (len(dout) if len(dout) < 5 else 1), db

    assert named("affine_backward", averaged_at_first) == []


def test_two_mistakes_in_two_outputs_are_each_named() -> None:
    student = backward(lambda d, x, w, b: (x, w / len(d), -b))
    assert named("affine_backward", student) == [
        (("dw",), ["dw_averaged"], False),
        (("db",), ["db_negative"], False),
    ]


def test_an_output_that_nothing_explains_leaves_the_others_explained() -> None:
    student = backward(lambda d, x, w, b: (x + 1, w / len(d), b))
    assert named("affine_backward", student) == [(("dw",), ["dw_averaged"], False)]


def test_a_mistake_that_spoils_nothing_else_is_preferred() -> None:
    student = backward(lambda d, x, w, b: (x, -w, b))
    assert named("affine_backward", student, mistakes=[BOTH_NEGATIVE, DW_NEGATIVE]) == [
        (("dw",), ["dw_negative"], False)
    ]


def test_two_mistakes_whose_effects_multiply_are_named_together() -> None:
    student = backward(lambda d, x, w, b: (x, -w / len(d), b))
    assert named("affine_backward", student) == [(("dw",), ["dw_averaged", "dw_negative"], True)]


def test_two_mistakes_whose_effects_add_up_are_named_together() -> None:
    student = forward(lambda x, w, b: 2 * x @ w)
    assert named("affine_forward", student) == [(("out",), ["no_bias", "twice"], True)]


def test_no_pair_is_named_where_two_pairs_fit() -> None:
    other = replace(NO_BIAS, name="no_bias_either")
    student = forward(lambda x, w, b: 2 * x @ w)
    assert named("affine_forward", student, mistakes=[NO_BIAS, other, TWICE]) == []


def test_no_pair_is_named_that_fails_on_a_later_call() -> None:
    student = forward(lambda x, w, b: 2 * x @ w + (b if len(x) == 9 else 0))
    assert named("affine_forward", student, affine(*range(2, 10))) == []


def test_two_mistakes_that_cannot_be_told_apart_are_both_named() -> None:
    halved = mistake("dw_halved", "affine_backward", backward(lambda d, x, w, b: (x, w / 2, b)))
    both = [DW_AVERAGED, halved]
    assert named("affine_backward", halved.variant, affine(2, 2), both) == [
        (("dw",), ["dw_averaged", "dw_halved"], False)
    ]
    assert named("affine_backward", halved.variant, affine(2, 3), both) == [(("dw",), ["dw_halved"], False)]


def test_three_that_cannot_be_told_apart_are_not_named() -> None:
    alike = [replace(DW_AVERAGED, name=name) for name in ("one", "two", "three")]
    assert named("affine_backward", DW_AVERAGED.variant, mistakes=alike) == []


def test_a_mistake_that_nobody_knows_is_not_named() -> None:
    student = backward(lambda d, x, w, b: (x, 1.001 * w / len(d), b))
    assert named("affine_backward", student) == []


def test_nan_is_explained_by_nan_at_the_same_places_alone() -> None:
    def nan_everywhere(z):
        return np.full_like(z, np.nan) if z.max() > 700 else softmax(z)

    assert named("softmax", NO_SHIFT.variant, [*SOFTMAX, *LARGE]) == [(("p",), ["no_shift"], False)]
    assert named("softmax", nan_everywhere, [*SOFTMAX, *LARGE]) == []


def test_the_same_crash_is_explained_and_another_of_its_kind_is_not() -> None:
    def raises_elsewhere(x, w, b):
        return x @ w + np.zeros(99), (x, w)

    assert [mistakes for _, mistakes, _ in named("affine_forward", RAISES.variant, FORWARD)] == [["raises"]]
    assert named("affine_forward", raises_elsewhere, FORWARD) == []


def test_refusing_the_same_input_is_explained_whatever_the_words() -> None:
    def refusing(words):
        def softmax_that_refuses(z):
            if len(z) == 1:
                raise ValueError(words)
            return softmax(z)

        return softmax_that_refuses

    known = mistake("one_row_refused", "softmax", refusing("one row only"))
    assert [mistakes for _, mistakes, _ in named("softmax", refusing("no"), SOFTMAX, [known])] == [
        ["one_row_refused"]
    ]


@pytest.mark.parametrize("error", [NotImplementedError(), ValueError("no"), SystemExit(), RuntimeError()])
def test_raising_at_every_call_proves_no_misconception(error: BaseException) -> None:
    def stops(*_):
        raise error

    assert named("affine_forward", stops, FORWARD) == []


def test_a_call_that_should_raise_and_gives_a_value_is_explained() -> None:
    def strict(z):
        if z.ndim != 2:
            raise ValueError("z must have two axes")
        return softmax(z)

    lenient = mistake("lenient", "softmax", lambda z: softmax(np.atleast_2d(z)))
    tests = [*SOFTMAX, [("softmax", np.ones(3))]]
    found = diagnose({"softmax": lenient.variant}, [lenient], tests, {**KEY, "softmax": strict}, SPECS)
    assert [each.mistakes for each in found.explain("softmax")] == [(lenient,)]


@pytest.mark.parametrize("answer", [None, 3, (1, 2), (np.ones(2), np.ones(2), np.ones(2), np.ones(2))])
def test_an_answer_of_another_structure_is_not_explained(answer: Any) -> None:
    alike = mistake("alike", "affine_backward", lambda dout, cache: answer)
    assert named("affine_backward", alike.variant, mistakes=[alike]) == []


def test_what_a_function_keeps_from_call_to_call_is_not_explained() -> None:
    calls = []

    def counts(dout, cache):
        calls.append(1)
        dx, dw, db = affine_backward(dout, cache)
        return dx, dw / len(calls), db

    assert named("affine_backward", counts) == []


def test_state_that_is_not_stored_is_explained_by_what_the_argument_holds() -> None:
    assert named("running_mean", NOT_STORED.variant, STATE) == [(("state['mean']",), ["not_stored"], False)]


def test_state_stored_again_with_another_rounding_counts_as_left_alone() -> None:
    def stores_rounded(x, state):
        out = running_mean(x, dict(state))
        state["mean"] = state["mean"] * (1 + 1e-15)
        return out

    assert named("running_mean", stores_rounded, STATE) == [(("state['mean']",), ["not_stored"], False)]


def test_an_upstream_gradient_used_up_is_not_wrong() -> None:
    def uses_up(dout, cache):
        gradients = affine_backward(dout, cache)
        dout[...] = 0
        return gradients

    def uses_up_and_averages(dout, cache):
        dx, dw, db = uses_up(dout, cache)
        return dx, dw / len(dout), db

    assert not diagnose({"affine_backward": uses_up}, CATALOGUE, AFFINE, KEY, SPECS).wrong("affine_backward")
    assert named("affine_backward", uses_up_and_averages) == [(("dw",), ["dw_averaged"], False)]


def as_float32(function: Callable[..., Any]) -> Callable[..., Any]:
    """Computed in float32 and handed back in float64, as np.sqrt(d) and float(loss) make it."""

    def change(value: Any, dtype: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(change(item, dtype) for item in value)
        return value.astype(dtype) if isinstance(value, np.ndarray) else value

    def in_float32(*arguments: Any) -> Any:
        return change(function(*(change(each, np.float32) for each in arguments)), np.float64)

    return in_float32


def test_a_submission_that_computes_in_float32_is_judged_at_its_own_precision() -> None:
    tests = [*affine(*range(2, 16)), *SOFTMAX]
    others = {name: as_float32(KEY[name]) for name in ("affine_forward", "softmax")}
    student = as_float32(DW_AVERAGED.variant)
    assert named("affine_backward", student, tests, **others) == [(("dw",), ["dw_averaged"], False)]
    assert named("affine_backward", as_float32(affine_backward), tests, **others) == []


def test_in_a_submission_of_float64_what_is_nearly_a_mistake_is_not_named() -> None:
    """A right answer that is off by 1e-6, as for another eps, does not make it one of float32."""
    nearly = backward(lambda d, x, w, b: (x, w / len(d) * (1 + 1e-5), b))
    tests = [*affine(*range(2, 16)), *SOFTMAX]
    assert named("affine_backward", nearly, tests, softmax=lambda z: softmax(z) * (1 + 1e-6)) == []


def test_overflow_at_the_range_of_float32_is_recognised() -> None:
    at_100: list[list[Call]] = [[("softmax", np.array([[0.0, 1.0], [0.0, 100.0]]))]]
    tests = [*affine(*range(2, 16)), *SOFTMAX, *at_100]
    others = {name: as_float32(KEY[name]) for name in ("affine_forward", "affine_backward")}
    assert named("softmax", as_float32(NO_SHIFT.variant), tests, **others) == [(("p",), ["no_shift"], False)]


def test_a_list_of_lists_counts_as_a_list_of_arrays() -> None:
    key = {**KEY, "softmax": lambda z: [z, 2 * z]}
    halved = mistake("halved", "softmax", lambda z: [z, z])
    found = diagnose({"softmax": lambda z: [z.tolist(), z.tolist()]}, [halved], SOFTMAX, key, SPECS)
    assert [(each.outputs, each.mistakes) for each in found.explain("softmax")] == [(("p[1]",), (halved,))]


@pytest.mark.parametrize(("answer", "explained"), [({}, 1), (None, 0), ([], 0)])
def test_nothing_in_place_of_a_dictionary_is_not_an_empty_one(answer: Any, explained: int) -> None:
    key = {**KEY, "softmax": lambda z: {"p": softmax(z)}}
    emptied = mistake("emptied", "softmax", lambda z: {})
    found = diagnose({"softmax": lambda z: answer}, [emptied], SOFTMAX, key, SPECS)
    assert len(found.explain("softmax")) == explained


def test_a_list_of_nothing_counts_as_an_array_of_nothing() -> None:
    empty = mistake("empty", "softmax", lambda z: z[:0])
    assert named("softmax", lambda z: z[:0].tolist(), SOFTMAX, [empty]) == [(("p",), ["empty"], False)]


def test_outputs_without_an_explanation_are_known() -> None:
    student = {"affine_backward": backward(lambda d, x, w, b: (x + 1, w / len(d), b))}
    found = diagnose(student, CATALOGUE, AFFINE, KEY, SPECS)
    assert found.unexplained("affine_backward") == {"dx"}
    assert found.unexplained("affine_forward") == set()
    assert found.wrong("affine_backward")
    assert not found.wrong("affine_forward")


def test_a_call_that_we_made_to_look_closer_is_no_evidence() -> None:
    both = SideBySide({"affine_forward": NO_BIAS.variant}, KEY, SPECS)
    both.call(*AFFINE[0][0])
    found = Diagnosis([[replace(both.calls[0], probe=True)]], KEY, SPECS, CATALOGUE)
    assert not found.wrong("affine_forward")
    assert found.explain("affine_forward") == ()


def test_a_mistake_is_replayed_on_the_caches_of_its_own_forward_call() -> None:
    """Two forward calls in one test: each backward call refers to its own."""
    first, second = affine(2, 3)
    calls = [first[0], second[0], (*second[1][:2], Part(1, (1,))), (*first[1][:2], Part(0, (1,)))]
    assert named("affine_backward", DW_AVERAGED.variant, [calls]) == [(("dw",), ["dw_averaged"], False)]
    assert named("affine_forward", affine_forward, [calls]) == []
