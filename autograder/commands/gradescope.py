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
from typing import TYPE_CHECKING

from autograder.sandbox.launch import Launched, launch

if TYPE_CHECKING:
    from autograder.grader import Grader
    from autograder.metadata import SubmissionMetadata
    from autograder.results import ResultsWriter

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


def _grade(root: Path, name: str | None, writer: ResultsWriter, launched: Launched) -> None:
    from autograder.assignment import load_assignment, only_assignment
    from autograder.grader import Grader
    from autograder.json_safe import safe_line
    from autograder.metadata import read_metadata

    assignment = load_assignment(name or only_assignment())
    _lock(root)
    seconds = min(seconds_allowed(os.environ), assignment.limits.timeout_seconds)
    metadata = read_metadata(root / "submission_metadata.json")
    with Grader(assignment, launched) as grader:
        if _is_turned_away(metadata, grader, writer):
            return
        graded = grader.grade(
            root / "submission",
            writer,
            seconds=seconds,
            previous=metadata.previous_submissions,
        )
    print(f"graded: {graded.results.score:g} of {graded.results.max_score:g} points")
    print(f"confinement: {', '.join(graded.report.layers) or 'none'}")
    for what, times in graded.tried.items():
        print(f"tried and refused, {times} times: {safe_line(what, LINE_CHARACTERS)}")


def _is_turned_away(metadata: SubmissionMetadata, grader: Grader, writer: ResultsWriter) -> bool:
    """Did this student submit too often? Then the results are written already: an earlier submission's."""
    limit = grader.assignment.rate_limit
    if limit is None:
        return False
    from autograder import rate_limit

    remembered = rate_limit.not_counted(metadata)
    writer.remember(rate_limit.MEMORY, {"not_counted": remembered})
    turned_away = rate_limit.judge(limit, metadata)
    if turned_away is None:
        return False
    points = grader.assignment.points
    results = rate_limit.give_again(turned_away, limit, writer, grader.tests, points, remembered)
    print(f"not graded, because of the rate limit: next attempt from {turned_away.next_time}")
    print(f"the earlier results again: {results.score:g} of {results.max_score:g} points")
    return True


def _lock(root: Path) -> None:
    """Keep what students may not read from everybody but us, in case setup.sh did not run here."""
    if os.geteuid() != 0:
        return
    for path in (root / "submission_metadata.json", root / "results"):
        with contextlib.suppress(OSError):
            path.chmod(0o600 if path.is_file() else 0o700)
