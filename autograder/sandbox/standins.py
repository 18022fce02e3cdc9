"""What a student's name is bound to where an import failed: an object that says so when it is used.

An import that an editor added and nothing uses must not cost a point; one that is used must say which
line imports it, and why that did not work.
"""

from __future__ import annotations

from typing import Any, NoReturn

_EXPLAINING = """
    call iter next len contains bool getitem setitem delitem enter exit mro_entries array
    add radd sub rsub mul rmul matmul rmatmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow
    and rand or ror xor rxor lshift rshift neg pos abs invert lt le gt ge float int index complex
"""


class StandIn:
    """Stands for something that could not be imported. Using it raises ImportError with the reason."""

    __slots__ = ("_reason",)

    def __init__(self, reason: str) -> None:
        object.__setattr__(self, "_reason", reason)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)  # Python itself asks whether it is there
        raise ImportError(reason_of(self))

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise ImportError(reason_of(self))

    def __instancecheck__(self, instance: Any) -> bool:
        return False  # nothing can be an instance of a class that is not there

    def __subclasscheck__(self, subclass: Any) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<stand-in: {reason_of(self)}>"


def reason_of(stand_in: StandIn) -> str:
    """The sentence that using this stand-in raises."""
    return object.__getattribute__(stand_in, "_reason")


def _explain(self: StandIn, *arguments: Any, **keywords: Any) -> NoReturn:
    raise ImportError(reason_of(self))


for _name in _EXPLAINING.split():
    setattr(StandIn, f"__{_name}__", _explain)
