"""The answer key's layers and optimisers change no argument, keep no state and take float32."""

from __future__ import annotations

import ast
import copy
import inspect
import re

import numpy as np
import pytest

from reference import layers, optim
from tests.harness.torch_oracle import assert_close, assert_unchanged, generator


def normal(*shape: int) -> np.ndarray:
    return generator(*shape).normal(size=shape)


LABELS = np.array([2, 0, 1, 1])
PASSES = {
    "affine": (normal(4, 2, 3), normal(6, 5), normal(5)),
    "relu": (normal(4, 3),),
    "leaky_relu": (normal(4, 3), 0.2),
    "residual": (normal(4, 3), normal(3, 3)),
    "batchnorm": (normal(4, 3), normal(3), normal(3), {"mode": "train"}),
    "layernorm": (normal(4, 3), normal(3), normal(3), {}),
    "conv": (normal(2, 3, 5, 6), normal(2, 3, 3, 2), normal(2), {"stride": 2, "pad": 1}),
    "max_pool": (normal(2, 3, 5, 6), {"pool_height": 3, "pool_width": 2, "stride": 1}),
}
FUNCTIONS = {
    layers.softmax: (normal(4, 3),),
    layers.cross_entropy: (normal(4, 3), LABELS),
    layers.softmax_loss: (normal(4, 3), LABELS),
    optim.sgd: (normal(4, 3), normal(3).repeat(4).reshape(4, 3), {"learning_rate": 0.5}),
    optim.gradient_descent: (np.eye(3) + 0.5, normal(3), 0.25, 4),
    optim.largest_stable_learning_rate: (np.eye(3) + 0.5,),
    optim.clip_grad_norm: ([normal(4, 3), normal(2)], 0.5),
}

each_pass = pytest.mark.parametrize("name", PASSES)
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
each_module = pytest.mark.parametrize("module", [layers, optim], ids=lambda module: module.__name__)


def forward_and_backward(name: str, arguments: tuple) -> tuple:
    out, cache = getattr(layers, f"{name}_forward")(*copy.deepcopy(arguments))
    dout = generator(1).normal(size=out.shape).astype(out.dtype)
    return out, cache, dout, getattr(layers, f"{name}_backward")


def as_float32(arguments: tuple | list) -> tuple:
    def convert(value):
        if isinstance(value, list):
            return list(map(convert, value))
        is_float = isinstance(value, np.ndarray) and value.dtype == np.float64
        return value.astype(np.float32) if is_float else value

    return tuple(map(convert, arguments))


@each_pass
def test_a_forward_pass_changes_none_of_its_arguments(name):
    arguments = copy.deepcopy(PASSES[name])
    if name == "batchnorm":
        arguments = (
            *arguments[:3],
            {"mode": "test", "running_mean": normal(3), "running_var": normal(3) ** 2},
        )

    out, cache = assert_unchanged(getattr(layers, f"{name}_forward"), *arguments)

    assert type(cache) is tuple
    assert not any(np.shares_memory(out, each) for each in arguments if isinstance(each, np.ndarray))


def test_batch_norm_in_train_mode_changes_no_array_that_it_was_given():
    x, gamma, beta, _ = PASSES["batchnorm"]

    assert_unchanged(lambda *arrays: layers.batchnorm_forward(*arrays, {"mode": "train"}), x, gamma, beta)


@each_pass
def test_a_backward_pass_changes_neither_the_upstream_gradient_nor_the_cache(name):
    _, cache, dout, backward = forward_and_backward(name, PASSES[name])

    first = assert_unchanged(backward, dout, cache)

    assert_close(assert_unchanged(backward, dout, cache), first, rtol=0, atol=0)


@each_pass
def test_a_layer_accepts_float32(name):
    out, cache, dout, backward = forward_and_backward(name, PASSES[name])
    out32, cache32, _, _ = forward_and_backward(name, as_float32(PASSES[name]))

    assert_close(out32, out, rtol=1e-4, atol=1e-5)
    assert_close(backward(dout.astype(np.float32), cache32), backward(dout, cache), rtol=1e-4, atol=1e-5)


@each_function
def test_a_function_changes_none_of_its_arguments(function):
    assert_unchanged(function, *copy.deepcopy(FUNCTIONS[function]))


@each_function
def test_a_function_accepts_float32(function):
    actual, expected = function(*as_float32(FUNCTIONS[function])), function(*FUNCTIONS[function])

    if function is optim.sgd:
        actual, expected = actual[0], expected[0]
    assert_close(actual, expected, rtol=1e-4, atol=1e-5)


@each_module
def test_the_answer_key_keeps_no_state(module):
    """A module of nothing but a docstring, imports and functions, none of which declares a global."""
    tree = ast.parse(inspect.getsource(module))

    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    assert {type(node) for node in rest} <= {ast.Import, ast.ImportFrom, ast.FunctionDef}
    assert not any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in ast.walk(tree))


@each_module
def test_every_public_function_is_documented_with_what_it_returns_and_its_source(module):
    public = [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]

    assert public
    for function in public:
        assert re.search(r"Returns .*Source: ", function.__doc__, re.DOTALL), function.__name__
