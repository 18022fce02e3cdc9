"""Any value as one that can be compared and sent: NumPy arrays, plain containers, or a name.

Needs NumPy alone, so that a student's own machine judges exactly what the grader judges.
"""

from __future__ import annotations

import functools
import sys
from typing import Any

import numpy as np

from autograder.values import Opaque, Part

_INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = frozenset({"bool", *_INTEGERS, "float16", "float32", "float64", "complex64", "complex128"})
DEPTH = 12  # of nested containers; real parameter dictionaries have two levels
ITEMS = 200_000  # in one container
NAME_CHARACTERS = 200
INTEGER_BITS = 3_000


def portable(value: Any, depth: int = DEPTH) -> Any:
    """Turn tensors and NumPy scalars into arrays, keep plain values, and name everything else.

    Never raises for a value of a type that this page lists. Arrays come back as they are, not
    copied; a subclass of ndarray comes back as a plain array.
    """
    if value is None or isinstance(value, (bool, Part, Opaque)):
        return value
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, (np.generic, np.ndarray)):
        return _array(np.asarray(value))
    if isinstance(value, int):
        short = value.bit_length() <= INTEGER_BITS
        return int(value) if short else Opaque("int of about a thousand digits or more")
    if isinstance(value, float):
        return float(value)
    if depth and isinstance(value, (tuple, list, dict)) and len(value) <= ITEMS:
        return _container(value, depth - 1)
    if _is_tensor(value):
        return _array(value.detach().cpu().resolve_conj().resolve_neg().numpy())
    return Opaque(type_name(value))


def fresh(value: Any) -> Any:
    """Copy a portable value deeply: arrays and containers are new, everything else is immutable."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(fresh(item) for item in value)
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return value


def same(left: Any, right: Any) -> bool:
    """Are two portable values equal to the last bit, in kind, shape and content?"""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return (
            isinstance(left, np.ndarray)
            and isinstance(right, np.ndarray)
            and left.dtype == right.dtype
            and left.shape == right.shape
            and left.tobytes() == right.tobytes()
        )
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right or (left != left and right != right)


def size_of(value: Any) -> int:
    """About how many bytes a portable value takes: its arrays and texts, and something for each item."""
    if isinstance(value, np.ndarray):
        return value.nbytes + 64
    if isinstance(value, (list, tuple)):
        return 64 + sum(map(size_of, value))
    if isinstance(value, dict):
        return 64 + sum(size_of(key) + size_of(item) for key, item in value.items())
    return len(value) * 4 if isinstance(value, str) else 16


def type_name(value: Any) -> str:
    """The name of a value's type as a student knows it: `dict`, `torch.Tensor`."""
    kind = type(value)
    module = str(getattr(kind, "__module__", ""))
    name = kind.__name__ if module in ("builtins", "") else f"{module}.{kind.__name__}"
    if isinstance(value, np.ndarray):
        name += f" of {value.dtype}"
    return plain_text(name[:NAME_CHARACTERS])


@functools.lru_cache(maxsize=64)
def dtype_name(dtype: np.dtype) -> str:
    """`float64` and the like. NumPy works a name out anew each time, for longer than a sum takes."""
    return dtype.name


def plain_text(text: str) -> str:
    """Replace lone surrogates, which have no UTF-8 form."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, getattr(torch, "Tensor", ()))


def _array(array: np.ndarray) -> np.ndarray | Opaque:
    if dtype_name(array.dtype) not in DTYPES:
        return Opaque(type_name(array))
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _container(value: tuple | list | dict, depth: int) -> tuple | list | dict:
    if isinstance(value, dict):
        return {_key(key): portable(item, depth) for key, item in value.items()}
    items = [portable(item, depth) for item in value]
    return tuple(items) if isinstance(value, tuple) else items


def _key(key: Any) -> Any:
    if key is None or isinstance(key, (bool, int, float, str)):
        return portable(key)
    if isinstance(key, tuple):
        return tuple(_key(item) for item in key)
    return type_name(key)
