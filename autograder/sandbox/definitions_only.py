"""What is left of a file when only its definitions are run: a second try after the first took too long."""

from __future__ import annotations

import ast

_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_QUICK_CALLS = """
    int float str bool tuple list dict set frozenset range len array asarray zeros ones eye full arange sqrt
    log exp finfo iinfo partial lru_cache cache wraps vectorize namedtuple defaultdict TypeVar NewType
    default_rng RandomState device get getLogger join dirname abspath Path
    open read load loads
"""
_LAZY = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)
_SLOW = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Await, ast.Yield, ast.YieldFrom)


def definitions_of(node: ast.stmt) -> ast.stmt | None:
    """The part of a top-level statement that defines something without computing, or None."""
    if isinstance(node, _DEFINING):
        return node
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return node if node.value is not None and _is_quick(node.value) else None
    if isinstance(node, ast.With) and all(_is_quick(item.context_expr) for item in node.items):
        node.body = _all(node.body) or [_nothing(node)]
        return node
    if isinstance(node, ast.If) and _is_quick(node.test):
        node.body, node.orelse = _all(node.body) or [_nothing(node)], _all(node.orelse)
        return node
    if isinstance(node, ast.Try):
        node.body = _all(node.body) or [_nothing(node)]
        for handler in node.handlers:
            handler.body = _all(handler.body) or [_nothing(node)]
        node.orelse, node.finalbody = _all(node.orelse), _all(node.finalbody)
        return node if node.handlers or node.finalbody else None
    return node if isinstance(node, ast.Pass) else None


def _all(body: list[ast.stmt]) -> list[ast.stmt]:
    return [kept for statement in body if (kept := definitions_of(statement)) is not None]


def _nothing(node: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Pass(), node)


def _is_quick(value: ast.expr) -> bool:
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _SLOW) or (isinstance(node, ast.Call) and not _is_quick_call(node)):
            return False
        if not isinstance(node, _LAZY):
            waiting += ast.iter_child_nodes(node)
    return True


def _is_quick_call(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Call):  # lru_cache(maxsize=None)(compute)
        return _is_quick_call(function)
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _QUICK_CALLS.split()
