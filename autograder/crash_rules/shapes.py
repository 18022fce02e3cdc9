"""Arrays whose shapes do not go together: products, broadcasting, assignment, reshape, joining."""

from __future__ import annotations

import math
import re

import numpy as np

from autograder.crash_rules.crash import OUTPUT_SIZE, Crash, Rule, Shape, empty_slice, shape_in

_SHAPE = r"\(([\d, ]*)\)"
_OPERAND = r"([^\W\d]\w*)(\.T)?"
_PRODUCTS = (
    rf"(?<![\w.\])]){_OPERAND} ?@ ?{_OPERAND}(?![\w.\[(])",
    rf"(?<![\w.]){_OPERAND}\.dot\( ?{_OPERAND} ?\)",
    rf"(?:dot|matmul)\( ?{_OPERAND} ?, ?{_OPERAND} ?\)",
)
_TRANSPOSE = "Should one of them be transposed?"

# --- Products ---


def _not_aligned(crash: Crash, match: re.Match[str]) -> str:
    return _product(crash, shape_in(match[1]), shape_in(match[2]))


def _core_dimension(crash: Crash, match: re.Match[str]) -> str:
    """@ names two sizes and no shapes: take those of the operands, where they are arguments and fit."""
    right, left = int(match[1]), int(match[2])
    for first, second in _operands(crash):
        if first[-1:] == (left,) and second[-2:][:1] == (right,):
            return _product(crash, first, second)
    return (
        "In a @ b the last axis of a must be as long as the last but one of b (or its only one): "
        f"here they are {left} and {right}. {_TRANSPOSE}"
    )


def _operands(crash: Crash) -> list[tuple[Shape, Shape]]:
    pairs = []
    for found in (match for pattern in _PRODUCTS for match in re.finditer(pattern, crash.source)):
        arrays = [crash.mentioned.get(name) for name in (found[1], found[3])]
        if all(isinstance(array, np.ndarray) for array in arrays):
            turned = zip(arrays, (found[2], found[4]), strict=True)
            first, second = (array.T.shape if transposed else array.shape for array, transposed in turned)
            pairs.append((first, second))
    return pairs


def _product(crash: Crash, first: Shape, second: Shape) -> str:
    axis = "last but one" if len(second) > 1 else "only one"
    fact = f"The last axis of {first} must be as long as the {axis} of {second}{crash.shapes(first, second)}."
    if len(first) > 2 and len(second) == 2 and math.prod(first[1:]) == second[0]:
        return f"{fact} Flatten the first one to (N, D) before: x.reshape(x.shape[0], -1)."
    can_turn = len(first) == len(second) == 2 and (first[0] == second[0] or first[1] == second[1])
    return f"{fact} {_TRANSPOSE}" if can_turn else fact


def _too_few_axes(crash: Crash, match: re.Match[str]) -> str:
    side = "left" if match[1] == "0" else "right"
    return f"On the {side} of @ there is no array here: usually it is None, a number or a dictionary."


# --- Broadcasting ---


def _not_broadcast(crash: Crash, match: re.Match[str]) -> str:
    shapes = [shape_in(text) for text in re.findall(_SHAPE, match[1])]
    unfit = [(first, second) for first in shapes for second in shapes if _clash(first, second)]
    if not unfit:
        return ""
    first, second = unfit[0]
    one, other = _clash(first, second)[0]
    fact = f"Shapes are matched from the last axis on: {one} meets {other}{crash.shapes(first, second)}."
    return f"{fact} {_broadcast_advice(first, second)}".rstrip()


def _clash(first: Shape, second: Shape) -> list[tuple[int, int]]:
    """The pairs of sizes that cannot be broadcast, the last axis first."""
    return [(a, b) for a, b in _from_the_end(first, second) if a != b and 1 not in (a, b)]


def _from_the_end(first: Shape, second: Shape) -> list[tuple[int, int]]:
    return list(zip(first[::-1], second[::-1], strict=False))


def _broadcast_advice(first: Shape, second: Shape) -> str:
    short, long = sorted((first, second), key=len)
    if len(short) == len(long) == 2 and first == second[::-1]:
        return _TRANSPOSE
    if len(short) == 1 and len(long) == 4 and short[0] == long[1]:
        return "reshape(1, -1, 1, 1) lets the shorter one meet axis 1."
    if len(short) == len(long) - 1 and short == long[:-1]:
        return f"keepdims=True in a sum, mean or max gives {(*short, 1)} instead of {short}."
    if len(short) < len(long) and math.prod(short) == math.prod(long):
        return "They have equally many values: is one of them flattened, the other not?"
    return ""


