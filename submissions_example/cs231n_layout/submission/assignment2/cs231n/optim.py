import numpy as np
import tensorflow as tf

"""
Each update rule accepts current weights and the gradient of the loss with
respect to those weights and produces the next set of weights.
"""


def sgd(w, dw, config=None):
    """
    Performs vanilla stochastic gradient descent.

    config format:
    - learning_rate: Scalar learning rate.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)

    w -= config["learning_rate"] * dw
    return w, config


def gradient_descent(A, w0, learning_rate, steps):
    w = w0.copy()
    path = [w]
    for t in range(steps):
        w, _ = sgd(w.copy(), A.dot(w), {"learning_rate": learning_rate})
        path.append(w)
    return np.array(path)


def largest_stable_learning_rate(A):
    # A is symmetric positive definite, so its singular values are its eigenvalues
    return 2 / np.linalg.norm(A, 2)


def clip_grad_norm(grads, max_norm):
    total_norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    scale = 1.0
    if total_norm > max_norm:
        scale = max_norm / total_norm
    return [scale * g for g in grads], total_norm
