"""Which quantities of the problem equal given numbers, call by call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from autograder.pattern.kinds import Expression
from autograder.pattern.quantities import FLAGS

MOST_NAMED = 2

_Candidates = Iterator[tuple[Expression, np.ndarray]]


def expressions_equal_to(
    values: Sequence[float], quantities: Sequence[Mapping[str, float]], *, only_simple: bool = False
) -> tuple[Expression, ...]:
    """The simplest expressions that equal the value of every call; none if more than two remain.

    The values must differ between calls: a number that stays the same singles out nothing.
    """
    wanted = np.asarray(values, dtype=float)
    if len(wanted) < 2 or np.allclose(wanted, wanted[0], rtol=1e-6, atol=0):
        return ()
    columns = _columns(quantities)
    for tier in (_plain, _curved, _combined)[: 1 if only_simple else 3]:
        with np.errstate(all="ignore"):
            found = [e for e, column in tier(columns) if np.allclose(column, wanted, rtol=1e-6, atol=0)]
        if found:
            return tuple(found) if len(found) <= MOST_NAMED else ()
    return ()


def _columns(quantities: Sequence[Mapping[str, float]]) -> dict[str, np.ndarray]:
    """Each quantity that every call has, as one number per call."""
    shared = [name for name in quantities[0] if all(name in each for each in quantities)]
    columns = {name: np.array([each[name] for each in quantities]) for name in shared if name not in FLAGS}
    return {name: column for name, column in columns.items() if (column > 0).all()}


def _plain(columns: Mapping[str, np.ndarray]) -> _Candidates:
    for name, column in columns.items():
        yield Expression(name, (name,)), column


_CURVED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sqrt({})": np.sqrt,
    "{}²": np.square,
    "{0} / ({0} - 1)": lambda q: q / (q - 1),
    "({} - 1)": lambda q: q - 1,
}


def _curved(columns: Mapping[str, np.ndarray]) -> _Candidates:
    for name, column in columns.items():
        for form, function in _CURVED.items():
            yield Expression(form.format(name), (name,)), function(column)


def _combined(columns: Mapping[str, np.ndarray]) -> _Candidates:
    for (first, a), (second, b) in itertools.combinations(columns.items(), 2):
        yield Expression(f"{first} * {second}", (first, second)), a * b
        yield Expression(f"{first} / {second}", (first, second)), a / b
        yield Expression(f"{second} / {first}", (second, first)), b / a
