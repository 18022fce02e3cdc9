"""The answer key needs nothing but NumPy, so that it reads like what a student is asked to write."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import reference

FOLDER = Path(reference.__path__[0])
ALLOWED = {"numpy", "math", "__future__"}


def imported_modules(source: str) -> set[str]:
    """The top-level modules that the source imports; those of its own package do not count."""
    nodes = list(ast.walk(ast.parse(source)))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}
    return {module.split(".")[0] for module in modules}


@pytest.mark.parametrize("name", ["layers", "optim", "rnn_layers", "attention", "tokenizer"])
def test_the_answer_key_imports_nothing_but_numpy(name):
    assert imported_modules((FOLDER / f"{name}.py").read_text(encoding="utf-8")) <= ALLOWED


def test_an_import_anywhere_in_a_file_is_found():
    source = "import a.b\nfrom .c import d\ndef f():\n    from e.f import g\n    import numpy as np, h\n"
    assert imported_modules(source) == {"a", "e", "numpy", "h"}
