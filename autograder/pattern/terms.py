"""Parts of the sentences about patterns: quantities, slices and axes in words."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.pattern.kinds.parts import Axis, Expression

# Quantities of which "too large" would say the opposite.
BELOW_ONE = frozenset({"1 - momentum", "momentum", "eps", "alpha", "learning_rate"})

QUANTITIES = {
    "N": "the number of examples",
    "D": "the number of features",
    "M": "the number of outputs",
    "C": "the number of channels or classes",
    "F": "the number of filters",
    "T": "the number of time steps",
    "S": "the number of keys",
    "H": "the hidden size",
    "d_k": "the size of a key",
    "d_v": "the size of a value",
    "kh": "the height of the kernel",
    "kw": "the width of the kernel",
    "windows": "the number of windows in an image",
    "kernel area": "the height times the width of the kernel",
    "pixels": "height times width",
    "head size": "D / num_heads",
}

_SLICES = {
    "N": "example",
    "D": "feature",
    "M": "output",
    "C": "channel",
    "F": "filter",
    "T": "time step",
    "S": "key",
    "height": "row",
    "out_height": "row",
    "width": "column",
    "out_width": "column",
}


def explained(expressions: Sequence[Expression]) -> str:
    """What the names in expressions stand for, in brackets."""
    names = dict.fromkeys(name for each in expressions for name in each.names)
    meanings = [f"{name} is {QUANTITIES[name]}" for name in names if name in QUANTITIES]
    return f" ({', '.join(meanings)})" if meanings else ""


def either(expressions: Sequence[Expression], bare: bool = False) -> str:
    """N; N or D; (N * D) where more follows."""
    formulas = [each.formula for each in expressions]
    if not bare:
        formulas = [f"({each})" if any(sign in each for sign in "*/") else each for each in formulas]
    return " or ".join(formulas)


def number(value: float) -> str:
    return f"{value:.4g}"


def slice_words(axis: Axis, many: bool = False) -> str:
    """What an axis counts: examples, time steps; rows, columns or entries where it has no name."""
    plain = {1: ("entry",), 2: ("row", "column")}.get(axis.ndim, ())
    word = _SLICES.get(axis.name) or (plain[axis.index] if axis.index < len(plain) else "")
    if not word:
        return f"slices along axis {axis.index}" if many else f"slice along axis {axis.index}"
    return (f"{word[:-1]}ies" if word == "entry" else f"{word}s") if many else word


def slice_at(axis: Axis, which: str | int) -> str:
    """The last time step; feature 2."""
    return f"the {which} {slice_words(axis)}" if isinstance(which, str) else f"{slice_words(axis)} {which}"


def axis_words(axis: Axis) -> str:
    return f"axis {axis.index}"


def axes_words(axes: Sequence[Axis]) -> str:
    """axis 0; axes 2 and 3."""
    return f"ax{'e' if len(axes) > 1 else 'i'}s {' and '.join(str(axis.index) for axis in axes)}"


def along(axis: Axis) -> str:
    """In time; along axis 1; nothing for the only axis there is."""
    if axis.name == "T":
        return " in time"
    return "" if axis.ndim == 1 else f" along axis {axis.index}"
