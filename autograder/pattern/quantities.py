"""The numbers of a problem by name: N, d_k, the number of windows, 1 - momentum ...

They come from the names of a function's parameters, the shapes of its arrays, and the numbers in its
parameter dictionaries. terms.py has words for the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.pattern.layouts import axes_of

# What is so or not: 1 or 0. Told apart from numbers, which may be a factor.
FLAGS = frozenset({"mask given", "mask hides", "train mode", "bias", "axes of x", "pad"})

LABELS = "the one-hot labels"


def quantities_of(given: Mapping[str, Any], outputs: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Named quantities of a call from its arguments by parameter, and its right outputs by name."""
    found: dict[str, float] = {}
    for name, size in _sizes({**given, **outputs}, given):
        found.setdefault(name, float(size))
    for name, value in _numbers(given):
        found.setdefault(name, value)
    found.update(_flags(given))
    found.update(_derived(found))
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _sizes(arrays: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The lengths of the named axes; of an array that no layout knows, x.shape[0] and so on."""
    for name, array in arrays.items():
        if isinstance(array, np.ndarray):
            axes = axes_of(name, array.shape, given)
            for place, size in enumerate(array.shape):
                if place < len(axes) and axes[place]:
                    yield axes[place], size
                elif not axes and name in given:
                    yield f"{name}.shape[{place}]", size
        elif isinstance(array, (list, tuple)) and name in given:
            yield f"len({name})", len(array)


def _numbers(given: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in given.items():
        if name == "kernel":
            kernel = value if isinstance(value, (list, tuple)) else (value, value)
            yield from zip(("kh", "kw"), map(float, kernel), strict=False)
        if isinstance(value, Mapping):
            yield from _numbers({key: entry for key, entry in value.items() if isinstance(key, str)})
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300:
            yield _PLAIN_NAMES.get(name, name), float(value)


_PLAIN_NAMES = {"pool_height": "kh", "pool_width": "kw"}


def _flags(given: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    if "q" in given or "num_heads" in given:
        mask = given.get("mask")
        yield "mask given", float(mask is not None)
        yield "mask hides", float(isinstance(mask, np.ndarray) and not mask.all())
    for value in given.values():
        if isinstance(value, Mapping) and value.get("mode") in ("train", "test"):
            yield "train mode", float(value["mode"] == "train")
    if isinstance(given.get("bias"), bool):
        yield "bias", float(given["bias"])
    if isinstance(given.get("x"), np.ndarray):
        yield "axes of x", float(given["x"].ndim)


def _derived(found: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for name, (first, second) in _PRODUCTS.items():
        if first in found and second in found:
            yield name, found[first] * found[second]
    if "momentum" in found:
        yield "1 - momentum", 1 - found["momentum"]
    if "D" in found and found.get("num_heads"):
        yield "head size", found["D"] / found["num_heads"]


_PRODUCTS = {
    "windows": ("out_height", "out_width"),
    "kernel area": ("kh", "kw"),
    "pixels": ("height", "width"),
}
