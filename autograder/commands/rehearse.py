"""rehearse: is the assignment steady, fair, clear and fast enough for its first student?"""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.errors import UsageError

DESCRIPTION = """\
Before an assignment is published: grade every example in submissions_example/ under several seeds, twice
each, run the key written in other correct styles (float32, another order of summation) and every known
mistake, and say on one page

  whether a verdict ever changes               it must not: exit status 1
  whether a correct style loses points         it must not: exit status 1
  where right and wrong are close together     a tolerance or an input to look at: a warning
  how much time is left on half a CPU

The key and its mistakes run in this process: only for assignments that you trust, as all of your own.

examples:
  python -m autograder rehearse
  python -m autograder rehearse --seeds 10 --output rehearsal.txt
"""


def main(arguments: list[str]) -> int:
    """Print the page; exit status 1 where something must be mended before students come."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder rehearse",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="how many seeds (3)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the page here as well")
    options = parser.parse_args(arguments)
    if options.seeds < 1:
        raise UsageError(f"--seeds {options.seeds}: at least one seed is needed")
    if options.output and not options.output.parent.is_dir():
        raise UsageError(f"{options.output.parent} is no folder: make it first, or choose another --output")

    from autograder.assignment import load_assignment
    from autograder.rehearsal.page import page, problems
    from autograder.rehearsal.rehearse import rehearse
    from autograder.report.bar import bar

    assignment = load_assignment(options.assignment)
    with bar("rehearsing") as tell:
        rehearsal = rehearse(assignment, options.seeds, lambda what, done, total: tell(done, total, what))
    text = page(assignment, rehearsal)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 1 if problems(rehearsal) else 0
