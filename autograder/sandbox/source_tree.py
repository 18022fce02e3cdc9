"""The Python files of a submission as modules: one canonical name each, and where names lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ROOT = "submission"

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """One file or folder of the submission as a module.

    path: the file, relative with slashes; "" for a folder without `__init__.py`.
    folder: the folder that the module is, or the one that its file lies in.
    """

    name: str
    path: str
    folder: Parts
    is_package: bool


class SourceTree:
    """Finds modules by path, by canonical name, or by whatever name an import statement uses."""

    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        self.sources = dict(files)
        self._by_path: dict[str, Unit] = {}
        self._by_name: dict[str, Unit] = {}
        self._folders: dict[Parts, Unit] = {}
        self._by_parts: dict[Parts, Unit] = {}
        for _, parts, path, is_package in sorted(self._entries()):
            self._add(parts, path, is_package)
        self._by_tail: dict[str, list[Parts]] = {}
        for parts in sorted(self._by_parts, key=lambda parts: (len(parts), parts)):
            self._by_tail.setdefault(parts[-1] if parts else ROOT, []).append(parts)

    @property
    def root(self) -> Unit:
        return self._folders[()]

    def at(self, path: str) -> Unit | None:
        """The module of a file."""
        return self._by_path.get(path)

    def named(self, name: str) -> Unit | None:
        """The module of a canonical name."""
        return self._by_name.get(name)

    def child(self, folder: Parts, name: str) -> Unit | None:
        """What `name` means directly inside a folder."""
        return self._by_parts.get((*folder, name))

    def find(self, parts: Sequence[str], start: Parts) -> Unit | None:
        """The nearest module of a dotted name: from the folder `start` upwards, else the shallowest."""
        wanted = tuple(parts)
        for length in range(len(start), -1, -1):
            unit = self._by_parts.get((*start[:length], *wanted))
            if unit is not None:
                return unit
        for found in self._by_tail.get(wanted[-1], ()):
            if found[-len(wanted) :] == wanted:
                return self._by_parts[found]
        return None

    def _entries(self) -> Iterator[tuple[tuple[int, int], Parts, str, bool]]:
        """Every module to be, in the order in which names are given: shallow first, then as Python
        prefers them: a package, a file, a notebook, a folder that is no package."""
        folders: set[Parts] = {()}
        for path in self.sources:
            parts = tuple(path.split("/"))
            folder, file = parts[:-1], parts[-1]
            folders.update(folder[:length] for length in range(len(parts)))
            stem, _, suffix = file.rpartition(".")
            if stem != "__init__":
                yield (len(folder) + 1, 1 if suffix == "py" else 2), (*folder, stem), path, False
        for folder in folders:
            path = "/".join((*folder, "__init__.py"))
            has_file = path in self.sources
            yield (len(folder), 0 if has_file else 3), folder, path if has_file else "", True

    def _add(self, parts: Parts, path: str, is_package: bool) -> None:
        if is_package and not parts and not path and f"{ROOT}.py" in self.sources:
            # `import submission` means the student's submission.py, if there is one.
            path = f"{ROOT}.py"
        if path in self._by_path:
            self._by_parts.setdefault(parts, self._by_path[path])
            return
        folder = parts if is_package else parts[:-1]
        unit = Unit(self._free_name(parts), path, folder, is_package)
        self._by_name[unit.name] = unit
        self._by_parts.setdefault(parts, unit)
        if path:
            self._by_path[path] = unit
        if is_package:
            self._folders[parts] = unit

    def _free_name(self, parts: Parts) -> str:
        if not parts:
            return ROOT
        name = self._folders[parts[:-1]].name + "." + re.sub(r"\W", "_", parts[-1])
        # A folder called like the root leaves `submission.x` to mean what it does in the student's imports.
        while name in self._by_name or name == f"{ROOT}.{ROOT}":
            name += "_"
        return name
