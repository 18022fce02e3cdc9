"""The answer key's losses, fully connected, activation and residual layers agree with torch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from reference import layers
from tests.harness.torch_oracle import assert_close, generator, gradients, outputs

SCORE_SHAPES = [(1, 1), (1, 4), (3, 3), (7, 2), (2, 9)]
ACTIVATION_SHAPES = [(1,), (5,), (1, 1), (4, 3), (2, 3, 4), (2, 1, 3, 2)]


def scores_and_labels(shape: tuple[int, int], scale: float) -> tuple[np.ndarray, np.ndarray]:
    rng = generator(*shape)
    return scale * rng.normal(size=shape), rng.integers(shape[1], size=shape[0])


@pytest.mark.parametrize("scale", [1e-8, 1, 30, 1000])
@pytest.mark.parametrize("shape", SCORE_SHAPES)
def test_softmax_and_its_losses_agree_with_torch(shape, scale):
    z, y = scores_and_labels(shape, scale)
    labels = torch.tensor(y)

    assert_close(layers.softmax(z), outputs(lambda z: torch.softmax(z, dim=1), [z]))
    assert_close(
        layers.cross_entropy(z, y), outputs(lambda z: F.cross_entropy(z, labels, reduction="sum"), [z])
    )
    loss, dx = layers.softmax_loss(z, y)
    assert_close(loss, outputs(lambda z: F.cross_entropy(z, labels), [z]))
    assert_close(dx, gradients(lambda z: F.cross_entropy(z, labels), [z])[0])
    assert type(loss) is type(layers.cross_entropy(z, y)) is float


@pytest.mark.parametrize("z", [[[1000.0, -1000.0, 0.0]], [[-1000.0, -1000.0, -1001.0], [1000.0, 999.0, 0.0]]])
def test_scores_of_a_thousand_neither_overflow_nor_underflow(z):
    z, y = np.array(z), np.ones(len(z), dtype=int)
    labels = torch.tensor(y)

    with np.errstate(over="raise", divide="raise", invalid="raise"):
        probabilities, total, (mean, dx) = (
            layers.softmax(z),
            layers.cross_entropy(z, y),
            layers.softmax_loss(z, y),
        )

    assert_close(probabilities, outputs(lambda z: torch.softmax(z, dim=1), [z]))
    assert_close(total, outputs(lambda z: F.cross_entropy(z, labels, reduction="sum"), [z]))
    assert_close(mean, outputs(lambda z: F.cross_entropy(z, labels), [z]))
    assert_close(dx, gradients(lambda z: F.cross_entropy(z, labels), [z])[0])


def test_each_row_of_scores_is_shifted_by_its_own_maximum():
    z = np.array([[0.0, 1.0], [5000.0, 5001.0], [-5000.0, -4999.0]])

    assert_close(layers.softmax(z), np.tile(layers.softmax(z[:1]), (3, 1)))


def test_adding_a_constant_to_the_scores_leaves_softmax_unchanged():
    z, _ = scores_and_labels((4, 5), 1)

    assert_close(layers.softmax(z + 3.5), layers.softmax(z))


@pytest.mark.parametrize("features_out", [1, 4, 6])
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 6), (5, 3), (2, 3, 4), (1, 2, 1, 3), (3, 2, 4, 5)])
def test_affine_agrees_with_torch(shape, features_out):
    rng = generator(*shape, features_out)
    inputs = [
        rng.normal(size=shape),
        rng.normal(size=(int(np.prod(shape[1:])), features_out)),
        rng.normal(size=features_out),
    ]
    dout = rng.normal(size=(shape[0], features_out))

    def affine(x, w, b):
        return F.linear(x.flatten(1), w.T, b)

    out, cache = layers.affine_forward(*inputs)
    assert_close(out, outputs(affine, inputs))
    assert_close(layers.affine_backward(dout, cache), gradients(affine, inputs, dout))


@pytest.mark.parametrize("shape", ACTIVATION_SHAPES)
def test_relu_agrees_with_torch(shape):
    x, dout = generator(*shape).normal(size=(2, *shape))

    out, cache = layers.relu_forward(x)
    assert_close(out, outputs(torch.relu, [x]))
    assert_close(layers.relu_backward(dout, cache), gradients(torch.relu, [x], dout)[0])


@pytest.mark.parametrize("alpha", [(), (0.0,), (0.2,), (0.9,), (1.0,)])
@pytest.mark.parametrize("shape", ACTIVATION_SHAPES)
def test_leaky_relu_agrees_with_torch(shape, alpha):
    x, dout = generator(*shape).normal(size=(2, *shape))

    def leaky_relu(x):
        return F.leaky_relu(x, *(alpha or (0.01,)))

    out, cache = layers.leaky_relu_forward(x, *alpha)
    assert_close(out, outputs(leaky_relu, [x]))
    assert_close(layers.leaky_relu_backward(dout, cache), gradients(leaky_relu, [x], dout)[0])


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 3), (5, 2)])
def test_residual_agrees_with_torch(shape):
    rng = generator(*shape)
    inputs = [rng.normal(size=shape), rng.normal(size=(shape[1], shape[1]))]
    dy = rng.normal(size=shape)

    def residual(v, w):
        return v @ w + v

    y, cache = layers.residual_forward(*inputs)
    assert_close(y, outputs(residual, inputs))
    assert_close(layers.residual_backward(dy, cache), gradients(residual, inputs, dy))


def torch_two_layer(x, w1, w2, w3):
    z1, z2 = w1 * x, w2 * x
    a1, a2 = torch.relu(z1), torch.relu(z2)
    return z1, a1, z2, a2, w3 * (a1 + a2)


@pytest.mark.parametrize("signs", list(itertools.product([-1, 1], repeat=4)))
def test_the_two_layer_network_agrees_with_torch(signs):
    x, w1, w2, w3 = weights = [float(w) for w in signs * generator().uniform(0.5, 2, size=4)]
    y_true = -0.7

    def loss(w1, w2, w3):
        return (torch_two_layer(x, w1, w2, w3)[-1] - y_true) ** 2 / 2

    forward = layers.two_layer_forward(*weights)
    assert list(forward) == ["z1", "a1", "z2", "a2", "y_pred"]
    assert_close(tuple(forward.values()), outputs(torch_two_layer, weights))
    actual_loss, gradient = layers.two_layer_backward(*weights, y_true)
    assert_close(actual_loss, outputs(loss, [w1, w2, w3]))
    assert_close(gradient, gradients(loss, [w1, w2, w3]))


def test_the_two_layer_network_gives_the_numbers_of_exam_2():
    forward = layers.two_layer_forward(2, 0.5, -1.0, 2.0)
    loss, gradient = layers.two_layer_backward(2, 0.5, -1.0, 2.0, 1.0)

    assert forward == {"z1": 1.0, "a1": 1.0, "z2": -2.0, "a2": 0.0, "y_pred": 2.0}
    assert (loss, gradient) == (0.5, (4.0, 0.0, 1.0))


@pytest.mark.parametrize("number", [int, np.float64, np.float32])
def test_the_two_layer_network_returns_python_floats(number):
    forward = layers.two_layer_forward(*map(number, (2, 1, -1, 2)))
    loss, gradient = layers.two_layer_backward(*map(number, (2, 1, -1, 2, 1)))

    assert {type(value) for value in (*forward.values(), loss, *gradient)} == {float}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("sizes", [(1, 1), (3, 5), (5, 3), (64, 10)])
def test_parameter_counts_agree_with_torch(sizes, bias):
    def count(layer: torch.nn.Module) -> int:
        return sum(parameter.numel() for parameter in layer.parameters())

    assert layers.fc_num_params(*sizes, bias) == count(torch.nn.Linear(*sizes, bias=bias))
    for kernel in (1, 3, 4):
        convolution = torch.nn.Conv2d(*sizes, kernel, bias=bias)
        assert layers.conv_num_params(kernel, *sizes, bias) == count(convolution)


def test_parameters_are_counted_with_their_biases_by_default():
    assert layers.fc_num_params(3, 5) == 20
    assert layers.conv_num_params(3, 4, 5) == 185


def test_parameter_counts_are_ints():
    assert type(layers.fc_num_params(3, 5)) is type(layers.conv_num_params(3, 4, 5, bias=False)) is int


def test_two_small_convolutions_have_fewer_parameters_than_a_large_one_as_in_quiz_1_1():
    assert 2 * layers.conv_num_params(3, 7, 7, bias=False) == 18 * 7**2
    assert layers.conv_num_params(5, 7, 7, bias=False) == 25 * 7**2
