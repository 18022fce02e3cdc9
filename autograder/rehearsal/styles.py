"""Correct submissions in several styles, with one function of each written wrong.

A submission is the answer key's code in a namespace of its own, so that what calls a wrong function is wrong
with it. A style is how a submission computes and what it returns; the wrong function is written in it, too.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.function_spec import FunctionSpec

Function = Callable[..., Any]
Style = Callable[[Function, FunctionSpec], Function]


def submission(
    functions: Mapping[str, Function],
    specs: Mapping[str, FunctionSpec],
    style: Style,
    wrong: Mapping[str, Function] | None = None,
) -> dict[str, Function]:
    """The functions of a submission by name: `functions`, which use each other, with the `wrong` ones."""
    namespace: dict[str, Any] = {}
    for function in functions.values():
        namespace.update(function.__globals__)
    own = {function.__module__ for function in functions.values()}
    for name, value in list(namespace.items()):
        if isinstance(value, types.FunctionType) and value.__module__ in own:
            namespace[name] = types.FunctionType(value.__code__, namespace, name, value.__defaults__)
    namespace.update(wrong or {})
    return {name: style(namespace[name], specs[name]) for name in functions}


def as_the_key(function: Function, spec: FunctionSpec) -> Function:
    """float64, written as the answer key and the catalogue write it."""
    return function


def float32_throughout(function: Function, spec: FunctionSpec) -> Function:
    """Every array is made float32 first, and every number that comes back is float32."""
    return _Written(function, spec, _single, _returned_single)


def float32_inside(function: Function, spec: FunctionSpec) -> Function:
    """Every array is made float32 first; float(loss) or a division by np.sqrt(d) gives float64 back."""
    return _Written(function, spec, _single, lambda value: value)


def backwards_with_lists(function: Function, spec: FunctionSpec) -> Function:
    """Another order of summation, and other containers.

    Every sum and every product of matrices adds up from the last term to the first, quotients are products
    with the reciprocal, and square roots are powers of 0.5. Arrays come back as nested lists, caches are
    objects.
    """
    return _Written(function, spec, _backwards, _listed, _Cache)


STYLES: tuple[Style, ...] = (as_the_key, float32_throughout, float32_inside, backwards_with_lists)


class _Cache:
    def __init__(self, value: Any) -> None:
        self.value = value


class _Written:
    """A function with its arguments and its returned values put into another form; caches are left alone."""

    def __init__(
        self,
        function: Function,
        spec: FunctionSpec,
        given: Function,
        returned: Function,
        cache: Function = lambda value: value,
    ) -> None:
        self._function, self._signature = function, spec.signature
        self._given, self._returned, self._cache = given, returned, cache

    def __call__(self, *arguments: Any) -> Any:
        names = self._signature.parameters
        given = [
            (argument.value if isinstance(argument, _Cache) else argument)
            if name.endswith("cache")
            else _mapped(argument, self._given)
            for name, argument in zip(names, arguments, strict=False)
        ]
        before = [dict(each) if isinstance(each, dict) else {} for each in given]
        value = self._function(*given)
        for argument, each, old in zip(arguments, given, before, strict=True):
            if isinstance(argument, dict):
                argument.update({key: each[key] for key in each if each[key] is not old.get(key)})
        return self._answer(value)

    def _answer(self, value: Any) -> Any:
        kept = self._signature.kept
        if not kept or not isinstance(value, tuple):
            return _mapped(value, self._returned)
        return tuple(
            self._cache(item) if index in kept else _mapped(item, self._returned)
            for index, item in enumerate(value)
        )


def _mapped(value: Any, change: Function) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_mapped(item, change) for item in value)
    return change(value) if isinstance(value, (np.ndarray, np.floating, float)) else value


def _single(value: Any) -> Any:
    is_array = isinstance(value, np.ndarray) and value.dtype == np.float64
    return value.astype(np.float32) if is_array else value


def _returned_single(value: Any) -> Any:
    return np.float32(value) if isinstance(value, (float, np.float64)) else _single(value)


def _backwards(value: Any) -> Any:
    return value.view(Backwards) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def _listed(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


class Backwards(np.ndarray):
    """An array that adds up from the last term to the first; what is computed from it does so, too."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any
    ) -> Any:
        plain = [_plain(each) for each in inputs]
        where = {} if out is None else {"out": tuple(map(_plain, out))}
        if ufunc is np.add and method == "reduce":
            plain[0] = np.flip(plain[0], _axes(plain[0], options.get("axis", 0)))
        elif ufunc is np.matmul and method == "__call__":
            plain = _turned(*plain)
        elif ufunc is np.true_divide and method == "__call__":
            ufunc, plain = np.multiply, [plain[0], np.true_divide(1.0, plain[1])]
        elif ufunc is np.sqrt and method == "__call__":
            ufunc, plain = np.power, [plain[0], 0.5]
        value = getattr(ufunc, method)(*plain, **where, **options)
        return value if out is not None and method == "at" else out[0] if out else _wrapped(value)

    def __array_function__(self, function: Function, kinds: Any, arguments: Any, options: Any) -> Any:
        if function is np.einsum:
            return _wrapped(_einsum(*map(_plain, arguments)))
        return _wrapped(super().__array_function__(function, kinds, arguments, options))


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Backwards) else value


def _wrapped(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(_wrapped, value))
    return _backwards(value) if type(value) is np.ndarray and value.ndim else value


def _axes(array: np.ndarray, axis: Any) -> Any:
    return tuple(range(array.ndim)) if axis is None else axis


def _turned(left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    """The terms of a product of matrices in reverse order."""
    return [left[..., ::-1], right[..., ::-1, :] if np.ndim(right) > 1 else right[::-1]]


def _einsum(subscripts: str, *operands: np.ndarray) -> np.ndarray:
    terms, result = subscripts.split("->")
    turned: Sequence[np.ndarray] = [
        np.flip(operand, [axis for axis, letter in enumerate(letters) if letter not in result])
        for letters, operand in zip(terms.split(","), operands, strict=True)
    ]
    return np.einsum(subscripts, *turned)
