"""What a crash usually means: one sentence for the common ones, nothing for the rest.

The rules stand in crash_rules/, the most specific first. A sentence says "usually" where the message alone
does not settle it; it tells shapes, keys and settings of the call, never values.
"""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.crash_rules.calls import CALL_RULES
from autograder.crash_rules.crash import Crash, named
from autograder.crash_rules.indices import INDEX_RULES
from autograder.crash_rules.names import NAME_RULES
from autograder.crash_rules.numbers import NUMBER_RULES
from autograder.crash_rules.shapes import SHAPE_RULES
from autograder.crash_rules.tensors import TENSOR_RULES
from autograder.signature import Signature
from autograder.values import Failure

RULES = (*TENSOR_RULES, *SHAPE_RULES, *INDEX_RULES, *NUMBER_RULES, *NAME_RULES, *CALL_RULES)
_IMPORT_ERROR = re.compile(r"stopped with (\w+)(?:: )?(.*)", re.DOTALL)


def explain(failure: Failure, *, function: str, signature: Signature, arguments: tuple) -> str:
    """What the crash of `function(*arguments)` usually means, in a sentence or two, or ""."""
    by_kind = {"raised": _raised, "stub": _stub, "memory": _memory, "died": _died, "import": _import}
    crash = Crash(failure, function, signature, arguments)
    return by_kind[failure.kind](crash) if failure.kind in by_kind else ""


def _raised(crash: Crash) -> str:
    if crash.source.startswith("raise"):
        return "This `raise` is in your own file: look at the condition that leads to it."
    # NumPy raises a class of its own, derived from MemoryError.
    return _memory(crash) if crash.failure.type_name.endswith("MemoryError") else _first(crash)


def _first(crash: Crash) -> str:
    return next(filter(None, (rule.explain(crash) for rule in RULES)), "")


def _stub(crash: Crash) -> str:
    if not crash.failure.frames:
        return ""
    inner = crash.failure.frames[-1].function
    if not crash.in_function and inner != crash.failure.frames[0].function:
        return f"It calls {named(inner)}, which still raises NotImplementedError: finish that one first."
    return "The template's NotImplementedError is still in place: remove it when your code stands there."


def _memory(crash: Crash) -> str:
    found = re.search(r"for an array with shape (\([\d, ]+\))", crash.message)
    if not found:
        return ""
    return (
        f"An array of shape {named(found[1])} was to be made. Is an axis too long, or one too many? "
        "(N, 1) and (N,) broadcast to (N, N)."
    )


def _died(crash: Crash) -> str:
    if crash.failure.type_name not in ("SIGSEGV", "SIGBUS"):
        return ""
    return (
        "In Python this usually comes from as_strided with a shape or strides that reach outside the array, "
        "or from recursion without an end."
    )


def _import(crash: Crash) -> str:
    """The error that stopped a file stands in the message, behind the line that raised it."""
    found = _IMPORT_ERROR.search(crash.message)
    if found:
        failure = replace(crash.failure, type_name=found[1], message=found[2])
        crash = replace(crash, failure=failure)
    return _first(crash)
