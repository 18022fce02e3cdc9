"""Which modules of this package a program needs: itself, and everything that they import in turn."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.errors import AutograderError


def needed_modules(package: Path, starts: Iterable[str]) -> list[Path]:
    """The files below the folder of `autograder` that the modules named in `starts` need, sorted.

    Imports inside functions count; those for type checkers do not. Raises AutograderError where one is
    missing.
    """
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        path = _file(package, name)
        if path is None:
            raise AutograderError(f"{name} is imported, but is no module of {package}")
        if path not in found:
            found.add(path)
            waiting += [name.rpartition(".")[0]] if "." in name else []
            waiting += _imported(package, path)
    return sorted(found)


def _imported(package: Path, path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _running(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package.name:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if _file(package, inner) is not None else str(node.module)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == package.name)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that is not below `if TYPE_CHECKING:`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _file(package: Path, name: str) -> Path | None:
    inner = package.joinpath(*name.split(".")[1:])
    return next((path for path in (inner.with_suffix(".py"), inner / "__init__.py") if path.is_file()), None)
