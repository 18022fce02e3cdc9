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

    w -= config["learning_rate"] * dw
    return w, config


def gradient_descent(A, w0, learning_rate, steps):
    path = [np.array(w0)]
    for i in range(steps):
        w = path[-1]
        path.append(w - learning_rate * np.dot(A, w))
    return np.array(path)


def largest_stable_learning_rate(A):
    eigenvalues = np.linalg.eigvalsh(A)
    return 2 / np.max(eigenvalues)


def clip_grad_norm(grads, max_norm):
    # norm of everything together, not of each array
    total_norm = 0
    for g in grads:
        total_norm += np.sum(g**2)
    total_norm = np.sqrt(total_norm)
    if total_norm > max_norm:
        grads = [g / total_norm * max_norm for g in grads]
    return grads, total_norm
