"""Modules that let one file run on Python 2 and 3, as far as course code uses them, and cPickle."""

from __future__ import annotations

import builtins
import functools
import io
import pickle
import queue
from collections.abc import Callable
from types import ModuleType
from typing import Any


class CompatibilityModule(ModuleType):
    """A module made here; it may have sub-modules."""


def _builtins() -> dict[str, Any]:
    names = "range zip map filter input open str int object bytes chr round super dict list next pow max min"
    modern = {name: getattr(builtins, name) for name in names.split()}
    return {
        **modern,
        "xrange": range,
        "raw_input": input,
        "unicode": str,
        "basestring": str,
        "long": int,
        "unichr": chr,
        "reduce": functools.reduce,
        "cmp": lambda left, right: (left > right) - (left < right),
    }


def _helpers() -> dict[str, Any]:
    return {
        "PY2": False,
        "PY3": True,
        "string_types": (str,),
        "integer_types": (int,),
        "class_types": (type,),
        "text_type": str,
        "binary_type": bytes,
        "iteritems": lambda mapping, **_: iter(mapping.items()),
        "iterkeys": lambda mapping, **_: iter(mapping.keys()),
        "itervalues": lambda mapping, **_: iter(mapping.values()),
        "with_metaclass": _with_metaclass,
        "python_2_unicode_compatible": lambda decorated: decorated,
        "add_metaclass": lambda metaclass: lambda decorated: _rebuilt(decorated, metaclass),
    }


def _with_metaclass(metaclass: type, *bases: type) -> type:
    return metaclass("Base", bases or (object,), {})


def _rebuilt(decorated: type, metaclass: type) -> type:
    body = {name: value for name, value in vars(decorated).items() if name not in ("__dict__", "__weakref__")}
    return metaclass(decorated.__name__, decorated.__bases__, body)


def _moves() -> dict[str, Any]:
    renamed = {"cPickle": pickle, "queue": queue, "builtins": builtins, "StringIO": io.StringIO}
    return {**_builtins(), **renamed}


_MODULES: dict[str, Callable[[], dict[str, Any]]] = {
    "past": dict,
    "past.builtins": _builtins,
    "past.utils": lambda: {"old_div": _old_div},
    "six": lambda: {**_helpers(), "moves": None},
    "six.moves": _moves,
    "future": lambda: {"standard_library": None},
    "future.builtins": _builtins,
    "future.utils": _helpers,
    "future.standard_library": lambda: {"install_aliases": lambda: None, "hooks": lambda: None},
    "cPickle": lambda: dict(vars(pickle)),
}


def _old_div(left: Any, right: Any) -> Any:
    whole = isinstance(left, int) and isinstance(right, int)
    return left // right if whole else left / right


def module(name: str) -> ModuleType | None:
    """The stand-in for a compatibility module, or None where it is none."""
    if name.startswith("six.moves."):
        content = _moves().get(name.removeprefix("six.moves."))
        return content if isinstance(content, ModuleType) else None
    if name not in _MODULES:
        return None
    made = CompatibilityModule(name)
    made.__dict__.update({key: value for key, value in _MODULES[name]().items() if not key.startswith("__")})
    for attribute, value in list(vars(made).items()):
        if value is None and not attribute.startswith("__"):
            setattr(made, attribute, module(f"{name}.{attribute}"))
    made.__path__ = []  # type: ignore[attr-defined]
    return made
