"""Import statements that fail: what can be imported is, the rest is bound to stand-ins."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable
from types import ModuleType

from autograder.sandbox.importing import Importer
from autograder.sandbox.source_tree import Unit
from autograder.sandbox.standins import StandIn

ImportNode = ast.Import | ast.ImportFrom
_PATH = re.compile(r" \((/[^)]*|unknown location)\)$")


class FailedImports:
    """Binds the names of import statements that raised, one by one.

    execute: runs one statement in a module. place: a line of a file in words.
    """

    def __init__(
        self,
        importer: Importer,
        execute: Callable[[ast.stmt, Unit, ModuleType], None],
        place: Callable[[str, int], str],
    ) -> None:
        self._importer = importer
        self._execute = execute
        self._place = place

    def bind(self, node: ImportNode, unit: Unit, module: ModuleType) -> BaseException | None:
        """Bind each name of a failed import; gives the error of a `*`, which nothing can stand in for."""
        failure = None
        for alias in node.names:
            single = _single(node, alias)
            try:
                self._execute(single, unit, module)
            except BaseException as error:
                if alias.name == "*" and not self._bind_own(node, alias, unit, module):
                    failure = error
                elif alias.name != "*":
                    self._bind_one(node, alias, unit, module, error)
        return failure

    def _bind_one(
        self, node: ImportNode, alias: ast.alias, unit: Unit, module: ModuleType, error: BaseException
    ) -> None:
        if isinstance(node, ast.ImportFrom):
            name = alias.asname or alias.name
            if self._bind_own(node, alias, unit, module):
                return
        else:
            package = alias.name.partition(".")[0]
            name = alias.asname or package
            if name == package != alias.name:
                with contextlib.suppress(BaseException):
                    self._execute(_single(node, ast.alias(package)), unit, module)
                    return
        vars(module)[name] = StandIn(self._reason(node, alias, unit, error))

    def _bind_own(self, node: ImportNode, alias: ast.alias, unit: Unit, module: ModuleType) -> bool:
        """The submission's own file of that name may be meant: its package was not handed in, perhaps,
        or an installed module has the same name."""
        parts = [part for part in (getattr(node, "module", None) or "").split(".") if part]
        try:
            own = self._importer.nearest(parts, unit.folder)
        except BaseException:
            return False
        if own is None or own is module:
            return False
        if alias.name == "*":
            public = getattr(own, "__all__", [name for name in vars(own) if not name.startswith("_")])
            vars(module).update({name: vars(own)[name] for name in public if name in vars(own)})
            return True
        if alias.name not in vars(own):
            return False
        vars(module)[alias.asname or alias.name] = vars(own)[alias.name]
        return True

    def _reason(self, node: ImportNode, alias: ast.alias, unit: Unit, error: BaseException) -> str:
        source = alias.name
        if isinstance(node, ast.ImportFrom):
            source = "." * node.level + ".".join(filter(None, (node.module, alias.name)))
        why = _PATH.sub("", describe(error))
        return (
            f"{self._place(unit.path, node.lineno)} imports `{source}`, which is not available here "
            f"({why}); your code uses it now"
        )


def describe(error: BaseException, length: int = 500) -> str:
    """An exception in one line. The student's own `__str__` may raise, too."""
    try:
        text = str(error)
    except BaseException:
        text = ""
    shown = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return " ".join(shown.split())[:length]


def _single(node: ImportNode, alias: ast.alias) -> ImportNode:
    if isinstance(node, ast.ImportFrom):
        single: ImportNode = ast.ImportFrom(node.module, [alias], node.level)
    else:
        single = ast.Import([alias])
    return ast.copy_location(single, node)
