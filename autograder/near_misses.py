"""Why a function was not found: the misspelt, hidden or unreadable definition that was probably meant."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterator, Sequence

from autograder.outline import Outline
from autograder.source_files import Problem, SourceFiles

_SIMILAR = 0.8
_COMPARED = 2_000  # names: comparing every name of a hostile file would take minutes
_DEFINITION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(", re.MULTILINE)


def why_missing(
    names: Sequence[str], wanted: Collection[str], outlines: Sequence[Outline], read: SourceFiles
) -> str:
    """A sentence or two for the student about a function that no file defines.

    names: the function's name, then its aliases. wanted: every name that the assignment knows, so that
    `rnn_forward` is not taken for a misspelt `cnn_forward` of its own.
    """
    if not read.files and not read.problems:
        return "No Python file was handed in: hand in your .py files or your notebook."
    reasons = (
        _hidden(names, outlines, read),
        _unreadable(names, read.problems),
        _misspelt(names, wanted, outlines, read),
    )
    return next((reason for reason in reasons if reason), "") or _nowhere(names, read)


def _hidden(names: Sequence[str], outlines: Sequence[Outline], read: SourceFiles) -> str:
    for outline in outlines:
        for hidden in outline.hidden:
            if hidden.name in names:
                place = read.place(outline.path, hidden.line)
                return f"`{hidden.name}` ({place}) is {hidden.where}; {hidden.remedy}."
    return ""


def _unreadable(names: Sequence[str], problems: Sequence[Problem]) -> str:
    for problem in problems:
        name = next((name for name in _DEFINITION.findall(problem.code) if name in names), "")
        if name:
            return f"A definition of `{name}` stands in code that Python cannot read.\n{problem}"
    return ""


def _misspelt(
    names: Sequence[str], wanted: Collection[str], outlines: Sequence[Outline], read: SourceFiles
) -> str:
    defined = itertools.islice(_defined(outlines, read), _COMPARED)
    places = {name: place for name, place in defined if name not in wanted}
    for name in names:
        plain = {_plain(candidate): candidate for candidate in places}
        close = difflib.get_close_matches(name, places, n=1, cutoff=_SIMILAR)
        meant = plain.get(_plain(name)) or (close[0] if close else "")
        if meant:
            return f"You define `{meant}` ({places[meant]}); did you mean `{name}`?"
    return ""


def _defined(outlines: Sequence[Outline], read: SourceFiles) -> Iterator[tuple[str, str]]:
    for outline in outlines:
        for name, definitions in outline.definitions.items():
            if definitions[-1].kind == "function":
                yield name, read.place(outline.path, definitions[-1].line)


def _plain(name: str) -> str:
    """A name without what people spell differently: case and underscores."""
    return name.replace("_", "").lower()


def _nowhere(names: Sequence[str], read: SourceFiles) -> str:
    count = len(read.files)
    looked = "the file" if count == 1 else f"any of the {count} files"
    return f"No definition of {' or '.join(f'`{name}`' for name in names)} in {looked} that Python can read."
