"""torch's float64 autograd as an independent oracle: NumPy arrays in, NumPy arrays out.

The answer key is compared with torch, never with formulas of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike

RELATIVE_TOLERANCE = 1e-10
ABSOLUTE_TOLERANCE = 1e-11

TorchFunction = Callable[..., torch.Tensor | tuple[torch.Tensor, ...]]


def generator(*seed: int) -> np.random.Generator:
    """A NumPy random generator that depends on the seed alone."""
    return np.random.default_rng([2025, *seed])


def to_tensor(value: ArrayLike, requires_grad: bool = False) -> torch.Tensor:
    """A copy of `value` as a float64 leaf tensor."""
    return torch.tensor(np.asarray(value), dtype=torch.float64, requires_grad=requires_grad)


def outputs(function: TorchFunction, inputs: Sequence[ArrayLike]) -> np.ndarray | tuple[np.ndarray, ...]:
    """`function(*inputs)` computed by torch in float64; a tuple where `function` returns several tensors."""
    result = function(*(to_tensor(value) for value in inputs))
    if isinstance(result, tuple):
        return tuple(part.numpy() for part in result)
    return result.numpy()


def gradients(
    function: TorchFunction,
    inputs: Sequence[ArrayLike],
    upstream: ArrayLike | tuple[ArrayLike, ...] = 1.0,
) -> tuple[np.ndarray, ...]:
    """Gradients of `sum(upstream * function(*inputs))` with respect to each input, in the order of `inputs`.

    Where `function` returns several tensors, `upstream` is a tuple with one upstream gradient for each of
    them. An input that the result does not depend on has a gradient of zeros. The default upstream gradient
    fits a function that returns a scalar.
    """
    tensors = [to_tensor(value, requires_grad=True) for value in inputs]
    result = function(*tensors)
    results, upstreams = (result, upstream) if isinstance(result, tuple) else ((result,), (upstream,))
    found = torch.autograd.grad(
        results,
        tensors,
        grad_outputs=[to_tensor(each) for each in upstreams],
        allow_unused=True,
        materialize_grads=True,
    )
    return tuple(gradient.numpy() for gradient in found)


def assert_close(
    actual: Any, expected: Any, rtol: float = RELATIVE_TOLERANCE, atol: float = ABSOLUTE_TOLERANCE
) -> None:
    """Same nesting, same shapes, close values; a tuple or a list is compared part by part.

    Unlike `numpy.testing.assert_allclose`, shapes never broadcast: (1, 3) is not close to (3,).
    """
    if isinstance(expected, (tuple, list)):
        assert isinstance(actual, (tuple, list)), (
            f"expected {len(expected)} values, got {type(actual).__name__}"
        )
        assert len(actual) == len(expected), f"expected {len(expected)} values, got {len(actual)}"
        for each_actual, each_expected in zip(actual, expected, strict=True):
            assert_close(each_actual, each_expected, rtol, atol)
        return
    assert np.shape(actual) == np.shape(expected), f"shape {np.shape(actual)}, expected {np.shape(expected)}"
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


def assert_unchanged(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call `function(*arguments)`, assert that it changed no argument, and return its result.

    Arrays are looked for inside lists, tuples and dictionaries, such as a cache, too.
    """
    before = [_snapshot(argument) for argument in arguments]
    result = function(*arguments)
    for position, (argument, snapshot) in enumerate(zip(arguments, before, strict=True)):
        assert _snapshot(argument) == snapshot, f"{function.__name__} changed its argument {position}"
    return result


def _snapshot(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, (list, tuple)):
        return [_snapshot(each) for each in value]
    if isinstance(value, dict):
        return {key: _snapshot(each) for key, each in value.items()}
    return value
