"""What one call showed, value by value under its name: what a known mistake must reproduce."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.function_spec import FunctionSpec
from autograder.values import Opaque, Reply

RAISED = "an exception"
STRUCTURE = "another structure"
RTOL = 1e-6  # a variant and the student's code add up in another order
ATOL = 1e-9  # in units of the largest entry
FLOAT32_RTOL = 1e-3
FLOAT32_ATOL = 1e-4

Observation = dict[str, Any]


def observe(reply: Reply, spec: FunctionSpec) -> Observation:
    """Returned values by name (caches left out), and what the call left in arguments that it may change.

    A call that gave no value shows only that it raised; an answer of another structure, its whole value.
    """
    if reply.failure is not None:
        return {RAISED: reply.failure.type_name or reply.failure.kind}
    seen: Observation = {}
    for path, name in spec.signature.leaves():
        if spec.signature.stays(name):
            continue
        value = reply.value
        try:
            for index in path:
                value = value[index]
        except (TypeError, IndexError, KeyError):
            return {STRUCTURE: True}
        _spread(seen, name, value)
    for index, left in reply.changed.items():
        if index < len(spec.signature.parameters):
            _spread(seen, spec.signature.parameters[index], left)
    return seen


def _spread(seen: Observation, name: str, value: Any) -> None:
    """A dictionary or a list of arrays counts entry by entry: each can be right or wrong on its own."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            seen[f"{name}[{key!r}]"] = item
    elif isinstance(value, (list, tuple)) and any(isinstance(item, np.ndarray) for item in value):
        for index, item in enumerate(value):
            seen[f"{name}[{index}]"] = item
    else:
        seen[name] = value


def agree(left: Observation, right: Observation, output: str) -> bool:
    """Do two observations of one call show the same of an output? Equal exceptions agree in everything."""
    if RAISED in left or RAISED in right:
        return left.get(RAISED) == right.get(RAISED)
    if output not in left or output not in right:
        return (output in left) == (output in right)
    return same_value(left[output], right[output])


def same_value(actual: Any, wanted: Any) -> bool:
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
    return left.shape == right.shape and _close(left, right)


def _plain(value: Any) -> bool:
    """Is this a list of texts and numbers, which Python compares as a whole?"""
    return isinstance(value, (list, tuple)) and all(isinstance(item, (str, int)) for item in value)


def _numbers(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biuf" else None


def _close(left: np.ndarray, right: np.ndarray) -> bool:
    single = np.float32 in (left.dtype, right.dtype)
    rtol, atol = (FLOAT32_RTOL, FLOAT32_ATOL) if single else (RTOL, ATOL)
    finite = np.isfinite(right)
    scale = float(np.abs(right[finite]).max(initial=0.0)) if right.size else 0.0
    with np.errstate(all="ignore"):
        return bool(np.allclose(left, right, rtol=rtol, atol=atol * scale + 1e-300, equal_nan=True))
