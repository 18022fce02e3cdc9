"""Do two values agree, and if not, how do they differ?

`compare` returns None or the first Difference, most specific reason first: nothing returned, number of
values, keys, type, shape, NaN, values. A Difference holds facts only; feedback has the words.

Accepted beyond equal types: lists and tuples of numbers for arrays, NumPy scalars and one-element arrays
for scalars, integers for floats of the same value, 0 and 1 for False and True, extra dictionary keys,
float32 within float32's tolerance. Not accepted: anything broadcast, anything empty for something that
is not, booleans for numbers, floats for integers, float16 unless it is right to six digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.difference import (
    Difference,
    Index,
    Kind,
    Missing,
    MissingKeys,
    NotFinite,
    Path,
    Precision,
    Tolerance,
    WrongCount,
    WrongSequence,
    WrongShape,
    WrongText,
    WrongType,
    WrongValues,
)
from autograder.errors import AssignmentError
from autograder.values import Opaque

# float64: an answer computed in float32 may come as float64, since NumPy 2 promotes float32 arrays divided by
# np.sqrt(d) and float(loss) is a Python float; so this leaves room for float32's rounding, too. Of all
# graded tests under 60 seeds (13,000), the exam's own within a fifth of it, 2 exceed it. Among the known
# mistakes, none differs from the key by 3e-5 to 9e-3 in any test that catches it: those below are wrong
# about an eps of 1e-5 in tests that are not about eps, where they should pass.
# float32: of 1,500 random affine, convolution, recurrent and attention layers each, forward and backward,
# all stayed within a tenth of this. Normalisation loses more: 3 in 100 backward passes over two values
# and 3 in 1,000 over values 100 standard deviations from 0 exceed it.
# float16 and integers: no rounding that we forgive beyond another order of summation (1e-12).
_STRICT = Tolerance(rtol=1e-6, atol=1e-8, floor=1e-12)
TOLERANCES: dict[Precision, Tolerance] = {
    "float64": Tolerance(rtol=1e-4, atol=1e-5, floor=1e-12),
    "float32": Tolerance(rtol=1e-3, atol=1e-4, floor=1e-6),
    "float16": _STRICT,
    "integer": _STRICT,
    "exact": Tolerance(0.0, 0.0),
}


@dataclass(frozen=True)
class _Rules:
    tolerance: Tolerance | None
    precision: Precision
    loose_shape: bool


def compare(
    actual: Any,
    expected: Any,
    tolerance: Tolerance | None = None,
    path: Path = (),
    *,
    precision: Precision | None = None,
    loose_shape: bool = False,
) -> Difference | None:
    """None where `actual` agrees with `expected`, else the first difference.

    Without a `tolerance`, the one of the answer's `precision` holds, which is found from `actual` where it
    is not given. One float32 array makes a whole answer float32, since a loss read with `.item()` is a
    Python float however it was computed: so give `precision_of(answer)` with a part of an answer.
    Whole numbers, truth values and text are compared exactly.
    With `loose_shape`, (1, D) is accepted for (D,): meant for running statistics, not for gradients.
    An Opaque inside `expected` (a cache) agrees with anything. Raises AssignmentError for an expected
    value that cannot be compared, such as NaN: the key is wrong then, not the student.
    """
    if isinstance(expected, Opaque):
        raise AssignmentError(f"a {expected.type_name} cannot be compared: name the outputs that can be")
    return _compare(actual, expected, path, _Rules(tolerance, precision or precision_of(actual), loose_shape))


def precision_of(value: Any, depth: int = 4) -> Precision:
    """float32 if any array or NumPy scalar of an answer is, else float64; looks `depth` containers deep."""
    if isinstance(value, (np.ndarray, np.generic)):
        return "float32" if value.dtype == np.float32 else "float64"
    parts = value.values() if isinstance(value, Mapping) else value
    if isinstance(value, (list, tuple, Mapping)) and depth:
        return "float32" if any(precision_of(part, depth - 1) == "float32" for part in parts) else "float64"
    return "float64"


def _compare(actual: Any, expected: Any, path: Path, rules: _Rules) -> Difference | None:
    if isinstance(expected, Opaque):
        return None
    if expected is None:
        return None if actual is None else WrongType(path, _type_name(actual), "None")
    if actual is None:
        return Missing(path)
    if isinstance(expected, str):
        return _compare_text(actual, expected, path)
    if isinstance(expected, Mapping):
        return _compare_mapping(actual, expected, path, rules)
    if isinstance(expected, list) and all(_is_integer(token) or isinstance(token, str) for token in expected):
        return _compare_tokens(actual, expected, path)
    if isinstance(expected, (list, tuple)):
        return _compare_elements(actual, expected, path, rules)
    return _compare_array(actual, expected, path, rules)


def _compare_text(actual: Any, expected: str, path: Path) -> Difference | None:
    if not isinstance(actual, str):
        return WrongType(path, _type_name(actual), "text")
    if actual == expected:
        return None
    return WrongText(path, _first_difference(actual, expected), str(actual), len(expected))


def _compare_mapping(actual: Any, expected: Mapping, path: Path, rules: _Rules) -> Difference | None:
    if not isinstance(actual, Mapping):
        return WrongType(path, _type_name(actual), "dict")
    missing = tuple(key for key in expected if key not in actual)
    if missing:
        return MissingKeys(path, missing, tuple(actual))
    differences = (_compare(actual[key], expected[key], (*path, key), rules) for key in expected)
    return next(filter(None, differences), None)


def _compare_tokens(actual: Any, expected: list, path: Path) -> Difference | None:
    if isinstance(actual, np.ndarray) and actual.ndim == 1:
        actual = actual.tolist()
    if not isinstance(actual, (list, tuple)):
        return WrongType(path, _type_name(actual), "list")
    # A NumPy integer counts as an integer.
    found = [token.item() if isinstance(token, np.ndarray) and token.ndim == 0 else token for token in actual]
    index = _first_difference(found, expected)
    if index == len(found) == len(expected):
        return None
    if index < min(len(found), len(expected)) and not _same_kind(found[index], expected[index]):
        kind: Kind = "integer" if _is_integer(expected[index]) else "text"
        return WrongType((*path, index), _type_name(found[index]), kind)
    return WrongSequence(path, index, len(found), len(expected), found[index] if index < len(found) else None)


def _compare_elements(actual: Any, expected: list | tuple, path: Path, rules: _Rules) -> Difference | None:
    # An array unpacks like a tuple; of more than one axis it is one value where several are expected.
    if isinstance(actual, np.ndarray) and actual.ndim == 1 and all(np.ndim(part) == 0 for part in expected):
        actual = list(actual)
    if not isinstance(actual, (list, tuple)):
        return WrongCount(path, 1, len(expected))
    if len(actual) != len(expected):
        return WrongCount(path, len(actual), len(expected))
    pairs = enumerate(zip(actual, expected, strict=True))
    differences = (_compare(part, wanted, (*path, index), rules) for index, (part, wanted) in pairs)
    return next(filter(None, differences), None)


def _compare_array(actual: Any, expected: Any, path: Path, rules: _Rules) -> Difference | None:
    wanted = _expected_array(expected)
    found = _as_array(actual)
    if found is None:
        return WrongType(path, _type_name(actual), _kind(wanted))
    # Any one number does for a scalar; an array must have its axes, but for the one that is forgiven.
    forgiven = rules.loose_shape and found.shape == (1, *wanted.shape)
    if forgiven or (wanted.ndim == 0 and found.size == 1):
        found = found.reshape(wanted.shape)
    if found.shape != wanted.shape:
        return WrongShape(path, found.shape, wanted.shape)
    if found.dtype.kind not in _ACCEPTED_KINDS[wanted.dtype.kind]:
        return WrongType(path, _type_name(actual), _kind(wanted))
    precision = leaf_precision(found, wanted, rules.precision)
    return _compare_numbers(found, wanted, path, rules.tolerance or TOLERANCES[precision], precision)


# NumPy's letters for boolean, signed and unsigned integer, float.
_ACCEPTED_KINDS = {"b": "biu", "i": "iu", "u": "iu", "f": "iuf"}


def _compare_numbers(
    actual: np.ndarray, expected: np.ndarray, path: Path, tolerance: Tolerance, precision: Precision
) -> Difference | None:
    wrong = actual != expected
    if not wrong.any():
        return None
    # Differences of huge numbers overflow to infinity, which is right; inf - inf counts as equal above.
    with np.errstate(all="ignore"):
        distance = np.abs(actual.astype(np.float64) - expected.astype(np.float64))
    if precision != "exact":
        wrong = wrong & ~(distance <= allowed_error(expected, tolerance))
    not_finite = wrong & ~np.isfinite(actual)
    if not_finite.any():
        return _not_finite(actual, not_finite, path)
    if wrong.any():
        return _wrong_values(actual, expected, np.where(wrong, distance, -1.0), path, tolerance, precision)
    return None


def allowed_error(expected: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """How far each number may be off: not at all where infinity is expected."""
    finite = np.where(np.isfinite(expected), np.abs(expected), 0.0)
    allowed = tolerance.floor + tolerance.atol * finite.max(initial=0.0) + tolerance.rtol * finite
    return np.where(np.isfinite(expected), allowed, 0.0)


def _not_finite(actual: np.ndarray, where: np.ndarray, path: Path) -> NotFinite:
    nans = int(np.count_nonzero(np.isnan(actual[where])))
    return NotFinite(path, int(np.count_nonzero(where)), where.size, _first_largest(where), nans)


def _wrong_values(
    actual: np.ndarray,
    expected: np.ndarray,
    distance: np.ndarray,
    path: Path,
    tolerance: Tolerance,
    precision: Precision,
) -> WrongValues:
    """The facts about the numbers whose `distance` is not -1."""
    size = np.abs(expected.astype(np.float64))
    scale = float(size.max(where=np.isfinite(size), initial=0.0))
    comparable = (size > 0) & np.isfinite(size)
    with np.errstate(over="ignore"):
        ratio = np.divide(distance, size, where=comparable, out=np.full(size.shape, -1.0))
    worst = _first_largest(distance)
    return WrongValues(
        path,
        count=int(np.count_nonzero(distance >= 0)),
        total=distance.size,
        first_index=_first_largest(distance >= 0),
        worst_index=worst,
        actual_at_worst=actual[worst].item(),
        expected_at_worst=expected[worst].item(),
        max_abs=float(distance[worst]),
        max_rel=float(ratio.max()) if ratio.max() >= 0 else np.inf,
        relative=float(distance[worst]) / scale if scale else np.inf,
        tolerance=TOLERANCES["exact"] if precision == "exact" else tolerance,
        precision=precision,
    )


def _first_largest(values: np.ndarray) -> Index:
    return tuple(int(i) for i in np.unravel_index(np.argmax(values), values.shape))


def _expected_array(expected: Any) -> np.ndarray:
    """The key's value as an array; AssignmentError if no answer could ever be compared with it."""
    array = _as_array(expected)
    if array is None:
        raise AssignmentError(f"the key gave a {_type_name(expected)}, which cannot be compared")
    if np.isnan(array).any():
        raise AssignmentError("the key gave NaN: choose inputs for which the right answer is a number")
    return array


