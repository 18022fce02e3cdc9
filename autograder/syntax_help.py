"""Why Python cannot read a file, in words that say what to do about it."""

from __future__ import annotations

import re

_CONFLICT = re.compile(r"(<{7}|>{7})( |$)")
_PYTHON_2 = (
    (re.compile(r"\s*print\s+[^\s(=]|\s*print\s*>>|.*[;:]\s*print\s+['\"\w]"), "print ...", "print(...)"),
    (re.compile(r"\s*exec\s+['\"\w]"), "exec ...", "exec(...)"),
    (re.compile(r"\s*except\s+[\w.]+\s*,\s*\w+\s*:"), "except Error, e:", "except Error as e:"),
    (re.compile(r"\s*raise\s+\w+\s*,"), 'raise Error, "..."', 'raise Error("...")'),
    (re.compile(r"[^'\"#]*<>"), "<>", "!="),
)
_UNTERMINATED = ("was never closed", "unterminated", "unexpected eof", "eof while scanning")
_UNBALANCED = ("does not match opening", "unmatched")
_INVISIBLE = ("invalid character", "non-printable character")


def explain(error: SyntaxError, source: str) -> tuple[int, str]:
    """The line to look at (from 1), and a sentence for the student: what is wrong and what to do."""
    lines = source.split("\n")
    conflict = next((number for number, text in enumerate(lines, 1) if _CONFLICT.match(text)), None)
    if conflict is not None:
        return conflict, (
            "This file still has git's conflict markers (<<<<<<<, =======, >>>>>>>): keep one of the two "
            "versions and delete the marker lines."
        )
    line = min(max(error.lineno or 1, 1), len(lines))
    return line, _sentence(error, lines[line - 1])


def _sentence(error: SyntaxError, text: str) -> str:
    message = str(error.msg or "invalid syntax")
    lowered = message.lower()
    if "\0" in text or "null byte" in lowered:
        return "This file holds NUL bytes: it is damaged, or no Python file. Save it again as plain text."
    if isinstance(error, TabError) or "inconsistent use of tabs" in lowered:
        return "This line mixes tabs and spaces: let your editor convert all indentation to spaces."
    python_2 = _python_2(text, lowered)
    if python_2:
        return python_2
    if any(part in lowered for part in _UNTERMINATED):
        return f"A bracket or a string is opened and never closed: {message}."
    if any(part in lowered for part in _UNBALANCED):
        return f"The brackets do not match: {message}."
    if any(part in lowered for part in _INVISIBLE):
        return f"A character was probably copied from a web page or a PDF: {message}. Type it again."
    if isinstance(error, IndentationError):
        return f"The indentation is wrong: {message}."
    return f"Python cannot read this line: {message}."


def _python_2(text: str, message: str) -> str:
    for pattern, old, new in _PYTHON_2:
        if pattern.match(text):
            return f"This is Python 2 (`{old}`): Python 3 needs `{new}`."
    if "call to 'print'" in message:
        return "This is Python 2 (`print ...`): Python 3 needs `print(...)`."
    return ""
