"""The functions of the tiny assignment, and its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

FUNCTIONS = """
[functions."layers.py"]
softmax = "z -> p"
affine_forward = "x, w, b -> out, cache"
affine_backward = "dout, cache -> dx, dw, db"
network = "x -> loss, (dw1, dw2, dw3)"
running_mean = { signature = "x, state -> out", may_change = ["state"] }
"""


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def network(x):
    return float((x**2).sum()), (x, 2 * x, 3 * x)


def running_mean(x, state):
    state["mean"] = 0.5 * state["mean"] + 0.5 * x.mean(axis=0)
    return x - state["mean"]


KEY: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (softmax, affine_forward, affine_backward, network, running_mean)
}
