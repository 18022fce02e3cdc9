"""Names that NumPy had when course templates were written and has no longer, put back.

Only names that the installed NumPy lacks are answered. They stay out of its namespace: the module's own
`__getattr__` answers, so that each use can be noted for the student.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

STUDENT_PACKAGE = "submission"

# name -> what to write today. Looked up by attribute path in numpy, or as a built-in of Python.
_TODAY = {
    **{name: name for name in ("int", "float", "bool", "object", "complex", "str")},
    "long": "int",
    "unicode": "str",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "sometrue": "np.any",
    "alltrue": "np.all",
    "mat": "np.asmatrix",
    "in1d": "np.isin",
    "row_stack": "np.vstack",
    "trapz": "np.trapezoid",
    "round_": "np.round",
    "msort": "np.sort",
    "rank": "np.ndim",
    "alen": "len",
    "asfarray": "np.asarray",
    "find_common_type": "np.promote_types",
    "float_": "np.float64",
    "complex_": "np.complex128",
    "cfloat": "np.complex128",
    "singlecomplex": "np.complex64",
    "longfloat": "np.longdouble",
    "clongfloat": "np.clongdouble",
    "longcomplex": "np.clongdouble",
    "string_": "np.bytes_",
    "unicode_": "np.str_",
    "int0": "np.intp",
    "uint0": "np.uintp",
    "bool8": "np.bool_",
    "object0": "np.object_",
    "str0": "np.str_",
    "bytes0": "np.bytes_",
    "issubclass_": "issubclass",
    "issubsctype": "np.issubdtype",
    **dict.fromkeys(("Inf", "Infinity", "infty", "PINF"), "np.inf"),
    "NINF": "-np.inf",
    "NaN": "np.nan",
    "PZERO": "0.0",
    "NZERO": "-0.0",
    "asscalar": "a.item()",
    "fastCopyAndTranspose": "a.T.copy()",
    "disp": "print",
    "cast": "np.asarray(a, dtype=...)",
}


class _Cast(dict):
    """np.cast: a function for each type, `np.cast[float](a)`."""

    def __missing__(self, kind: Any) -> Callable[[Any], np.ndarray]:
        return lambda value: np.asarray(value).astype(kind)


_SPECIAL: dict[str, Any] = {
    "NINF": -np.inf,
    "PZERO": 0.0,
    "NZERO": -0.0,
    "asscalar": lambda array: np.asarray(array).item(),
    "asfarray": lambda array, dtype=np.float64: np.asarray(array, dtype=dtype),
    "fastCopyAndTranspose": lambda array: np.asarray(array).T.copy(),
    "msort": lambda array: np.sort(array, axis=0),
    "find_common_type": lambda arrays, scalars: np.result_type(*arrays, *scalars),
    "cast": _Cast(),
}


def restore(note: Callable[[str], None]) -> None:
    """Let NumPy answer for the names that it removed; calling again replaces `note`.

    note: gets one sentence for the first use of each name in code of the student's.
    """
    numpy_names = {name: _value(name, today) for name, today in _TODAY.items() if name not in vars(np)}
    _answer_for(np, "np", numpy_names, _TODAY, note)
    _answer_for(np.lib, "np.lib", {"pad": np.pad}, {"pad": "np.pad"}, note)


def _value(name: str, today: str) -> Any:
    if name in _SPECIAL:
        return _SPECIAL[name]
    if today.startswith("np."):
        return getattr(np, today[3:], None)
    return getattr(builtins, today)


def _answer_for(
    module: ModuleType, shown: str, values: dict[str, Any], today: dict[str, str], note: Callable[[str], None]
) -> None:
    own = vars(module).get("__getattr__")
    noted: set[str] = set()

    def __getattr__(name: str) -> Any:
        if name not in values:
            if own is None:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            return own(name)
        # Installed packages ask NumPy for old names, too; what they do is not the student's affair.
        asking = sys._getframe(1).f_globals.get("__name__") or ""
        if name not in noted and str(asking).partition(".")[0] == STUDENT_PACKAGE:
            noted.add(name)
            note(f"{shown}.{name} was removed from NumPy; write {today[name]}.")
        return values[name]

    module.__getattr__ = __getattr__  # type: ignore[method-assign]
