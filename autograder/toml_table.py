"""A TOML file read entry by entry: every error names the file, the entry and what is allowed there."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from autograder.errors import AssignmentError

_REQUIRED: Any = object()
_KINDS = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a whole number"}


class Table:
    """One table of a TOML file. Each reading method takes an entry's key and checks the entry's kind.

    `where` is the table's place in the file: "" for the file itself, "questions[3]" for the third
    [[questions]]. Entries of lists are counted from 1, as people count them.
    """

    def __init__(self, entries: dict[str, Any], file: str, where: str = ""):
        self.entries = entries
        self.file = file
        self.where = where

    @classmethod
    def load(cls, path: Path, shown_as: str) -> Table:
        """Read a file. Raises AssignmentError where it is missing, not UTF-8 or not TOML."""
        # Imported here: the students' kit holds its entries in another form, and has no tomli on Python 3.10.
        try:
            import tomllib
        except ModuleNotFoundError:
            import tomli as tomllib
        try:
            return cls(tomllib.loads(path.read_bytes().decode("utf-8-sig")), shown_as)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise AssignmentError(f"{shown_as}: cannot be read: {reason}") from error

    def fail(self, key: str, problem: str) -> NoReturn:
        """Raise the AssignmentError that names the file and this table's entry `key`."""
        raise AssignmentError(f"{self.file}: {self.place(key)}: {problem}")

    def place(self, key: str) -> str:
        """Where the entry is, as one would write it: functions."layers.py".softmax."""
        shown = key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'
        return f"{self.where}.{shown}" if self.where and key else self.where or shown

    def refuse_unknown(self, allowed: Iterable[str]) -> None:
        """Raise AssignmentError for the first key that is none of `allowed`."""
        allowed = list(allowed)
        for key in self.entries:
            if key not in allowed:
                self.fail(key, f"unknown entry{did_you_mean(key, allowed)}; allowed: {', '.join(allowed)}")

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """A text that is not blank."""
        value: str = self._entry(key, str, default)
        if not value.strip():
            self.fail(key, "must not be empty")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str) -> str:
        """One of the texts in `allowed`."""
        value, allowed = self.text(key, default), list(allowed)
        if value not in allowed:
            self.fail(key, f"{value!r} is not one of {', '.join(allowed)}{did_you_mean(value, allowed)}")
        return value

    def whole(self, key: str, default: int = _REQUIRED, least: int = 0) -> int:
        """A whole number of at least `least`."""
        value: int = self._entry(key, int, default)
        if value < least:
            self.fail(key, f"must be a whole number of at least {least}, not {value}")
        return value

    def positive(self, key: str, default: float = _REQUIRED) -> float:
        """A number above 0, finite."""
        value = self.entries.get(key, default)
        if value is _REQUIRED:
            self.fail(key, "is missing; allowed: a number above 0")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            self.fail(key, f"must be a number above 0, not {value!r}")
        return float(value)

    def share(self, key: str, default: float) -> float:
        """A number from 0 to 1."""
        value = self.entries.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            self.fail(key, f"must be a number from 0 to 1, not {value!r}")
        return float(value)

    def yes(self, key: str, default: bool) -> bool:
        """true or false."""
        return bool(self._entry(key, bool, default))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them twice; () where the entry is absent."""
        values = self._entry(key, list, [])
        for value in values:
            if not isinstance(value, str) or not value.strip():
                self.fail(key, f"must be a list of texts; {value!r} is none")
            if values.count(value) > 1:
                self.fail(key, f"{value!r} is listed twice")
        return tuple(values)

    def table(self, key: str, default: dict[str, Any] = _REQUIRED) -> Table:
        """The table under `key`."""
        return Table(self._entry(key, dict, default), self.file, self.place(key))

    def tables(self, key: str) -> list[Table]:
        """The [[key]] tables, of which there must be one at least."""
        values = self._entry(key, list, _REQUIRED)
        if not values:
            self.fail(key, f"must not be empty; write at least one [[{key}]]")
        for index, value in enumerate(values, start=1):
            if not isinstance(value, dict):
                self.fail(f"{key}[{index}]", f"must be a table: write [[{key}]] above it")
        return [
            Table(value, self.file, f"{self.where and self.where + '.'}{key}[{index}]")
            for index, value in enumerate(values, start=1)
        ]

    def _entry(self, key: str, kind: type, default: Any) -> Any:
        value = self.entries.get(key, default)
        if value is _REQUIRED:
            self.fail(key, f"is missing; allowed: {_KINDS[kind]}")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fail(key, f"must be {_KINDS[kind]}, not {value!r}")
        return value


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """The words "(did you mean softmax?)" after a space, where a name of `allowed` is close, else ""."""
    close = difflib.get_close_matches(name, list(allowed), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
