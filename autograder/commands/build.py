"""build: the zip that Gradescope takes, tried before it is written."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import AutograderError, UsageError

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.verification.steps import Findings, Step

DESCRIPTION = """\
Make the zip to upload as a Gradescope autograder. It holds what grading needs and nothing else, and
building it twice gives the same bytes. Warns where students would not see a total score, or where `forbid`
names something that does not exist.

Before it is written it is tried, the way the platform uses it: unpacked into an empty root, set up by its
own setup.sh, every example in submissions_example/ graded by run_autograder and compared with its
expected.json, every known mistake run to see that it loses points. Time and memory are measured, and the
smallest container and timeout named that suffice. If anything is not as expected, the exit status is 1, and
a zip from before stays as it was.

The root is a temporary folder, and nothing else of this machine is changed. As root on Linux, --bare-root
tries the zip on a fresh Debian or Ubuntu instead, where setup.sh has to install even Python, and student
code must run as the user `student`. DIR keeps the fresh system between builds.

examples:
  python -m autograder build
  python -m autograder build --assignment exam --output exam.zip
  python -m autograder build --no-verify                              at once, and untried
  sudo .venv/bin/python -m autograder build --bare-root ~/bare        on Debian 12
  sudo .venv/bin/python -m autograder build --bare-root ~/bare --system jammy
                                                                      on Ubuntu 22.04, as Gradescope does
"""


def main(arguments: list[str]) -> int:
    """Try the zip, write it, and say what is in it and what to set on the platform."""
    options = _parser().parse_args(arguments)
    _check(options)
    # Ended from outside, too, what was started is ended and what is temporary removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    from autograder.assignment import load_assignment, load_cases, load_reference
    from autograder.declared import declared_tests
    from autograder.mistakes_loader import load_mistakes
    from autograder.package import write_package
    from autograder.race import load_race
    from autograder.staff_warnings import staff_warnings
    from autograder.verification.report import not_verified, report

    assignment = load_assignment(options.assignment)
    tests = declared_tests(assignment, load_cases(assignment))
    load_reference(assignment)
    load_race(assignment)
    load_mistakes(assignment)  # else a wrong one would be found at the first submission that fails
    with tempfile.TemporaryDirectory(prefix=".autograder-build-", dir=options.output.parent) as scratch:
        package = Path(scratch) / options.output.name
        files = write_package(assignment, package)
        findings = None if options.no_verify else _verified(package, assignment, options)
        package.replace(options.output)
    content = options.output.read_bytes()
    print(f"{options.output}: {len(files)} files, {len(content) / 1024:.0f} KB, {len(tests)} graded tests")
    print(f"sha256 {hashlib.sha256(content).hexdigest()}")
    print(
        f"On Gradescope set Autograder Points to {assignment.points:g} and the timeout to at least "
        f"{assignment.limits.timeout_seconds:g} seconds."
    )
    if assignment.leaderboard is not None and assignment.leaderboard.on:
        print("Turn on Leaderboard in the assignment's settings there, too.")
    for warning in staff_warnings(assignment, tests):
        print(f"warning: {warning}")
    print(not_verified() if findings is None else f"\n{report(findings)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    from autograder.verification.bare_root import SYSTEMS

    parser = argparse.ArgumentParser(
        prog="python -m autograder build",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--output", type=Path, default=Path("autograder.zip"), metavar="FILE")
    parser.add_argument(
        "--examples",
        type=Path,
        metavar="DIR",
        help="the examples to grade (submissions_example/ of the assignment or of the project)",
    )
    parser.add_argument("--no-verify", action="store_true", help="write the zip without trying it")
    parser.add_argument(
        "--bare-root", type=Path, metavar="DIR", help="try it on a fresh system, kept in DIR (as root, Linux)"
    )
    parser.add_argument(
        "--system", choices=SYSTEMS, default="bookworm", help="of --bare-root: Debian 12 or Ubuntu 22.04"
    )
    return parser


def _check(options: argparse.Namespace) -> None:
    """UsageError for what cannot work: better now than after minutes."""
    if not options.output.parent.is_dir():
        raise UsageError(f"{options.output.parent} is no folder: make it first, or choose another --output")
    if options.output.is_dir():
        raise UsageError(f"{options.output} is a folder: name a file, such as {options.output / 'exam.zip'}")
    if options.no_verify and options.bare_root:
        raise UsageError("--no-verify tries nothing, --bare-root says where to try: give one of them")


def _verified(package: Path, assignment: Assignment, options: argparse.Namespace) -> Findings:
    """What the verification found. Raises AutograderError with all of it where something is wrong."""
    from autograder.examples import find_examples, folder_of_examples
    from autograder.verification.bare_root import bare_root
    from autograder.verification.report import failure
    from autograder.verification.root import temporary_root
    from autograder.verification.steps import verify

    folder = options.examples or folder_of_examples(assignment.root, assignment.name)
    examples = find_examples(folder)
    with contextlib.ExitStack() as stack:
        step = stack.enter_context(_steps(len(examples) + 2 + bool(options.bare_root)))
        if options.bare_root:
            with step(f"a bare {options.system}"):
                root = stack.enter_context(bare_root(options.bare_root, options.system))
        else:
            root = stack.enter_context(temporary_root())
        findings = verify(package, assignment, examples, root, step)
    if findings.problems:
        earlier = "; the earlier one is untouched" if options.output.exists() else ""
        raise AutograderError(f"{options.output} was not written{earlier}. {failure(findings)}")
    return findings


@contextlib.contextmanager
def _steps(total: int) -> Iterator[Step]:
    """A bar that counts the steps and names the one under way."""
    from autograder.report.bar import bar

    done = 0
    with bar("verifying", total) as tell:

        @contextlib.contextmanager
        def step(name: str) -> Iterator[None]:
            nonlocal done
            tell(done, now=f"verifying: {name}")
            yield
            done += 1
            tell(done)

        yield step
