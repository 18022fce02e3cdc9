"""Indices and slices: past the end, on the wrong axis, empty, or no whole numbers."""

from __future__ import annotations

import re

import numpy as np

from autograder.crash_rules.crash import OUTPUT_SIZE, Crash, Rule, empty_slice


def _index_past_end(crash: Crash, match: re.Match[str]) -> str:
    index, axis, size = int(match[1]), int(match[2]), int(match[3])
    if not size:
        return empty_slice(crash, f"Axis {axis} of the array has no entries")
    fact = f"Axis {axis} has the indices 0 to {size - 1}"
    if crash.is_about("conv", "pool") and index >= size and axis >= 2:
        return (
            f"{fact}: usually a loop runs past the last window. {OUTPUT_SIZE}{_swapped(crash, index, size)}"
        )
    if index == size:
        return f"{fact}: index {index} is one past the end. Does a loop run one step too far?"
    return f"{fact}: is it the axis you mean?"


def _swapped(crash: Crash, index: int, size: int) -> str:
    """Height and width in exchanged roles are likely where the index fits the other of the two."""
    for name, array in crash.parameters.items():
        if isinstance(array, np.ndarray) and array.ndim == 4 and array.shape[2] != array.shape[3]:
            other = sum(array.shape[2:]) - size
            if size in array.shape[2:] and index < other:
                return f" Or are height and width swapped? {name} is {array.shape[2]} by {array.shape[3]}."
    return ""


def _too_many_indices(crash: Crash, match: re.Match[str]) -> str:
    axes = int(match[1])
    if not axes:
        return "It is a single number here, with no axis to index."
    return (
        f"The array has {_axes(axes)} at this line, not {match[2]}: "
        "keepdims=True keeps an axis that a sum, mean or max would drop."
    )


def _no_such_axis(crash: Crash, match: re.Match[str]) -> str:
    count = int(match[2])
    if not count:
        return "It is a single number here, which has no axes: was it summed before?"
    return f"The array has {_axes(count)} at this line; the last is axis {count - 1}."


def _axes(count: int) -> str:
    return f"{count} {'axis' if count == 1 else 'axes'}"


def _bad_index(crash: Crash, match: re.Match[str]) -> str:
    number = "an index is no whole number (divide with // instead of /)"
    if re.search(r"\[\s*f?['\"]", crash.source):
        return (
            f"Either {number}, or a name in brackets meets an array instead of a dictionary: "
            f"the call is {crash.call}, in this order."
        )
    return f"Usually {number}."


def _past_the_end(crash: Crash, match: re.Match[str]) -> str:
    shape = re.search(r"([^\W\d]\w*)\.shape\[(\d{1,2})\]", crash.source)
    array = crash.mentioned.get(shape[1]) if shape else None
    if shape and isinstance(array, np.ndarray) and array.ndim <= int(shape[2]):
        return f"{shape[1]} has shape {array.shape} in this call, so {shape[0]} does not exist."
    if shape and match[1] == "tuple":
        return "The array has fewer axes than this line expects."
    return f"The {match[1]} is shorter than this line expects: does a loop run one step too far?"


def _nothing_to_reduce(crash: Crash, match: re.Match[str]) -> str:
    return empty_slice(crash, "The array that this line reduces is empty")


INDEX_RULES = (
    Rule("ValueError", r"zero-size array to reduction|get arg\w+ of an empty sequence", _nothing_to_reduce),
    Rule(
        "IndexError",
        r"index (-?\d{1,9}) is out of bounds for (?:axis|dimension) (\d+) with size (\d+)",
        _index_past_end,
    ),
    Rule("IndexError", r"array is (\d+)-dimensional, but (\d+) were indexed", _too_many_indices),
    Rule(
        "IndexError",
        r"too many indices for tensor of dimension (\d+)",
        "The tensor has fewer axes than this line indexes: {0}.",
    ),
    Rule("IndexError", r"^only integers, slices", _bad_index),
    Rule(
        "IndexError",
        "used as indices must be",
        "An index must be a whole number or a mask: use .astype(int), or an array of True and False.",
    ),
    Rule(
        "IndexError",
        "^invalid index to scalar",
        "It is a single number here, with no axis left: it is indexed once too often.",
    ),
    Rule(
        "IndexError",
        r"boolean index did not match .* axis is (\d+) .* axis is (\d+)",
        "The mask is {1} long on an axis where the array is {0} long: it must come from an array as long.",
    ),
    Rule(
        "IndexError",
        "indexing arrays could not be broadcast together",
        "Index arrays are paired entry by entry, so they must be equally long: [np.arange(N), y], y (N,).",
    ),
    Rule("AxisError", r"axis (-?\d+) is out of bounds for array of dimension (\d+)", _no_such_axis),
    Rule("IndexError", r"^(tuple|list|string) (?:assignment )?index out of range", _past_the_end),
    Rule(
        "IndexError", "^pop from (?:an )?empty", "The list is empty by now: was it emptied by an earlier pop?"
    ),
)