def _as_array(value: Any) -> np.ndarray | None:
    """Numbers and truth values as an array; None for text, ragged lists, complex numbers and objects."""
    if not isinstance(value, (bool, int, float, np.generic, np.ndarray, list, tuple)):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # a list may hold objects that convert themselves by code of their own
        return None
    return array if array.dtype.kind in _ACCEPTED_KINDS else None


def _kind(expected: np.ndarray) -> Kind:
    kinds: dict[str, tuple[Kind, Kind]] = {"b": ("truth value", "mask"), "f": ("number", "array")}
    return kinds.get(expected.dtype.kind, ("integer", "integer array"))[expected.ndim > 0]


def leaf_precision(actual: np.ndarray, expected: np.ndarray, answer: Precision) -> Precision:
    """The precision of one array of an answer, given that of the whole answer."""
    if expected.dtype.kind != "f":
        return "exact"
    if actual.dtype.kind != "f":
        return "integer"
    return "float16" if actual.dtype == np.float16 else answer


def _is_integer(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _type_name(value: Any) -> str:
    """The type of a value as a student would name it."""
    if isinstance(value, Opaque):
        return value.type_name
    if isinstance(value, np.ndarray) and value.ndim:
        return f"{value.dtype.name} array"
    return value.dtype.name if isinstance(value, np.ndarray) else type(value).__name__


def _first_difference(actual: Sequence, expected: Sequence) -> int:
    """The first index at which two token lists differ: the shorter one's length if it starts the other."""
    pairs = enumerate(zip(actual, expected, strict=False))
    differing = (i for i, (a, e) in pairs if not (_same_kind(a, e) and a == e))
    return next(differing, min(len(actual), len(expected)))


def _same_kind(actual: Any, expected: int | str) -> bool:
    return _is_integer(actual) if _is_integer(expected) else isinstance(actual, str)
