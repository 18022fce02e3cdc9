"""One submission's results in a terminal: a table, then the feedback of every test that lost points."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import indent

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from autograder.json_safe import safe_line
from autograder.result_format import Results, TestResult

PIPED_COLUMNS = 100


class Terminal:
    """Writes to standard output; colours and bars only where that is a terminal, and never with NO_COLOR."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = PIPED_COLUMNS

    @contextlib.contextmanager
    def progress(self, total: int) -> Iterator[Callable[[], None]]:
        """A bar of `total` steps while the block runs; gives the function that advances it."""
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn())
        shown = self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=not shown) as bar:
            task = bar.add_task("", total=total)
            yield lambda: bar.advance(task)

    def show(
        self, title: str, results: Results, layers: Sequence[str], tried: Mapping[str, int] | None = None
    ) -> None:
        """Print the whole report."""
        self._console.print(self._table(title, results))
        for test in results.tests:
            if test.output and test.status == "failed":
                self._feedback(test)
        if results.output:
            self._console.print(Text(results.output), soft_wrap=True)
        self._console.print(f"confinement: {escape(', '.join(layers)) or 'none'}", style="dim")
        for what, times in (tried or {}).items():
            self._console.print(
                Text(f"tried and refused, {times} times: {safe_line(what, PIPED_COLUMNS)}", style="dim")
            )

    def warn(self, warning: str) -> None:
        """Print what staff should know about the assignment."""
        self._console.print(Text(f"warning: {warning}", style="yellow"), soft_wrap=True)

    def _table(self, title: str, results: Results) -> Table:
        table = Table(title=escape(title), title_justify="left", box=None, padding=(0, 1))
        table.add_column("", no_wrap=True)
        table.add_column("number", no_wrap=True)
        table.add_column("test")
        table.add_column("points", justify="right", no_wrap=True)
        for test in results.tests:
            passed = test.status == "passed"
            score, most = test.points
            table.add_row(
                "[green]ok[/]" if passed else "[red]--[/]",
                test.number,
                Text(test.name),
                Text(f"{score:g} / {most:g}", style="" if passed else "red"),
            )
        table.add_row("", "", "[bold]total[/]", f"[bold]{results.score:g} / {results.max_score:g}[/]")
        return table

    def _feedback(self, test: TestResult) -> None:
        self._console.print(f"\n[bold]{escape(test.number)}[/] {escape(test.name)}")
        # Not wrapped: the examples in it are to be pasted.
        self._console.print(Text(indent(test.output, "    ")), soft_wrap=True)
