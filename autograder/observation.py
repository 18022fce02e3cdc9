"""What one call showed, value by value under its name: what a known mistake must reproduce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.signature import Returns
from autograder.values import Opaque, Reply

RAISED = "an exception"
STRUCTURE = "another structure"

Observation = dict[str, Any]


@dataclass(frozen=True)
class Rounding:
    """How far two results of one formula may be apart: `rtol` of each number, `atol` of the largest."""

    rtol: float
    atol: float


DOUBLE = Rounding(1e-6, 1e-9)  # a variant and the student's code add up in another order
SINGLE = Rounding(1e-3, 1e-4)


def observe(
    reply: Reply, spec: FunctionSpec, call: CallRecord | None = None, state: frozenset[str] = frozenset()
) -> Observation:
    """Returned values by name (caches left out), and arguments that the call changed.

    A call that gave no value shows only that it raised; an answer of another structure, its whole value.
    call: what was asked: nested lists count as a list of arrays where the key gives one.
    state: the parameters that the key changes: shown whether this call changed them or not. Others that
    may change are scratch space.
    """
    if reply.failure is not None:
        return {RAISED: reply.failure.type_name or reply.failure.kind}
    if not has_structure(reply.value, spec.signature.returns):
        return {STRUCTURE: True}
    seen: Observation = {}
    for path, name in spec.signature.leaves():
        if spec.signature.stays(name):
            continue
        value = _at(reply.value, path)
        model = value if call is None or call.expected.failure else _at(call.expected.value, path)
        _spread(seen, name, value, _holds_arrays(value) or _holds_arrays(model))
    for name, left in _left(reply, spec, call, state):
        _spread(seen, name, left, _holds_arrays(left))
    return seen


def _left(
    reply: Reply, spec: FunctionSpec, call: CallRecord | None, state: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    for index, name in enumerate(spec.signature.parameters):
        if index in reply.changed and (name in state or name not in spec.may_change):
            yield name, reply.changed[index]
        elif call is not None and name in state and index < len(call.arguments):
            yield name, call.arguments[index]


def has_structure(value: Any, returns: Returns) -> bool:
    """Does a value unpack into what a signature names? An array of several axes is one value."""
    if isinstance(returns, str):
        return True
    if not isinstance(value, (list, tuple)) and not (isinstance(value, np.ndarray) and value.ndim == 1):
        return False
    return len(value) == len(returns) and all(map(has_structure, value, returns))


def _at(value: Any, path: tuple[int, ...]) -> Any:
    for index in path:
        value = value[index]
    return value


def _holds_arrays(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(item, np.ndarray) for item in value)


def _spread(seen: Observation, name: str, value: Any, arrays: bool) -> None:
    """A dictionary or a list of arrays counts entry by entry: each can be right or wrong on its own."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            seen[f"{name}[{key!r}]"] = item
    elif isinstance(value, (list, tuple)) and arrays:
        for index, item in enumerate(value):
            seen[f"{name}[{index}]"] = item
    else:
        seen[name] = value


def agree(left: Observation, right: Observation, output: str, rounding: Rounding = DOUBLE) -> bool:
    """Do two observations of one call show the same of an output? Equal exceptions agree in everything."""
    if RAISED in left or RAISED in right:
        return left.get(RAISED) == right.get(RAISED)
    if output not in left or output not in right:
        whole = output.partition("[")[0]  # an entry is lacking: in a dictionary or list, or with all of it?
        return (output in left) == (output in right) and (whole in left) == (whole in right)
    return same_value(left[output], right[output], rounding)


def same_value(actual: Any, wanted: Any, rounding: Rounding = DOUBLE) -> bool:
    """Do two observed values agree up to rounding, NaN and infinity at the same places included?"""
    if isinstance(actual, Opaque) or isinstance(wanted, Opaque):
        return False
    if isinstance(actual, str) or isinstance(wanted, str) or actual is None or wanted is None:
        return type(actual) is type(wanted) and actual == wanted
    if isinstance(actual, (list, tuple)) and isinstance(wanted, (list, tuple)) and len(actual) != len(wanted):
        return False
    left, right = _numbers(actual), _numbers(wanted)
    if left is None or right is None:
        return _plain(actual) and _plain(wanted) and list(actual) == list(wanted)
    if left.size == right.size == 0 and list in (type(actual), type(wanted)):
        return True  # a list of nothing has lost its other axes
    return left.shape == right.shape and _close(left, right, rounding)


def deviation(actual: Any, wanted: Any) -> float | None:
    """How far floats are from others of their shape, in units of the largest; None for anything else."""
    left, right = _numbers(actual), _numbers(wanted)
    if left is None or right is None or right.dtype.kind != "f" or left.shape != right.shape:
        return None
    scale = float(np.abs(right).max(initial=0.0))
    if not 0 < scale < np.inf or not np.isfinite(left).all():
        return None
    return float(np.abs(left - right).max()) / scale


def _plain(value: Any) -> bool:
    """Is this a list of texts and numbers, which Python compares as a whole?"""
    return isinstance(value, (list, tuple)) and all(isinstance(item, (str, int)) for item in value)


def _numbers(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biuf" else None


def _close(left: np.ndarray, right: np.ndarray, rounding: Rounding) -> bool:
    if np.float32 in (left.dtype, right.dtype):
        rounding = SINGLE
    finite = np.isfinite(right)
    scale = float(np.abs(right[finite]).max(initial=0.0)) if right.size else 0.0
    with np.errstate(all="ignore"):
        atol = rounding.atol * scale + 1e-300
        return bool(np.allclose(left, right, rtol=rounding.rtol, atol=atol, equal_nan=True))
