"""grade: one submission, on this machine, with a readable table."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from autograder.errors import UsageError
from autograder.sandbox.launch import launch

DESCRIPTION = """\
Grade one submission in a confined process and show number, title and points of every test, with the
feedback of those that lost points. PATH is a folder with the student's files; it is only read.

examples:
  python -m autograder grade submissions_example/perfect
  python -m autograder grade ~/Downloads/ada --output results.json
"""


def main(arguments: list[str]) -> int:
    """Grade a folder; exit status 0 whatever the score, 2 where PATH cannot be graded."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder grade",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", metavar="PATH", type=Path, help="the folder that was handed in")
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write results.json here as well")
    options = parser.parse_args(arguments)
    folder = submission_folder(options.path)
    launched = launch(with_torch=False)

    from autograder.assignment import load_assignment
    from autograder.grader import Grader
    from autograder.report.terminal import Terminal
    from autograder.results import ResultsWriter
    from autograder.staff_warnings import visibility_warnings

    assignment = load_assignment(options.assignment)
    with Grader(assignment, launched) as grader, tempfile.TemporaryDirectory() as scratch:
        writer = ResultsWriter(options.output or Path(scratch) / "results.json")
        terminal = Terminal()
        with terminal.progress(len(grader.tests)) as step:
            graded = grader.grade(folder, writer, on_result=lambda result: step())
    terminal.show(assignment.title, graded.results, graded.report.layers, graded.tried)
    for warning in visibility_warnings(assignment, grader.tests):
        terminal.warn(warning)
    return 0


def submission_folder(path: Path) -> Path:
    """The folder to grade: PATH itself, or its `submission/` where PATH is one of our examples."""
    if not path.exists():
        raise UsageError(f"{path} does not exist. Give the folder that holds the student's files.")
    if not path.is_dir():
        raise UsageError(f"{path} is a file. Give the folder that holds it, or unpack it first.")
    example = path / "submission"
    return example if (path / "expected.json").is_file() and example.is_dir() else path
