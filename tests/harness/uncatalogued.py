"""Wrong functions that students hand in and the catalogue does not hold.

Each stands in for the API function that `wrong` names. They lie in uncatalogued_*.py, by subject.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Function = Callable[..., Any]
Told = Literal["pattern", "crash", "kind", ""]


@dataclass(frozen=True)
class Wrong:
    """A wrong variant of `function`.

    told: what helps whoever wrote it: a pattern (an argument changed in place is one), a hint on the crash, a
    kind of failure that says what to do (an answer that varies, another type or number of values), or nothing
    but the facts.
    """

    name: str
    function: str
    variant: Function
    told: Told


ALL: list[Wrong] = []


def wrong(function: str, *, told: Told) -> Callable[[Function], Function]:
    """Collect a wrong variant; in tracebacks it has the name of the function that it stands in for."""

    def collect(variant: Any) -> Function:
        named = types.FunctionType(
            variant.__code__.replace(co_name=function), variant.__globals__, function, variant.__defaults__
        )
        ALL.append(Wrong(variant.__name__, function, named, told))
        return named

    return collect
