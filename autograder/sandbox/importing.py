"""How a submission's import statements find their modules.

Installed packages come first, so that a student's numpy.py or random.py hides nothing. Then the
submission's own files, from the importing file's folder upwards, else wherever they lie. Each file is
one module object, however many names lead to it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.sandbox import inert, python2
from autograder.sandbox.source_tree import ROOT, Parts, SourceTree, Unit

_PROJECT = str(Path(__file__).resolve().parents[2])
_IMPORT_SYSTEM = ("importlib", "importlib._bootstrap", "importlib._bootstrap_external")
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


class Importer:
    """The one finder for everything that a submission imports; first in sys.meta_path while it is there.

    execute: runs a file in its module; called once per file.
    """

    def __init__(self, folder: str, tree: SourceTree, execute: Callable[[Unit, ModuleType], None]) -> None:
        self._folder = folder
        self._tree = tree
        self._execute = execute
        self._modules: dict[str, ModuleType] = {}
        self._started: set[str] = set()
        self._aliases: set[str] = set()
        self._installed_path: list[str] = []

    def install(self) -> None:
        """Take over from any earlier submission of this process."""
        for earlier in [finder for finder in sys.meta_path if isinstance(finder, Importer)]:
            earlier.remove()
        # A path entry inside the submission or the autograder would let their files pass as installed.
        self._installed_path = [entry for entry in sys.path if self._is_for_packages(entry)]
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        sys.meta_path.remove(self)
        for name in [name for name in sys.modules if name == ROOT or name.startswith(f"{ROOT}.")]:
            del sys.modules[name]
        for name in self._aliases:
            sys.modules.pop(name, None)

    def load(self, path: str) -> ModuleType:
        """Load the file at `path`, and the packages around it. Raises SyntaxError if it cannot be read."""
        unit = self._tree.at(path)
        if unit is None:
            raise FileNotFoundError(path)
        module = importlib.import_module(unit.name)
        self._run(unit, module)
        return module

    def modules(self) -> list[ModuleType]:
        """The modules of the submission's files that were begun."""
        return list(self._modules.values())

    def nearest(self, parts: list[str], start: Parts) -> ModuleType | None:
        """The submission's own module that a failed import most likely meant, leading packages ignored."""
        for first in range(len(parts)):
            unit = self._tree.find(parts[first:], start)
            if unit is not None and unit.path:
                return importlib.import_module(unit.name)
        return None

    @contextlib.contextmanager
    def own_names(self) -> Iterator[None]:
        """While a file runs, names like `utils` mean what is nearest to it, whatever others call so."""
        saved = {name: sys.modules.pop(name) for name in self._aliases if name in sys.modules}
        outer, self._aliases = self._aliases, set()
        try:
            yield
        finally:
            for name in self._aliases:
                sys.modules.pop(name, None)
            self._aliases = outer
            sys.modules.update(saved)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Called by Python's import system for each module that is not loaded yet."""
        if "." in fullname:
            return self._find_below(fullname)
        if fullname == ROOT:
            return self._spec(fullname, self._tree.root)
        installed = self._installed(fullname)
        if installed is not None and installed.loader is not None:
            return installed
        folder = self._importing_folder()
        if folder is None:  # an installed package asks for something optional
            return None
        unit = self._tree.find([fullname], folder)
        # A folder on Python's path that is no package hides no file of the submission.
        spec = self._spec(fullname, unit) if unit is not None else installed or self._stand_in(fullname)
        if spec is None and self._asked_by_statement():
            # Python would go on to look along sys.path, where student code may have put anything.
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return spec

    def open(self, fullname: str, unit: Unit) -> None:
        """Make `fullname` mean the one module of this file, and run the file unless that was begun."""
        module = self._module(unit)
        sys.modules[fullname] = module
        if fullname != unit.name:
            self._aliases.add(fullname)
            importlib.import_module(unit.name)
        elif not isinstance(module, _LazyRoot):
            self._run(unit, module)

    def run_root(self) -> None:
        """Run the submission's own submission.py, when a name of it is first asked for."""
        self._run(self._tree.root, self._module(self._tree.root))

    def _run(self, unit: Unit, module: ModuleType) -> None:
        if unit.name in self._started or not unit.path:
            return
        self._started.add(unit.name)
        try:
            self._execute(unit, module)
        except BaseException:
            self._started.discard(unit.name)
            self._modules.pop(unit.name, None)
            raise

    def _module(self, unit: Unit) -> ModuleType:
        if unit.name in self._modules:
            return self._modules[unit.name]
        lazy = unit is self._tree.root and unit.path == f"{ROOT}.py"
        module = _LazyRoot(unit.name, self.run_root) if lazy else ModuleType(unit.name)
        file = os.path.join(self._folder, unit.path)
        spec = ModuleSpec(unit.name, _UnitLoader(self, unit), origin=file, is_package=unit.is_package)
        module.__spec__ = spec
        module.__loader__ = spec.loader
        module.__package__ = spec.parent
        if unit.path:
            module.__file__ = file
        if unit.is_package:
            module.__path__ = []  # type: ignore[attr-defined]
        self._modules[unit.name] = module
        return module

    def _spec(self, fullname: str, unit: Unit) -> ModuleSpec:
        return ModuleSpec(fullname, _UnitLoader(self, unit), is_package=unit.is_package)

    def _find_below(self, fullname: str) -> ModuleSpec | None:
        above, _, name = fullname.rpartition(".")
        parent = sys.modules.get(above)
        unit = self._child(parent, fullname, name)
        if unit is not None:
            return self._spec(fullname, unit)
        ours = isinstance(parent, (inert.InertModule, python2.CompatibilityModule))
        return self._stand_in(fullname) if ours or fullname in inert.COLAB else None

    def _child(self, parent: ModuleType | None, fullname: str, name: str) -> Unit | None:
        """What a dotted name means below a module of ours; a stray one may mean a file elsewhere."""
        unit = self._tree.named(getattr(parent, "__name__", ""))
        if unit is None or self._modules.get(unit.name) is not parent:
            return None
        whole = self._tree.find(fullname.split("."), unit.folder)
        found = self._tree.named(fullname)
        found = found or (whole if unit is self._tree.root else None) or self._tree.child(unit.folder, name)
        found = found or whole or self._tree.find([name], unit.folder)
        return None if found is unit else found

    def _installed(self, name: str) -> ModuleSpec | None:
        for finder in tuple(sys.meta_path):
            if isinstance(finder, Importer) or not hasattr(finder, "find_spec"):
                continue
            path = self._installed_path if finder is PathFinder else None
            spec = finder.find_spec(name, path)
            if spec is not None:
                return spec
        return None

    def _stand_in(self, name: str) -> ModuleSpec | None:
        module = inert.module(name) or python2.module(name)
        return None if module is None else ModuleSpec(name, _ReadyLoader(module), is_package=True)

    def _importing_folder(self) -> Parts | None:
        """The folder of the file whose code is importing, found on the stack; None for other code."""
        frame = sys._getframe(1)
        while frame is not None:
            module = self._modules.get(str(frame.f_globals.get("__name__")))
            if module is not None and vars(module) is frame.f_globals:
                unit = self._tree.named(module.__name__)
                return unit.folder if unit is not None else None
            frame = frame.f_back  # type: ignore[assignment]
        return None

    def _asked_by_statement(self) -> bool:
        """Whether a file of the submission imports, and nobody just asks whether the module is there.

        importlib.util.find_spec, called by the student or by a package of its own accord, wants None.
        """
        frame = sys._getframe(2)
        while frame is not None and str(frame.f_globals.get("__name__")) in _IMPORT_SYSTEM:
            frame = frame.f_back  # type: ignore[assignment]
        return frame is not None and any(vars(module) is frame.f_globals for module in self._modules.values())

    def _is_for_packages(self, entry: str) -> bool:
        real = os.path.realpath(entry)
        if real.endswith(_PACKAGE_FOLDERS):
            return True
        inside = real == self._folder or real.startswith(self._folder + os.sep)
        return entry not in ("", ".") and real != _PROJECT and not inside


class _UnitLoader(Loader):
    def __init__(self, importer: Importer, unit: Unit) -> None:
        self._importer = importer
        self._unit = unit

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        self._importer.open(module.__spec__.name, self._unit)


class _ReadyLoader(Loader):
    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        # Returning it from create_module would overwrite the __spec__ of what may be a real module.
        assert module.__spec__ is not None
        sys.modules[module.__spec__.name] = self._module


class _LazyRoot(ModuleType):
    """The package around all files where the submission has a submission.py: it runs when asked for."""

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        super().__init__(name)
        self.run_once = run

    def __getattr__(self, name: str) -> Any:
        if name == "__all__" or not name.startswith("__"):
            run, self.run_once = self.run_once, lambda: None
            run()
        if name not in self.__dict__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return self.__dict__[name]
