"""Parts of the sentences in feedback: numbers, places, and text that a student wrote."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.difference import Index, Path

NAME_CHARACTERS = 80
MESSAGE_CHARACTERS = 300
SOURCE_CHARACTERS = 120
COLUMNS = 88  # of prose: the results page shows it as it is, and scrolls sideways

# A shape, an index and what stands in quotes are read as one word.
_ONE_WORD = re.compile(r"mend [\d.]+ first|\([\d, ]+\)|\[[^\][]{0,40}\]|`[^`]{0,40}`|'[^']{0,40}'")


def plain(text: Any, limit: int = MESSAGE_CHARACTERS) -> str:
    """Text from a submission on one line: nothing unprintable, at most `limit` characters."""
    # Cut first: a message can be of any length.
    start = str(text)[: 8 * limit]
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in start).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def number(value: Any) -> str:
    """A student's own number, to six digits."""
    return f"{value:.6g}" if isinstance(value, (float, np.floating)) else plain(value, NAME_CHARACTERS)


def amount(max_abs: float, relative: float) -> str:
    """How far off: two digits, which is too little to copy an answer from."""
    if not np.isfinite(max_abs):
        return "infinitely far off"
    if not np.isfinite(relative):
        return f"off by {max_abs:.2g}"
    return f"off by {max_abs:.2g} (relative: {_share(relative)})"


def _share(relative: float) -> str:
    if relative >= 10:
        return f"{relative:.2g} times"
    return f"{float(f'{100 * relative:.2g}'):g}%" if relative >= 0.01 else f"{relative:.2g}"


def digits(relative: float) -> str:
    """What something is right to: 3e-4."""
    mantissa, exponent = f"{relative:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def quantity(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def at(index: Index) -> str:
    """A place in an array, as it is typed in Python; nothing for a single number."""
    return f"at [{', '.join(map(str, index))}]" if index else ""


def place(output_name: str, path: Path) -> str:
    """What a difference is in, as it is typed in Python: grads[0], bn_param['running_mean']."""
    names = path if path[:1] == (output_name,) or not output_name else (output_name, *path)
    if not names or not isinstance(names[0], str):
        names = ("the result", *names)
    subscripts = (f"[{plain(repr(name), NAME_CHARACTERS)}]" for name in names[1:])
    return plain(names[0], NAME_CHARACTERS) + "".join(subscripts)


def wrapped(text: str) -> str:
    """Prose in lines of at most 88 columns, those that go on indented; indented lines stay as they are.

    So every sentence of ours begins at the margin, and nothing that a student wrote ever does.
    """
    return "\n".join(line if line.startswith(" ") else _wrapped(line) for line in text.splitlines())


def _wrapped(line: str) -> str:
    whole = _ONE_WORD.sub(lambda found: found[0].replace(" ", "\0"), line)
    lines = textwrap.wrap(
        whole, COLUMNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines).replace("\0", " ")


def listed(names: Sequence[str]) -> str:
    """dx; dx and db; dx, dw and db."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
