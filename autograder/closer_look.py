"""Further calls that tell what lies behind a wrong answer, made while its process still lives.

Is the function steady: does the same call give the same answer twice? And is a wrong backward pass the
exact derivative of the student's own forward pass, which is the one to blame then? One random direction and
two calls for each gradient settle that; three directions where the forward pass computes in float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.compare import TOLERANCES
from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.observation import Rounding, agree, observe
from autograder.values import Part, Reply

Ask = Callable[..., Reply]  # the submission's answer to one more call
RIGHT = Rounding(TOLERANCES["float64"].rtol, TOLERANCES["float64"].atol)  # as a graded answer is


@dataclass(frozen=True)
class _Numerics:
    """How a derivative is checked. step: of the central difference, in units of the argument's largest entry.
    tolerance: of the slope, in units of the gradient's length times the direction's."""

    step: float
    tolerance: float
    directions: int


# In float64, rounding leaves 1e-9 or so of the central difference, and a wrong gradient is far off. In
# float32 it leaves 1e-4 at the best step. Of 360 exact gradients of a tanh layer none was missed then, and
# none of 360 that were wrong by a hundredth passed three directions; with a tolerance of 1e-3, fifteen did.
_DOUBLE = _Numerics(step=1e-5, tolerance=1e-4, directions=1)
_SINGLE = _Numerics(step=1e-3, tolerance=2e-4, directions=3)


def is_unsteady(record: CallRecord, spec: FunctionSpec, ask: Ask) -> bool:
    """Does the call give another answer when it is made again? Never asked for calls with a cache."""
    if any(isinstance(argument, Part) for argument in record.arguments):
        return False
    first, again = observe(record.actual, spec), observe(ask(record.function, *record.arguments), spec)
    return not all(agree(first, again, name) for name in {*first, *again})


def exact_derivatives(
    calls: Sequence[CallRecord], number: int, specs: Mapping[str, FunctionSpec], ask: Ask, seed: int
) -> tuple[str, frozenset[str]]:
    """The forward function behind a backward call, and the outputs that are its exact derivative.

    Empty where the student's forward pass is right, or where there is no forward pass to differentiate.
    """
    record = calls[number]
    forward = _forward(calls, record)
    if forward is None or _is_right(forward, specs[forward.function]):
        return "", frozenset()
    upstream = _upstream(record, forward, specs)
    if not upstream:
        return "", frozenset()
    rng = np.random.default_rng(seed)
    numerics = _SINGLE if _is_single(forward, specs[forward.function]) else _DOUBLE
    gradients = observe(record.actual, specs[record.function])
    exact = {
        f"d{parameter}"
        for index, parameter in enumerate(specs[forward.function].signature.parameters)
        if f"d{parameter}" in gradients
        and all(
            _agrees(gradients[f"d{parameter}"], forward, index, upstream, specs, ask, rng, numerics)
            for _ in range(numerics.directions)
        )
    }
    return forward.function, frozenset(exact)


def _forward(calls: Sequence[CallRecord], record: CallRecord) -> CallRecord | None:
    """The one earlier call that the backward call refers to, if it was given everything itself."""
    sources = {argument.call for argument in record.arguments if isinstance(argument, Part)}
    if len(sources) != 1:
        return None
    forward = calls[sources.pop()]
    given = not any(isinstance(argument, Part) for argument in forward.arguments)
    return forward if given and forward.actual.failure is None else None


def _is_right(record: CallRecord, spec: FunctionSpec) -> bool:
    actual, expected = observe(record.actual, spec), observe(record.expected, spec)
    return all(agree(actual, expected, name, RIGHT) for name in expected)


def _is_single(record: CallRecord, spec: FunctionSpec) -> bool:
    """Did the function compute in float32, in whatever type its answer came?"""
    seen = [value for value in observe(record.actual, spec).values() if isinstance(value, np.ndarray)]
    with np.errstate(over="ignore"):
        return bool(seen) and all(np.array_equal(value, value.astype(np.float32)) for value in seen)


def _upstream(
    record: CallRecord, forward: CallRecord, specs: Mapping[str, FunctionSpec]
) -> dict[str, np.ndarray]:
    """The upstream gradients by the forward output that they belong to: dout or dnext_h -> out, next_h."""
    given = dict(zip(specs[record.function].signature.parameters, record.arguments, strict=False))
    outputs = [name for _, name in specs[forward.function].signature.leaves()]
    return {name: np.asarray(given[f"d{name}"]) for name in outputs if f"d{name}" in given}


def _agrees(
    gradient: Any,
    forward: CallRecord,
    index: int,
    upstream: Mapping[str, np.ndarray],
    specs: Mapping[str, FunctionSpec],
    ask: Ask,
    rng: np.random.Generator,
    numerics: _Numerics,
) -> bool:
    argument = np.asarray(forward.arguments[index], dtype=np.float64)
    if not isinstance(gradient, np.ndarray) or gradient.shape != argument.shape or not argument.size:
        return False
    direction = rng.normal(size=argument.shape)
    step = numerics.step * max(1.0, float(np.abs(argument).max()))
    losses = []
    for sign in (1, -1):
        moved = list(forward.arguments)
        moved[index] = argument + sign * step * direction
        seen = observe(ask(forward.function, *moved), specs[forward.function])
        losses.append(_loss(seen, upstream))
    slope = float(np.sum(gradient * direction))
    numerical = (losses[0] - losses[1]) / (2 * step)
    scale = float(np.linalg.norm(gradient) * np.linalg.norm(direction)) + 1e-12
    return bool(abs(slope - numerical) <= numerics.tolerance * scale)


def _loss(seen: Mapping[str, Any], upstream: Mapping[str, np.ndarray]) -> float:
    """The scalar whose gradient the backward pass gives; NaN where the forward pass gave no such outputs."""
    total = 0.0
    for name, gradient in upstream.items():
        value = seen.get(name)
        if not isinstance(value, np.ndarray) or value.shape != gradient.shape:
            return float("nan")
        total += float(np.sum(value * gradient))
    return total
