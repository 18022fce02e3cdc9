"""preview: a page that shows results as Gradescope does, to students at three points in time and to staff."""

from __future__ import annotations

import argparse
import math
import tempfile
import webbrowser
from pathlib import Path

from autograder.commands.grade import submission_folder
from autograder.errors import UsageError
from autograder.sandbox.launch import launch

DESCRIPTION = """\
Show results the way Gradescope lays them out, in one HTML file that works offline. It switches between what a
student sees before the due date, after it and after publishing, and what staff see. PATH is a results.json,
or a folder with a student's files, which is graded first.

examples:
  python -m autograder preview submissions_example/half_done --open
  python -m autograder preview results.json --points 100 --output preview.html
"""


def main(arguments: list[str]) -> int:
    """Write the page; exit status 0 also for results that Gradescope refuses: the page says why."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder preview",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", metavar="PATH", type=Path, help="a results.json, or a submission's folder")
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--points", type=float, metavar="N", help="Autograder Points, for a results.json")
    parser.add_argument("--output", type=Path, default=Path("preview.html"), metavar="FILE")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    options = parser.parse_args(arguments)
    if options.points is not None and not 0 <= options.points < math.inf:
        raise UsageError(f"--points {options.points} is no number of points: give the Autograder Points")
    if not options.path.exists():
        raise UsageError(f"{options.path} does not exist. Give a results.json, or a submission's folder.")
    _check_output(options.output, options.path)
    if options.path.is_file():
        data, points, title = _read(options.path), options.points, options.path.name
        stdout = _stdout_beside(options.path)
    else:
        (data, points, title), stdout = _graded(options.path, options.assignment), ""

    from autograder.report.preview import page
    from autograder.report.received import receive

    received = receive(data)
    _write(options.output, page(received, title, points=points, stdout=stdout))
    for violation in received.violations:
        print(f"{options.path}: {violation}")
    print(f"{options.output}: open it in a browser")
    if options.open:
        webbrowser.open(options.output.resolve().as_uri())
    return 0


def _graded(path: Path, name: str) -> tuple[bytes, float, str]:
    """The results.json of a submission, the assignment's points, and a title."""
    folder = submission_folder(path)
    launched = launch(with_torch=False)

    from autograder.assignment import load_assignment
    from autograder.grader import Grader
    from autograder.report.terminal import Terminal
    from autograder.results import ResultsWriter

    assignment = load_assignment(name)
    with Grader(assignment, launched) as grader, tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch) / "results.json"
        with Terminal().progress(len(grader.tests)) as step:
            grader.grade(folder, ResultsWriter(results), on_result=lambda result: step())
        return results.read_bytes(), assignment.points, f"{assignment.title}: {path.resolve().name}"


def _read(path: Path) -> bytes:
    if path.suffix.lower() != ".json":
        raise UsageError(f"{path} is no .json file. Give a results.json, or the folder of a submission.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Make it readable first.") from error


def _stdout_beside(path: Path) -> str:
    """What run_autograder printed: the platform keeps it in the file `stdout` next to results.json."""
    try:
        return (path.parent / "stdout").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _check_output(output: Path, path: Path) -> None:
    """UsageError where the page cannot go: better now than after grading."""
    if not output.parent.is_dir():
        raise UsageError(f"{output.parent} is no folder: make it first, or choose another --output")
    if output.is_dir():
        raise UsageError(f"{output} is a folder: name a file, such as --output {output / 'preview.html'}")
    if output.resolve() == path.resolve():
        raise UsageError(f"{output} is what is to be shown: choose another --output")


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output} cannot be written ({error.strerror}): choose another --output") from error
