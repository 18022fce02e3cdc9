"""Further calls about a wrong answer: does the function answer alike twice, and what is its derivative of?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load_assignment, load_reference
from autograder.case import GradedCase
from autograder.closer_look import exact_derivatives, is_unsteady
from autograder.runner import run
from autograder.values import Part
from reference import layers, rnn_layers
from reference.mistakes import attention as wrong_attention
from reference.mistakes import attention_backward as wrong_attention_backward
from tests.harness.side_by_side import SideBySide
from tests.harness.tiny_assignment import TINY, solution, tiny_case, worth
from tests.harness.tiny_key import softmax

EXAM = load_assignment("exam")
KEY = load_reference(EXAM)
RNG = np.random.default_rng(11)
X, W, B = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)


def look(
    student: dict[str, Callable[..., Any]], layer: str, inputs: tuple, *upstream: np.ndarray
) -> tuple[str, frozenset[str]]:
    """What a closer look at the backward call of a layer finds, after its forward call with these inputs."""
    both = SideBySide(student, KEY, EXAM.functions)
    both.call(f"{layer}_forward", *inputs)
    cache = len(EXAM.functions[f"{layer}_forward"].signature.leaves()) - 1
    both.call(f"{layer}_backward", *upstream, Part(0, (cache,)))
    return exact_derivatives(both.calls, 1, EXAM.functions, both.ask, seed=5)


def doubled_forward(x, w, b):
    return 2 * x @ w + b, (x, w)


def doubled_backward(dout, cache):
    x, w = cache
    return 2 * dout @ w.T, 2 * x.T @ dout, dout.sum(axis=0)


DOUBLED = {"affine_forward": doubled_forward, "affine_backward": doubled_backward}
DOUT = RNG.normal(size=(4, 2))


def test_the_exact_derivative_of_a_wrong_affine_layer_is_recognised() -> None:
    assert look(DOUBLED, "affine", (X, W, B), DOUT) == ("affine_forward", {"dx", "dw", "db"})


def test_only_the_gradients_that_are_exact_count() -> None:
    """The key's gradients of x and w do not fit a doubled product; that of b does."""
    student = {"affine_forward": doubled_forward}
    assert look(student, "affine", (X, W, B), DOUT) == ("affine_forward", {"db"})


@pytest.mark.parametrize("factor", [-1, 0, 0.5, 0.99, 1.01, 3])
def test_a_wrong_derivative_of_a_wrong_forward_pass_is_not_recognised(factor: float) -> None:
    def scaled(dout, cache):
        return tuple(factor * gradient for gradient in doubled_backward(dout, cache))

    _, exact = look({**DOUBLED, "affine_backward": scaled}, "affine", (X, W, B), DOUT)
    assert exact == set()


