"""Numbers that cannot be: divisions by zero, overflow, the wrong number type; and what is left."""

from __future__ import annotations

import re

from autograder.crash_rules.crash import Crash, Rule, named


def _divided_by_zero(crash: Crash, match: re.Match[str]) -> str:
    """A setting of this call that is 0 and stands in a divisor, if there is one."""
    for name, value in crash.settings():
        if value == 0 and re.search(rf"[/%][^/%]*\b{re.escape(name)}\b", crash.source):
            return f"{named(name)} is 0 in this call: the formula must allow for that."
    return "The divisor is 0 here: usually a count that stays 0, or a size that // rounds down to 0."


def _own_assertion(crash: Crash, match: re.Match[str]) -> str:
    if not crash.source.startswith("assert"):
        return ""
    if crash.is_about("conv", "pool") and "%" in crash.source:
        return (
            "This assert refuses sizes that the stride does not divide. They are allowed: the output size is "
            "rounded down (//), and what is left over at the far edge is not used."
        )
    return "This assert is in your own code: it does not hold for this input."


def _endless(crash: Crash, match: re.Match[str]) -> str:
    called = {frame.function for frame in crash.failure.frames[-6:]}
    if len(called) == 1:
        return f"{named(called.pop())} calls itself, and nothing stops it."
    return "Functions call each other in a circle, and nothing stops them." if called else ""


_WHOLE = "A size, a range or an index must be a whole number: divide with // instead of /, or use int()."
_ONE_NUMBER = "An array stands where a single number is needed: usually a sum, a mean or an index is missing."
_TEXT = "Text, or an array of Python objects, stands where numbers are needed."

NUMBER_RULES = (
    Rule("TypeError", r"'(?:float|numpy\.float\d+)' object cannot be interpreted as an integer", _WHOLE),
    Rule("TypeError", r"must be of integral type|^slice indices must be integers", _WHOLE),
    Rule(
        "TypeError", r"^(?:list|tuple) indices must be integers or slices, not (?:float|numpy\.float)", _WHOLE
    ),
    Rule(
        "ValueError TypeError RuntimeError",
        "^setting an array element with a sequence|arrays can be converted to Python scalars|"
        "can only convert an array of size 1|one element tensors can be|cannot be converted to Scalar",
        _ONE_NUMBER,
    ),
    Rule(
        "ValueError RuntimeError",
        "truth value of an array|Boolean value of Tensor",
        "`if`, `and` and `or` need one True or False, but this is a whole array of them: use np.where or a "
        "mask, or .any() or .all().",
    ),
    Rule(
        "UFuncTypeError _UFuncOutputCastingError",
        r"Cannot cast ufunc '\w+' output from dtype\('(?:float|complex).*to dtype\('u?int",
        "The array on the left holds integers and cannot take decimals in place: make it with "
        "dtype=np.float64, or write x = x + ... instead of x += ... .",
    ),
    Rule(
        "UFuncTypeError _UFuncNoLoopError TypeError",
        r"did not contain a loop with signature|not supported for the input types",
        _TEXT,
    ),
    Rule(
        "TypeError",
        r"argument \d of type (?:float|int) which has no callable",
        "The array has dtype object: usually it was made from mixed types. Use .astype(np.float64).",
    ),
    Rule("ValueError", "^could not convert string to float|^invalid literal for int", _TEXT),
    Rule(
        "TypeError",
        "numpy boolean (?:subtract|negative)",
        "True and False are not subtracted or negated with -: use .astype(float) first, or ~mask.",
    ),
    Rule(
        "ValueError",
        "Integers to negative integer powers",
        "Integers have no negative power in NumPy: use floats, as in 10000.0**-x.",
    ),
    Rule(
        "ValueError",
        "read-only",
        "This array may not be written to (a broadcast view, for example): work on x.copy().",
    ),
    Rule("ZeroDivisionError", "", _divided_by_zero),
    Rule(
        "OverflowError",
        "math range error|Numerical result out of range",
        "The number is too large for a float: for exp, subtract the maximum first.",
    ),
    Rule(
        "ValueError",
        "math domain error|expected a (?:positive|nonnegative) input",
        "The function is not defined for this number: usually the log of 0, or the root of less than 0.",
    ),
    Rule(
        "ValueError OverflowError",
        "cannot convert float (NaN|infinity) to integer",
        "A number is {0} by this line: look for a division by 0 or an overflow before it.",
    ),
    Rule("LinAlgError", "Singular", "The matrix has no inverse here."),
    Rule("RecursionError", "", _endless),
    Rule("AssertionError", "", _own_assertion),
    Rule("StopIteration", "", "next() found nothing left: is the loop over it done already?"),
    Rule(
        "ValueError",
        r"^(?:max|min)\(\) (?:arg is an empty|iterable argument is empty)",
        "The list is empty here: usually nothing matched, which the code must allow for.",
    ),
    Rule("EOFError", "", "Nobody answers here: leave out input()."),
    Rule(
        "FileNotFoundError PermissionError",
        "",
        "A graded function gets everything it needs as arguments: leave files out of it.",
    ),
)
