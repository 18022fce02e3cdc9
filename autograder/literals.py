"""Values as text in a snippet: as code that gives them back to the last bit, or in short, to six digits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.wording import MESSAGE_CHARACTERS, plain

COLUMNS = 100
ENTRIES = 40  # of all arrays of a snippet together
ITEMS = 20  # of one dictionary or list


class TooLong(Exception):
    """A value that does not fit into a snippet, or has no form as code."""


def assignment(name: str, value: Any) -> list[str]:
    """The lines of `name = value`, wrapped where they must be."""
    if isinstance(value, np.ndarray):
        return _array(value, f"{name} = ").splitlines()
    line = f"{name} = {literal(value)}"
    if "\n" not in line and len(line) <= COLUMNS:
        return [line]
    if isinstance(value, dict):
        return _wrapped(f"{name} = {{", [(f"{key!r}: ", item) for key, item in value.items()], "}")
    return _wrapped(f"{name} = [", [("", item) for item in value], "]") if isinstance(value, list) else [line]


def _wrapped(start: str, items: list[tuple[str, Any]], end: str) -> list[str]:
    """As many entries on a line as fit; an array of several rows on lines of its own."""
    lines = [start]
    for key, item in items:
        text = key + literal(item)
        if "\n" in text:
            first, *rows = _array(item, f"    {key}").splitlines() if isinstance(item, np.ndarray) else [text]
            lines += [first, *rows]
        elif len(lines[-1]) + len(text) > COLUMNS - 2 or lines[-1] == start:
            lines.append(f"    {text}")
        else:
            lines[-1] += f" {text}"
        lines[-1] += ","
    return [*lines, end]


def literal(value: Any) -> str:
    """A value as Python code. Raises TooLong for one that has no short form."""
    if isinstance(value, np.ndarray):
        return _array(value, "")
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if value is None or isinstance(value, (bool, int, str)):
        return repr(value)
    if not isinstance(value, (list, tuple, dict)) or len(value) > ITEMS:
        raise TooLong
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(item)}" for key, item in value.items()) + "}"
    return _brackets(value, [literal(item) for item in value])


def entries_of(value: Any) -> int:
    """How many entries all arrays in a value have together."""
    return sum(array.size for array in _arrays(value))


def shown(value: Any) -> list[str]:
    """A value to six digits, in lines. It may be anything that a student can return. Raises TooLong."""
    if entries_of(value) > ENTRIES:
        raise TooLong
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufc":
            raise TooLong
        text = np.array2string(value, COLUMNS - 14, precision=6, separator=", ", threshold=ENTRIES)
        return [line for line in text.splitlines() if line.strip()]
    return [plain(_short(value), MESSAGE_CHARACTERS)]


def _array(array: np.ndarray, prefix: str) -> str:
    """Code for an array, wrapped; its first line starts with `prefix`."""
    dtype = "" if array.dtype.name in ("float64", "int64", "bool") else f", dtype=np.{array.dtype.name}"
    if not array.size:
        return f"{prefix}np.zeros({array.shape}{dtype})"
    start = f"{prefix}np.array("
    with np.printoptions(nanstr="np.nan", infstr="np.inf"):
        text = np.array2string(
            array, COLUMNS - len(dtype) - 1, separator=", ", prefix=start, floatmode="unique", threshold=2**31
        )
    return start + "\n".join(line for line in text.splitlines() if line.strip()) + dtype + ")"


def _arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _arrays(item)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        return " ".join(shown(value))
    if not isinstance(value, (list, tuple, dict)):
        return plain(repr(value), MESSAGE_CHARACTERS)
    if len(value) > ENTRIES:
        raise TooLong
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_short(item)}" for key, item in value.items()) + "}"
    return _brackets(value, [_short(item) for item in value])


def _brackets(value: list | tuple, items: list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(items)}]"
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
