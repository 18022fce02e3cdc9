"""kit: what students get to test their files at home."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.errors import UsageError

DESCRIPTION = """\
Make the student kit: a zip with a starter file for each file of the answer key, the graded tests that
students may see, the answers to them for inputs drawn from public_seed, and check.py, which runs them on any
computer that has Python 3.10 and NumPy. Nothing of the key, its known mistakes or the graded inputs is in it.

A test that is not "visible" stays out with its inputs and answers, also one that is shown later on
(after_published); its function keeps its place in the starter files. A case file ships whole or not at all,
so such tests need a file of their own. Read the case files that ship before you give the kit out: a test may
say in passing how a function is written.

examples:
  python -m autograder kit
  python -m autograder kit --assignment exam --output exam-kit.zip
"""


def main(arguments: list[str]) -> int:
    """Write the kit and say what is in it."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder kit",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assignment", default="exam", metavar="NAME", help="assignments/NAME.toml (exam)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="NAME-kit.zip where left out")
    options = parser.parse_args(arguments)

    from autograder.assignment import load_assignment
    from autograder.kit.package import make_kit, write_kit

    assignment = load_assignment(options.assignment)
    output = options.output or Path(f"{assignment.name}-kit.zip")
    _check_output(output)
    kit = make_kit(assignment)
    write_kit(kit, output)
    size = output.stat().st_size / 1024
    print(f"{output}: {len(kit.files)} files, {size:.0f} KB, {len(kit.tests)} tests")
    if kit.left_out:
        numbers = ", ".join(test.number for test in kit.left_out)
        print(f"left out, because students may not see them (yet): {numbers}")
    print(f"Students unpack it, fill in the files and run: python {output.stem}/check.py")
    return 0


def _check_output(output: Path) -> None:
    """Raises UsageError where no zip can be written there: before the answers are computed, not after."""
    if output.is_dir():
        raise UsageError(f"{output} is a folder: name the file as well, such as {output / 'exam-kit.zip'}")
    if output.suffix != ".zip":
        raise UsageError(f"{output} does not end in .zip: students could not tell what it is")
    if not output.parent.is_dir():
        raise UsageError(f"{output.parent} is no folder: make it first, or choose another --output")
