"""On which inputs an answer is right: where N = 1, where the image is square, where windows do not overlap ..."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from autograder.pattern.evidence import View
from autograder.pattern.kinds import Condition, Pattern, RightWhere

MOST_NAMED = 2
FEWEST_CALLS = 3

_Quantities = Mapping[str, float]
_Test = Callable[[_Quantities], bool]

_ONES = ("N", "T", "S", "C", "F", "D", "M", "H", "stride", "num_heads", "len(grads)")
_SQUARES = (("height", "width"), ("kh", "kw"))
_SIZES = ("N", "D", "M", "C", "F", "T", "S", "H", "d_k", "d_v")


def right_where(view: View) -> Pattern | None:
    """The conditions that hold on all right calls and on no wrong one; None if more than two remain."""
    right = [call.quantities for call in view.calls if call.agrees]
    wrong = [call.quantities for call in view.calls if not call.agrees]
    if not right or not wrong or len(right) + len(wrong) < FEWEST_CALLS:
        return None
    found = []
    for names, condition, test in _conditions():
        if not all(name in each for each in [*right, *wrong] for name in names):
            continue
        on_right, on_wrong = {test(each) for each in right}, {test(each) for each in wrong}
        if (on_right, on_wrong) == ({True}, {False}):
            found.append(condition)
        elif (on_right, on_wrong) == ({False}, {True}):
            found.append(Condition(condition.wrong, condition.right))
    return RightWhere(view.output, True, tuple(found)) if 0 < len(found) <= MOST_NAMED else None


def _conditions() -> Iterator[tuple[tuple[str, ...], Condition, _Test]]:
    """Names that a condition is about, the condition and its opposite, and its test."""
    for name in _ONES:
        yield (name,), Condition(f"{name} = 1", f"{name} > 1"), lambda q, n=name: q[n] == 1
    for name in ("pad", "alpha"):
        yield (name,), Condition(f"{name} = 0", f"{name} > 0"), lambda q, n=name: q[n] == 0
    for pair, (yes, no) in zip(_SQUARES, _SQUARE_WORDS, strict=True):
        yield pair, Condition(yes, no), lambda q, p=pair: q[p[0]] == q[p[1]]
    for pair in combinations(_SIZES, 2):
        yield pair, Condition(" = ".join(pair), " ≠ ".join(pair)), lambda q, p=pair: q[p[0]] == q[p[1]]
    yield from _flags()
    yield from _windows()


_SQUARE_WORDS = (
    ("the image is square", "it is not"),
    ("the kernel is square", "it is not"),
)


def _flags() -> Iterator[tuple[tuple[str, ...], Condition, _Test]]:
    flags = {
        "mask given": ("a mask is given", "none is"),
        "train mode": ("the mode is 'train'", "it is 'test'"),
        "bias": ("bias is True", "it is False"),
    }
    for name, words in flags.items():
        yield (name,), Condition(*words), lambda q, n=name: bool(q[n])
    yield ("axes of x",), Condition("x has two axes", "it has more"), lambda q: q["axes of x"] == 2
    yield ("d",), Condition("d is even", "it is odd"), lambda q: q["d"] % 2 == 0


def _windows() -> Iterator[tuple[tuple[str, ...], Condition, _Test]]:
    yield (
        ("stride", "kh", "kw"),
        Condition("the windows do not overlap", "they do"),
        lambda q: q["stride"] >= max(q["kh"], q["kw"]),
    )
    yield (
        ("stride", "kh", "kw", "height", "width"),
        Condition("the windows reach the far edge exactly", "they stop short of it"),
        _fits,
    )


def _fits(q: _Quantities) -> bool:
    free = [q[size] + 2 * q.get("pad", 0) - q[kernel] for size, kernel in (("height", "kh"), ("width", "kw"))]
    return q["stride"] > 0 and all(each % q["stride"] == 0 for each in free)
