"""Words for answers that are right in part: at which places, on which inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.places import (
    AlternatingWrong,
    DiagonalWrong,
    EdgeWrong,
    NotZero,
    RightWhere,
    SlicesRight,
    SlicesWrong,
    WrongWhereSign,
    ZeroInstead,
)
from autograder.pattern.quantities import LABELS
from autograder.pattern.terms import slice_at, slice_words

# --- Where it is wrong ---


def _zero_instead(pattern: ZeroInstead, output: str) -> str:
    return f"{output} is right but where it is 0 and should not be."


def _not_zero(pattern: NotZero, output: str) -> str:
    return f"{output} is right but where it should be 0."


def _slices_right(pattern: SlicesRight, output: str) -> str:
    return f"only {slice_at(pattern.axis, pattern.which)} of {output} is right."


def _slices_wrong(pattern: SlicesWrong, output: str) -> str:
    return f"only {slice_at(pattern.axis, pattern.which)} of {output} is wrong."


def _alternating_wrong(pattern: AlternatingWrong, output: str) -> str:
    many = slice_words(pattern.axis, many=True)
    return f"only the {many} of {'odd' if pattern.odd else 'even'} index of {output} are wrong."


def _edge_wrong(pattern: EdgeWrong, output: str) -> str:
    if pattern.far_only:
        return f"{output} is right but for the last row and column of each image."
    return f"{output} is right but at the border of each image."


def _diagonal_wrong(pattern: DiagonalWrong, output: str) -> str:
    return f"{output} is wrong {pattern.where} the diagonal only."


def _wrong_where_sign(pattern: WrongWhereSign, output: str) -> str:
    if pattern.other == LABELS:
        return f"{output} is wrong exactly at the label of each row."
    sign = "positive" if pattern.positive else "negative"
    return f"{output} is wrong exactly where {pattern.other} is {sign}."


# --- Which inputs ---


def _right_where(pattern: RightWhere, output: str) -> str:
    first, *others = (
        f"right where {each.right}, and wrong where {each.wrong}" for each in pattern.conditions
    )
    return f"{output} is {first}." + "".join(f" Also: {other}." for other in others)


WORDS: dict[type[Pattern], Callable[[Any, str], str]] = {
    ZeroInstead: _zero_instead,
    NotZero: _not_zero,
    SlicesRight: _slices_right,
    SlicesWrong: _slices_wrong,
    AlternatingWrong: _alternating_wrong,
    EdgeWrong: _edge_wrong,
    DiagonalWrong: _diagonal_wrong,
    WrongWhereSign: _wrong_where_sign,
    RightWhere: _right_where,
}
