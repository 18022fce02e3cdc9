import numpy as np


def sgd(w, dw, config=None):
    """
    Vanilla stochastic gradient descent.

    config format:
    - learning_rate: scalar, default 1e-2
    """
    if config is None:
        config = {"learning_rate": 1e-2}
    return w - config.get("learning_rate", 1e-2) * dw, config


def gradient_descent(A, w0, learning_rate, steps):
    """Full-batch descent on w'Aw / 2. The gradient is A w because A is symmetric."""
    path = np.empty((steps + 1, len(w0)))
    path[0] = w0
    for t in range(steps):
        path[t + 1] = path[t] - learning_rate * (A @ path[t])
    return path


def largest_stable_learning_rate(A):
    """Along the steepest eigenvector w is multiplied by (1 - lr * lambda_max) per step, so |.| < 1 iff lr < 2/lambda_max."""
    return float(2.0 / np.linalg.eigvalsh(A)[-1])


def clip_grad_norm(grads, max_norm):
    total_norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    if total_norm <= max_norm:
        return list(grads), float(total_norm)
    scale = max_norm / total_norm
    return [g * scale for g in grads], float(total_norm)
