"""On which inputs an answer is right: where N = 1, where the image is square, where windows overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from autograder.pattern.evidence import View
from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.places import Condition, RightWhere

MOST_NAMED = 2
FEWEST_CALLS = 3

_Quantities = Mapping[str, float]
_Test = Callable[[_Quantities], bool]

_ONES = ("N", "T", "S", "C", "F", "D", "M", "H", "stride", "num_heads", "len(grads)")
_ONE_WORDS = {
    "kernel area": ("the kernel is 1 x 1", "it is larger"),
    "windows": ("there is a single window", "there are more"),
}
_SQUARES = (("height", "width"), ("kh", "kw"))
_SIZES = (
    "N",
    "T",
    "S",
    "C",
    "F",
    "D",
    "M",
    "H",
    "d_k",
    "d_v",
    "kernel area",
    "windows",
    "stride",
    "num_heads",
)
# Sizes that follow from what a condition is about.
_INVOLVED = {
    ("pad",): ("windows",),
    ("stride",): ("windows",),
    ("T",): ("S",),
    ("S",): ("T",),
    ("kernel area",): ("windows",),
}
_EQUAL = (("N", "D"), ("D", "M"), ("N", "M"), ("D", "H"), ("N", "H"), ("T", "S"), ("d_k", "d_v"))


def right_where(view: View) -> Pattern | None:
    """The conditions that hold on all right calls and on no wrong one; nothing if more than two remain."""
    right = [call.quantities for call in view.calls if call.agrees]
    wrong = [call.quantities for call in view.calls if not call.agrees]
    if not right or not wrong or len(right) + len(wrong) < FEWEST_CALLS:
        return None
    found = [
        (names, condition)
        for names, condition, test in _conditions()
        if all(name in each for each in [*right, *wrong] for name in names)
        and all(map(test, right))
        and not any(map(test, wrong))
    ]
    if min(len(right), len(wrong)) > 1:
        few = len(found) <= MOST_NAMED
    else:
        # One input alone has many properties: it singles out no two of them, nor one beside a size.
        few = len(found) == 1 and not _differ_in_size(right, wrong, found[0][0])
    return RightWhere(view.output, True, tuple(c for _, c in found)) if found and few else None


def _differ_in_size(right: list, wrong: list, names: tuple[str, ...]) -> bool:
    """Is there another size that is smaller, or larger, on all right inputs than on all wrong ones?"""
    for size in _SIZES:
        on_right, on_wrong = ([each[size] for each in calls if size in each] for calls in (right, wrong))
        if size in names or size in _INVOLVED.get(names, ()) or not on_right or not on_wrong:
            continue
        if max(on_right) < min(on_wrong) or min(on_right) > max(on_wrong):
            return True
    return False


def _conditions() -> Iterator[tuple[tuple[str, ...], Condition, _Test]]:
    """Names that a condition is about, the condition and its opposite, and its test."""
    for name, words in _ONE_WORDS.items():
        yield (name,), Condition(*words), lambda q, n=name: q[n] == 1
    for name in _ONES:
        yield (name,), Condition(f"{name} = 1", f"{name} > 1"), lambda q, n=name: q[n] == 1
    for name in ("pad", "alpha"):
        yield (name,), Condition(f"{name} = 0", f"{name} > 0"), lambda q, n=name: q[n] == 0
    for pair, (yes, no) in zip(_SQUARES, _SQUARE_WORDS, strict=True):
        yield pair, Condition(yes, no), lambda q, p=pair: q[p[0]] == q[p[1]]
    yield ("pad",), Condition("pad > 0", "pad = 0"), lambda q: q["pad"] > 0
    for pair in _EQUAL:
        yield pair, Condition(" = ".join(pair), " ≠ ".join(pair)), lambda q, p=pair: q[p[0]] == q[p[1]]
    yield from _flags()
    yield from _windows()


_SQUARE_WORDS = (
    ("the image is square", "it is not"),
    ("the kernel is square", "it is not"),
)


def _flags() -> Iterator[tuple[tuple[str, ...], Condition, _Test]]:
    flags = {
        "mask given": ("a mask is given", "none is given"),
        "mask hides": ("the mask hides a key", "no key is hidden"),
        "train mode": ("the mode is 'train'", "the mode is 'test'"),
        "bias": ("bias is True", "bias is False"),
    }
    for name, words in flags.items():
        yield (name,), Condition(*words), lambda q, n=name: bool(q[n])
        yield (name,), Condition(*words[::-1]), lambda q, n=name: not q[n]
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
