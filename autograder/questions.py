"""The parts and questions of an assignment, read from its [[parts]] and [[questions]] tables."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.result_format import VISIBILITIES
from autograder.toml_table import Table

_NUMBER = r"[0-9A-Za-z]+"
_DOTTED = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"


@dataclass(frozen=True)
class Question:
    """A question: number "2.1", and the points that its graded tests share.

    forbid: dotted names of modules and functions that its functions may not use, those of the whole
    assignment included.
    """

    number: str
    title: str
    points: float
    visibility: str = "visible"
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of the assignment: number "2", and the questions whose points add up to its own."""

    number: str
    title: str
    points: float
    questions: tuple[Question, ...]


def read_parts(table: Table) -> tuple[Part, ...]:
    """All parts with their questions. Raises AssignmentError, also where points do not add up.

    The questions' points add up to their part's, and the parts' to the entry `points` of the file.
    """
    questions = _questions(table)
    parts: list[Part] = []
    for entry in table.tables("parts"):
        entry.refuse_unknown(["number", "title", "points"])
        number = _number(entry, [part.number for part in parts], _NUMBER, "such as 2")
        own = tuple(question for question in questions if question.number.startswith(f"{number}."))
        part = Part(number, entry.text("title"), entry.positive("points"), own)
        _adds_up(entry, part.points, own, f"the questions of part {number}")
        parts.append(part)
    _adds_up(table, table.positive("points"), parts, "the parts")
    numbers = [part.number for part in parts]
    for entry, question in zip(table.tables("questions"), questions, strict=True):
        if question.number.split(".")[0] not in numbers:
            entry.fail("number", f"{question.number} belongs to no part; there are {', '.join(numbers)}")
    return tuple(parts)


def _questions(table: Table) -> list[Question]:
    questions: list[Question] = []
    everywhere = _forbidden(table)
    for entry in table.tables("questions"):
        entry.refuse_unknown(["number", "title", "points", "visibility", "forbid"])
        taken = [question.number for question in questions]
        number = _number(entry, taken, rf"{_NUMBER}\.{_NUMBER}", "its part's number, a dot and its own: 2.1")
        visibility = entry.choice("visibility", VISIBILITIES, "visible")
        title, points = entry.text("title"), entry.positive("points")
        forbid = tuple(dict.fromkeys((*everywhere, *_forbidden(entry))))
        questions.append(Question(number, title, points, visibility, forbid))
    return questions


def _forbidden(entry: Table) -> tuple[str, ...]:
    """The entry `forbid`: dotted names, as an import or a call would write them in full."""
    names = entry.texts("forbid")
    for name in names:
        if not re.fullmatch(_DOTTED, name):
            entry.fail("forbid", f"{name!r} is no full name of a module or a function, such as scipy.signal")
    return names


def _number(entry: Table, taken: list[str], pattern: str, example: str) -> str:
    number = entry.text("number")
    if not re.fullmatch(pattern, number):
        entry.fail("number", f"{number!r} must be {example}")
    if number in taken:
        entry.fail("number", f"{number} is already taken")
    return number


def _adds_up(entry: Table, points: float, of: Iterable[Part | Question], whose: str) -> None:
    total = sum(item.points for item in of)
    if not math.isclose(total, points, abs_tol=1e-6):
        entry.fail("points", f"is {points:g}, but {whose} add up to {total:g}")
