"""How much of its tolerance an answer needs: whether a test is strict, lenient or just right.

For those who choose tolerances; no verdict depends on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.compare import TOLERANCES, allowed_error, compare, leaf_precision
from autograder.difference import Precision, Tolerance, WrongValues
from autograder.values import Opaque


def closeness_of(
    actual: Any,
    expected: Any,
    tolerance: Tolerance | None,
    *,
    precision: Precision,
    loose_shape: bool = False,
) -> float:
    """The largest error as a share of what is allowed: 0 without any, 1 at the edge, above 1 where it fails.

    Infinite where the two differ in another way than by numbers. Arguments as `compare` takes them.
    """
    difference = compare(actual, expected, tolerance, precision=precision, loose_shape=loose_shape)
    if difference is not None and not isinstance(difference, WrongValues):
        return math.inf
    try:
        return _largest(actual, expected, tolerance, precision)
    except (TypeError, ValueError):  # a later part differs in kind or shape; `compare` gives the first only
        return math.inf


def _largest(actual: Any, expected: Any, tolerance: Tolerance | None, precision: Precision) -> float:
    if expected is None or isinstance(expected, (Opaque, str)):
        return 0.0
    if isinstance(expected, Mapping):
        parts = [(actual[key], wanted) for key, wanted in expected.items()]
    elif isinstance(expected, (list, tuple)):
        parts = list(zip(actual, expected, strict=True))
    else:
        return _share(np.asarray(actual), np.asarray(expected), tolerance, precision)
    return max((_largest(part, wanted, tolerance, precision) for part, wanted in parts), default=0.0)


def _share(
    actual: np.ndarray, expected: np.ndarray, tolerance: Tolerance | None, precision: Precision
) -> float:
    actual = actual.reshape(expected.shape)
    unequal = actual != expected
    if not unequal.any():
        return 0.0
    leaf = leaf_precision(actual, expected, precision)
    if leaf == "exact":
        return math.inf
    allowed = allowed_error(expected, tolerance or TOLERANCES[leaf])
    with np.errstate(all="ignore"):
        shares = np.abs(actual.astype(np.float64) - expected.astype(np.float64)) / allowed
    largest = shares[unequal].max()
    return math.inf if np.isnan(largest) else float(largest)
