"""None, unpacking, calling, and values of the wrong type."""

from __future__ import annotations

import difflib
import re

import numpy as np

from autograder.crash_rules.crash import Crash, Rule, named
from autograder.values import Part

_KEYWORDS = ("axis", "keepdims", "dtype", "initial", "where", "ddof", "out")
_TUPLE = "A tuple stands where an array or number is needed: usually an `out, cache` that was not unpacked."
_PARENTHESES = "A function stands where its result is needed: are its parentheses missing?"
_LIST = "Lists and tuples are not calculated with entry by entry: make an array first, with np.array(...)."
_ITERATOR = "This gives its entries one by one and is no list: put list(...) around it."
_SINGLE = "It is a single number here, not an array: usually a sum without its axis, or one index too many."
_NUMBER = r"(?:int|float|numpy\.float64|numpy\.int64)"
_ITERATORS = r"(?:map|zip|filter|generator|dict_keys|dict_values|dict_items)"


def _none_used(crash: Crash, match: re.Match[str]) -> str:
    for name, value in crash.mentioned.items():
        if value is None:
            return f"{name} is None in this call: check for that before it is used."
    left_out = [name for name in crash.names if name in crash.signature.optional - set(crash.parameters)]
    if crash.in_function and left_out:
        return f"{left_out[0]} is left out of this call: if its default is None, check for that first."
    right = crash.right_side
    if "unpack" in crash.message and isinstance(crash.mentioned.get(right), Part):
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
    found = re.fullmatch(r"([\w.]+)\([^()]*\)", expression)
    return found[1] if found else ""


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
    axes = "1 axis" if array.ndim == 1 else f"{array.ndim} axes"
    fact = f"{name} has {axes} in this call, shape {array.shape}; this line takes {wanted}."
    flat = f" {name}.reshape({name}.shape[0], -1) makes two of them."
    return fact + flat * (wanted == 2 and array.ndim > 2)


def _not_unpackable(crash: Crash, match: re.Match[str]) -> str:
    right = crash.right_side
    if type(crash.mentioned.get(right)) in (int, float):
        return f"{right} is a single number in this call, not several."
    called = _called(right)
    what = named(called) if called else "the right-hand side"
    return f"This line unpacks several values, but {what} gives a single one."


def _other_arguments(crash: Crash, match: re.Match[str]) -> str:
    if crash.at_the_call:
        return f"The call is {crash.call}: the def line must take these arguments in this order."
    if "torch." in crash.source:
        return ""
    return (
        f"This line calls {named(match[1])} with another number of arguments than it takes "
        "(`self` counts in a class)."
    )


def _unknown_keyword(crash: Crash, match: re.Match[str]) -> str:
    close = difflib.get_close_matches(match[2], _KEYWORDS, n=1)
    other = {"dim": "axis"}.get(match[2]) or "".join(close)
    guess = f": did you mean {other}?" if other and other != match[2] else "."
    return f"{named(match[1])} has no parameter {named(match[2])}{guess}"


def _wrong_operand(crash: Crash, match: re.Match[str]) -> str:
    kinds = {match[1], match[2]}
    for name, value in crash.mentioned.items():
        if type(value) in (list, tuple) and type(value).__name__ in kinds:
            return f"{name} is a {type(value).__name__} in this call: take its entries one by one."
    if "dict" in kinds:
        return _in_this_order(crash)
    if "ellipsis" in kinds:
        return "The template's `...` still stands for a value here: put your code in its place."
    if "tuple" in kinds:
        return _TUPLE
    if "list" in kinds:
        return _LIST
    if "str" in kinds:
        return "Text stands where a number is needed."
    if any(re.fullmatch(_ITERATORS, kind) for kind in kinds):
        return _ITERATOR
    return _PARENTHESES if kinds & {"method", "builtin_function_or_method", "function"} else ""


def _in_this_order(crash: Crash, match: re.Match[str] | None = None) -> str:
    return (
        "A dictionary stands where an array is needed: "
        f"the call is {crash.call}. Does your def line take the arguments in this order?"
    )


def _single(crash: Crash, match: re.Match[str]) -> str:
    for name, value in crash.mentioned.items():
        if type(value) in (int, float) and re.search(rf"(?<![\w.]){name}\[", crash.source):
            return f"{name} is a single number in this call, not several."
    return _SINGLE


