"""When are two answers one and the same to a grader? Where neither differs from the other as from a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.compare import compare
from autograder.values import Opaque, Reply


def alike(left: Sequence[tuple[str, Reply]], right: Sequence[tuple[str, Reply]]) -> bool:
    """Do two sequences of (function, reply) agree, call by call?"""
    return len(left) == len(right) and all(
        one == other and replies_alike(reply, other_reply)
        for (one, reply), (other, other_reply) in zip(left, right, strict=True)
    )


def replies_alike(left: Reply, right: Reply) -> bool:
    """The same values, changed arguments and kind of failure; messages and printed text do not count."""
    return (
        _failure(left) == _failure(right)
        and values_alike(left.value, right.value)
        and left.changed.keys() == right.changed.keys()
        and all(values_alike(left.changed[index], right.changed[index]) for index in left.changed)
    )


def values_alike(left: Any, right: Any) -> bool:
    """Within the comparison's tolerance both ways round; NaN is like NaN."""
    left, right = _comparable(left), _comparable(right)
    return compare(left, right) is None and compare(right, left) is None


def _failure(reply: Reply) -> tuple[str, str] | None:
    return reply.failure and (reply.failure.kind, reply.failure.type_name)


def _comparable(value: Any) -> Any:
    """The value in a form that `compare` takes as a key's: NaN, complex numbers and objects told apart."""
    if isinstance(value, Opaque):
        return f"object of type {value.type_name}"
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_comparable(item) for item in value)
    if isinstance(value, (float, np.ndarray)):
        array = np.asarray(value)
        if array.dtype.kind == "c":
            return _comparable(array.real), _comparable(array.imag)
        if array.dtype.kind == "f" and np.isnan(array).any():
            return np.where(np.isnan(array), 0, array), np.isnan(array)
    return value
