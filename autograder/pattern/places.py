"""Where an answer is wrong: at a border, beside the diagonal, in one slice, by the sign of an input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from autograder.pattern.evidence import Pair, View
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.places import (
    AlternatingWrong,
    DiagonalWrong,
    EdgeWrong,
    NotZero,
    SlicesRight,
    SlicesWrong,
    WrongWhereSign,
    ZeroInstead,
)

IMAGE_AXES = 4  # (N, C, height, width)
_Mask = Callable[[tuple[int, ...]], np.ndarray]


def zero_instead(view: View) -> Pattern | None:
    if not _partly_wrong(view) or any(pair.actual[pair.wrong].any() for pair in view.differing):
        return None
    return ZeroInstead(view.output, not view.agreeing)


def not_zero(view: View) -> Pattern | None:
    """All numbers that should not be 0 are right, and there are some."""
    if not _partly_wrong(view) or any(pair.expected[pair.wrong].any() for pair in view.differing):
        return None
    if not all((pair.wrong == (pair.expected == 0)).all() and pair.expected.any() for pair in view.differing):
        return None
    return NotZero(view.output, not view.agreeing)


def slices(view: View) -> Pattern | None:
    """Only one slice along an axis is right, or only one is wrong."""
    if view.ndim == 1 and len(view.differing) < 2:
        return None
    for axis in range(max(view.ndim, 0)) if view.same_shapes else ():
        wrong = [_wrong_slices(pair, axis) for pair in view.differing]
        for kind, marked in ((SlicesRight, [~each for each in wrong]), (SlicesWrong, wrong)):
            which = _single(marked)
            if which is not None and (kind is SlicesWrong or _thoroughly_wrong(view, axis)):
                return kind(view.output, not view.agreeing, view.axis(axis), which)
    return None


def alternating(view: View) -> Pattern | None:
    for axis in range(max(view.ndim, 0)) if view.same_shapes else ():
        wrong = [_wrong_slices(pair, axis) for pair in view.differing]
        if max(map(len, wrong), default=0) < 4 or not all(len(each) > 1 for each in wrong):
            continue
        for odd in (True, False):
            if all((each == (np.arange(len(each)) % 2 == odd)).all() for each in wrong):
                return AlternatingWrong(view.output, not view.agreeing, view.axis(axis), odd)
    return None


def edge(view: View) -> Pattern | None:
    """Of images: the interior is right wherever there is one, and so is everything but the far edge."""
    if not view.same_shapes or view.ndim != IMAGE_AXES:
        return None
    # In smaller images the border is nearly everything.
    if max(min(pair.wrong.shape[-2:]) for pair in view.differing) < 3:
        return None
    far = _only_in(view, _far_edge)
    if far or _only_in(view, _border):
        return EdgeWrong(view.output, not view.agreeing, far)
    return None


def diagonal(view: View) -> Pattern | None:
    """Of matrices as high as wide, such as masks."""
    square = all(p.expected.ndim > 1 and p.expected.shape[-1] == p.expected.shape[-2] for p in view.differing)
    if not view.same_shapes or view.ndim < 2 or not square:
        return None
    masks: tuple[tuple[Literal["on", "above", "below"], _Mask], ...] = (
        ("on", lambda shape: np.eye(shape[-1], dtype=bool)),
        ("above", lambda shape: np.triu(np.ones(shape[-2:], dtype=bool), 1)),
        ("below", lambda shape: np.tril(np.ones(shape[-2:], dtype=bool), -1)),
    )
    for where, mask in masks:
        if max(pair.expected.shape[-1] for pair in view.differing) > 2 and _only_in(view, mask, True):
            return DiagonalWrong(view.output, not view.agreeing, where)
    return None


def by_sign(view: View) -> Pattern | None:
    """Wrong exactly where an argument of the same shape is positive, or exactly where it is negative."""
    if not _partly_wrong(view):
        return None
    for name in view.differing[0].call.others:
        others = [pair.call.others.get(name) for pair in view.differing]
        if not all(
            o is not None and o.shape == p.wrong.shape for o, p in zip(others, view.differing, strict=True)
        ):
            continue
        for positive in (True, False):
            marks = [(o > 0) if positive else (o < 0) for o in others]
            if all((m == p.wrong).all() for m, p in zip(marks, view.differing, strict=True)):
                return WrongWhereSign(view.output, not view.agreeing, name, positive)
    return None


def _partly_wrong(view: View) -> bool:
    """Wrong and right numbers, at least two of each over the whole test, and more than chance has."""
    if not view.same_shapes:
        return False
    wrong = sum(np.count_nonzero(pair.wrong) for pair in view.differing)
    return wrong >= 2 and sum(pair.wrong.size for pair in view.differing) - wrong >= 2


def _wrong_slices(pair: Pair, axis: int) -> np.ndarray:
    return pair.wrong.any(axis=tuple(other for other in range(pair.wrong.ndim) if other != axis))


def _single(marks: list[np.ndarray]) -> Literal["first", "last"] | int | None:
    """The one slice that is marked in every call: of at least two, and of three somewhere."""
    if any(len(each) < 2 or np.count_nonzero(each) != 1 for each in marks) or max(map(len, marks)) < 3:
        return None
    places = [int(np.argmax(each)) for each in marks]
    if all(place == 0 for place in places):
        return "first"
    if all(place == len(each) - 1 for place, each in zip(places, marks, strict=True)):
        return "last"
    return places[0] if len(set(places)) == 1 and len(marks) > 1 else None


def _thoroughly_wrong(view: View, axis: int) -> bool:
    """Where one slice alone is right, at least half of all other numbers are wrong."""
    wrong = sum(np.count_nonzero(pair.wrong) for pair in view.differing)
    others = sum(pair.wrong.size - pair.wrong.size // pair.wrong.shape[axis] for pair in view.differing)
    return 2 * wrong >= others


def _only_in(view: View, mask: _Mask, whole: bool = False) -> bool:
    """Is nothing wrong outside the mask, and something right outside of it; and all inside, if `whole`?"""
    outside = 0
    for pair in view.differing:
        inside = np.broadcast_to(mask(pair.wrong.shape), pair.wrong.shape)
        if (pair.wrong & ~inside).any() or (whole and not pair.wrong[inside].all()):
            return False
        outside += np.count_nonzero(~inside)
    return outside >= 2


def _border(shape: tuple[int, ...]) -> np.ndarray:
    inside = np.ones(shape[-2:], dtype=bool)
    inside[1:-1, 1:-1] = False
    return inside


def _far_edge(shape: tuple[int, ...]) -> np.ndarray:
    inside = np.zeros(shape[-2:], dtype=bool)
    inside[-1:] = inside[:, -1:] = True
    return inside
