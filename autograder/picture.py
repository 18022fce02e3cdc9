"""Small pictures in text: where an array is right and where not, and how a sequence grows or shrinks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.difference import Index, Tolerance
from autograder.wording import quantity

ENTRIES = 300
LINES = 15
COLUMNS = 100
STEPS = 50
_GAP = "   "
_BARS = "▁▂▃▄▅▆▇█"
_MEANING = {".": "right", "x": "wrong", "n": "NaN", "i": "infinite"}

Block = tuple[Index, list[str]]

# --- Where an array is right ---


def map_of(actual: Any, expected: Any, tolerance: Tolerance) -> str:
    """A map of right and wrong places, rows and blocks labelled; at most 15 lines.

    Nothing where it would tell nothing: for a single number, for more than 300, for shapes that differ,
    and where all places are right or all are wrong in the same way.
    """
    found, wanted = _numbers(actual), _numbers(expected)
    if found is None or wanted is None or found.shape != wanted.shape or not 1 < found.size <= ENTRIES:
        return ""
    marks = _marks(found, wanted, tolerance)
    present = [mark for mark in _MEANING if (marks == mark).any()]
    if len(present) < 2:
        return ""
    legend = ", ".join(f"{mark} {_MEANING[mark]}" for mark in present)
    lines = _line(marks) if marks.ndim == 1 else _blocks(marks)
    return "\n".join([f"{legend}:", *_at_most(list(lines), LINES - 1)])


def _numbers(value: Any) -> np.ndarray | None:
    if not isinstance(value, (np.ndarray, list, tuple)):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # a ragged list, or one of objects that convert themselves
        return None
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def _marks(actual: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    finite = np.abs(expected[np.isfinite(expected)])
    absolute = tolerance.floor + tolerance.atol * finite.max(initial=0.0)
    with np.errstate(all="ignore"):
        right = np.isclose(actual, expected, tolerance.rtol, absolute)
    kinds = [right, np.isnan(actual), np.isinf(actual)]
    return np.select(kinds, [".", "n", "i"], "x")


def _line(marks: np.ndarray) -> Iterator[str]:
    width = COLUMNS - 20
    for start in range(0, marks.size, width):
        label = f"[{start}]  " if marks.size > width else ""
        yield f"  {label:>8}{''.join(marks[start : start + width])}" if label else f"  {''.join(marks)}"


def _blocks(marks: np.ndarray) -> Iterator[str]:
    """One block for each matrix over the last two axes; those of one mark alone in words."""
    leading = list(np.ndindex(marks.shape[:-2]))
    uniform = [index for index in leading if (marks[index] == marks[index].flat[0]).all()]
    mixed = [(index, ["".join(row) for row in marks[index]]) for index in leading if index not in uniform]
    if marks.ndim == 2:
        yield from _rows(mixed[0][1])
        return
    for mark, meaning in _MEANING.items():
        places = [_label(index) for index in uniform if marks[index].flat[0] == mark]
        if places:
            shown = ", ".join(places[:8]) + ", ..." * (len(places) > 8)
            yield f"  all {meaning}: {shown}"
    for group in _side_by_side(mixed):
        yield from _group(group)


def _rows(rows: list[str]) -> Iterator[str]:
    """Rows with their numbers; equal ones that follow each other together."""
    position = 0
    runs = [(row, len(list(equal))) for row, equal in itertools.groupby(rows)]
    for row, count in runs:
        label = f"row {position}" if count == 1 else f"rows {position}-{position + count - 1}"
        for part, start in enumerate(range(0, len(row), COLUMNS - 20)):
            yield f"  {label if part == 0 else '':<12}{row[start : start + COLUMNS - 20]}"
        position += count


def _side_by_side(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """As many blocks as fit beside each other."""
    group: list[Block] = []
    for block in blocks:
        if group and sum(map(_width, [*group, block])) > COLUMNS:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _width(block: Block) -> int:
    return len(_GAP) + max(len(_label(block[0])), len(block[1][0]))


def _group(group: Sequence[Block]) -> Iterator[str]:
    widths = [_width(block) - len(_GAP) for block in group]
    labels = [_label(index) for index, _ in group]
    for cells in [labels, *zip(*(rows for _, rows in group), strict=True)]:
        padded = (cell[:COLUMNS].ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"  {_GAP.join(padded)}".rstrip()


def _label(index: Index) -> str:
    return f"[{', '.join(map(str, index))}]"


def _at_most(lines: list[str], count: int) -> list[str]:
    if len(lines) <= count:
        return lines
    return [*lines[: count - 1], f"  ... and {quantity(len(lines) - count + 1, 'more line')}"]


# --- How a sequence grows or shrinks ---


def bars(values: Any, label: str = "step") -> str:
    """One bar for each number on a logarithmic scale: "step 0 ▁▃▅█ step 3 (1.2e-09 to 0.5)".

    values: (T,) numbers of at least 0, such as gradient norms; of more than 50, every so many. 0 is "_",
    NaN "n", infinity and a negative number "!". Nothing for anything else, or for a single number.
    """
    array = _numbers(values)
    if array is None or array.ndim != 1 or array.size < 2:
        return ""
    steps = np.unique(np.linspace(0, array.size - 1, min(array.size, STEPS)).astype(int))
    with np.errstate(all="ignore"):
        logs = np.log10(array[steps])
    usable = np.isfinite(logs)
    if not usable.any():
        return ""
    low, high = logs[usable].min(), logs[usable].max()
    drawn = "".join(_bar(value, log, low, high) for value, log in zip(array[steps], logs, strict=True))
    return f"{label} 0 {drawn} {label} {array.size - 1} ({10**low:.2g} to {10**high:.2g}, log scale)"


def _bar(value: float, log: float, low: float, high: float) -> str:
    if np.isnan(value):
        return "n"
    if value == 0:
        return "_"
    if not np.isfinite(log):
        return "!"
    share = (log - low) / (high - low) if high > low else 1.0
    return _BARS[round(share * (len(_BARS) - 1))]
