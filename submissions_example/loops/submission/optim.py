import math

import numpy as np


def sgd(w, dw, config=None):
    """
    Performs vanilla stochastic gradient descent.

    config format:
    - learning_rate: Scalar learning rate.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    for index in np.ndindex(*w.shape):
        w[index] -= config["learning_rate"] * dw[index]
    return w, config


def gradient_descent(A, w0, learning_rate, steps):
    D = len(w0)
    path = np.zeros((steps + 1, D))
    for i in range(D):
        path[0, i] = w0[i]
    for t in range(steps):
        for i in range(D):
            gradient = 0.0
            for j in range(D):
                gradient += A[i, j] * path[t, j]
            path[t + 1, i] = path[t, i] - learning_rate * gradient
    return path


def largest_stable_learning_rate(A):
    # eigenvalues by hand would be a different course
    biggest = 0.0
    for value in np.linalg.eigvalsh(A):
        if value > biggest:
            biggest = value
    return 2.0 / biggest


def clip_grad_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        for value in np.asarray(g).flat:
            total += value * value
    total_norm = math.sqrt(total)
    clipped = []
    for g in grads:
        if total_norm > max_norm:
            clipped.append(g * (max_norm / total_norm))
        else:
            clipped.append(g.copy())
    return clipped, total_norm
