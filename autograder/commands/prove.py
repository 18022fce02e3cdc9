"""prove: do the graded tests catch every known mistake, and does every test catch one?"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.errors import UsageError

DESCRIPTION = """\
Run every known mistake of the catalogue through every graded test that calls its function, and look for
holes: a mistake that passes every test, a test that catches none, two mistakes that no graded input tells
apart, points lost in a test that does not name the function. Exit status 1 if there is one.

Everything runs in this process: only for assignments that you trust, as all of your own.

examples:
  python -m autograder prove
  python -m autograder prove --function softmax --matrix
  python -m autograder prove --assignment exam --output matrix.csv
"""


def main(arguments: list[str]) -> int:
    """Print the summary; exit status 0 where there is no hole, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder prove",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--function", metavar="NAME", help="only the mistakes of this function")
    parser.add_argument("--matrix", action="store_true", help="print what each mistake loses in each test")
    parser.add_argument("--output", type=Path, metavar="FILE.csv", help="write the matrix here, a line a run")
    options = parser.parse_args(arguments)
    if options.output and not options.output.parent.is_dir():
        raise UsageError(f"{options.output.parent} is no folder: make it first, or choose another --output")

    from autograder.assignment import load_assignment
    from autograder.proof.holes import holes
    from autograder.proof.matrix import prove
    from autograder.proof.page import matrix_text, summary, write_csv

    with _progress() as on_rows:
        matrix = prove(load_assignment(options.assignment), function=options.function, on_rows=on_rows)
    problems = holes(matrix)
    if options.output:
        write_csv(matrix, options.output)
    if options.matrix:
        print(matrix_text(matrix), end="\n\n")
    print(summary(matrix, problems))
    return 1 if problems else 0


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar while the block runs, on a terminal only; gives the function that is told of progress."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("mistakes"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
