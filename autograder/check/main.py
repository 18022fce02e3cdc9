"""python check.py: the command that a student types."""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.check.page import Page
from autograder.check.supervisor import Supervisor
from autograder.errors import AutograderError, UsageError
from autograder.staging import JUNK_FOLDERS

DESCRIPTION = """\
Check the files in this folder with the tests of the assignment, before you hand them in. The inputs are
other ones than in the graded tests; the rest is the same, and so are the messages.

examples:
  python check.py               every test
  python check.py -q 3.2        one question; -q 3 is a part, -q 3.2.1 a single test
  python check.py --watch       again whenever you save a file; Ctrl-C ends it
"""
STOPPED = 130
POLL_SECONDS = 0.5
NOTICED = (".py", ".ipynb", ".json", ".npy", ".npz", ".txt", ".csv")

_Snapshot = dict[str, tuple[int, int]]


def main(kit: Path, files: Path, arguments: Sequence[str]) -> int:
    """Exit status: 0 where every test passed, 1 where one failed or could not run, 2 for a wrong command.

    kit: the folder of check.py; files: the folder in it that holds everything else of the kit's.
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a Windows console may lack a character
    page = Page(sys.stdout)
    ours = ("check.py", "README.md", files.name)
    supervisor = Supervisor(kit, files, ours, page.progress)
    try:
        if not options.watch:
            return _check(supervisor, page, kit, options)
        return _watch(supervisor, page, kit, options, ours)
    except KeyboardInterrupt:
        page.say("\nStopped.")
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python check.py", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-q", "--question", action="append", default=[], metavar="3.2", help="only this one")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell everything about every test")
    return parser


def _check(supervisor: Supervisor, page: Page, kit: Path, options: argparse.Namespace) -> int:
    try:
        outcome = supervisor.check(kit, options.question)
    except UsageError as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 2
    except AutograderError as error:
        print(f"The check itself failed, not your code: {error}", file=sys.stderr)
        return 1
    page.show(outcome, options.verbose)
    return 0 if all(test["passed"] for test in outcome["tests"]) else 1


def _watch(
    supervisor: Supervisor, page: Page, kit: Path, options: argparse.Namespace, ours: Sequence[str]
) -> int:
    while True:
        seen = _snapshot(kit, ours)
        status = _check(supervisor, page, kit, options)
        if status == 2:
            return status
        page.say("\nWaiting for you to save a file; Ctrl-C ends this.")
        changed = _next_change(kit, ours, seen)
        page.say(f"\n{'-' * 60}\n{', '.join(changed[:3])} changed at {time.strftime('%H:%M:%S')}\n")


def _next_change(kit: Path, ours: Sequence[str], seen: _Snapshot) -> list[str]:
    """Wait for a change, and then until the files are at rest; gives the names of those that changed."""
    while (now := _snapshot(kit, ours)) == seen:
        time.sleep(POLL_SECONDS)
    while True:
        time.sleep(POLL_SECONDS / 2)
        later = _snapshot(kit, ours)
        if later == now:
            return sorted(dict(set(now.items()) ^ set(seen.items())))
        now = later


def _snapshot(folder: Path, ours: Sequence[str]) -> _Snapshot:
    """When each of the student's files was last saved, and its size."""
    found: _Snapshot = {}
    for parent, folders, names in os.walk(folder):
        inner = Path(parent) != folder
        folders[:] = [name for name in folders if name not in JUNK_FOLDERS and (inner or name not in ours)]
        for name in names:
            if name.endswith(NOTICED) and (inner or name not in ours):
                path = os.path.join(parent, name)
                try:
                    status = os.stat(path)
                except OSError:  # an editor may be replacing it
                    continue
                found[os.path.relpath(path, folder)] = (status.st_mtime_ns, status.st_size)
    return found