def in_float32(student: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The same, computing in float32 from its first line on."""

    def single(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(single, value))
        return value.astype(np.float32) if isinstance(value, np.ndarray) else value

    return {
        name: lambda *arguments, function=function: single(function(*map(single, arguments)))
        for name, function in student.items()
    }


def test_the_exact_derivative_is_recognised_in_float32_as_well() -> None:
    assert look(in_float32(DOUBLED), "affine", (X, W, B), DOUT) == ("affine_forward", {"dx", "dw", "db"})


@pytest.mark.parametrize("factor", [-1, 0, 0.5, 0.99, 1.01, 3])
def test_a_wrong_derivative_is_not_recognised_in_float32_either(factor: float) -> None:
    def scaled(dout, cache):
        return tuple(factor * gradient for gradient in doubled_backward(dout, cache))

    _, exact = look(in_float32({**DOUBLED, "affine_backward": scaled}), "affine", (X, W, B), DOUT)
    assert exact == set()


@pytest.mark.parametrize("shift", range(20))
def test_a_derivative_in_float32_is_recognised_whatever_the_numbers(shift: int) -> None:
    rng = np.random.default_rng(shift)
    x, w, b = rng.normal(size=(5, 7)), rng.normal(size=(7, 3)), rng.normal(size=3)

    def forward(x, w, b):
        return np.tanh(x @ w) + b, (x, w)

    def backward(dout, cache):
        x, w = cache
        inner = dout * (1 - np.tanh(x @ w) ** 2)
        return inner @ w.T, x.T @ inner, dout.sum(axis=0)

    student = in_float32({"affine_forward": forward, "affine_backward": backward})
    assert look(student, "affine", (x, w, b), rng.normal(size=(5, 3)))[1] == {"dx", "dw", "db"}


@pytest.mark.parametrize("off", [1, -0.5, 0.01])
def test_one_wrong_number_is_enough(off: float) -> None:
    def nearly(dout, cache):
        dx, dw, db = doubled_backward(dout, cache)
        dx[1, 1] += off
        return dx, dw, db

    _, exact = look({**DOUBLED, "affine_backward": nearly}, "affine", (X, W, B), DOUT)
    assert exact == {"dw", "db"}


@pytest.mark.parametrize("backward", [layers.affine_backward, doubled_backward])
def test_a_right_forward_pass_never_excuses_anything(backward: Callable[..., Any]) -> None:
    assert look({"affine_backward": backward}, "affine", (X, W, B), DOUT) == ("", set())


def test_a_forward_pass_that_is_right_but_for_rounding_excuses_nothing() -> None:
    """It is as far off as an answer computed in float32 may be; its gradient is half of the key's."""

    def rounded(x, w, b):
        return (x @ w + b) * (1 + 1e-5), (x, w)

    def halved(dout, cache):
        return tuple(gradient / 2 for gradient in layers.affine_backward(dout, cache))

    student = {"affine_forward": rounded, "affine_backward": halved}
    assert look(student, "affine", (X, W, B), DOUT) == ("", set())


def test_a_forward_pass_that_raises_excuses_nothing() -> None:
    def raises(x, w, b):
        raise ValueError

    both = SideBySide({"affine_forward": raises}, KEY, EXAM.functions)
    both.call("affine_forward", X, W, B)
    both.call("affine_backward", DOUT, (X, W))
    assert exact_derivatives(both.calls, 1, EXAM.functions, both.ask, seed=5) == ("", set())


def test_a_convolution_without_its_bias_has_no_gradient_of_the_bias() -> None:
    x, w, b = RNG.normal(size=(2, 2, 5, 4)), RNG.normal(size=(3, 2, 3, 2)), RNG.normal(size=3)

    def forward(x, w, b, conv_param):
        return layers.conv_forward(x, w, 0 * b, conv_param)

    def backward(dout, cache):
        dx, dw, db = layers.conv_backward(dout, cache)
        return dx, dw, 0 * db

    inputs = (x, w, b, {"stride": 1, "pad": 1})
    dout = RNG.normal(size=layers.conv_forward(*inputs)[0].shape)
    student = {"conv_forward": forward, "conv_backward": backward}
    assert look(student, "conv", inputs, dout) == ("conv_forward", {"dx", "dw", "db"})
    assert look({"conv_forward": forward}, "conv", inputs, dout) == ("conv_forward", {"dx", "dw"})


def test_a_batch_norm_with_a_wrong_variance_is_differentiated_through_its_statistics() -> None:
    """The standard deviation is doubled, so every gradient through x_hat is halved."""

    def forward(x, gamma, beta, bn_param):
        out, cache = layers.batchnorm_forward(x, gamma / 2, beta, bn_param)
        return out, cache

    def backward(dout, cache):
        dx, dgamma, dbeta = layers.batchnorm_backward(dout, cache)
        return dx, dgamma / 2, dbeta

    inputs = (X, np.array([0.5, 1.5, 2.0]), np.ones(3), {"mode": "train"})
    dout = RNG.normal(size=X.shape)
    student = {"batchnorm_forward": forward, "batchnorm_backward": backward}
    assert look(student, "batchnorm", inputs, dout) == ("batchnorm_forward", {"dx", "dgamma", "dbeta"})
    kept = look({"batchnorm_forward": forward}, "batchnorm", inputs, dout)
    assert kept == ("batchnorm_forward", {"dx", "dbeta"})


def lstm_without_forget_gate(x, prev_h, prev_c, Wx, Wh, b):
    i, _, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, o, g = rnn_layers._sigmoid(i), rnn_layers._sigmoid(o), np.tanh(g)
    next_c = prev_c + i * g
    tanh_c = np.tanh(next_c)
    return o * tanh_c, next_c, (x, prev_h, prev_c, Wx, Wh, i, np.ones_like(i), o, g, tanh_c)


def test_an_lstm_step_has_two_upstream_gradients() -> None:
    N, D, H = 3, 2, 4
    shapes = ((N, D), (N, H), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,))
    inputs = tuple(RNG.normal(size=shape) for shape in shapes)
    upstream = RNG.normal(size=(N, H)), RNG.normal(size=(N, H))
    # With a forget gate of 1, f (1 - f) is 0, so the key's backward pass is the exact derivative.
    found = look({"lstm_step_forward": lstm_without_forget_gate}, "lstm_step", inputs, *upstream)
    assert found == ("lstm_step_forward", {"dx", "dprev_h", "dprev_c", "dWx", "dWh", "db"})

    def without_cell_path(dnext_h, dnext_c, cache):
        return rnn_layers.lstm_step_backward(dnext_h, 0 * dnext_c, cache)

    student = {"lstm_step_forward": lstm_without_forget_gate, "lstm_step_backward": without_cell_path}
    assert look(student, "lstm_step", inputs, *upstream) == ("lstm_step_forward", set())


