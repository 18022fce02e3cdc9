"""The results of one submission in the platform's format. Nothing that is put in can break it.

Points are hundredths. The top-level `score` is always written, and is the sum of the tests' scores in
hundredths: the platform shows it as it is, and cannot come to another total by adding binary fractions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar

from autograder.json_safe import JsonValue, safe_line, safe_number, safe_text, safe_value

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
FORMATS = ("text", "html", "simple_format", "md", "ansi")

LONGEST_OUTPUT = 20_000
LARGEST_FILE = 900_000
MOST_POINTS = 1e6

NO_SCORE = (
    "The autograder could not work out the points for this test. That is not your fault: it counts as 0 "
    "until the course staff have looked at it."
)


@dataclass(frozen=True)
class TestResult:
    """One test as a student sees it: "2.1 `name` (score/max_score)", and `output` below.

    status: "passed" or "failed"; without it a test passes with full points. output: plain text.
    visibility: without it, the one of the whole Results holds.
    extra_data: for staff; the platform keeps it and shows it to no student.
    """

    __test__: ClassVar[bool] = False

    name: str
    number: str
    score: float
    max_score: float
    status: str | None = None
    output: str = ""
    visibility: str | None = None
    tags: tuple[str, ...] = ()
    extra_data: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def points(self) -> tuple[float, float]:
        """Score and maximum as the platform is told: hundredths, 0 <= score <= maximum."""
        max_score = _points(self.max_score)
        return min(_points(self.score), max_score), max_score

    def to_json(self) -> dict[str, JsonValue]:
        """The platform's entry. A score that is no number counts as 0, and the output says so."""
        return self._entry(LONGEST_OUTPUT)

    def encoded(self, longest_output: int) -> str:
        """The entry as one line of JSON, worked out once: the file is written anew after every test."""
        if longest_output not in self._lines:
            self._lines[longest_output] = _encode(self._entry(longest_output))
        return self._lines[longest_output]

    @cached_property
    def order(self) -> list[tuple[bool, int, str]]:
        """The sort key of the test's number."""
        return natural_order(self.number)

    @cached_property
    def _lines(self) -> dict[int, str]:
        return {}

    def _entry(self, longest_output: int) -> dict[str, JsonValue]:
        score, max_score = self.points
        valid = None not in (safe_number(self.score), safe_number(self.max_score))
        output = self.output if valid else f"{NO_SCORE}\n\n{self.output}"
        computed = "passed" if valid and score == max_score else "failed"
        entry: dict[str, JsonValue] = {
            "name": safe_line(self.name, 300) or "(a test without a name)",
            "number": safe_line(self.number, 40),
            "score": score,
            "max_score": max_score,
            "status": _one_of(("passed", "failed"), self.status, computed) if valid else "failed",
            "output": safe_text(output, longest_output),
            "output_format": "text",
            "tags": [safe_line(tag, 100) for tag in self.tags[:20]],
            "extra_data": _extra_data(self.extra_data),
        }
        if self.visibility is not None:
            entry["visibility"] = _one_of(VISIBILITIES, self.visibility, "after_published")
        return entry


@dataclass(frozen=True)
class Results:
    """Everything the platform is told about one submission.

    output: shown to the student above the tests; escape what a student wrote unless its format is "text".
    execution_time: seconds. stdout_visibility: who may read what run_autograder printed.
    leaderboard: entries {"name", "value", "order"}.
    """

    tests: tuple[TestResult, ...] = ()
    output: str = ""
    output_format: str = "text"
    extra_data: Mapping[str, Any] = field(default_factory=dict)
    stdout_visibility: str = "hidden"
    visibility: str = "visible"
    leaderboard: tuple[Mapping[str, Any], ...] = ()
    execution_time: float | None = None

    @property
    def score(self) -> float:
        """The points earned, as the platform is told."""
        return _sum(test.points[0] for test in self.tests)

    @property
    def max_score(self) -> float:
        """The points of all tests, run or not: the same for every submission."""
        return _sum(test.points[1] for test in self.tests)

    def to_json(self) -> dict[str, JsonValue]:
        """The platform's document, its tests in the order of their numbers, its file below 1 MB.

        Outputs are cut shorter, and at last staff's extra data left out, until the file is small enough.
        """
        document: dict[str, JsonValue] = json.loads(self.to_bytes())
        return document

    def to_bytes(self) -> bytes:
        """The document as a file: ASCII, strict JSON, one line for each test."""
        for longest in (LONGEST_OUTPUT, 4000, 1000):
            lengths = sum(len(test.encoded(longest)) for test in self.tests)
            if lengths <= LARGEST_FILE and len(data := self._encoded(longest)) <= LARGEST_FILE:
                return data
        bare = replace(self, extra_data={}, tests=tuple(replace(test, extra_data={}) for test in self.tests))
        return bare._encoded(200)

    def _encoded(self, longest_output: int) -> bytes:
        tests = sorted(self.tests, key=attrgetter("order"))
        lines = ",\n".join(test.encoded(longest_output) for test in tests)
        head = _encode(self._header(longest_output)).removesuffix("}")
        return f'{head},\n"tests": [\n{lines}\n]}}\n'.encode("ascii")

    def _header(self, longest_output: int) -> dict[str, JsonValue]:
        output_format = _one_of(FORMATS, self.output_format, "text")
        header: dict[str, JsonValue] = {
            "score": self.score,
            "output": safe_text(self.output, longest_output, keep_escape=output_format == "ansi"),
            "output_format": output_format,
            "visibility": _one_of(VISIBILITIES, self.visibility, "after_published"),
            "stdout_visibility": _one_of(VISIBILITIES, self.stdout_visibility, "hidden"),
            "extra_data": _extra_data(self.extra_data),
            "leaderboard": [_leaderboard_entry(entry) for entry in self.leaderboard[:20]],
        }
        seconds = safe_number(self.execution_time)
        return header if seconds is None else {**header, "execution_time": round(max(seconds, 0.0), 2)}


def natural_order(number: str) -> list[tuple[bool, int, str]]:
    """A sort key that puts "2.9" before "2.10", and no number at all last."""
    pieces = re.findall(r"[0-9]+|[^0-9.]+", safe_line(number, 40))
    whole = [(False, int(piece), "") if piece[0] in "0123456789" else (True, 0, piece) for piece in pieces]
    return whole or [(True, 0, "\U0010ffff")]


def _encode(document: dict[str, JsonValue]) -> str:
    return json.dumps(document, allow_nan=False)


def _points(value: Any) -> float:
    return round(min(max(safe_number(value) or 0.0, 0.0), MOST_POINTS), 2)


def _sum(points: Iterable[float]) -> float:
    return round(sum(points), 2)


def _one_of(allowed: tuple[str, ...], value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) and value in allowed else otherwise


def _extra_data(value: Any) -> JsonValue:
    return safe_value(dict(value)) if isinstance(value, Mapping) else {}


def _leaderboard_entry(entry: Mapping[str, Any]) -> dict[str, JsonValue]:
    value = safe_number(entry.get("value"))
    return {
        "name": safe_line(entry.get("name"), 100) or "(no name)",
        "value": safe_line(entry.get("value"), 100) if value is None else value,
        "order": _one_of(("asc", "desc"), entry.get("order"), "desc"),
    }
