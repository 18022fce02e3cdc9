"""Running a student's file statement by statement: one that raises costs itself, and not the file."""

from __future__ import annotations
import __future__

import ast
import contextlib
import linecache
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType

from autograder.notebook import cell_of
from autograder.portable import plain_text
from autograder.sandbox.definitions_only import definitions_of
from autograder.sandbox.importing import Importer
from autograder.sandbox.imports import FailedImports, describe
from autograder.sandbox.source_tree import SourceTree, Unit

MOST_PROBLEMS = 200
SOURCE_CHARACTERS = 200

DefinitionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
LoadProblem = tuple[str, int, str, str]  # file, line, the statement's first line, the exception


class StatementRunner:
    """Runs the files of one submission. `definitions` keeps each function as its `def` made it."""

    def __init__(
        self, folder: str, tree: SourceTree, definitions_only: bool, note: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._tree = tree
        self._definitions_only = definitions_only
        self._note = note
        self.importer = Importer(folder, tree, self.run)
        self._failed_imports = FailedImports(self.importer, self._execute, self.place)
        self.problems: list[LoadProblem] = []
        self.failed: dict[tuple[str, str], LoadProblem] = {}
        self.definitions: dict[tuple[str, str], object] = {}
        self._flags: dict[str, int] = {}

    def run(self, unit: Unit, module: ModuleType) -> None:
        """Run a file in its module. Raises SyntaxError where the file cannot be read, nothing else."""
        source = self._tree.sources[unit.path]
        tree = _read(source, unit.path)
        lines = source.split("\n")
        full_path = os.path.join(self._folder, unit.path)
        _remember((unit.path, full_path), lines)
        self._flags[unit.path] = _future_flags(tree)
        with _as_script(full_path), self.importer.own_names():
            for index, statement in enumerate(tree.body):
                if index and _is_text(statement):
                    continue  # compiled alone, it would become the module's docstring
                kept = definitions_of(statement) if self._definitions_only else statement
                if kept is not None:
                    self._statement(kept, unit, module, lines)

    def place(self, path: str, line: int) -> str:
        """A line of a file in words; in a notebook by its cell."""
        if path.endswith(".ipynb"):
            cell, line = cell_of(self._tree.sources[path], line)
            return f"cell {cell} line {line} of {path}"
        return f"line {line} of {path}"

    def _statement(self, node: ast.stmt, unit: Unit, module: ModuleType, lines: list[str]) -> None:
        try:
            self._execute(node, unit, module)
        except BaseException as error:
            failure: BaseException | None = error
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                failure = self._failed_imports.bind(node, unit, module)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                failure = self._define_bare(node, unit, module, error)
            if failure is not None:
                self._record(node, unit, failure, lines)
                return
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.definitions[unit.path, node.name] = vars(module).get(node.name)

    def _execute(self, node: ast.stmt, unit: Unit, module: ModuleType) -> None:
        exec(self._compile(node, unit), vars(module))

    def _compile(self, node: ast.stmt, unit: Unit) -> CodeType:
        flags = self._flags.get(unit.path, 0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(ast.Module([node], []), unit.path, "exec", flags, dont_inherit=True)

    def _define_bare(
        self, node: DefinitionNode, unit: Unit, module: ModuleType, error: BaseException
    ) -> BaseException | None:
        """A function is worth more than its annotations, its decorators and its default values."""
        left_out = []
        for what, strip in _LEFT_OUT.items():
            if not strip(node):
                continue
            left_out.append(what)
            with contextlib.suppress(BaseException):
                self._execute(node, unit, module)
                place, without = self.place(unit.path, node.lineno), " and ".join(left_out)
                self._note(
                    f"`{node.name}` ({place}) was loaded without its {without}: {describe(error, 200)}"
                )
                return None
        return error

    def _record(self, node: ast.stmt, unit: Unit, error: BaseException, lines: list[str]) -> None:
        source = lines[node.lineno - 1].strip() if node.lineno <= len(lines) else ""
        source, text = plain_text(source[:SOURCE_CHARACTERS]), plain_text(describe(error))
        problem = (unit.path, node.lineno, source, text)
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        for name in _bound(node):
            self.failed[unit.path, name] = problem


def _read(source: str, path: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)  # type: ignore[return-value]


def _remember(names: tuple[str, str], lines: list[str]) -> None:
    """Tracebacks and inspect.getsource show what was executed: of a notebook, there is no such file."""
    ended = [f"{line}\n" for line in lines]
    for name in names:
        linecache.cache[name] = (sum(map(len, ended)), None, ended, name)


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


@contextlib.contextmanager
def _as_script(full_path: str) -> Iterator[None]:
    """A data file is looked for beside the file that reads it; a command line has no arguments."""
    before, arguments = _current_folder(), sys.argv
    with contextlib.suppress(OSError):
        os.chdir(os.path.dirname(full_path))
    sys.argv = [full_path]
    try:
        yield
    finally:
        sys.argv = arguments
        with contextlib.suppress(OSError):
            os.chdir(before)


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return os.sep


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _strip_annotations(node: DefinitionNode) -> bool:
    """Remove them here and below; was there anything to remove?"""
    removed = False
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg) and inner.annotation is not None:
            inner.annotation, removed = None, True
        elif isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner.returns is not None:
            inner.returns, removed = None, True
    return removed


def _strip_decorators(node: DefinitionNode) -> bool:
    if isinstance(node, ast.ClassDef) or not node.decorator_list:
        return False
    node.decorator_list = []
    return True


def _strip_defaults(node: DefinitionNode) -> bool:
    """Let default values be None: graded calls pass every argument that matters."""
    if isinstance(node, ast.ClassDef) or not (node.args.defaults or any(node.args.kw_defaults)):
        return False
    none = ast.copy_location(ast.Constant(None), node)
    node.args.defaults = [none] * len(node.args.defaults)
    node.args.kw_defaults = [default and none for default in node.args.kw_defaults]
    return True


_LEFT_OUT: dict[str, Callable[[DefinitionNode], bool]] = {
    "annotations": _strip_annotations,
    "decorators": _strip_decorators,
    "default values": _strip_defaults,
}


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement would have defined."""
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(inner.name)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, ast.alias):
            names.add(inner.asname or inner.name)
    return names
