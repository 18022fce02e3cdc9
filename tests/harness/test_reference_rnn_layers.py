"""The answer key's recurrent layers agree with torch's own RNN and LSTM, forwards and backwards."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.func import functional_call

from reference import rnn_layers
from tests.harness.torch_oracle import (
    assert_close,
    assert_unchanged,
    generator,
    gradients,
    outputs,
    to_tensor,
)

# N, T, D, H: batches and sequences of one, D and H on either side of each other, every size its own number.
SEQUENCES = [(1, 1, 1, 1), (1, 1, 3, 2), (1, 4, 2, 5), (3, 1, 4, 2), (2, 5, 3, 4), (4, 3, 5, 2), (3, 6, 1, 3)]
STEPS = sorted({(N, D, H) for N, _, D, H in SEQUENCES})


def sequence_inputs(N: int, T: int, D: int, H: int, gates: int = 1) -> list[np.ndarray]:
    """x, h0, Wx, Wh and b, with every score of the order of 1."""
    rng = generator(N, T, D, H, gates)
    shapes = [(N, T, D), (N, H), (D, gates * H), (H, gates * H), (gates * H,)]
    return [rng.normal(scale=0.7, size=shape) for shape in shapes]


def step_inputs(N: int, D: int, H: int) -> list[np.ndarray]:
    x, *others = sequence_inputs(N, 1, D, H)
    return [x[:, 0], *others]


def lstm_step_inputs(N: int, D: int, H: int) -> list[np.ndarray]:
    x, h0, *weights = sequence_inputs(N, 1, D, H, gates=4)
    return [x[:, 0], h0, generator(N, D, H).normal(size=(N, H)), *weights]


def upstream_like(array: np.ndarray) -> np.ndarray:
    return generator(*array.shape).normal(size=array.shape)


def torch_gate_order(weights: torch.Tensor) -> torch.Tensor:
    """The columns i, f, o, g in torch's order i, f, g, o."""
    i, f, o, g = weights.chunk(4, dim=-1)
    return torch.cat([i, f, g, o], dim=-1)


def torch_rnn_step(x, prev_h, Wx, Wh, b):
    return torch.rnn_tanh_cell(x, prev_h, Wx.T, Wh.T, b, torch.zeros_like(b))


def torch_lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    Wx, Wh, b = map(torch_gate_order, (Wx, Wh, b))
    return torch.lstm_cell(x, (prev_h, prev_c), Wx.T, Wh.T, b, torch.zeros_like(b))


def torch_parameters(Wx, Wh, b):
    zero = torch.zeros_like(b)
    return {"weight_ih_l0": Wx.T, "weight_hh_l0": Wh.T, "bias_ih_l0": b, "bias_hh_l0": zero}


def torch_rnn(x, h0, Wx, Wh, b):
    module = torch.nn.RNN(*Wx.shape, batch_first=True, dtype=torch.float64)
    h, _ = functional_call(module, torch_parameters(Wx, Wh, b), (x, h0[None]))
    return h


def torch_lstm(x, h0, Wx, Wh, b):
    Wx, Wh, b = map(torch_gate_order, (Wx, Wh, b))
    module = torch.nn.LSTM(x.shape[-1], h0.shape[-1], batch_first=True, dtype=torch.float64)
    h, _ = functional_call(module, torch_parameters(Wx, Wh, b), (x, (h0[None], torch.zeros_like(h0)[None])))
    return h


@pytest.mark.parametrize("sizes", STEPS, ids=str)
def test_an_rnn_step_agrees_with_torch(sizes):
    inputs = step_inputs(*sizes)
    next_h, cache = assert_unchanged(rnn_layers.rnn_step_forward, *inputs)
    assert_close(next_h, outputs(torch_rnn_step, inputs))
    upstream = upstream_like(next_h)
    actual = assert_unchanged(rnn_layers.rnn_step_backward, upstream, cache)
    assert_close(actual, gradients(torch_rnn_step, inputs, upstream))


@pytest.mark.parametrize("sizes", STEPS, ids=str)
def test_an_lstm_step_agrees_with_torch_and_its_gate_order(sizes):
    inputs = lstm_step_inputs(*sizes)
    next_h, next_c, cache = assert_unchanged(rnn_layers.lstm_step_forward, *inputs)
    assert_close((next_h, next_c), outputs(torch_lstm_step, inputs))
    upstream = upstream_like(next_h), -2 * upstream_like(next_c)
    actual = assert_unchanged(rnn_layers.lstm_step_backward, *upstream, cache)
    assert_close(actual, gradients(torch_lstm_step, inputs, upstream))


@pytest.mark.parametrize("reached", ["h only", "c only"])
def test_an_lstm_step_sends_back_each_upstream_gradient_alone(reached):
    inputs = lstm_step_inputs(2, 3, 4)
    next_h, next_c, cache = rnn_layers.lstm_step_forward(*inputs)
    upstream = (
        (upstream_like(next_h), 0 * next_c) if reached == "h only" else (0 * next_h, upstream_like(next_c))
    )
    actual = rnn_layers.lstm_step_backward(*upstream, cache)
    assert_close(actual, gradients(torch_lstm_step, inputs, upstream))


