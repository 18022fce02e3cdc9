"""Gradient descent, and what keeps it stable."""

import math

import numpy as np


def sgd(w, dw, config=None):
    """One step of stochastic gradient descent.

    w, dw: weights and their gradient, of one shape; w may be updated in place.
    config: None or a dict with learning_rate (1e-2 where it is not given).
    Returns the new w and config, a dict that holds the learning_rate used.
    Source: exam 2.2; CS231n, assignment 2.
    """
    config = {"learning_rate": 1e-2, **(config or {})}
    return w - config["learning_rate"] * dw, config


def gradient_descent(A, w0, learning_rate, steps):
    """Full-batch gradient descent on the loss w' A w / 2.

    A: (D, D) symmetric matrix; w0: (D,) initial weights; steps: number of steps, 0 or more.
    Returns path (steps + 1, D): the weights before the first step and after each step.
    Source: exam 1.2.
    """
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * (A @ path[-1]))
    return np.array(path)


def largest_stable_learning_rate(A):
    """The supremum of the learning rates at which gradient_descent on w' A w / 2 converges from every w0.

    A: (D, D) symmetric positive definite matrix.
    Returns a float.
    Source: exam 1.2.
    """
    return float(2 / np.linalg.eigvalsh(A).max())


def clip_grad_norm(grads, max_norm):
    """Clip gradients by their global norm: the L2 norm of all their entries taken together.

    grads: a list of arrays of any shapes, which stay as they are; max_norm: a number, 0 or more.
    Returns the list of clipped gradients, which point the same way and whose global norm is at most max_norm,
    and total_norm, the global norm before clipping, a float.
    Gradients whose total_norm is at most max_norm are returned unchanged.
    Source: exam 1.5, option B, and 4.2.
    """
    # float64, because the squares of exploding float32 gradients overflow.
    total_norm = math.sqrt(sum(np.square(grad, dtype=np.float64).sum() for grad in grads))
    scale = float(max_norm) / total_norm if total_norm > max_norm else 1.0
    return [grad * scale for grad in grads], total_norm
