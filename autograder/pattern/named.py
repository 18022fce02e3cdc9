"""Which quantities of the problem equal given numbers, call by call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from autograder.pattern.kinds.parts import Expression
from autograder.pattern.quantities import FLAGS

MOST_NAMED = 2

_Table = tuple[tuple[str, ...], np.ndarray]  # the names, and a row of numbers for each


def expressions_equal_to(
    values: Sequence[float], quantities: Sequence[Mapping[str, float]]
) -> tuple[tuple[Expression, ...], bool]:
    """The simplest expressions that equal the positive value of every call, and False; or their reciprocals,
    and True. None if more than two remain.

    The values must differ between calls: a number that stays the same singles out nothing.
    """
    wanted = np.asarray(values, dtype=float)
    if len(wanted) < 2 or (wanted <= 0).any() or np.ptp(wanted) <= 1e-6 * wanted.max():
        return (), False
    table = _table(quantities)
    for tier in (_plain, _curved, _combined):
        for inverse in (False, True):
            found = list(tier(table, 1 / wanted if inverse else wanted))
            if found:
                return (tuple(found) if len(found) <= MOST_NAMED else ()), inverse
    return (), False


def _table(quantities: Sequence[Mapping[str, float]]) -> _Table:
    """Each quantity that every call has and that is positive."""
    shared = [name for name in quantities[0] if name not in FLAGS]
    rows = {name: [each.get(name, 0.0) for each in quantities] for name in shared}
    positive = {name: row for name, row in rows.items() if min(row) > 0}
    return tuple(positive), np.array(list(positive.values()), dtype=float).reshape(len(positive), -1)


def _plain(table: _Table, wanted: np.ndarray) -> Iterator[Expression]:
    names, rows = table
    for hit in _hits(rows, wanted):
        yield Expression(names[hit[0]], (names[hit[0]],))


_CURVED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sqrt({})": np.sqrt,
    "{}²": np.square,
    "{0} / ({0} - 1)": lambda q: q / (q - 1),
    "({} - 1)": lambda q: q - 1,
}


def _curved(table: _Table, wanted: np.ndarray) -> Iterator[Expression]:
    names, rows = table
    for form, function in _CURVED.items():
        for hit in _hits(function(rows), wanted):
            yield Expression(form.format(_term(names[hit[0]])), (names[hit[0]],))


def _combined(table: _Table, wanted: np.ndarray) -> Iterator[Expression]:
    names, rows = table
    first, second = rows[:, None, :], rows[None, :, :]
    for sign, combined in (("*", first * second), ("/", first / second)):
        for a, b in _hits(combined, wanted):
            # N / N is no quantity, and M * N is N * M.
            if a < b or (a > b and sign == "/"):
                yield Expression(f"{_term(names[a])} {sign} {_term(names[b])}", (names[a], names[b]))


def _hits(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.argwhere((np.abs(rows - wanted) <= 1e-6 * wanted).all(axis=-1))


def _term(name: str) -> str:
    return f"({name})" if " - " in name else name
