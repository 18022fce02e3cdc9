"""Too few digits, limits, and numbers that left the range of floating point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.rules import Clipped, NearlyRight, Overflows, Rounded
from autograder.pattern.quantities import LABELS

EXP_LIMIT = 700.0  # exp overflows from 709.8 on, and is 0 below -745
NEARLY = 1e-3
_ROUNDED_SHARE = 1e-12


def rounded(view: View) -> Pattern | None:
    """The right numbers cut to whole numbers or decimals, or that came through a shorter type."""
    if not view.same_shapes or sum(np.count_nonzero(pair.wrong) for pair in view.differing) < 2:
        return None
    for to, cut in _CUTS.items() if _says_something(view) else ():
        if all(_equals(pair, cut(pair.expected)) for pair in view.differing):
            return Rounded(view.output, all(_equals(p, cut(p.expected)) for p in view.agreeing), to)
    for to, kind, share in (("float16", np.float16, 3e-2), ("float32", np.float32, 1e-3)):
        if all(_came_through(pair, kind, share) for pair in view.differing):
            return Rounded(view.output, not view.agreeing, to)
    return None


def nearly_right(view: View) -> Pattern | None:
    """Right to two digits or more everywhere, measured at the largest number."""
    if not view.same_shapes or not all(pair.call.expected.dtype.kind == "f" for pair in view.differing):
        return None
    relative = max(pair.gap / pair.sizes[1] if pair.sizes[1] else np.inf for pair in view.differing)
    if not 0 < relative < NEARLY or not view.varied:
        return None
    return NearlyRight(view.output, not view.agreeing, float(relative))


def overflows(view: View) -> Pattern | None:
    """NaN or infinity in the calls, or in the rows, in which an argument is beyond the range of exp."""
    bad = [pair for pair in view.differing if pair.same_shape and not np.isfinite(pair.actual).all()]
    good = [pair for pair in [*view.differing, *view.agreeing] if np.isfinite(pair.actual).all()]
    for name, scores in _SCORES.items():
        sizes = {id(pair): scores(pair) for pair in [*bad, *good]}
        if not bad or any(size is None for size in sizes.values()):
            continue
        by_call = all(_largest(sizes[id(pair)]) > EXP_LIMIT for pair in bad)
        if by_call and all(_largest(sizes[id(pair)]) <= EXP_LIMIT for pair in good):
            return Overflows(view.output, not view.agreeing, name)
        if all(_bad_rows_are_large(pair, sizes[id(pair)]) for pair in bad):
            return Overflows(view.output, not view.agreeing, name)
    return None


def clipped(view: View) -> Pattern | None:
    """All wrong numbers are one limit, beyond which the right ones lie."""
    if not view.same_shapes:
        return None
    limits = np.concatenate([pair.actual[pair.wrong] for pair in view.differing])
    if limits.size < 2 or np.ptp(limits) > 1e-12 or not view.varied:
        return None
    for above, cut in ((True, np.minimum), (False, np.maximum)):
        within = sum(_count_within(pair, limits[0], above) for pair in view.differing)
        if (
            limits[0]
            and (within or view.agreeing)
            and all(_equals(pair, cut(pair.expected, limits[0])) for pair in view.differing)
        ):
            return Clipped(view.output, not view.agreeing, float(limits[0]), above)
    return None


_CUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "integers": np.trunc,
    "whole numbers": np.round,
    **{f"{n} decimals": lambda e, n=n: np.round(e, n) for n in (1, 2, 3, 4, 5, 6)},
}


def _equals(pair: Pair, cut: np.ndarray) -> bool:
    return bool((np.abs(pair.actual - cut) <= _ROUNDED_SHARE * np.abs(cut)).all())


def _came_through(pair: Pair, kind: type, share: float) -> bool:
    """Near the right numbers, and exactly at numbers that the shorter type has."""
    if pair.call.actual is None or pair.call.actual.dtype.kind != "f" or pair.gap > share * pair.sizes[1]:
        return False
    fractions = pair.actual[pair.actual != np.round(pair.actual)]
    return fractions.size > 1 and bool((pair.actual == pair.actual.astype(kind)).all())


def _says_something(view: View) -> bool:
    """Zeros may be cut from anything."""
    wrong = np.concatenate([pair.actual[pair.wrong] for pair in view.differing])
    return np.unique(wrong[wrong != 0]).size > 1


def _count_within(pair: Pair, limit: float, above: bool) -> int:
    """How many right numbers lie on the inner side of a limit."""
    inner = pair.actual < limit if above else pair.actual > limit
    return int(np.count_nonzero(inner & ~pair.wrong))


def _argument(name: str) -> Callable[[Pair], np.ndarray | None]:
    def scores(pair: Pair) -> np.ndarray | None:
        other = pair.call.others.get(name)
        return None if other is None else np.abs(other.astype(np.float64))

    return scores


def _labelled(pair: Pair) -> np.ndarray | None:
    """x is what exp is taken of where there are labels for it."""
    return _argument("x")(pair) if LABELS in pair.call.others else None


def _attention(pair: Pair) -> np.ndarray | None:
    q, k = _argument("q")(pair), _argument("k")(pair)
    if q is None or k is None or q.ndim < 2 or k.ndim < 2 or q.shape[-1] != k.shape[-1] or not q.size:
        return None
    q, k = pair.call.others["q"], pair.call.others["k"]
    return np.abs(q.astype(np.float64) @ np.swapaxes(k, -1, -2)) / np.sqrt(q.shape[-1])


# What goes through exp, by the names that courses give it.
_SCORES: dict[str, Callable[[Pair], np.ndarray | None]] = {
    "z": _argument("z"),
    "logits": _argument("logits"),
    "scores": _argument("scores"),
    "x": _labelled,
    "q k' / sqrt(d_k)": _attention,
}


def _largest(sizes: np.ndarray | None) -> float:
    return 0.0 if sizes is None else float(sizes.max(initial=0.0))


def _bad_rows_are_large(pair: Pair, sizes: np.ndarray | None) -> bool:
    """By rows: the rows that are not finite are those with numbers beyond the range of exp."""
    if sizes is None or sizes.ndim != 2 or pair.actual.ndim < 1 or len(sizes) != len(pair.actual):
        return False
    rest = tuple(range(1, pair.actual.ndim))
    large = sizes.max(axis=1, initial=0.0) > EXP_LIMIT
    return bool(large.any()) and bool((large == ~np.isfinite(pair.actual).all(axis=rest)).all())
