"""Which graded functions a submission's functions use, read from their source: cause and effect."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping

from autograder.safe_parse import parse
from autograder.source_files import SourceFile
from autograder.submission import Location


def used_functions(
    files: Iterable[SourceFile], functions: Mapping[str, Location]
) -> dict[str, frozenset[str]]:
    """For each graded function, the other graded functions that it calls, directly or through helpers.

    Names decide: a helper of the same name in two files counts as both. A file that cannot be parsed
    contributes nothing.
    """
    mentions = _mentions(files)
    graded = {location.name: function for function, location in functions.items()}
    return {
        function: frozenset(
            graded[name]
            for name in _reached(location.name, mentions)
            if graded.get(name, function) != function
        )
        for function, location in functions.items()
    }


def _mentions(files: Iterable[SourceFile]) -> dict[str, set[str]]:
    """The names that each top-level function's body mentions."""
    mentions: dict[str, set[str]] = defaultdict(set)
    for file in files:
        try:
            tree = parse(file.source)
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                mentions[node.name] |= _names(node)
    return mentions


def _names(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def _reached(name: str, mentions: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in mentions.get(waiting.pop(), set()) & mentions.keys() - seen:
            seen.add(other)
            waiting.append(other)
    return seen - {name}
