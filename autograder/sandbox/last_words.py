"""What Python prints when a fatal signal ends it (faulthandler), read for the student's own lines."""

from __future__ import annotations

import re

from autograder.values import Frame

FRAMES = 20
_FATAL_FRAME = re.compile(r'File "([^"\n]+)", line (\d+) in (\S+)')


def fatal_frames(output: str) -> tuple[Frame, ...]:
    """The student's lines, the outermost first: theirs are the relative file names."""
    _, found, dump = output.rpartition("Fatal Python error")
    lines = _FATAL_FRAME.findall(dump) if found else []
    own = [Frame(file, int(line), name, "") for file, line, name in lines if _is_relative(file)]
    return tuple(reversed(own[:FRAMES]))


def _is_relative(file: str) -> bool:
    return not file.startswith(("/", "<", "\\")) and file[1:2] != ":"
