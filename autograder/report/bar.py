"""A bar for what takes long, on standard error, where somebody watches: on a terminal only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextlib.contextmanager
def bar(label: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar while the block runs. Gives the function that is told how many are done, of how many, and
    what comes now."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(label, total=total)

        def tell(done: int, of: int | None = None, now: str | None = None) -> None:
            shown.update(task, completed=done, total=total if of is None else of, description=now or label)

        yield tell
