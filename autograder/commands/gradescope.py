"""gradescope: grade in the platform's layout. Whatever happens, results.json is valid afterwards.

$AUTOGRADER_ROOT (/autograder)/submission/                 what the student handed in
$AUTOGRADER_ROOT (/autograder)/submission_metadata.json    who and when; may be absent
$AUTOGRADER_ROOT (/autograder)/results/results.json        what we write
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import traceback
from pathlib import Path

from autograder.sandbox.launch import launch

PLATFORM_SECONDS = 600.0  # the platform's default
MARGIN_SHARE = 0.1  # of the platform's time is left unused, because a platform timeout throws all away
LEAST_MARGIN_SECONDS = 10.0
LINE_CHARACTERS = 200
FAILED = "The course staff can see what went wrong under this submission."


def main(arguments: list[str]) -> int:
    """Grade the submission in the platform's layout; always exit status 0 once results are written."""
    parser = argparse.ArgumentParser(prog="python -m autograder gradescope", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--assignment", default=os.environ.get("AUTOGRADER_ASSIGNMENT"), metavar="NAME")
    options = parser.parse_args(arguments)
    root = Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))
    launched = launch(with_torch=False)

    from autograder.results import ResultsWriter

    writer = ResultsWriter(root / "results" / "results.json")
    try:
        _grade(root, options.assignment, writer, launched)
    except BaseException as error:
        details = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        print(details, file=sys.stderr)
        writer.autograder_failed(FAILED, details)
    return 0


def seconds_allowed(environment: dict[str, str] | os._Environ[str]) -> float:
    """How long we may take: less than the platform's own limit, which would discard every result."""
    try:
        limit = float(environment.get("TIMEOUT_SECONDS", ""))
    except ValueError:
        limit = PLATFORM_SECONDS
    limit = limit if 0 < limit < 1e6 else PLATFORM_SECONDS
    return max(limit - max(limit * MARGIN_SHARE, LEAST_MARGIN_SECONDS), limit / 2)


def _grade(root: Path, name: str | None, writer: object, launched: object) -> None:
    from autograder.assignment import load_assignment, only_assignment
    from autograder.grader import Grader
    from autograder.json_safe import safe_line
    from autograder.metadata import read_metadata

    assignment = load_assignment(name or only_assignment())
    _lock(root)
    seconds = min(seconds_allowed(os.environ), assignment.limits.timeout_seconds)
    previous = read_metadata(root / "submission_metadata.json").previous_submissions
    with Grader(assignment, launched) as grader:  # type: ignore[arg-type]
        graded = grader.grade(
            root / "submission",
            writer,  # type: ignore[arg-type]
            seconds=seconds,
            previous=previous,
        )
    print(f"graded: {graded.results.score:g} of {graded.results.max_score:g} points")
    print(f"confinement: {', '.join(graded.report.layers) or 'none'}")
    for what, times in graded.tried.items():
        print(f"tried and refused, {times} times: {safe_line(what, LINE_CHARACTERS)}")


def _lock(root: Path) -> None:
    """Keep what students may not read from everybody but us, in case setup.sh did not run here."""
    if os.geteuid() != 0:
        return
    for path in (root / "submission_metadata.json", root / "results"):
        with contextlib.suppress(OSError):
            path.chmod(0o600 if path.is_file() else 0o700)
