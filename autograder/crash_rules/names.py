"""Names that nothing stands for: variables, keys, modules, and what NumPy no longer has."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Mapping

import numpy as np

from autograder.crash_rules.crash import Crash, Rule, listed, named

# --- Keys of dictionaries ---


def _missing_key(crash: Crash, match: re.Match[str]) -> str:
    key = _key(crash.message)
    if key is None:
        return ""
    found = crash.dictionaries()
    holders = [name for name, dictionary in found.items() if key in dictionary]
    if holders:
        key_text = named(repr(key))
        return (
            f"{holders[0]} has {key_text} in this call: this line looks elsewhere, or it was removed before."
        )
    if crash.has_part and "cache" in crash.source:
        return "The cache has no such key: the forward pass must store it under exactly this name."
    return _absent(*next(iter(found.items())), key) if len(found) == 1 else ""


def _key(message: str) -> str | int | None:
    """The key that a KeyError names, text or number."""
    quoted = re.fullmatch(r"(['\"])(.*)\1", message, re.DOTALL)
    if quoted:
        return quoted[2]
    return int(message) if re.fullmatch(r"-?\d{1,18}", message) else None


def _absent(name: str, dictionary: Mapping, key: str | int) -> str:
    if not dictionary:
        return f"{name} is empty in this call: {name}.get({named(repr(key))}, default) allows for that."
    if not isinstance(key, str) and key in dictionary.values():
        return f"{name} leads from text to number, and this line looks a number up: turn it round first."
    close = difflib.get_close_matches(str(key), [word for word in dictionary if isinstance(word, str)], n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    return f"In this call {name} has the keys {listed(dictionary)}.{guess}"


# --- Variables ---

_MISSING_IMPORTS = {
    "np": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
    "math": "import math",
    "random": "import random",
    "reduce": "from functools import reduce",
    "plt": "import matplotlib.pyplot as plt",
}
_PYTHON2 = {"xrange": "range", "raw_input": "input", "unicode": "str", "long": "int"}
_NO_VALUE = (
    "{0} has no value at this line: it gets one in a branch or loop that did not run, or further down."
)


def _unknown_name(crash: Crash, match: re.Match[str]) -> str:
    name = named(match[1])
    if name in _MISSING_IMPORTS:
        return f"`{_MISSING_IMPORTS[name]}` is missing at the top of this file."
    if name in _PYTHON2:
        return f"{name} is Python 2: write {_PYTHON2[name]}."
    if name in crash.parameters:
        return f"{name} is an argument of {crash.call}: has it another name in your def line?"
    close = _similar(crash, name)
    if close:
        return f"Nothing has this name here: did you mean {named(close)}?"
    if re.search(rf"(?<![\w.]){re.escape(name)}\(", crash.source):
        return f"No function has this name here: import or define {name}."
    return "Nothing has this name here: usually a name from an earlier version of the code."


def _similar(crash: Crash, name: str) -> str:
    shown = [word for frame in crash.failure.frames for word in re.findall(r"[^\W\d]\w*", frame.source)]
    known = [*crash.parameters, *(leaf for _, leaf in crash.signature.leaves()), *shown]
    candidates = [word for word in dict.fromkeys(known) if word != name and not keyword.iskeyword(word)]
    same_letters = [word for word in candidates if word.lower() == name.lower()]
    return next(iter(same_letters or difflib.get_close_matches(name, candidates, n=1, cutoff=0.75)), "")


# --- Modules and NumPy's attributes ---

_RENAMED = {
    **{name: name for name in ("int", "float", "bool", "object", "complex", "str")},
    **{"product": "np.prod", "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all"},
    **{"bool8": "np.bool_", "mat": "np.asmatrix", "in1d": "np.isin", "row_stack": "np.vstack"},
    **{"trapz": "np.trapezoid", "round_": "np.round", "rank": "np.ndim", "asscalar": "x.item()"},
    **{"msort": "np.sort", "asfarray": "np.asarray", "pad": "np.pad", "math": "Python's module math"},
}
_OF_TENSORS = {
    **{"detach": "x itself", "numpy": "x itself", "cpu": "x itself", "clone": "x.copy()"},
    **{"dim": "x.ndim", "t": "x.T", "permute": "x.transpose(...)", "unsqueeze": "np.expand_dims(x, axis)"},
    **{"exp": "np.exp(x)", "log": "np.log(x)", "sqrt": "np.sqrt(x)", "abs": "np.abs(x)"},
    **{"tanh": "np.tanh(x)", "norm": "np.linalg.norm(x)", "matmul": "x @ y", "mm": "x @ y"},
    **{"pow": "x**2", "to": "x.astype(...)", "double": "x.astype(np.float64)", "append": "a list"},
}


def _gone(crash: Crash, match: re.Match[str]) -> str:
    module, name = match[1], named(match[2])
    if name in _RENAMED:
        return f"NumPy no longer has {module.replace('numpy', 'np', 1)}.{name}: use {_RENAMED[name]}."
    if module != "numpy":
        return ""
    close = difflib.get_close_matches(name, [word for word in dir(np) if word[0] != "_"], n=1)
    return f"NumPy has no np.{name}{f': did you mean np.{close[0]}?' if close else '.'}"


def _no_array_attribute(crash: Crash, match: re.Match[str]) -> str:
    name = named(match[1])
    if name in _OF_TENSORS:
        return f"NumPy arrays have no .{name}: in its place use {_OF_TENSORS[name]}."
    close = difflib.get_close_matches(name, dir(np.ndarray), n=1)
    return f"NumPy arrays have no .{name}{f': did you mean .{close[0]}?' if close else '.'}"


def _no_module_attribute(crash: Crash, match: re.Match[str]) -> str:
    if "partially initialized" in crash.message or "circular import" in crash.message:
        return f"Two files import each other, so {named(match[1])} is not finished yet at this line."
    return f"{named(match[1])} defines no {named(match[2])}: is it spelt so, and in that file?"


NAME_RULES = (
    Rule("KeyError", "", _missing_key),
    Rule("UnboundLocalError", r"variable '(\w+)'", _NO_VALUE),
    Rule("NameError", r"free variable '(\w+)'", _NO_VALUE),
    Rule("NameError", r"^name '(\w+)' is not defined", _unknown_name),
    Rule(
        "AttributeError",
        r"`np\.(\w+)` was removed in the NumPy 2\.0 release\. Use `([\w.]+)`",
        "NumPy no longer has np.{0}: use {1}.",
    ),
    Rule("AttributeError", r"^module '(numpy(?:\.\w+)*)' has no attribute '(\w+)'", _gone),
    Rule("AttributeError", r"^'numpy\.ndarray' object has no attribute '(\w+)'", _no_array_attribute),
    Rule(
        "AttributeError",
        r"^(?:partially initialized )?module '([\w.]+)' has no attribute '(\w+)'",
        _no_module_attribute,
    ),
    Rule(
        "ImportError",
        r"cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'",
        "{1} defines no {0}, or the two files import each other.",
    ),
    Rule(
        "",
        r"No module named '([\w.]+)'",
        "If {0} is a file of yours, hand it in, too; otherwise do without it.",
    ),
)
