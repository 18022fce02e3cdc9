"""Is a function still what the template had, with nothing filled in? Read from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_Value = Literal["nothing", "zero", "something"]

_SET_UP_CALLS = {"get", "pop", "setdefault", "range", "len", "print"}
_BLANK_CALLS = {"zeros", "zeros_like", "empty", "empty_like"}
_SET_UP_NODES = (
    *(ast.Expr, ast.Pass, ast.Assign, ast.If, ast.For, ast.Return),
    *(ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Dict, ast.Constant),
    *(ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Call, ast.keyword, ast.expr_context),
    *(ast.cmpop, ast.boolop, ast.unaryop),
)
_KEPT = ("cache", "config", "param")


def is_stub(function: FunctionNode) -> bool:
    """Does this function do nothing but what a template does?

    It raises NotImplementedError before it returns anything; or it only unpacks and names things, and
    every value that it returns (caches and its own arguments aside) is None, or zeros never written to.
    """
    body = _without_docstring(function.body)
    if _raises_not_implemented(body):
        return True
    nodes = list(_nodes(body))
    if not all(map(_is_set_up, nodes)):
        return False
    arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    if any(_writes_into(node, arguments) for node in nodes):
        return False
    values = _assigned(nodes)
    returns = [node.value for node in nodes if isinstance(node, ast.Return)]
    return all(_is_nothing(value, values, arguments) for value in returns)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if has_docstring else body


def _raises_not_implemented(body: list[ast.stmt]) -> bool:
    for statement in body:
        if isinstance(statement, ast.Raise):
            error = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
            return isinstance(error, ast.Name) and error.id == "NotImplementedError"
        if any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return False
    return False


def _nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes below, but not those of `raise` and `assert`: a template checks its arguments, too."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (ast.Raise, ast.Assert)):
            yield node
            waiting += ast.iter_child_nodes(node)


def _is_set_up(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _called(node) in _SET_UP_CALLS | _BLANK_CALLS
    return isinstance(node, _SET_UP_NODES)


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _writes_into(node: ast.AST, arguments: set[str]) -> bool:
    """An element of something other than an argument is set: work is done on a result."""
    if not isinstance(node, (ast.Subscript, ast.Attribute)) or not isinstance(node.ctx, ast.Store):
        return False
    return not (isinstance(node.value, ast.Name) and node.value.id in arguments)


def _assigned(nodes: list[ast.AST]) -> dict[str, set[_Value]]:
    values: dict[str, set[_Value]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _pairs(target, node.value):
                    values.setdefault(name, set()).add(_kind(value))
        elif isinstance(node, ast.For):
            for name, _ in _pairs(node.target, node.iter):
                values.setdefault(name, set()).add("something")
    return values


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        parts: list[ast.expr] | list[None] = value.elts if isinstance(value, ast.Tuple) else []
        if len(parts) != len(target.elts):
            parts = [None] * len(target.elts)
        for inner, part in zip(target.elts, parts, strict=True):
            yield from _pairs(inner, part)


def _kind(value: ast.expr | None) -> _Value:
    if isinstance(value, ast.Constant):
        if value.value is None:
            return "nothing"
        is_number = isinstance(value.value, (int, float)) and not isinstance(value.value, bool)
        return "zero" if is_number and value.value == 0 else "something"
    if isinstance(value, ast.Call) and _called(value) in _BLANK_CALLS:
        return "nothing"
    return "something"


def _is_nothing(value: ast.expr | None, values: dict[str, set[_Value]], arguments: set[str]) -> bool:
    if value is None:
        return True
    elements = value.elts if isinstance(value, ast.Tuple) else [value]
    results = [element for element in elements if not _is_kept(element, arguments)]
    kinds: set[_Value] = set()
    for element in results:
        if isinstance(element, ast.Name):
            kinds |= values.get(element.id, {"something"})
        else:
            is_none = isinstance(element, ast.Constant) and element.value is None
            kinds.add("nothing" if is_none else "something")
    return "nothing" in kinds and "something" not in kinds


def _is_kept(element: ast.expr, arguments: set[str]) -> bool:
    if not isinstance(element, ast.Name):
        return False
    return element.id in arguments or any(part in element.id for part in _KEPT)