@pytest.mark.parametrize("mask", [(), (np.tril(np.ones((3, 3), dtype=bool)),)])
def test_attention_without_its_scale_is_recognised_in_both_passes(mask: tuple) -> None:
    inputs = *(RNG.normal(size=(2, 3, 4)) for _ in range(3)), *mask
    dout = RNG.normal(size=(2, 3, 4))
    forward = {"attention_forward": wrong_attention.attention_forward_without_scale}
    both = {**forward, "attention_backward": wrong_attention_backward.attention_backward_without_scale}
    assert look(both, "attention", inputs, dout) == ("attention_forward", {"dq", "dk", "dv"})
    assert look(forward, "attention", inputs, dout) == ("attention_forward", {"dv"})


def unsteady(function: Callable[..., Any]) -> bool:
    both = SideBySide({"softmax": function}, KEY, EXAM.functions)
    both.call("softmax", X)
    return is_unsteady(both.calls[0], EXAM.functions["softmax"], both.ask)


def counting() -> Callable[..., Any]:
    calls: list[int] = []

    def counts(z):
        calls.append(1)
        return softmax(z) / len(calls)

    return counts


def test_random_noise_is_unsteady() -> None:
    rng = np.random.default_rng()
    assert unsteady(lambda z: softmax(z) + rng.normal(size=z.shape))


def test_a_counter_kept_from_call_to_call_is_unsteady() -> None:
    assert unsteady(counting())


def test_raising_every_second_time_is_unsteady() -> None:
    count = counting()

    def sometimes(z):
        if count(z).sum() < len(z) - 0.1:
            raise ValueError
        return z

    assert unsteady(sometimes)


def raises(z):
    raise ValueError("no")


@pytest.mark.parametrize("function", [softmax, lambda z: -z, lambda z: z * np.nan, raises, lambda z: None])
def test_a_steady_function_is_not_unsteady_however_wrong(function: Callable[..., Any]) -> None:
    assert not unsteady(function)


def test_a_call_with_a_cache_is_not_made_twice() -> None:
    """A backward function may use its cache up."""
    both = SideBySide({"affine_backward": lambda dout, cache: RNG.normal(size=3)}, KEY, EXAM.functions)
    both.call("affine_forward", X, W, B)
    both.call("affine_backward", DOUT, Part(0, (1,)))
    assert not is_unsteady(both.calls[1], EXAM.functions["affine_backward"], both.ask)


# --- Points ---


