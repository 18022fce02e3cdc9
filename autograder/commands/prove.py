"""prove: do the graded tests catch every known mistake, and does every test catch one?"""

from __future__ import annotations

import argparse
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
  python -m autograder prove --points     what `build` asks of a package: does each mistake lose points?
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
    parser.add_argument(
        "--points", action="store_true", help="look only for holes that give or cost points wrongly"
    )
    options = parser.parse_args(arguments)
    if options.output and not options.output.parent.is_dir():
        raise UsageError(f"{options.output.parent} is no folder: make it first, or choose another --output")

    from autograder.assignment import load_assignment
    from autograder.proof.holes import holes, wrong_points
    from autograder.proof.matrix import prove
    from autograder.proof.page import matrix_text, summary, write_csv
    from autograder.report.bar import bar

    with bar("mistakes") as on_rows:
        matrix = prove(load_assignment(options.assignment), function=options.function, on_rows=on_rows)
    problems = wrong_points(matrix) if options.points else holes(matrix)
    if options.output:
        write_csv(matrix, options.output)
    if options.matrix:
        print(matrix_text(matrix), end="\n\n")
    print(summary(matrix, problems, points_only=options.points))
    return 1 if problems else 0
