"""What a file defines at its top level, and what it hides elsewhere, read from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from autograder.stubs import is_stub

_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")


@dataclass(frozen=True)
class Definition:
    """One place where a file gives a top-level name a function.

    in_block: inside a top-level `if`, `try`, `with` or loop, where several can stand for one.
    module, original: for kind "import", where the name comes from and what it is called there.
    """

    name: str
    line: int
    kind: Literal["function", "assignment", "import"]
    is_stub: bool = False
    in_block: bool = False
    module: str = ""
    original: str = ""


@dataclass(frozen=True)
class Hidden:
    """A function that exists but cannot be called from outside; `where` reads after "it is"."""

    name: str
    line: int
    where: str
    remedy: str


@dataclass
class Outline:
    """What one file offers: the definitions of each name, and what is hidden, in the order of the file."""

    path: str
    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    hidden: list[Hidden] = field(default_factory=list)
    imports_torch: bool = False

    def defining(self, name: str) -> Definition | None:
        """The definition that counts once the file has run: the last, as in Python.

        Of several in blocks it cannot be known which one runs; the last that is no stub stands for all.
        """
        found = self.all_of(name)
        if not found or not found[-1].in_block:
            return found[-1] if found else None
        filled = [each for each in found if each.in_block and not each.is_stub]
        return (filled or found)[-1]

    def all_of(self, name: str) -> list[Definition]:
        return self.definitions.get(name, [])


def outline(path: str, tree: ast.Module) -> Outline:
    """Collect what a file's syntax tree defines."""
    found = Outline(path)
    for statement, in_block in _statements(tree, found):
        for definition in _definitions(statement, in_block):
            found.definitions.setdefault(definition.name, []).append(definition)
        found.hidden += _hidden(statement)
    found.imports_torch = any(map(_imports_torch, ast.walk(tree)))
    return found


def _statements(tree: ast.Module, found: Outline) -> Iterator[tuple[ast.stmt, bool]]:
    """Every statement that runs when the file is loaded, without recursion: nesting may be hostile."""
    waiting: list[tuple[ast.AST, bool]] = [(statement, False) for statement in reversed(tree.body)]
    while waiting:
        node, in_block = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node, in_block
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        inner = [child for block in _BLOCKS for child in getattr(node, block, ())]
        if isinstance(node, ast.If) and _is_main_guard(node):
            main = 'inside `if __name__ == "__main__":`, which does not run here'
            found.hidden += _functions(node.body, main, "move it out of that block")
            inner = node.orelse
        waiting += [(child, True) for child in reversed(inner)]


def _is_main_guard(node: ast.If) -> bool:
    if not isinstance(node.test, ast.Compare):
        return False
    sides = (node.test.left, *node.test.comparators)
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def _definitions(node: ast.stmt, in_block: bool) -> Iterator[Definition]:
    line = node.lineno
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield Definition(node.name, line, "function", is_stub(node), in_block)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            for name, value in _named(target, node.value):
                if _may_be_function(value):
                    yield Definition(name, line, "assignment", in_block=in_block)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            module = "." * node.level + (node.module or "")
            yield Definition(alias.asname or alias.name, line, "import", False, in_block, module, alias.name)


def _named(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        values = value.elts if isinstance(value, ast.Tuple) else []
        if len(values) == len(target.elts):
            for inner, part in zip(target.elts, values, strict=True):
                if isinstance(inner, ast.Name):
                    yield inner.id, part


def _may_be_function(value: ast.expr | None) -> bool:
    return isinstance(value, (ast.Lambda, ast.Name, ast.Attribute, ast.Call, ast.IfExp, ast.Subscript))


def _hidden(node: ast.stmt) -> Iterator[Hidden]:
    if isinstance(node, ast.ClassDef):
        yield Hidden(node.name, node.lineno, "a class", "define a function of that name")
        remedy = "define it at the top level of the file"
        yield from _functions(node.body, f"a method of class `{node.name}`", remedy)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        remedy = "define it at the top level of the file, without indentation"
        inside = [child for statement in node.body for child in ast.walk(statement)]
        yield from _functions(inside, f"defined inside the function `{node.name}`", remedy)


def _functions(nodes: list, where: str, remedy: str) -> Iterator[Hidden]:
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Hidden(node.name, node.lineno, where, remedy)


def _imports_torch(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] == "torch" for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] == "torch"
    return False