def backward_alone(case: GradedCase) -> None:
    cache = case.call("affine_forward", X, W, B).cache
    case.call("affine_backward", DOUT, cache).equals_reference()


def softmax_alone(case: GradedCase) -> None:
    case.call("softmax", X).equals_reference()


def score(student: dict[str, Callable[..., Any]], follow_through: float = 0.5) -> tuple[float, str]:
    """Points out of 12 for a test of affine_backward, and what the student reads."""
    assignment = replace(TINY, grading=replace(TINY.grading, follow_through=follow_through))
    case = tiny_case(test_tiny=worth(10)(backward_alone))
    (result,) = run(assignment, [case], solution(student), solution()).results
    return result.score, result.output


def test_half_of_the_points_of_each_gradient_that_follows_are_kept() -> None:
    kept, text = score(DOUBLED)
    # db is right; dx and dw follow from the wrong forward pass.
    assert kept == pytest.approx(10 * (1 + 0.5 + 0.5) / 3)
    assert "your own affine_forward" in text
    assert "50%" in text


def test_a_gradient_that_follows_from_nothing_keeps_none() -> None:
    def dw_negative(dout, cache):
        dx, dw, db = doubled_backward(dout, cache)
        return dx, -dw, db

    kept, _ = score({**DOUBLED, "affine_backward": dw_negative})
    assert kept == pytest.approx(10 * (1 + 0.5 + 0) / 3)


def test_the_share_is_the_assignments() -> None:
    assert score(DOUBLED, 0.25)[0] == pytest.approx(10 * (1 + 0.25 + 0.25) / 3)


def test_a_share_of_nothing_turns_it_off() -> None:
    kept, text = score(DOUBLED, 0.0)
    assert kept == pytest.approx(10 / 3)
    assert "keep" not in text


def test_a_wrong_backward_pass_of_a_right_forward_pass_keeps_nothing() -> None:
    kept, text = score({"affine_backward": doubled_backward})
    assert kept == pytest.approx(10 / 3)
    assert "your own" not in text


def test_an_output_must_follow_on_every_input() -> None:
    """Right for the wrong forward pass at first, and wrong afterwards."""

    def twice(case: GradedCase) -> None:
        for rows in (2, 4):
            cache = case.call("affine_forward", X[:rows], W, B).cache
            case.call("affine_backward", DOUT[:rows], cache).equals_reference("dw")

    def fails_later(dout, cache):
        dx, dw, db = doubled_backward(dout, cache)
        return dx, dw if len(dout) < 4 else -dw, db

    case = tiny_case(test_tiny=worth(10)(twice))
    student = solution({**DOUBLED, "affine_backward": fails_later})
    assert run(TINY, [case], solution(DOUBLED), solution()).results[0].score == 5
    assert run(TINY, [case], student, solution()).results[0].score == 0


def test_the_extra_calls_are_marked_and_are_no_evidence() -> None:
    case = tiny_case(test_tiny=worth(10)(backward_alone))
    ((finished, _),) = run(TINY, [case], solution(DOUBLED), solution()).finished
    assert isinstance(finished, GradedCase)
    own = [call.function for call in finished.calls if not call.probe]
    assert own == ["affine_forward", "affine_backward"]
    assert {call.function for call in finished.calls if call.probe} == {"affine_forward"}
    assert {finding.call for finding in finished.findings} == {1}


def test_an_unsteady_function_is_told_so_and_earns_nothing() -> None:
    case = tiny_case(test_tiny=worth(10)(softmax_alone))
    count = counting()
    (result,) = run(TINY, [case], solution({"softmax": lambda z: count(z) / 3}), solution()).results
    assert result.score == 0
    assert "another answer when it is called again" in result.output


def test_a_steady_wrong_function_is_not_told_that_it_varies() -> None:
    case = tiny_case(test_tiny=worth(10)(softmax_alone))
    (result,) = run(TINY, [case], solution({"softmax": lambda z: -softmax(z)}), solution()).results
    assert result.score == 0
    assert "p is wrong" in result.output
    assert "called again" not in result.output
