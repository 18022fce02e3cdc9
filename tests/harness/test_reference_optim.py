"""The answer key's optimisers agree with torch, and descent is stable up to the rate that the key names."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from reference import layers, optim
from tests.harness.torch_oracle import assert_close, assert_unchanged, generator, to_tensor


def positive_definite(eigenvalues: list[float]) -> np.ndarray:
    """A symmetric matrix with these eigenvalues and random eigenvectors."""
    rotation, _ = np.linalg.qr(generator(len(eigenvalues)).normal(size=(len(eigenvalues), len(eigenvalues))))
    matrix = rotation @ np.diag(eigenvalues) @ rotation.T
    return (matrix + matrix.T) / 2


def torch_descent(loss, w0: np.ndarray, learning_rate: float, steps: int) -> np.ndarray:
    w = to_tensor(w0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=learning_rate)
    path = [w.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss(w).backward()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path).numpy()


@pytest.mark.parametrize("config", [None, {}, {"learning_rate": 0.3}])
@pytest.mark.parametrize("shape", [(1,), (3, 4), (2, 3, 1, 2)])
def test_an_sgd_step_agrees_with_torch(shape, config):
    w, dw = generator(*shape).normal(size=(2, *shape))
    learning_rate = (config or {}).get("learning_rate", 1e-2)

    new_w, new_config = optim.sgd(w.copy(), dw, config)

    assert_close(new_w, torch_descent(lambda w: (w * to_tensor(dw)).sum(), w, learning_rate, 1)[-1])
    assert new_config == {"learning_rate": learning_rate}


def test_sgd_changes_neither_the_gradient_nor_the_config_and_keeps_its_other_entries():
    config = {"note": "kept"}

    _, new_config = assert_unchanged(optim.sgd, np.ones(3), np.ones(3), config)

    assert new_config == {"note": "kept", "learning_rate": 1e-2}


def test_sgd_takes_the_step_of_exam_2_2():
    weights = (0.5, -1.0, 2.0)
    _, gradient = layers.two_layer_backward(2.0, *weights, 1.0)

    steps = [optim.sgd(w, dw, {"learning_rate": 0.1})[0] for w, dw in zip(weights, gradient, strict=True)]

    assert_close(steps, [0.1, -1.0, 1.9])


@pytest.mark.parametrize("steps", [0, 1, 7])
@pytest.mark.parametrize("eigenvalues", [[2.0], [0.5, 3.0], [-1.0, 0.0, 4.0], [1.0, 1.0, 2.0, 6.0]])
def test_gradient_descent_agrees_with_torch(eigenvalues, steps):
    A, w0 = positive_definite(eigenvalues), generator(steps).normal(size=len(eigenvalues))
    tensor = to_tensor(A)

    path = assert_unchanged(optim.gradient_descent, A, w0, 0.35, steps)

    assert path.shape == (steps + 1, len(eigenvalues))
    assert_close(path, torch_descent(lambda w: w @ tensor @ w / 2, w0, 0.35, steps))
    assert not np.shares_memory(path, w0)


@pytest.mark.parametrize("eigenvalues", [[0.01], [5.0], [1.0, 8.0], [0.5, 0.5], [0.4, 1.0, 1.5, 3.0]])
def test_descent_converges_just_below_the_largest_stable_learning_rate_and_diverges_just_above(eigenvalues):
    A, w0 = positive_definite(eigenvalues), generator(7).normal(size=len(eigenvalues))

    rate = assert_unchanged(optim.largest_stable_learning_rate, A)
    below, above = (optim.gradient_descent(A, w0, factor * rate, 3000)[-1] for factor in (0.99, 1.01))

    assert type(rate) is float
    assert np.linalg.norm(below) < 1e-9
    assert np.linalg.norm(above) > 1e9


@pytest.mark.parametrize("max_norm", [1e-3, 1.0, 5.0, 1e3])
@pytest.mark.parametrize("shapes", [[(3,)], [(2, 3), (4,)], [(1,), (2, 1, 3), (5, 5)]])
def test_clipping_agrees_with_torch(shapes, max_norm):
    rng = generator(len(shapes))
    grads = [3 * rng.normal(size=shape) for shape in shapes]
    parameters = [torch.nn.Parameter(torch.zeros(shape, dtype=torch.float64)) for shape in shapes]
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.grad = to_tensor(grad)

    expected_norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm).item()
    clipped, total_norm = assert_unchanged(optim.clip_grad_norm, grads, max_norm)

    assert type(total_norm) is float
    assert_close(total_norm, expected_norm)
    # torch divides by total_norm + 1e-6, so it agrees to about six digits only.
    assert_close(clipped, [parameter.grad.numpy() for parameter in parameters], rtol=1e-5)


@pytest.mark.parametrize("max_norm", [0.0, 1e-3, 1.0, 2.5])
def test_clipped_gradients_point_the_same_way_and_have_the_largest_norm_allowed(max_norm):
    grads = [np.array([[3.0, 0.0], [0.0, 0.0]]), np.array([-4.0]), np.array([12.0, 0.0])]

    clipped, total_norm = optim.clip_grad_norm(grads, max_norm)

    assert total_norm == 13.0
    assert isinstance(clipped, list)
    assert_close(clipped, [grad * max_norm / 13 for grad in grads])


@pytest.mark.parametrize("max_norm", [5.0, 5.1, math.inf])
def test_gradients_no_longer_than_the_largest_norm_are_unchanged(max_norm):
    grads = [np.array([3.0]), np.array([[4.0]])]

    clipped, total_norm = optim.clip_grad_norm(grads, max_norm)

    assert total_norm == 5.0
    assert_close(clipped, grads, rtol=0, atol=0)
    assert not any(np.shares_memory(new, old) for new, old in zip(clipped, grads, strict=True))


@pytest.mark.parametrize("max_norm", [0.0, 1.0])
def test_gradients_of_zero_stay_zero(max_norm):
    clipped, total_norm = optim.clip_grad_norm([np.zeros((2, 3)), np.zeros(1)], max_norm)

    assert total_norm == 0.0
    assert_close(clipped, [np.zeros((2, 3)), np.zeros(1)], rtol=0, atol=0)


def test_no_gradients_at_all_have_norm_zero():
    assert optim.clip_grad_norm([], 1.0) == ([], 0.0)


def test_exploding_float32_gradients_are_clipped_without_overflow():
    clipped, total_norm = optim.clip_grad_norm([np.array([3e30, 4e30], dtype=np.float32)], 1.0)

    assert_close(total_norm, 5e30, rtol=1e-6)
    assert_close(clipped, [np.array([0.6, 0.8])], rtol=1e-6)
