"""Whether student code left anything in its process that a later call could see.

A test may go on in the process of an earlier one only where that left it as it was. Everything that can
change and that the submission's modules reach is compared with a copy made before the first test:
variables, containers, arrays, functions' defaults, closures and attributes, classes, instances. What
cannot be compared (a random generator, an lru_cache) counts as changed, so in doubt a test has a new process.

The answer comes out of the process that it is about. One that lies mixes up its own tests, nobody else's.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import gc
import io
import operator
import os
import random
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, GenericAlias, MethodType, ModuleType
from typing import Any

import numpy as np

MOST_VALUES = 5_000  # comparing more takes longer than a new process
MOST_ARRAY_BYTES = 4 << 20
CPU_SECONDS = 2.0  # what one process may use before the next test gets a new one
MEMORY_BYTES = 48 << 20
_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
_PLAIN = {type(None), bool, int, float, complex, str, bytes, range, type(...), type(NotImplemented)}
_STATELESS = (*_PLAIN, CodeType, GenericAlias, np.ufunc, np.generic, np.dtype, PurePath, ModuleType)
_STATELESS_NAMES = {
    "builtins": {
        "object",
        "wrapper_descriptor",
        "method_descriptor",
        "getset_descriptor",
        "classmethod_descriptor",
    },
    "types": {"UnionType"},
    "re": {"Pattern"},
    "__future__": {"_Feature"},
    "numpy": {"_ArrayFunctionDispatcher"},
}
_PARTS: dict[type, tuple[str, ...]] = {
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    MethodType: ("__func__", "__self__"),
    BuiltinFunctionType: ("__self__",),
    property: ("fget", "fset", "fdel"),
    functools.partial: ("func", "args", "keywords"),
    slice: ("start", "stop", "step"),
}
_RESEEDED = [random.random.__self__, np.random.rand.__self__]  # before every test (determinism.py)
# Of every module; the registry remembers which warnings were shown.
_PYTHONS_OWN = frozenset({"__builtins__", "__spec__", "__loader__", "__warningregistry__"})
_LIMITS = [getattr(resource, f"RLIMIT_{name}") for name in ("AS", "CPU", "DATA", "NOFILE", "STACK", "FSIZE")]
_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)


class CannotTell(Exception):
    """There is something whose state cannot be compared."""


class KeptState:
    """What a submission's modules hold after loading. Made once, before any test is forked.

    own: gives the submission's modules that are loaded by now.
    """

    def __init__(self, own: Callable[[], Sequence[ModuleType]]) -> None:
        self._own = own
        self._modules = list(own())
        self._surroundings = _surroundings()
        self._memory = self._cpu = 0.0
        self._copies: _Copies | None = None
        # torch keeps state in too many places; whoever uses it waits for seconds anyway.
        if "torch" not in sys.modules:
            with contextlib.suppress(Exception):  # CannotTell, or a property or a metaclass of the student's
                self._copies = _Copies(self._modules)

    def begin(self) -> None:
        """This process starts to serve tests."""
        self._memory, self._cpu = _most_memory(), time.process_time()

    def is_unchanged(self) -> bool:
        """Is this process as good as a new one?"""
        if self._copies is None:
            return False
        try:
            return (
                time.process_time() - self._cpu < CPU_SECONDS
                and _most_memory() - self._memory < MEMORY_BYTES
                and len(sys._current_frames()) == 1
                and "torch" not in sys.modules
                and _surroundings() == self._surroundings
                and list(self._own()) == self._modules
                and self._copies.are_right()
            )
        except Exception:  # an __eq__ of the student's, or one of an array
            return False


class _Copies:
    """Shallow copies of everything that can change, beside the originals."""

    def __init__(self, modules: Sequence[ModuleType]) -> None:
        self._names = {module.__name__ for module in modules}
        self._variables = {id(vars(module)) for module in modules}
        self._seen: dict[int, Any] = {}  # holds what it saw: no number may come to mean another object
        self._containers: list[tuple[Any, Any]] = []
        self._classes: list[tuple[type, dict[str, Any]]] = []
        self._arrays: list[tuple[np.ndarray, tuple[Any, ...]]] = []
        self._functions: list[tuple[FunctionType, list[Any]]] = []
        self._bytes = 0
        for module in modules:
            # Python adds it at a module's first warning.
            vars(module).setdefault("__warningregistry__", {})
            self._mapping(vars(module))

    def are_right(self) -> bool:
        return (
            all(container == copy for container, copy in self._containers)
            and all(vars(kind) == copy for kind, copy in self._classes)
            and all(_content(array) == copy for array, copy in self._arrays)
            and all(_are_identical(_parts(function), parts) for function, parts in self._functions)
        )

    def _look(self, value: Any) -> None:
        kind = type(value)
        if kind in _PLAIN or id(value) in self._seen:
            return
        self._seen[id(value)] = value
        if len(self._seen) > MOST_VALUES:
            raise CannotTell
        if kind is FunctionType:
            self._function(value)
        elif kind in (list, set):
            self._containers.append((value, kind(value)))
            self._all(value)
        elif kind in (tuple, frozenset):
            self._all(value)
        elif kind is dict:
            self._mapping(value)
        elif kind is np.ndarray:
            self._array(value)
        elif kind in _PARTS:
            self._all(getattr(value, name) for name in _PARTS[kind])
        elif isinstance(value, type):
            self._class(value)
        elif kind.__module__ in self._names:
            self._instance(value)
        elif not _is_stateless(value):
            raise CannotTell

    def _all(self, values: Iterable[Any]) -> None:
        for value in values:
            self._look(value)

    def _mapping(self, mapping: dict[Any, Any]) -> None:
        self._containers.append((mapping, dict(mapping)))
        self._all(mapping)
        self._all(value for name, value in mapping.items() if name not in _PYTHONS_OWN)

    def _function(self, function: FunctionType) -> None:
        if id(function.__globals__) not in self._variables:
            return  # an installed package's, whose state is not watched
        parts = _parts(function)
        self._functions.append((function, parts))
        self._all(parts)
        self._mapping(vars(function))

    def _class(self, kind: type) -> None:
        if kind.__module__ not in self._names:
            return
        self._classes.append((kind, dict(vars(kind))))
        self._all(kind.__bases__)
        self._all(value for name, value in vars(kind).items() if name not in _PYTHONS_OWN)

    def _instance(self, value: Any) -> None:
        for base in type(value).__mro__[:-1]:
            if base.__module__ not in self._names or "__slots__" in vars(base):
                raise CannotTell
        self._look(type(value))
        self._mapping(vars(value))

    def _array(self, array: np.ndarray) -> None:
        self._bytes += array.nbytes
        if array.dtype.hasobject or self._bytes > MOST_ARRAY_BYTES:
            raise CannotTell
        self._arrays.append((array, _content(array)))


def _is_stateless(value: Any) -> bool:
    if isinstance(value, io.IOBase):
        return value.closed
    if isinstance(value, _STATELESS) or any(value is each for each in _RESEEDED):
        return True
    kind = type(value)
    return (
        kind.__name__ in _STATELESS_NAMES.get(kind.__module__, ())
        or kind.__module__ == "typing"
        or kind.__name__ == "cython_function_or_method"  # NumPy's random functions
        or kind.__module__.startswith("autograder.")  # what stands in for a module that is missing
    )


def _parts(function: FunctionType) -> list[Any]:
    cells = function.__closure__ or ()
    return [function.__code__, function.__defaults__, function.__kwdefaults__, *map(_inside, cells)]


def _inside(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return None


def _are_identical(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return len(left) == len(right) and all(map(operator.is_, left, right))


def _content(array: np.ndarray) -> tuple[Any, ...]:
    return array.dtype, array.shape, array.flags.writeable, array.tobytes()


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES


def _surroundings() -> tuple[Any, ...]:
    """What a call can change outside its own modules, and the next one would notice."""
    return (
        np.geterr(),
        dict(vars(np)),
        dict(vars(builtins)),
        dict(os.environ),
        list(warnings.filters),
        sys.getrecursionlimit(),
        gc.isenabled(),
        (sys.gettrace(), sys.getprofile()),
        signal.getsignal(signal.SIGALRM),
        [signal.getitimer(timer) for timer in _TIMERS],
        [resource.getrlimit(limit) for limit in _LIMITS],
    )
