"""From the calls of a graded test to evidence: quantities, axes, other arrays, and what is skipped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.pattern import evidence_from, find_patterns
from autograder.pattern.kinds.rules import ConstantFactor
from autograder.pattern.layouts import axes_of
from autograder.pattern.quantities import quantities_of
from autograder.signature import parse_signature
from autograder.values import Failure, Opaque, Part, Reply
from tests.harness.pattern_evidence import rng

FUNCTIONS = {
    name: FunctionSpec(name, "layers.py", parse_signature(signature))
    for name, signature in {
        "affine_forward": "x, w, b -> out, cache",
        "affine_backward": "dout, cache -> dx, dw, db",
        "softmax_loss": "x, y -> loss, dx",
        "batchnorm_forward": "x, gamma, beta, bn_param -> out, cache",
        "clip": "grads, max_norm -> grads, total_norm",
        "tokenize": "text, vocab -> ids",
        "mystery": "A -> out",
    }.items()
}
SHAPES = ((2, 3, 4), (3, 4, 2), (5, 4, 3))


def affine(change_db=lambda db, n: db):
    """Forward and backward calls of an affine layer, with a change of db in the actual answer."""
    calls = []
    for n, d, m in SHAPES:
        generator = rng(n)
        x, w, b, dout = (generator.normal(size=shape) for shape in ((n, d), (d, m), (m,), (n, m)))
        out = Reply((x @ w + b, Opaque("kept")))
        calls.append(CallRecord("affine_forward", (x, w, b), out, out))
        right = (dout @ w.T, x.T @ dout, dout.sum(0))
        given = (*right[:2], change_db(right[2], n))
        arguments = (dout, Part(len(calls) - 1, (1,)))
        calls.append(CallRecord("affine_backward", arguments, Reply(given), Reply(right)))
    return calls


def test_a_backward_call_knows_the_sizes_of_its_forward_call():
    evidence = evidence_from(affine(), "affine_backward", "db", FUNCTIONS)
    assert [
        (call.quantities["N"], call.quantities["D"], call.quantities["M"]) for call in evidence.calls
    ] == list(SHAPES)
    assert evidence.axes == ("M",)
    assert all(call.agrees for call in evidence.calls)
    assert set(evidence.calls[0].others) == {"dout", "x", "w", "b"}
    assert set(evidence.calls[0].outputs) == set(evidence.calls[0].answers) == {"dx", "dw"}


def test_evidence_of_a_mean_over_the_batch_names_N():
    evidence = evidence_from(affine(lambda db, n: db / n), "affine_backward", "db", FUNCTIONS)
    (pattern,) = find_patterns(evidence)
    assert isinstance(pattern, ConstantFactor)
    assert ([each.formula for each in pattern.expressions], pattern.inverse) == (["N"], True)


def test_calls_of_other_functions_and_outputs_that_stay_are_left_out():
    assert len(evidence_from(affine(), "affine_forward", "out", FUNCTIONS).calls) == 3
    assert evidence_from(affine(), "affine_forward", "cache", FUNCTIONS).calls == ()
    assert evidence_from(affine(), "softmax_loss", "dx", FUNCTIONS).calls == ()


def test_a_call_that_raised_is_evidence_without_an_array():
    broken = [
        CallRecord(call.function, call.arguments, Reply(failure=Failure("raised")), call.expected)
        for call in affine()
    ]
    evidence = evidence_from(broken, "affine_backward", "dw", FUNCTIONS)
    assert [(call.actual, call.agrees) for call in evidence.calls] == [(None, False)] * 3


@pytest.mark.parametrize(
    "answer", [None, "text", (), [[1.0], [2.0, 3.0]], np.array(["a"]), {"db": 1}, 10**400]
)
def test_an_answer_that_is_no_array_of_numbers_is_evidence_without_an_array(answer):
    evidence = evidence_from(affine(lambda db, n: answer), "affine_backward", "db", FUNCTIONS)
    assert not any(call.agrees for call in evidence.calls)
    assert find_patterns(evidence) == ()


def test_labels_become_one_hot():
    x, y = rng().normal(size=(3, 4)), np.array([1, 0, 3])
    reply = Reply((1.0, x))
    evidence = evidence_from(
        [CallRecord("softmax_loss", (x, y), reply, reply)], "softmax_loss", "dx", FUNCTIONS
    )
    np.testing.assert_array_equal(evidence.calls[0].others["the one-hot labels"], np.eye(4)[y])
    assert evidence.axes == ("N", "C")


@pytest.mark.parametrize(
    "y", [np.array([1, 0, 9]), np.array([1, -1, 0]), np.array([1.0, 0.0, 2.0]), [0, 1, 2]]
)
def test_labels_that_are_none_are_left_alone(y):
    x = rng().normal(size=(3, 4))
    reply = Reply((1.0, x))
    evidence = evidence_from(
        [CallRecord("softmax_loss", (x, y), reply, reply)], "softmax_loss", "dx", FUNCTIONS
    )
    assert "the one-hot labels" not in evidence.calls[0].others


def test_a_path_leads_into_an_argument_that_the_call_changes():
    before = {"mode": "train", "momentum": 0.9, "running_mean": np.zeros(2)}
    after = {**before, "running_mean": np.array([1.0, 2.0])}
    x, ones = rng().normal(size=(4, 2)), np.ones(2)
    record = CallRecord(
        "batchnorm_forward", (x, ones, ones, before), Reply((x, None)), Reply((x, None), changed={3: after})
    )
    evidence = evidence_from(
        [record], "batchnorm_forward", "bn_param", FUNCTIONS, ("bn_param", "running_mean")
    )
    assert evidence.output == "bn_param['running_mean']"
    np.testing.assert_array_equal(evidence.calls[0].actual, [0, 0])
    np.testing.assert_array_equal(evidence.calls[0].expected, [1, 2])
    assert evidence.calls[0].quantities["1 - momentum"] == pytest.approx(0.1)
    assert evidence.axes == ("D",)


def test_a_path_leads_into_a_list():
    grads = [np.array([3.0, 4.0])]
    record = CallRecord("clip", (grads, 1.0), Reply((grads, 5.0)), Reply(([grads[0] / 5], 5.0)))
    evidence = evidence_from([record], "clip", "grads", FUNCTIONS, (0,))
    assert evidence.output == "grads[0]"
    np.testing.assert_array_equal(evidence.calls[0].actual, [3, 4])


def test_quantities_of_a_convolution():
    given = {
        "x": np.zeros((2, 3, 5, 6)),
        "w": np.zeros((4, 3, 2, 3)),
        "b": np.zeros(4),
        "conv_param": {"stride": 1, "pad": 0},
    }
    found = quantities_of(given, {"out": np.zeros((2, 4, 4, 4))})
    expected = {"N": 2, "C": 3, "F": 4, "height": 5, "width": 6, "kh": 2, "kw": 3, "stride": 1, "pad": 0}
    expected |= {"windows": 16, "kernel area": 6, "pixels": 30}
    assert {name: found[name] for name in expected} == expected


def test_quantities_of_attention_and_of_unknown_parameters():
    q, k, v = np.zeros((2, 3, 4)), np.zeros((2, 5, 4)), np.zeros((2, 5, 6))
    found = quantities_of({"q": q, "k": k, "v": v, "mask": None}, {})
    assert {name: found[name] for name in ("T", "S", "d_k", "d_v", "mask given")} == {
        "T": 3,
        "S": 5,
        "d_k": 4,
        "d_v": 6,
        "mask given": 0,
    }
    assert quantities_of({"A": np.zeros((3, 7)), "rate": 0.5}, {}) == {
        "A.shape[0]": 3,
        "A.shape[1]": 7,
        "rate": 0.5,
    }


def test_heads_have_a_size():
    given = {"x": np.zeros((2, 3, 8)), "Wq": np.zeros((8, 8)), "num_heads": 2}
    assert quantities_of(given, {})["head size"] == 4


def test_numbers_that_are_no_quantities_are_left_out():
    assert (
        quantities_of({"a": float("nan"), "b": float("inf"), "c": 10**400, "d": True, "e": "text"}, {}) == {}
    )


@pytest.mark.parametrize(
    ("name", "shape", "parameters", "axes"),
    [
        ("dx", (2, 3, 4), ("dh", "x", "h0", "Wx", "Wh", "b"), ("N", "T", "D")),
        ("dx", (2, 3, 4), ("dout", "x", "w", "b"), ("N", "", "")),
        ("dq", (3, 4), ("dout", "q", "k", "v"), ("T", "d_k")),
        ("dq", (2, 1, 3, 4), ("dout", "q", "k", "v"), ("", "", "T", "d_k")),
        ("dw", (4, 3, 2, 2), ("dout", "x", "w", "b", "conv_param"), ("F", "C", "kh", "kw")),
        ("dx", (2, 3), ("dout",), ()),
        ("dh0", (2, 3, 4), ("dh", "x", "h0", "Wx", "Wh", "b"), ()),
    ],
)
def test_axes_get_their_names_from_the_layout(name, shape, parameters, axes):
    assert axes_of(name, shape, parameters) == axes


def test_one_gradient_returned_alone_is_not_taken_apart_as_if_it_were_all_three():
    calls = affine()
    for position, call in enumerate(calls):
        if call.function == "affine_backward":
            (dx, _, _) = call.expected.value
            calls[position] = replace(call, actual=Reply(np.repeat(dx[:1], 3, axis=0)))
    for output in ("dx", "dw", "db"):
        evidence = evidence_from(calls, "affine_backward", output, FUNCTIONS)
        assert [call.actual for call in evidence.calls] == [None] * len(SHAPES)
        assert [call.answers for call in evidence.calls] == [{}] * len(SHAPES)
        assert find_patterns(evidence) == ()
