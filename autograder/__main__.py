"""python -m autograder COMMAND ...: one file per command, imported only when it is used."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from types import ModuleType

from autograder.errors import AutograderError, UsageError
from autograder.one_thread import ONE_THREAD

COMMANDS = {
    "grade": "grade one submission and show what was lost where, and why",
    "preview": "show results as Gradescope does, to students and to staff, in one HTML page",
    "prove": "check that the graded tests catch every known mistake",
    "new-assignment": "files to start an assignment of your own from",
    "rehearse": "check before release that the tests are steady, fair, clear and fast enough",
    "build": "make the zip that Gradescope takes",
    "kit": "make the zip with which students test their files at home",
    "doctor": "check what this machine gives to confine student code",
    "gradescope": "grade the way Gradescope does (run_autograder calls this)",
}
EXIT_FAILED = 1
EXIT_USAGE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; gives the exit status: 0 done, 1 the autograder failed, 2 a usage error."""
    os.environ.update(ONE_THREAD)
    parser = argparse.ArgumentParser(
        prog="python -m autograder",
        description="Grade deep-learning programming assignments.",
        epilog="`python -m autograder COMMAND --help` explains a command with examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    listed = "\n".join(f"  {name:<16}{text}" for name, text in COMMANDS.items())
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=f"one of\n{listed}")
    parser.formatter_class = argparse.RawTextHelpFormatter
    given = sys.argv[1:] if arguments is None else arguments
    chosen = parser.parse_args(given[:1]).command
    try:
        command = _command(chosen)
        return int(command.main(given[1:]))
    except UsageError as error:
        print(f"{parser.prog} {chosen}: {error}", file=sys.stderr)
        return EXIT_USAGE
    except AutograderError as error:
        print(f"The autograder could not do this: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _command(chosen: str) -> ModuleType:
    """The module of a command. Raises UsageError in a package for the platform, which holds some of them."""
    name = f"autograder.commands.{chosen.replace('-', '_')}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise UsageError("this package only grades: run it in the project that it was built from") from None


if __name__ == "__main__":
    sys.exit(main())
