"""Known mistakes: wrong variants of a reference function, with what to tell whoever made one.

    @mistake_of("softmax", says="the scores are not shifted", remedy="subtract each row's maximum first")
    def softmax_without_shift(z): ...

The decorator only marks; `mistakes_in` collects. One catalogue serves three times: every mistake must fail
a graded test, every graded test must catch one, and a submission whose answers equal a mistake's on every
input of a test is told which one it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from autograder.errors import AssignmentError

_MARK = "__mistake_of__"
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mistake:
    """A wrong variant of `function`.

    says: what is wrong, completing "it looks as if ..."; remedy: what to do, an imperative.
    credit: the share of a wrong output's points that it keeps where the assignment turns `rubric` on.
    twin_of: another mistake of the same function that no graded input can tell from this one; kept for its
    own words, and `python -m autograder prove` accepts that the two answer alike.
    """

    name: str
    function: str
    says: str
    remedy: str
    variant: Callable[..., Any]
    credit: float | None = None
    twin_of: str | None = None


def mistake_of(
    function: str,
    *,
    says: str,
    remedy: str,
    credit: float | None = None,
    twin_of: str | None = None,
) -> Callable[[_Function], _Function]:
    """Mark a wrong variant of the reference function of this name; its own name names the mistake.

    says, remedy, credit, twin_of: as in Mistake.
    """

    def mark(variant: _Function) -> _Function:
        entry = Mistake(variant.__name__, function, says, remedy, variant, credit, twin_of)
        setattr(variant, _MARK, entry)
        return variant

    return mark


def mistakes_in(modules: Iterable[ModuleType]) -> list[Mistake]:
    """All mistakes that these modules define, in the order written.

    Raises AssignmentError, which names the mistake and its file, for two of one name, a says or remedy that
    is empty, a credit that is no share, or a twin_of that names no other mistake of the same function.
    """
    found: dict[str, Mistake] = {}
    for module in modules:
        for value in vars(module).values():
            mistake = getattr(value, _MARK, None) if inspect.isfunction(value) else None
            if mistake is None or value.__module__ != module.__name__:
                continue
            if mistake.name in found:
                raise AssignmentError(f"{_file(mistake)}: two mistakes are called {mistake.name}: rename one")
            if not mistake.says.strip() or not mistake.remedy.strip():
                raise AssignmentError(f"{_file(mistake)}: mistake {mistake.name} needs a says and a remedy")
            _check_credit(mistake)
            found[mistake.name] = mistake
    for mistake in found.values():
        _check_twin(mistake, found)
    return list(found.values())


def _file(mistake: Mistake) -> str:
    """Where it is written, such as mistakes/softmax.py."""
    return "/".join(Path(inspect.unwrap(mistake.variant).__code__.co_filename).parts[-2:])


def _check_credit(mistake: Mistake) -> None:
    credit = mistake.credit
    if credit is None:
        return
    if isinstance(credit, bool) or not isinstance(credit, int | float) or not 0 < credit < 1:
        raise AssignmentError(
            f"{_file(mistake)}: mistake {mistake.name}: credit={credit!r} must be a share between 0 and 1, "
            "such as 0.7"
        )


def _check_twin(mistake: Mistake, found: dict[str, Mistake]) -> None:
    if mistake.twin_of is None:
        return
    twin = found.get(mistake.twin_of)
    if twin is None or twin is mistake or twin.function != mistake.function:
        raise AssignmentError(
            f"{_file(mistake)}: mistake {mistake.name}: twin_of={mistake.twin_of!r} names no other mistake "
            f"of {mistake.function}"
        )
