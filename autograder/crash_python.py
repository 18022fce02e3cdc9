"""What Python's own common errors mean in a graded function."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

import numpy as np

from autograder.crash import Crash, Rule, listed, named
from autograder.values import Part

# --- None ---


def _none_used(crash: Crash, match: re.Match[str]) -> str:
    for name, value in crash.mentioned.items():
        if value is None:
            return f"{name} is None in this call: check for that before it is used."
    left_out = [name for name in crash.names if name in crash.signature.optional - set(crash.parameters)]
    if crash.in_function and left_out:
        return f"{left_out[0]} is left out of this call: check for its default, None, before it is used."
    right = crash.right_side
    if isinstance(crash.mentioned.get(right), Part):
        return f"{right} is None: usually the forward pass returned None in its place."
    called = _called(right)
    if called and "unpack" in crash.message:
        return f"{named(called)} returned None: is it a stub, or does a way through it end without `return`?"
    return (
        "Something on this line is None: usually what a function without `return` gave (a stub?), "
        "or a variable that still has the template's None."
    )


def _called(expression: str) -> str:
    """The function in an expression that is nothing but one call."""
    found = re.fullmatch(r"([\w.]+)\(.*\)", expression)
    return found[1] if found else ""


# --- Unpacking and calling ---


def _unpacked(crash: Crash, match: re.Match[str]) -> str:
    right, wanted = crash.right_side, int(match[1])
    shaped = re.fullmatch(r"([^\W\d]\w*)\.shape", right)
    if shaped:
        return _unpacked_shape(crash, shaped[1], wanted)
    if isinstance(crash.mentioned.get(right), Part):
        return (
            f"This line takes {wanted} values from {right}: the forward pass must store just as many there, "
            "in the same order."
        )
    called = _called(right)
    if called and not called.startswith(("np.", "zip", "enumerate")):
        return f"Count what {named(called)} returns: this line takes {wanted} values from it."
    return f"This line takes {wanted} values from something that has another number of them."


def _unpacked_shape(crash: Crash, name: str, wanted: int) -> str:
    array = crash.mentioned.get(name)
    if not isinstance(array, np.ndarray) or array.ndim == wanted:
        return f"The array has another number of axes than the {wanted} that this line takes."
    fact = f"{name} has {array.ndim} axes in this call, shape {array.shape}; this line takes {wanted}."
    flat = f" {name}.reshape({name}.shape[0], -1) makes two of them."
    return fact + flat * (wanted == 2 and array.ndim > 2)


def _not_unpackable(crash: Crash, match: re.Match[str]) -> str:
    called = _called(crash.right_side)
    what = named(called) if called else "the right-hand side"
    return f"This line unpacks several values, but {what} gives a single one."


def _other_arguments(crash: Crash, match: re.Match[str]) -> str:
    if crash.at_the_call:
        return f"The call is {crash.call}: the def line must take these arguments in this order."
    return (
        f"This line calls {named(match[1])} with another number of arguments than its def line takes "
        "(`self` counts in a class)."
    )


_KEYWORDS = ("axis", "keepdims", "dtype", "initial", "where", "ddof", "out", "dim", "keepdim")


def _unknown_keyword(crash: Crash, match: re.Match[str]) -> str:
    close = difflib.get_close_matches(match[2], _KEYWORDS, n=1)
    other = {"dim": "axis", "keepdim": "keepdims"}.get(match[2]) or "".join(close)
    guess = f": did you mean {other}?" if other and other != match[2] else "."
    return f"{named(match[1])} has no parameter {named(match[2])}{guess}"


def _wrong_operand(crash: Crash, match: re.Match[str]) -> str:
    kinds = {match[1], match[2]}
    words = {
        "dict": _in_this_order(crash),
        "ellipsis": "The template's `...` still stands for a value here: put your code in its place.",
        "tuple": _TUPLE,
        "list": "Lists cannot be calculated with: make an array first, with np.array(...).",
        "method": _PARENTHESES,
        "builtin_function_or_method": _PARENTHESES,
        "function": _PARENTHESES,
    }
    return next((sentence for kind, sentence in words.items() if kind in kinds), "")


_TUPLE = "A tuple stands where an array is needed: usually an `out, cache` or a cache that was not unpacked."
_PARENTHESES = "A function stands where its result is needed: are its parentheses missing?"


def _in_this_order(crash: Crash, match: re.Match[str] | None = None) -> str:
    return (
        "A dictionary stands where an array is needed: "
        f"the call is {crash.call}. Does your def line take the arguments in this order?"
    )


# --- Dictionaries and attributes ---


def _missing_key(crash: Crash, match: re.Match[str]) -> str:
    key = _key(crash.message)
    if key is None:
        return ""
    found = crash.dictionaries()
    if any(key in dictionary for dictionary in found.values()):
        return f"The call passes {named(repr(key))} in {_where(found, key)}; this line looks in another dictionary."
    if len(found) == 1:
        return _absent(*next(iter(found.items())), key)
    if crash.has_part and "cache" in crash.source:
        return "The cache has no such key: the forward pass must store it under exactly this name."
    return ""


def _key(message: str) -> str | int | None:
    """The key that a KeyError names, text or number."""
    quoted = re.fullmatch(r"(['\"])(.*)\1", message, re.DOTALL)
    if quoted:
        return quoted[2]
    return int(message) if re.fullmatch(r"-?\d{1,18}", message) else None


def _where(dictionaries: Mapping[str, Mapping], key: str | int) -> str:
    return next(name for name, dictionary in dictionaries.items() if key in dictionary)


def _absent(name: str, dictionary: Mapping, key: str | int) -> str:
    if not dictionary:
        return f"{name} is empty in this call: {name}.get({named(repr(key))}, default) allows for that."
    if not isinstance(key, str) and key in dictionary.values():
        return f"{name} leads from text to number, and this line looks a number up: turn it round first."
    close = difflib.get_close_matches(str(key), [word for word in dictionary if isinstance(word, str)], n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    return f"In this call {name} has the keys {listed(dictionary)}.{guess}"


def _no_attribute(crash: Crash, match: re.Match[str]) -> str:
    kind, name = match[1], match[2]
    if kind == "dict" and hasattr(np.ndarray, name) and not hasattr(dict, name):
        return _in_this_order(crash)
    if kind == "dict":
        python2 = {"has_key": "key in d", "iteritems": "d.items()", "iterkeys": "d", "itervalues": "d.values()"}
        if name in python2:
            return f".{named(name)} is Python 2: write {python2[name]}."
        return f"A dictionary's entries are read with brackets: d[{named(repr(name))}], not d.{named(name)}."
    if kind == "tuple":
        return _TUPLE
    if kind == "list":
        return f"A list has no .{named(name)}: make an array first, with np.array(...)."
    if kind in ("int", "float", "bool"):
        return f"It is a single Python number here, which has no .{named(name)}."
    return ""


def _no_module_attribute(crash: Crash, match: re.Match[str]) -> str:
    if "partially initialized" in crash.message or "circular import" in crash.message:
        return f"Two files import each other, so {named(match[1])} is not finished yet at this line."
    return f"{named(match[1])} defines no {named(match[2])}: is it spelt so, and in that file?"


# --- Names ---

_KNOWN_NAMES = {
    "np": "`import numpy as np` is missing at the top of this file.",
    "numpy": "`import numpy` is missing at the top of this file; `import numpy as np` only defines np.",
    "torch": "`import torch` is missing at the top of this file.",
    "nn": "`from torch import nn` is missing at the top of this file.",
    "F": "Is `import torch.nn.functional as F` missing at the top of this file?",
    "math": "`import math` is missing at the top of this file.",
    "xrange": "xrange is Python 2: write range.",
    "raw_input": "raw_input is Python 2.",
    "unicode": "unicode is Python 2: write str.",
    "reduce": "`from functools import reduce` is missing at the top of this file.",
}


def _unknown_name(crash: Crash, match: re.Match[str]) -> str:
    name = match[1]
    if name in _KNOWN_NAMES:
        return _KNOWN_NAMES[name]
    if name in crash.parameters:
        return f"{name} is an argument of {crash.call}: is it called otherwise in the def line, or not passed on?"
    close = _similar(crash, name)
    if close:
        return f"Nothing of this name has been defined here: did you mean {named(close)}?"
    if re.search(rf"(?<![\w.]){re.escape(name)}\(", crash.source):
        return f"{named(name)} is defined in another file, under another name, or not at all: import or define it."
    return "Nothing of this name has been defined here: usually a name from an earlier version of the code."


def _similar(crash: Crash, name: str) -> str:
    shown = [word for frame in crash.failure.frames for word in re.findall(r"[^\W\d]\w*", frame.source)]
    known = [*crash.parameters, *(leaf for _, leaf in crash.signature.leaves()), *shown]
    candidates = list(dict.fromkeys(word for word in known if word != name))
    same_letters = [word for word in candidates if word.lower() == name.lower()]
    return next(iter(same_letters or difflib.get_close_matches(name, candidates, n=1, cutoff=0.75)), "")


# --- Numbers, loops, files ---


def _divided_by_zero(crash: Crash, match: re.Match[str]) -> str:
    zeros = [name for name, value in crash.settings() if value == 0 and name in crash.source]
    if zeros:
        return f"{named(zeros[0])} is 0 in this call: the formula must allow for that."
    return "The divisor is 0 here: usually a count that stays 0, or a size that // rounds down to 0."


def _past_the_end(crash: Crash, match: re.Match[str]) -> str:
    shape = re.search(r"([^\W\d]\w*)\.shape\[(\d{1,2})\]", crash.source)
    array = crash.mentioned.get(shape[1]) if shape else None
    if shape and isinstance(array, np.ndarray) and array.ndim <= int(shape[2]):
        return f"{shape[1]} has shape {array.shape} in this call, so {shape[0]} does not exist."
    if shape:
        return "The array has fewer axes than this line expects."
    return f"The {match[1]} is shorter than this line expects: does a loop run one step too far?"


def _own_assertion(crash: Crash, match: re.Match[str]) -> str:
    if crash.is_about("conv", "pool") and "%" in crash.source:
        return (
            "This assert refuses sizes that the stride does not divide. They are allowed: the output size is "
            "rounded down (//), and what is left over at the far edge is not used."
        )
    if crash.source.startswith("assert"):
        return "This assert is in your own code: it does not hold for this input."
    return ""


def _endless(crash: Crash, match: re.Match[str]) -> str:
    called = {frame.function for frame in crash.failure.frames[-6:]}
    if len(called) == 1:
        return f"{named(called.pop())} calls itself, and nothing stops it."
    return "Functions call each other in a circle, and nothing stops them."


_WHOLE = "A size or a range must be a whole number: divide with // instead of /, or convert with int()."
_NOT_INSTALLED = "If {0} is a file of yours, hand it in, too; otherwise do without it."
_LIST_INDEX = "A list takes one whole number in brackets: [i][j] instead of [i, j], or np.array(...) first."
_ONE_BRANCH = (
    "{0} has no value at this line: it gets one in a branch or loop that did not run, or only further down."
)
_NO_INPUT = "Nobody answers here: leave out input()."

PYTHON_RULES = (
    Rule("TypeError", "'NoneType' object cannot be interpreted as an integer", _none_used),
    Rule("TypeError AttributeError", "NoneType", _none_used),
    Rule("ValueError", r"^(?:too many|not enough) values to unpack \(expected (?:at least )?(\d+)", _unpacked),
    Rule("TypeError", r"cannot unpack non-iterable|iteration over a 0-d array", _not_unpackable),
    Rule("TypeError", r"got an unexpected keyword argument", lambda crash, _: (
        f"The call is {crash.call}, without keywords." if crash.at_the_call else "")),
    Rule("TypeError", r"(\S+)\(\) got an unexpected keyword argument '(\w+)'", _unknown_keyword),
    Rule("TypeError", r"^(\S+)\(\) (?:takes|missing|got multiple values)", _other_arguments),
    Rule("TypeError", r"^unsupported operand type\(s\) for .+: '([\w.]+)' and '([\w.]+)'", _wrong_operand),
    Rule("TypeError", r"^bad operand type for unary .: '(tuple|list|dict)'|^(can't multiply sequence)|"
         r"^(can only concatenate)", lambda crash, match: (
             _in_this_order(crash) if match[1] == "dict" else
             "Lists and tuples cannot be calculated with: make an array first, with np.array(...).")),
    Rule("TypeError", r"'(?:>=|<=|<|>)' not supported between .*'dict'|argument \d of type dict ", _in_this_order),
    Rule("TypeError", r"argument \d of type tuple |not supported between instances of 'tuple'", _TUPLE),
    Rule("TypeError", r"'tuple' object cannot be interpreted as an integer",
         "Here the sizes are given one by one, not as a tuple: np.random.randn(N, D), np.zeros((N, D))."),
    Rule("TypeError", r"object cannot be interpreted as an integer|slice indices must be integers", _WHOLE),
    Rule("TypeError", r"^Cannot interpret '[^']*' as a data type",
         "The shape must be one tuple, in parentheses of its own: np.zeros((N, D))."),
    Rule("TypeError", r"^(?:list|tuple) indices must be integers or slices, not (?:float|numpy\.float)", _WHOLE),
    Rule("TypeError", r"^list indices must be integers or slices, not tuple", _LIST_INDEX),
    Rule("TypeError", r"^(tuple|list) indices must be integers or slices, not str",
         "A name in brackets needs a dictionary, but this is a {0}: usually the cache, or two arguments in "
         "another order."),
    Rule("TypeError", r"'numpy\.ndarray' object is not callable|'Tensor' object is not callable",
         "Parentheses call a function: use brackets to index, and * to multiply."),
    Rule("TypeError", r"'(int|float|numpy\.float64|tuple|list|dict)' object is not callable",
         "Parentheses call a function, but this is of type {0}: is a * missing, or does a variable have a "
         "function's name?"),
    Rule("TypeError", r"'module' object is not callable", "A module stands where a function is needed: write "
         "module.function(...), or import the function itself."),
    Rule("TypeError", r"'tuple' object does not support item assignment",
         "A tuple cannot be changed: make a list or an array of it first."),
    Rule("TypeError IndexError", r"'(int|float|numpy\.float64)' object (?:is not subscriptable|does not support "
         "item assignment|is not iterable)",
         "It is a single number here, not an array: usually a sum without its axis, or one index too many."),
    Rule("TypeError", r"'(?:function|builtin_function_or_method|method)' object is not (?:subscriptable|iterable)",
         _PARENTHESES),
    Rule("TypeError", r"object of type '(int|float|numpy\.float64)' has no len",
         "It is a single number here, not an array: usually a sum without its axis, or one index too many."),
    Rule("TypeError", r"unhashable type: '(list|numpy\.ndarray|dict)'",
         "A {0} cannot be a key of a dictionary or a member of a set: use a tuple or a number."),
    Rule("KeyError", r"", _missing_key),
    Rule("IndexError", r"^(tuple|list|string) (?:assignment )?index out of range", _past_the_end),
    Rule("IndexError", r"^pop from (?:an )?empty", "The list is empty: a cache that was emptied by an earlier call?"),
    Rule("UnboundLocalError", r"variable '(\w+)'", _ONE_BRANCH),
    Rule("NameError", r"free variable '(\w+)'", _ONE_BRANCH),
    Rule("NameError", r"^name '(\w+)' is not defined", _unknown_name),
    Rule("AttributeError", r"^(?:partially initialized )?module '([\w.]+)' has no attribute '(\w+)'",
         _no_module_attribute),
    Rule("AttributeError", r"^'(\w+)' object has no attribute '(\w+)'", _no_attribute),
    Rule("ImportError", r"cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'",
         "{1} defines no {0}: is it spelt so there, and do the two files not import each other?"),
    Rule("", r"No module named '([\w.]+)'", _NOT_INSTALLED),
    Rule("ZeroDivisionError", "", _divided_by_zero),
    Rule("OverflowError", "math range error|Numerical result out of range",
         "The number is too large for a float: for exp, subtract the maximum first."),
    Rule("ValueError", "math domain error|expected a positive input",
         "math.log needs a number above 0, math.sqrt one of at least 0: a probability may have underflowed to 0."),
    Rule("ValueError OverflowError", r"cannot convert float (NaN|infinity) to integer",
         "A number is {0} by this line: look for a division by 0 or an overflow before it."),
    Rule("RecursionError", "", _endless),
    Rule("AssertionError", "", _own_assertion),
    Rule("StopIteration", "", "next() found nothing left: is the loop over it done already?"),
    Rule("ValueError", r"^(?:max|min)\(\) (?:arg is an empty|iterable argument is empty)",
         "The list is empty here: usually nothing matched, which the code must allow for."),
    Rule("EOFError", "", _NO_INPUT),
    Rule("FileNotFoundError PermissionError", "",
         "A graded function gets everything it needs as arguments: leave files out of it."),
)  # fmt: skip