def _no_attribute(crash: Crash, match: re.Match[str]) -> str:
    kind, name = match[1], named(match[2])
    if kind == "dict":
        return _no_dict_attribute(crash, name)
    if kind == "tuple":
        return _TUPLE
    if kind == "list":
        return f"A list has no .{name}: make an array first, with np.array(...)."
    if re.fullmatch(f"{_NUMBER}|bool", kind):
        return f"It is a single number here, which has no .{name}."
    return _PARENTHESES if kind in ("method", "builtin_function_or_method") else ""


_PYTHON2 = {
    "has_key": "key in d",
    "iteritems": "d.items()",
    "iterkeys": "d.keys()",
    "itervalues": "d.values()",
}


def _no_dict_attribute(crash: Crash, name: str) -> str:
    if name in _PYTHON2:
        return f".{name} is Python 2: write {_PYTHON2[name]}."
    if hasattr(np.ndarray, name):
        return _in_this_order(crash)
    return f"A dictionary's entries are read with brackets: d[{name!r}], not d.{name}."


CALL_RULES = (
    Rule("TypeError AttributeError", "NoneType", _none_used),
    Rule(
        "ValueError", r"^(?:too many|not enough) values to unpack \(expected (?:at least )?(\d+)", _unpacked
    ),
    Rule("TypeError", r"cannot unpack non-iterable|iteration over a 0-d array", _not_unpackable),
    Rule("TypeError", r"^(\S+)\(\) got an unexpected keyword argument '(\w+)'", _unknown_keyword),
    Rule(
        "TypeError",
        r"^(\S+)\(\) got multiple values for argument '(\w+)'",
        "{1} is given to {0} twice, once by its place and once by its name.",
    ),
    Rule("TypeError", r"^(\S+)\(\) (?:takes|missing) ", _other_arguments),
    Rule("TypeError", r"^unsupported operand type\(s\) for .+: '([\w.]+)' and '([\w.]+)'", _wrong_operand),
    Rule("TypeError", r"^bad operand type for .+: '(?:tuple|list)'|^can't multiply seq", _LIST),
    Rule("TypeError", "^can only concatenate (?:list|tuple)", _LIST),
    Rule("TypeError", r"not supported between .*'dict'|of type dict |operand .*: 'dict'", _in_this_order),
    Rule("TypeError", r"not supported between .*'tuple'|argument \d of type tuple ", _TUPLE),
    Rule(
        "TypeError",
        r"'tuple' object cannot be interpreted as an integer",
        "Here the sizes are given one by one, not as a tuple: np.random.randn(N, D), but np.zeros((N, D)).",
    ),
    Rule(
        "TypeError",
        r"^Cannot interpret '[^']*' as a data type",
        "The shape must be one tuple, in parentheses of its own: np.zeros((N, D)).",
    ),
    Rule(
        "TypeError",
        r"^list indices must be integers or slices, not (?:tuple|list|numpy\.ndarray)",
        "A list takes one whole number in brackets: [i][j] instead of [i, j], or np.array(...) first.",
    ),
    Rule(
        "TypeError",
        r"^(tuple|list) indices must be integers or slices, not str",
        "A name in brackets needs a dictionary, but this is a {0}: usually the cache, or arguments in "
        "another order.",
    ),
    Rule(
        "TypeError", "^string indices must be integers", "This is text, where a dictionary or list is needed."
    ),
    Rule(
        "TypeError",
        rf"^'(numpy\.ndarray|Tensor|{_NUMBER}|tuple|list|dict|str)' object is not callable",
        "Parentheses call a function, but this is of type {0}: are brackets meant, or a *, or has a variable "
        "a function's name?",
    ),
    Rule(
        "TypeError",
        "'module' object is not callable",
        "A module stands where a function is needed: write module.function(...), or import the function.",
    ),
    Rule(
        "TypeError",
        "'tuple' object does not support item assignment",
        "A tuple cannot be changed: make a list or an array of it first.",
    ),
    Rule("TypeError", rf"'{_NUMBER}' object (?:is not|does not support)|of type '{_NUMBER}' has", _single),
    Rule("TypeError", r"'(?:function|builtin_function_or_method|method)' object is not", _PARENTHESES),
    Rule("TypeError", rf"'{_ITERATORS}' (?:object is not subscriptable|has no len)", _ITERATOR),
    Rule(
        "TypeError",
        r"unhashable type: '(list|numpy\.ndarray|dict)'",
        "A {0} cannot be a key of a dictionary or a member of a set: use a tuple or a number.",
    ),
    Rule("AttributeError", r"^'([\w.]+)' object has no attribute '(\w+)'", _no_attribute),
)
