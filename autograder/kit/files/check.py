"""Check your files: python check.py, or python check.py --help. You need Python 3.10 or newer, and NumPy."""

import os
import sys

KIT = os.path.dirname(os.path.realpath(__file__))
FILES = os.path.join(KIT, "check_files")

if sys.version_info < (3, 10):  # noqa: UP036  (a student's Python may well be older)
    sys.exit("check.py needs Python 3.10 or newer; this is Python " + sys.version.split()[0])
if not os.path.isdir(FILES):
    sys.exit("check.py needs the folder check_files beside it: unpack the whole zip, and run it in there.")

# Your own files must not pass for installed ones: a random.py of yours would hide Python's.
sys.path[:] = [FILES] + [entry for entry in sys.path if os.path.realpath(entry or os.curdir) != KIT]


def main():
    if sys.argv[1:] == ["--worker"]:
        from autograder.check import worker

        worker.main()

    from pathlib import Path

    from autograder.check.main import main as check

    return check(Path(KIT), Path(FILES), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
