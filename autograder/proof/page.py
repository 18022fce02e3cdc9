"""A mutation matrix as text for a terminal and as CSV."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.declared import DeclaredTest
from autograder.proof.matrix import Matrix, Row

CHEAPEST = 5  # mistakes that the summary names
COLUMNS = ("function", "mistake", "number", "test", "title", "points", "lost")


def summary(matrix: Matrix, problems: Sequence[str], *, points_only: bool = False) -> str:
    """How many mistakes were run, what they cost, and what is wrong.

    points_only: only problems were looked for that give or cost points wrongly.
    """
    functions = {row.mistake.function for row in matrix.rows}
    runs = sum(len(row.lost) for row in matrix.rows)
    lines = [
        f"{len(matrix.rows)} known mistakes of {len(functions)} functions, {len(matrix.tests)} graded tests, "
        f"{runs} runs"
    ]
    if matrix.rows:
        lines += _costs(matrix.rows)
    noted = sum(row.mistake.twin_of is not None for row in matrix.rows)
    if noted:
        lines.append(f"noted as answering like another mistake: {noted}")
    if not problems:
        whole = "Every mistake loses points, every test catches one, and all are told apart."
        lines.append("Every mistake loses points." if points_only else whole)
        return "\n".join(lines)
    lines.append(f"\n{len(problems)} {'problem' if len(problems) == 1 else 'problems'}:")
    return "\n".join([*lines, *(f"  - {problem}" for problem in problems)])


def matrix_text(matrix: Matrix) -> str:
    """The matrix, function by function: a line for each mistake, a column for each test that calls it.

    A cell holds the points lost, or a dot; the last column is what the mistake costs in all.
    """
    blocks = []
    for function in matrix.functions:
        rows = [row for row in matrix.rows if row.mistake.function == function]
        if rows:
            tests = [test for test in matrix.tests if test.name in rows[0].lost]
            blocks.append("\n".join(_block(function, rows, tests)))
    return "\n\n".join(blocks)


def write_csv(matrix: Matrix, file: Path) -> None:
    """One line for each run: a mistake in a test, with the test's points and those that it lost."""
    tests = {test.name: test for test in matrix.tests}
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for row in matrix.rows:
            for name, lost in row.lost.items():
                writer.writerow(_line(row, tests[name], lost))


def _line(row: Row, test: DeclaredTest, lost: float) -> tuple[Any, ...]:
    mistake = row.mistake
    return mistake.function, mistake.name, test.number, test.name, test.title, f"{test.points:g}", f"{lost:g}"


def _costs(rows: Sequence[Row]) -> Iterator[str]:
    costs = [row.cost for row in rows]
    yield (
        f"points that a mistake costs: {min(costs):g} at least, {statistics.median(costs):g} in the median, "
        f"{max(costs):g} at most"
    )
    yield "the cheapest:"
    for row in sorted(rows, key=lambda row: row.cost)[:CHEAPEST]:
        caught = sum(lost > 0 for lost in row.lost.values())
        yield f"  {row.cost:5.2f}  {row.mistake.name} (caught by {caught} of {len(row.lost)} tests)"


def _block(function: str, rows: Sequence[Row], tests: Sequence[DeclaredTest]) -> Iterator[str]:
    short = [row.mistake.name.removeprefix(f"{function}_") for row in rows]
    name_width = max(len(name) for name in (*short, function))
    widths = [max(len(test.number), 4) + 1 for test in tests]
    columns = list(zip(tests, widths, strict=True))
    yield (
        f"{function:{name_width}}" + "".join(f"{test.number:>{width}}" for test, width in columns) + "   cost"
    )
    yield f"{'':{name_width}}" + "".join(f"{test.points:>{width}g}" for test, width in columns)
    for name, row in zip(short, rows, strict=True):
        cells = "".join(f"{_cell(row.lost[test.name]):>{width}}" for test, width in columns)
        yield f"{name:{name_width}}{cells}{row.cost:7.2f}"


def _cell(lost: float) -> str:
    return f"{lost:g}" if lost > 0 else "."
