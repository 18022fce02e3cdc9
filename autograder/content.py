"""Loading an assignment's own Python files: the graded cases and the answer key.

Both folders become packages, so that their files can import each other relatively.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import traceback
import unittest
from collections.abc import Callable, Iterable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import AssignmentError


def load_cases_from(folder: Path, shown_as: str, package: str) -> list[type[unittest.TestCase]]:
    """The TestCase classes that the folder's own .py files define, by file name, then as written.

    Files that start with an underscore are not case files; case files may import them. A module's name is
    the package's and the file's, whatever the folder's place on the disk. Raises AssignmentError.
    """
    files = sorted(file for file in folder.glob("*.py") if not file.name.startswith("_"))
    if not files:
        raise AssignmentError(f"{shown_as}: holds no case files; `cases` must name a folder with .py files")
    _make_package(folder, package)
    modules = [import_file(package, file, f"{shown_as}/{file.name}") for file in files]
    return [value for module in modules for value in vars(module).values() if _is_case_of(value, module)]


def load_functions_from(
    folder: Path, shown_as: str, files: dict[str, list[str]]
) -> dict[str, Callable[..., Any]]:
    """The named functions of the folder's files: {"layers.py": ["softmax"]} -> {"softmax": function}.

    Raises AssignmentError where a file or a function is missing or a file cannot be imported.
    """
    package = package_of(folder)
    functions = {}
    for file, names in files.items():
        if not (folder / file).is_file():
            raise AssignmentError(f"{shown_as}/{file}: is missing; it must define {', '.join(names)}")
        module = import_file(package, folder / file, f"{shown_as}/{file}")
        for name in names:
            functions[name] = _function(module, name, f"{shown_as}/{file}")
    return functions


def _function(module: ModuleType, name: str, shown_as: str) -> Callable[..., Any]:
    function: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(function):
        raise AssignmentError(f"{shown_as}: must define the function {name}, as [functions] declares it")
    return function


def _is_case_of(value: Any, module: ModuleType) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, unittest.TestCase)
        and value.__module__ == module.__name__
    )


def package_of(folder: Path) -> str:
    """The name of the package that the folder's files are imported as; the package is made if need be."""
    # Where `import reference` finds this very folder, tests and mistakes that import it must get the same
    # function objects; elsewhere a name of its own keeps two projects in one process apart.
    name = folder.name
    if name.isidentifier() and _finds(name, folder):
        return name
    name = f"{name}_{hashlib.sha256(bytes(folder.resolve())).hexdigest()[:16]}"
    if name not in sys.modules:
        _make_package(folder, name)
    return name


def _finds(name: str, folder: Path) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    places: Iterable[str] = (spec and spec.submodule_search_locations) or ()
    return folder.resolve() in [Path(place).resolve() for place in places]


def _make_package(folder: Path, name: str) -> None:
    for loaded in [module for module in sys.modules if module == name or module.startswith(name + ".")]:
        del sys.modules[loaded]
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder.resolve())]
    sys.modules[name] = importlib.util.module_from_spec(spec)
    importlib.invalidate_caches()


def import_file(package: str, file: Path, shown_as: str) -> ModuleType:
    """A file of one of our packages as a module. Raises AssignmentError with the file and the line."""
    try:
        return importlib.import_module(f"{package}.{file.stem}")
    except (Exception, SystemExit) as error:
        line = _line_of(error, file)
        reason = f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"
        raise AssignmentError(f"{shown_as}, line {line}: cannot be imported: {reason}") from error


def _line_of(error: BaseException, file: Path) -> int:
    if isinstance(error, SyntaxError) and error.filename and _same_file(error.filename, file):
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if _same_file(frame.filename, file)]
    return lines[-1] or 1 if lines else 1


def _same_file(name: str, file: Path) -> bool:
    return Path(name).resolve() == file.resolve()
