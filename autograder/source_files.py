"""Reading the Python files and notebooks of a submission. Nothing is executed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.decoding import decode
from autograder.notebook import NotebookSource, cell_of, read_notebook
from autograder.staging import shown
from autograder.syntax_help import explain

LARGEST_SOURCE = 2_000_000
LARGEST_NOTEBOOK = 20_000_000  # mostly pictures
LARGEST_TOTAL = 4_000_000  # of source text: reading a megabyte of it takes about two seconds
LINE_CHARACTERS = 200


@dataclass(frozen=True)
class SourceFile:
    """One Python file or notebook: `path` relative with slashes, `source` the text that is executed."""

    path: str
    source: str
    is_notebook: bool = False

    def place(self, line: int) -> str:
        """A line of this file in words: "layers.py line 3", "hw1.ipynb cell 2 line 3"."""
        if not self.is_notebook:
            return f"{shown(self.path)} line {line}"
        cell, line = cell_of(self.source, line)
        return f"{shown(self.path)} cell {cell} line {line}"


@dataclass(frozen=True)
class Problem:
    """A part of a submission that cannot be read; `message` says what is wrong and what to do.

    `line` counts within the executed source (0: the whole file); `place` says it in words. `code` is
    all the text that is lost, for looking up which functions it would have defined.
    """

    file: str
    line: int
    message: str
    source_line: str = ""
    place: str = ""
    code: str = ""

    def __str__(self) -> str:
        shown_line = f"\n    {self.source_line}" if self.source_line else ""
        return f"{self.place or self.file}: {self.message}{shown_line}"


@dataclass
class SourceFiles:
    """What was read, file by file."""

    files: list[SourceFile]
    problems: list[Problem]
    notes: list[str]

    def place(self, path: str, line: int) -> str:
        """A line of one of the files in words."""
        file = next((each for each in self.files if each.path == path), SourceFile(path, ""))
        return file.place(line)


def read_source_files(folder: Path) -> SourceFiles:
    """Read every .py and .ipynb file in any sub-folder. Never raises for what the files hold."""
    read = SourceFiles([], [], [])
    left = LARGEST_TOTAL
    for path in _code_paths(folder):
        try:
            path.encode()
        except UnicodeEncodeError:
            read.notes.append(f"{shown(path)} was not read: give it a name in plain letters.")
            continue
        file = _read(folder, path, read)
        if file is None:
            continue
        if len(file.source) > left:
            read.problems.append(_whole(path, "It was left out: there is too much Python code in all."))
            continue
        left -= len(file.source)
        read.files.append(file)
    return read


def syntax_problem(file: SourceFile, error: SyntaxError) -> Problem:
    """The problem of a file that Python cannot read."""
    line, message = explain(error, file.source)
    return Problem(file.path, line, message, _line(file.source, line), file.place(line), file.source)


def _code_paths(folder: Path) -> list[str]:
    """Relative paths with slashes, the shallow ones first; links are not followed."""
    found = []
    for parent, _, names in os.walk(folder):
        inner = os.path.relpath(parent, folder).replace(os.sep, "/")
        for name in names:
            full = os.path.join(parent, name)
            if name.endswith((".py", ".ipynb")) and os.path.isfile(full) and not os.path.islink(full):
                found.append(name if inner == "." else f"{inner}/{name}")
    return sorted(found, key=lambda path: (path.count("/"), path))


def _read(folder: Path, path: str, read: SourceFiles) -> SourceFile | None:
    is_notebook = path.endswith(".ipynb")
    limit = LARGEST_NOTEBOOK if is_notebook else LARGEST_SOURCE
    try:
        with open(folder / path, "rb") as opened:
            data = opened.read(limit + 1)
    except OSError as error:
        read.problems.append(_whole(path, f"It cannot be opened ({error.strerror})."))
        return None
    if len(data) > limit:
        read.problems.append(_whole(path, f"It was left out: it is larger than {limit // 1_000_000} MB."))
        return None
    text, remark = decode(data)
    if remark:
        read.notes.append(f"{shown(path)} {remark}")
    return _notebook(path, text, read) if is_notebook else SourceFile(path, text)


def _notebook(path: str, text: str, read: SourceFiles) -> SourceFile | None:
    try:
        notebook = read_notebook(text)
    except ValueError as error:
        read.problems.append(_whole(path, f"It cannot be read as a notebook: {error}."))
        return None
    file = SourceFile(path, notebook.source, is_notebook=True)
    if len(file.source) > LARGEST_SOURCE:
        read.problems.append(_whole(path, "It was left out: it holds too much code."))
        return None
    read.problems += _broken_cells(file, notebook)
    return file


def _broken_cells(file: SourceFile, notebook: NotebookSource) -> Iterator[Problem]:
    for cell in notebook.broken:
        line, message = explain(cell.error, cell.source)
        whole_line = cell.line - (cell.error.lineno or 1) + line
        yield Problem(
            file.path, whole_line, message, _line(cell.source, line), file.place(whole_line), cell.source
        )


def _whole(path: str, message: str) -> Problem:
    return Problem(shown(path), 0, message)


def _line(source: str, line: int) -> str:
    lines = source.split("\n")
    text = lines[line - 1].strip() if line <= len(lines) else ""
    return "".join(character if character.isprintable() else " " for character in text[:LINE_CHARACTERS])
