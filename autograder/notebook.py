"""A Jupyter notebook as the Python source of its code cells."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from autograder.portable import plain_text
from autograder.safe_parse import parse, parses

_HEADER = "# %% cell {}"
_HEADER_LINE = re.compile(r"# %% cell (\d+)")
_RUNS_ITS_CELL = re.compile(r"%%(time|timeit|capture|prun|python3?|debug|memit|mprun|lprun)\b")
_MAGIC = re.compile(
    r"\s*(%{1,2}[A-Za-z_]|!|\?{1,2}[A-Za-z_])|\s*[\w.\[\], ]+=\s*(%[A-Za-z_]|!)|\s*[\w.]+\?{1,2}\s*$"
)


@dataclass(frozen=True)
class BrokenCell:
    """A code cell that Python cannot read; `line` and the error's line count in the whole source."""

    line: int
    error: SyntaxError
    source: str


@dataclass(frozen=True)
class NotebookSource:
    """The code cells one below the other, each under a comment with its number, counted from 1."""

    source: str
    broken: tuple[BrokenCell, ...]


def read_notebook(text: str) -> NotebookSource:
    """Extract the code of a notebook. IPython's own commands become comments; no line moves in its cell.

    A cell that Python cannot read is commented out and reported: it costs itself only. Raises
    ValueError where the text is no notebook.
    """
    lines: list[str] = []
    broken = []
    for number, cell in enumerate(_code_cells(text), 1):
        lines.append(_HEADER.format(number))
        code = without_magics(cell)
        try:
            parse(code)
        except SyntaxError as error:
            broken.append(BrokenCell(len(lines) + (error.lineno or 1), error, code))
            code = _commented(code)
        lines += code.split("\n")
    return NotebookSource("\n".join(lines) + "\n", tuple(broken))


def cell_of(source: str, line: int) -> tuple[int, int]:
    """The cell that holds a line of a notebook's source, and the line's number within that cell."""
    above = source.split("\n")[:line]
    for offset, text in enumerate(reversed(above)):
        header = _HEADER_LINE.fullmatch(text)
        if header:
            return int(header[1]), offset
    return 0, line


def without_magics(cell: str) -> str:
    """A cell's code with magics and shell lines as comments, and cells in other languages left out."""
    first, _, rest = cell.lstrip().partition("\n")
    if first.startswith("%%"):
        if not _RUNS_ITS_CELL.match(first):
            return _commented(cell)
        blank = cell[: len(cell) - len(cell.lstrip())]
        return without_magics(f"{blank}# {first}\n{rest}")
    # `(a\n %b)` is a remainder, not a magic: what Python can read stays as it is.
    return cell if parses(cell) else _without_magic_lines(cell)


def _without_magic_lines(cell: str) -> str:
    lines = []
    continued = False
    for line in cell.split("\n"):
        if continued:
            continued = line.endswith("\\")
            line = f"# {line}"
        elif _MAGIC.match(line):
            continued = line.endswith("\\")
            command = line.lstrip()
            # `pass` because the command may be the only line of a block.
            line = f"{line[: len(line) - len(command)]}pass  # {command}"
        lines.append(line)
    return "\n".join(lines)


def _commented(cell: str) -> str:
    return "\n".join(f"# {line}" for line in cell.split("\n"))


def _code_cells(text: str) -> list[str]:
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(notebook, dict):
        raise ValueError("it holds no notebook")
    cells = notebook.get("cells")
    if cells is None:  # the format before 2014
        sheets = notebook.get("worksheets")
        cells = (
            sheets[0].get("cells")
            if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict)
            else None
        )
    if not isinstance(cells, list):
        raise ValueError("it has no cells")
    return [_code(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]


def _code(cell: dict) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = plain_text(source) if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
