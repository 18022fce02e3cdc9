"""Which definitions of a submission use a forbidden name, read from the source. Nothing is executed.

A name is followed through imports (`import torch.nn.functional as F`, `from scipy import signal`), and a
function through the helpers that it calls, in whichever file they are. Only what a function can reach counts:
an import at the top of a file that other questions use is no fault.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.safe_parse import parse
from autograder.source_files import SourceFile

_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")
MOST_STARS = 20  # `import *` of one file that are followed
LONGEST_CHAIN = 20  # names with dots between them; no module lies deeper
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Use:
    """A forbidden name, as the assignment writes it, and the line that uses it."""

    name: str
    file: str
    line: int


@dataclass
class _File:
    """Names that imports bind to dotted names, `import *`, and the top-level definitions of each name."""

    path: str
    aliases: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    definitions: dict[str, list[ast.AST]] = field(default_factory=dict)


class SourceUses:
    """The source files of one submission, ready to be asked."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._files = {file.path: read for file in files if (read := _read(file)) is not None}
        self._known: dict[int, list[tuple[str, int]]] = {}
        self._called: dict[str, list[_File]] = {}  # by the last part of their module's name
        for read in self._files.values():
            self._called.setdefault(_steps(read.path)[-1], []).append(read)

    def find(self, file: str, name: str, forbidden: Sequence[str]) -> list[Use]:
        """The uses of these names in what `name` of this file can reach, the nearest first."""
        uses: list[Use] = []
        waiting = deque(self._definitions(file, name))
        seen = {id(node) for _, node in waiting}
        while waiting:
            owner, node = waiting.popleft()
            for dotted, line in self._mentioned(node, owner):
                hits = [each for each in forbidden if _is_below(dotted, each)]
                uses += [Use(each, owner.path, line) for each in hits]
                for other in self._meant(owner, dotted):
                    if id(other[1]) not in seen:
                        seen.add(id(other[1]))
                        waiting.append(other)
        return list(dict.fromkeys(uses))

    def _mentioned(self, node: ast.AST, owner: _File) -> list[tuple[str, int]]:
        """Each name that a definition mentions, with the line where it does so first."""
        if id(node) not in self._known:
            first: dict[str, int] = {}
            for dotted, line in _mentions(node, owner):
                first.setdefault(dotted, line)
            self._known[id(node)] = list(first.items())
        return self._known[id(node)]

    def _definitions(self, path: str, name: str) -> Iterator[tuple[_File, ast.AST]]:
        """What a name at the top level of a file stands for, there or where it is imported from."""
        file = self._files.get(path)
        if file is None:
            return
        for node in file.definitions.get(name, ()):
            yield file, node
        if name not in file.definitions:
            yield from self._meant(file, file.aliases.get(name, name))

    def _meant(self, file: _File, dotted: str) -> Iterator[tuple[_File, ast.AST]]:
        """The submission's own definitions that a name in this file can mean."""
        parts = [part for part in dotted.split(".") if part]
        if len(parts) == 1 and not dotted.startswith("."):
            for node in file.definitions.get(parts[0], ()):
                yield file, node
            for star in file.stars if parts[0] not in file.definitions else ():
                yield from self._meant(file, f"{star}.{parts[0]}")
        elif len(parts) > 1:
            for other in self._called.get(parts[-2], ()):
                if _steps(other.path)[-len(parts[:-1]) :] == parts[:-1]:
                    for node in other.definitions.get(parts[-1], ()):
                        yield other, node


def _steps(path: str) -> list[str]:
    """A file's path as its module's name, part by part."""
    return path.rpartition(".")[0].removesuffix("/__init__").split("/")


def _read(file: SourceFile) -> _File | None:
    try:
        tree = parse(file.source)
    except SyntaxError:
        return None
    found = _File(file.path)
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.aliases.update(_bound(node))
            found.stars += [dotted for name, dotted in _starred(node)]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.definitions.setdefault(node.name, []).append(node)
            continue
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for each in ast.walk(target):
                    if isinstance(each, ast.Name):
                        found.definitions.setdefault(each.id, []).append(node.value)
        waiting += [child for block in _BLOCKS for child in reversed(getattr(node, block, ()))]
    del found.stars[MOST_STARS:]
    return found


def _bound(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, and what they stand for; own modules by a dot at the start."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            if alias.name != "*":
                yield alias.asname or alias.name, f"{_module(node)}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            yield alias.name.partition(".")[0], alias.name.partition(".")[0]


def _starred(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        yield "*", _module(node)


def _module(node: ast.ImportFrom) -> str:
    return "." * bool(node.level) + (node.module or "")


def _mentions(definition: ast.AST, file: _File) -> Iterator[tuple[str, int]]:
    """Every name and attribute chain in a definition, in full, with its line; annotations left out."""
    aliases = {name: dotted for name, dotted in file.aliases.items() if name not in _local(definition)}
    nodes = list(_code(definition))
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            aliases.update(_bound(node))
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((dotted, node.lineno) for dotted in _imported(node))
        chain = _chain(node)
        if not chain:
            continue
        full = ".".join([aliases.get(chain[0], chain[0]), *chain[1:]])
        yield full, node.lineno  # type: ignore[attr-defined]
        if len(chain) == 1 and chain[0] not in aliases and chain[0] not in file.definitions:
            yield from ((f"{star}.{full}", node.lineno) for star in file.stars)  # type: ignore[attr-defined]


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        yield from (f"{_module(node)}.{alias.name}".removesuffix(".*") for alias in node.names)


def _code(definition: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a definition without its annotations, from the top; without recursion."""
    waiting = deque([definition])
    while waiting:
        node = waiting.popleft()
        yield node
        left_out = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        waiting.extend(each for each in ast.iter_child_nodes(node) if each not in left_out)


def _local(definition: ast.AST) -> set[str]:
    """Names that parameters and assignments of a function hide, so that an import does not mean them."""
    if not isinstance(definition, _FUNCTIONS):
        return set()
    names = {each.arg for each in ast.walk(definition) if isinstance(each, ast.arg)}
    return names | {
        each.id for each in ast.walk(definition) if isinstance(each, ast.Name) and _is_bound(each)
    }


def _is_bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _chain(node: ast.AST) -> list[str]:
    """a.b.c as ["a", "b", "c"]; nothing for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < LONGEST_CHAIN:
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []


def _is_below(dotted: str, forbidden: str) -> bool:
    return f"{dotted}.".startswith(f"{forbidden}.")
