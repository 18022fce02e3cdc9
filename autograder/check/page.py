"""The results of a check as text: every test on a line, then what is wrong with those that lost points."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill, indent
from typing import IO, Any

GREEN, RED, BOLD, DIM = "32", "31", "1", "2"
COLUMNS = 100


class Page:
    """Writes to a stream; colours only where that is a terminal, and never with NO_COLOR."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        # A Windows console shows colours only where a newer terminal is around it.
        able = os.name != "nt" or "WT_SESSION" in os.environ or "TERM" in os.environ
        self._colours = self._terminal and able and not os.environ.get("NO_COLOR")

    def progress(self, done: int, total: int) -> None:
        """How far the check is, on a terminal; overwritten by what comes next."""
        if self._terminal:
            self._stream.write(f"\r{done} of {total} tests" if done < total else f"\r{' ' * 30}\r")
            self._stream.flush()

    def say(self, text: str = "") -> None:
        """One line or more."""
        print(text, file=self._stream, flush=True)

    def show(self, outcome: dict[str, Any], verbose: bool) -> None:
        """The whole page. Without `verbose`, what is wrong is told once for each function."""
        tests = outcome["tests"]
        self.say(f"{self._styled(outcome['title'], BOLD)}  (inputs of the kit)\n")
        for test in tests:
            self.say(self._line(test, test["test"] in outcome["unfinished"]))
        for test in _told(tests, outcome["unfinished"], verbose):
            self.say(f"\n{self._styled(test['number'], BOLD)} {test['title']}")
            self.say(indent(test["output"], "    "))
        for remark in _remarks(tests, outcome["unfinished"], verbose):
            self.say(f"\n{remark}")
        if outcome["overview"]:
            self.say(f"\n{outcome['overview']}")
        earned, most = (sum(test["points"][i] for test in tests) for i in (0, 1))
        passed = sum(test["passed"] for test in tests)
        total = f"total {earned:.6g} / {most:.6g}"
        self.say(f"\n{self._styled(total, BOLD)}   {passed} of {len(tests)} tests passed")

    def _line(self, test: dict[str, Any], unfinished: bool) -> str:
        mark = self._styled("ok", GREEN) if test["passed"] else self._styled("--", RED)
        earned, most = test["points"]
        points = f"{f'{earned:g} / {most:g}':>11}"
        remark = "  (not implemented yet)" if unfinished else ""
        return f"{mark}  {test['number']:<8}{points}  {test['title']}{self._styled(remark, DIM)}"

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._colours and text else text


def _told(
    tests: Sequence[dict[str, Any]], unfinished: Mapping[str, str], verbose: bool
) -> Iterator[dict[str, Any]]:
    """The tests whose text is shown: the first failed one of each function, or all that have a text."""
    functions: set[str] = set()
    for test in tests:
        if not test["output"]:
            continue
        if verbose:
            yield test
        elif not test["passed"] and test["test"] not in unfinished and test["function"] not in functions:
            functions.add(test["function"])
            yield test


def _remarks(tests: Sequence[dict[str, Any]], unfinished: Mapping[str, str], verbose: bool) -> Iterator[str]:
    """What the page leaves out, and how to see it."""
    if verbose:
        return
    shown = sum(1 for _ in _told(tests, unfinished, verbose))
    failed = sum(not test["passed"] and test["test"] not in unfinished for test in tests)
    if failed > shown:
        yield f"{failed - shown} more failed tests of the same functions: --verbose tells all of them."
    todo = dict.fromkeys(unfinished.values())
    if todo:
        yield fill(f"Not implemented yet: {', '.join(todo)}.", COLUMNS)
