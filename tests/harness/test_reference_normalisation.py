"""The answer key's batch and layer normalisation agree with torch."""

from __future__ import annotations

import numpy as np
import pytest
from torch.nn import functional as F

from reference import layers
from tests.harness.torch_oracle import assert_close, generator, gradients, outputs

SHAPES = [(2, 1), (4, 4), (7, 3), (3, 8)]
EPS = [1e-5, 1e-8, 0.3]


def normalisation_inputs(shape: tuple[int, int], spread: float = 2.0) -> tuple[list[np.ndarray], np.ndarray]:
    rng = generator(*shape)
    x = 5 + spread * rng.normal(size=shape)
    return [x, rng.normal(size=shape[1]), rng.normal(size=shape[1])], rng.normal(size=shape)


@pytest.mark.parametrize("spread", [2.0, 1e-3])
@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm_in_train_mode_agrees_with_torch(shape, eps, spread):
    inputs, dout = normalisation_inputs(shape, spread)

    def batch_norm(x, gamma, beta):
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)

    out, cache = layers.batchnorm_forward(*inputs, {"mode": "train", "eps": eps})
    assert_close(out, outputs(batch_norm, inputs), rtol=1e-8)
    assert_close(layers.batchnorm_backward(dout, cache), gradients(batch_norm, inputs, dout), rtol=1e-8)


def test_a_batch_of_one_row_is_normalised_to_beta():
    (x, gamma, beta), dout = normalisation_inputs((1, 4))

    out, cache = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})

    assert_close(out, beta[None])
    assert_close(layers.batchnorm_backward(dout, cache), (np.zeros((1, 4)), np.zeros(4), dout[0]))


@pytest.mark.parametrize("momentum", [0.9, 0.25, 0.0, 1.0])
@pytest.mark.parametrize("shape", [(1, 3), *SHAPES])
def test_two_calls_move_the_running_averages_twice(shape, momentum):
    (first, gamma, beta), _ = normalisation_inputs(shape)
    second = first**2
    mean, var = np.full(shape[1], 3.0), np.full(shape[1], 0.5)
    bn_param = {"mode": "train", "momentum": momentum, "running_mean": mean, "running_var": var}

    for x in (first, second):
        layers.batchnorm_forward(x, gamma, beta, bn_param)
        mean, var = outputs(
            lambda x, mean, var: (
                mean.lerp(x.mean(0), 1 - momentum),
                var.lerp(x.var(0, correction=0), 1 - momentum),
            ),
            [x, mean, var],
        )

    assert_close((bn_param["running_mean"], bn_param["running_var"]), (mean, var))


def test_batch_norm_has_the_defaults_of_the_student_api():
    (x, gamma, beta), _ = normalisation_inputs((4, 3), spread=1e-2)
    short = {"mode": "train"}
    full = short | {"eps": 1e-5, "momentum": 0.9, "running_mean": np.zeros(3), "running_var": np.zeros(3)}

    assert_close(
        layers.batchnorm_forward(x, gamma, beta, short)[0], layers.batchnorm_forward(x, gamma, beta, full)[0]
    )
    assert_close(short["running_mean"], full["running_mean"])
    assert_close(short["running_var"], full["running_var"])


@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("shape", [(1, 3), *SHAPES])
def test_batch_norm_in_test_mode_uses_the_running_averages_and_leaves_them_alone(shape, eps):
    (x, gamma, beta), _ = normalisation_inputs(shape)
    running_mean, running_var = generator(*shape).uniform(0.1, 1, size=(2, shape[1]))
    bn_param = {"mode": "test", "eps": eps, "running_mean": running_mean, "running_var": running_var}
    before = {
        "mode": "test",
        "eps": eps,
        "running_mean": running_mean.copy(),
        "running_var": running_var.copy(),
    }

    out, _ = layers.batchnorm_forward(x, gamma, beta, bn_param)

    expected = outputs(
        lambda *tensors: F.batch_norm(*tensors, eps=eps), [x, running_mean, running_var, gamma, beta]
    )
    assert_close(out, expected)
    assert list(bn_param) == list(before)
    assert_close(bn_param["running_mean"], before["running_mean"], rtol=0, atol=0)
    assert_close(bn_param["running_var"], before["running_var"], rtol=0, atol=0)


def test_batch_norm_replaces_running_averages_and_never_writes_into_the_arrays_it_was_given():
    (x, gamma, beta), _ = normalisation_inputs((4, 3))
    running_mean, running_var = np.zeros(3), np.ones(3)
    bn_param = {"mode": "train", "running_mean": running_mean, "running_var": running_var, "note": "kept"}

    layers.batchnorm_forward(x, gamma, beta, bn_param)

    assert set(bn_param) == {"mode", "running_mean", "running_var", "note"}
    assert np.all(bn_param["running_mean"] != 0)
    assert np.all(bn_param["running_var"] != 1)
    assert_close((running_mean, running_var), (np.zeros(3), np.ones(3)))


def test_a_mode_that_batch_norm_does_not_know_is_refused():
    with pytest.raises(ValueError, match="'eval'"):
        layers.batchnorm_forward(np.ones((2, 3)), np.ones(3), np.ones(3), {"mode": "eval"})


@pytest.mark.parametrize("spread", [2.0, 1e-3])
@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), *SHAPES])
def test_layer_norm_agrees_with_torch(shape, eps, spread):
    inputs, dout = normalisation_inputs(shape, spread)

    def layer_norm(x, gamma, beta):
        return F.layer_norm(x, shape[1:], gamma, beta, eps)

    out, cache = layers.layernorm_forward(*inputs, {"eps": eps})
    assert_close(out, outputs(layer_norm, inputs), rtol=1e-8)
    assert_close(layers.layernorm_backward(dout, cache), gradients(layer_norm, inputs, dout), rtol=1e-8)


def test_layer_norm_adds_1e_5_to_the_variance_by_default():
    inputs, _ = normalisation_inputs((3, 4), spread=1e-2)

    assert_close(
        layers.layernorm_forward(*inputs, {})[0], layers.layernorm_forward(*inputs, {"eps": 1e-5})[0]
    )
