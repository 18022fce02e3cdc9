"""build: the zip that Gradescope takes."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.errors import UsageError

DESCRIPTION = """\
Make the zip to upload as a Gradescope autograder. It holds what grading needs and nothing else, and
building it twice gives the same bytes. Warns where students would not see a total score, or where `forbid`
names something that does not exist.

examples:
  python -m autograder build
  python -m autograder build --assignment exam --output exam.zip
"""


def main(arguments: list[str]) -> int:
    """Write the zip and say what is in it."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder build",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--output", type=Path, default=Path("autograder.zip"), metavar="FILE")
    options = parser.parse_args(arguments)
    if not options.output.parent.is_dir():
        raise UsageError(f"{options.output.parent} is no folder: make it first, or choose another --output")

    from autograder.assignment import load_assignment, load_cases, load_reference
    from autograder.declared import declared_tests
    from autograder.mistakes_loader import load_mistakes
    from autograder.package import write_package
    from autograder.race import load_race
    from autograder.staff_warnings import staff_warnings

    assignment = load_assignment(options.assignment)
    tests = declared_tests(assignment, load_cases(assignment))
    load_reference(assignment)
    load_race(assignment)
    load_mistakes(assignment)  # else a wrong one would be found at the first submission that fails
    files = write_package(assignment, options.output)
    size = options.output.stat().st_size / 1024
    print(f"{options.output}: {len(files)} files, {size:.0f} KB, {len(tests)} graded tests")
    print(
        f"Set Autograder Points to {assignment.points:g} and the timeout to at least "
        f"{assignment.limits.timeout_seconds:g} seconds on Gradescope."
    )
    if assignment.leaderboard is not None and assignment.leaderboard.on:
        print("Turn on Leaderboard in the assignment's settings there, too.")
    for warning in staff_warnings(assignment, tests):
        print(f"warning: {warning}")
    return 0