@pytest.mark.parametrize("sizes", SEQUENCES, ids=str)
def test_an_rnn_agrees_with_torch(sizes):
    inputs = sequence_inputs(*sizes)
    h, cache = assert_unchanged(rnn_layers.rnn_forward, *inputs)
    assert_close(h, outputs(torch_rnn, inputs))
    upstream = upstream_like(h)
    actual = assert_unchanged(rnn_layers.rnn_backward, upstream, cache)
    assert_close(actual, gradients(torch_rnn, inputs, upstream))


@pytest.mark.parametrize("sizes", SEQUENCES, ids=str)
def test_an_lstm_agrees_with_torch_from_a_zero_cell_state(sizes):
    inputs = sequence_inputs(*sizes, gates=4)
    h, cache = assert_unchanged(rnn_layers.lstm_forward, *inputs)
    assert_close(h, outputs(torch_lstm, inputs))
    upstream = upstream_like(h)
    actual = assert_unchanged(rnn_layers.lstm_backward, upstream, cache)
    assert_close(actual, gradients(torch_lstm, inputs, upstream))


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize(("layer", "gates"), [("rnn", 1), ("lstm", 4)])
def test_a_gradient_at_one_step_reaches_every_earlier_step_and_no_later_one(layer, gates, step):
    forward, backward = (getattr(rnn_layers, f"{layer}_{direction}") for direction in ("forward", "backward"))
    inputs = sequence_inputs(2, 4, 3, 5, gates)
    h, cache = forward(*inputs)
    upstream = np.zeros_like(h)
    upstream[:, step] = upstream_like(h[:, step])
    dx, *others = backward(upstream, cache)
    assert_close((dx, *others), gradients({"rnn": torch_rnn, "lstm": torch_lstm}[layer], inputs, upstream))
    assert np.all(dx[:, : step + 1] != 0)
    assert np.all(dx[:, step + 1 :] == 0)


@pytest.mark.parametrize(("layer", "gates"), [("rnn", 1), ("lstm", 4)])
def test_two_forward_passes_keep_their_caches_apart(layer, gates):
    forward, backward = (getattr(rnn_layers, f"{layer}_{direction}") for direction in ("forward", "backward"))
    first, second = sequence_inputs(2, 3, 4, 5, gates), sequence_inputs(3, 2, 5, 4, gates)
    h, cache = forward(*first)
    alone = backward(upstream_like(h), cache)
    forward(*second)
    assert_close(backward(upstream_like(h), cache), alone, rtol=0, atol=0)


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_saturated_gates_neither_overflow_nor_become_nan(size):
    inputs = lstm_step_inputs(2, 3, 4)
    inputs[-1] = np.full(16, size)
    next_h, next_c, cache = rnn_layers.lstm_step_forward(*inputs)
    assert_close((next_h, next_c), outputs(torch_lstm_step, inputs))
    upstream = upstream_like(next_h), upstream_like(next_c)
    assert_close(
        rnn_layers.lstm_step_backward(*upstream, cache), gradients(torch_lstm_step, inputs, upstream)
    )


@pytest.mark.parametrize("sizes", [(1, 1), (3, 1), (1, 4), (3, 5), (6, 2)], ids=str)
def test_the_number_of_parameters_is_torch_s_with_one_bias_instead_of_two(sizes):
    d_in, d_hidden = sizes
    torch_count = sum(parameter.numel() for parameter in torch.nn.RNN(d_in, d_hidden).parameters())
    count = rnn_layers.rnn_num_params(d_in, d_hidden)
    assert count == torch_count - d_hidden
    assert type(count) is int


def torch_hidden_grad_norms(x, h0, Wx, Wh, b, dh_last) -> list[float]:
    x, h, Wx, Wh, b, dh_last = map(to_tensor, (x, h0, Wx, Wh, b, dh_last))
    states = []
    for t in range(x.shape[1]):
        h = torch_rnn_step(x[:, t], h, Wx.requires_grad_(), Wh, b)
        h.retain_grad()
        states.append(h)
    h.backward(dh_last)
    return [torch.linalg.vector_norm(state.grad).item() for state in states]


@pytest.mark.parametrize("sizes", SEQUENCES, ids=str)
def test_hidden_gradient_norms_agree_with_torch_s_retained_gradients(sizes):
    inputs = sequence_inputs(*sizes)
    dh_last = upstream_like(inputs[1])
    norms = assert_unchanged(rnn_layers.hidden_grad_norms, *inputs, dh_last)
    assert_close(norms, np.array(torch_hidden_grad_norms(*inputs, dh_last)))
    assert norms[-1] == pytest.approx(np.sqrt((dh_last**2).sum()), rel=1e-12)


@pytest.mark.parametrize(("scale", "ratio"), [(0.5, 0.5), (2.0, 2.0)], ids=["vanishing", "exploding"])
def test_hidden_gradients_vanish_for_small_and_explode_for_large_recurrent_weights(scale, ratio):
    N, T, D, H = 3, 20, 2, 4
    x, h0, b = np.zeros((N, T, D)), np.zeros((N, H)), np.zeros(H)
    rotation, _ = np.linalg.qr(generator(H).normal(size=(H, H)))
    # At h = 0 the derivative of tanh is 1, so every step multiplies the norm by the rotation's scale.
    norms = rnn_layers.hidden_grad_norms(x, h0, np.ones((D, H)), scale * rotation, b, np.ones((N, H)))
    assert_close(norms[:-1] / norms[1:], np.full(T - 1, ratio))
    assert norms[0] == pytest.approx(np.sqrt(N * H) * ratio ** (T - 1))