def _output_too_small(crash: Crash, match: re.Match[str]) -> str:
    return (
        f"The result has shape {shape_in(match[2])} and cannot be written back into {shape_in(match[1])}: "
        "usually a sum over an axis is missing, or an axis was added by accident."
    )


# --- Assignment, reshape, joining ---


def _not_assigned(crash: Crash, match: re.Match[str]) -> str:
    given, place = shape_in(match[1]), shape_in(match[2])
    fact = f"The value has shape {given}, its place {place}"
    if 0 in place or 0 in given:
        return empty_slice(crash, f"A slice on this line is empty (shape {place if 0 in place else given})")
    if len(given) == len(place) and sorted(given) == sorted(place):
        return f"{fact}: transpose it, or swap two sizes."
    if crash.is_about("conv", "pool") and all(a <= b for a, b in _from_the_end(place, given)):
        return f"{fact}: usually a slice runs past the border, where NumPy cuts it off. {OUTPUT_SIZE}"
    if math.prod(given) == math.prod(place):
        return f"{fact}: reshape it."
    return f"{fact}: they must be equal, or the value must have length 1 where they differ."


def _not_reshaped(crash: Crash, match: re.Match[str]) -> str:
    count, sizes = int(match[1]), shape_in(match[2])
    if "newaxis" in match[2]:
        known = math.prod(shape_in(match[2]))
        return f"{count} values cannot be divided evenly by {known}: are these the right sizes?"
    product = " * ".join(map(str, sizes))
    return f"{product} is {math.prod(sizes)}, not {count}: an axis is left out, or has another length."


def _einsum(crash: Crash, match: re.Match[str]) -> str:
    is_einsum = "einsum" in crash.source
    return "A letter of the einsum stands for two different sizes here." if is_einsum else ""


SHAPE_RULES = (
    Rule("ValueError", rf"^shapes {_SHAPE} and {_SHAPE} not aligned", _not_aligned),
    Rule("RuntimeError", r"shapes cannot be multiplied \((\d+x\d+) and (\d+x\d+)\)", _not_aligned),
    Rule("ValueError", r"core dimension 0.*\(size (\d+) is different from (\d+)\)", _core_dimension),
    Rule("ValueError", r"matmul: Input operand (\d) does not have enough dimensions", _too_few_axes),
    Rule(
        "ValueError",
        r"requested shape \((\d+), ?2\)",
        "The array has {0} axes, and np.pad needs a (before, after) pair for each: "
        "(0, 0) for one that is not padded.",
    ),
    Rule("ValueError", r"remapped shapes", _einsum),
    Rule("ValueError", r"^operands could not be broadcast together with shapes (.+)", _not_broadcast),
    Rule(
        "ValueError",
        rf"non-broadcastable output operand with shape {_SHAPE} .* shape {_SHAPE}",
        _output_too_small,
    ),
    Rule("ValueError", rf"broadcast input array from shape {_SHAPE} into shape {_SHAPE}", _not_assigned),
    Rule("ValueError", rf"value array of shape {_SHAPE} .* result of shape {_SHAPE}", _not_assigned),
    Rule("ValueError", r"cannot reshape array of size (\d+) into shape \(([^)]*)\)", _not_reshaped),
    Rule(
        "ValueError",
        r"except for the concatenation axis .* dimension (\d+), .* size (\d+) .* size (\d+)",
        "Only the joined axis may differ, but axis {0} is {1} long in one array and {2} in another: "
        "is `axis` the one you mean?",
    ),
    Rule(
        "ValueError",
        "must have same number of dimensions|zero-dimensional arrays cannot be concatenated",
        "The joined arrays have different numbers of axes, or none: np.stack makes a new axis, "
        "np.concatenate does not.",
    ),
    Rule(
        "ValueError",
        "^all input arrays must have the same shape",
        "np.stack needs arrays of one shape; np.concatenate joins along an axis that they have.",
    ),
    Rule(
        "ValueError",
        "need at least one array",
        "The list of arrays is empty: did the loop that fills it run?",
    ),
    Rule(
        "ValueError",
        "inhomogeneous shape",
        "The entries of this list differ in length or shape, which no array can hold: usually something "
        "else was appended to it.",
    ),
    Rule(
        "ValueError",
        "^axes don't match array",
        "transpose must name every axis of the array once: here it has another number of axes.",
    ),
    Rule(
        "ValueError",
        "negative dimensions are not allowed|index can't contain negative",
        "A size is negative here: look at the formula it comes from, and at the order of its terms.",
    ),
    Rule(
        "ValueError",
        "window shape cannot be larger",
        "The window is larger than the array: was the array padded, and are height and width in order?",
    ),
)
