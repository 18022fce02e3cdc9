"""A starter file for each file of the answer key: its signatures and docstrings, nothing of its code."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from autograder.errors import AssignmentError

BODY = "raise NotImplementedError"
INDENT = "    "


def starter_file(source: str, functions: Iterable[str], shown_as: str) -> str:
    """The file that a student fills in.

    source: of the key's file. functions: those that are graded; helpers of the key are left out. Raises
    AssignmentError where one has no docstring, or is no plain top-level function with plain defaults.
    """
    tree = ast.parse(source)
    wanted = set(functions)
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in wanted]
    missing = wanted - {node.name for node in found}
    if missing:
        raise AssignmentError(f"{shown_as}: {', '.join(sorted(missing))} must be written as a plain `def`")
    stubs = [_stub(node, shown_as) for node in found]
    heading = _docstring(ast.get_docstring(tree) or f"Fill in the functions of {shown_as}.", "")
    return "\n".join([heading, "", "import numpy as np", "", "", "\n\n\n".join(stubs), ""])


def _stub(node: ast.FunctionDef, shown_as: str) -> str:
    text = ast.get_docstring(node)
    if not text:
        raise AssignmentError(f"{shown_as}, line {node.lineno}: {node.name} needs a docstring for students")
    arguments = ast.unparse(_plain(node, shown_as))
    return "\n".join(
        [
            f"def {node.name}({arguments}):",
            _docstring(text, INDENT),
            f"{INDENT}# Your code here.",
            INDENT + BODY,
        ]
    )


def _plain(node: ast.FunctionDef, shown_as: str) -> ast.arguments:
    """The arguments without annotations. A default is copied only where it computes nothing."""
    arguments = node.args
    for default in filter(None, [*arguments.defaults, *arguments.kw_defaults]):
        try:
            ast.literal_eval(default)
        except ValueError:
            raise AssignmentError(
                f"{shown_as}, line {default.lineno}: the default of {node.name} must be a plain value"
            ) from None
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return arguments


def _docstring(text: str, indent: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = list(_indented(f'"""{quoted}', indent))
    return "\n".join([*lines, f'{indent}"""'] if len(lines) > 1 else [f'{lines[0]}"""'])


def _indented(text: str, indent: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield f"{indent}{line}".rstrip()
