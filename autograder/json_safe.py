"""Values made safe for JSON: text and numbers that every reader and database accepts.

Nothing here raises: whatever cannot be kept is replaced. NumPy and torch scalars become Python numbers.
"""

from __future__ import annotations

import math
import re
from typing import Any

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROL_BUT_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DEEPEST = 8
_LONGEST_TEXT = 4000
_LARGEST_WHOLE = 2**63


def safe_text(value: Any, limit: int, keep_escape: bool = False) -> str:
    """Text without control characters other than newline and tab, at most `limit` characters long.

    Line ends become newlines, lone surrogates U+FFFD; what is too long loses its middle, and says so.
    keep_escape: keep the ESC that starts ANSI colours.
    """
    text = value if isinstance(value, str) else _as_text(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = (_CONTROL_BUT_ESCAPE if keep_escape else _CONTROL).sub("", text)
    return cut_middle(_SURROGATE.sub("\ufffd", text), limit)


def safe_line(value: Any, limit: int) -> str:
    """Like `safe_text`, on one line."""
    return " ".join(safe_text(value, 2 * limit).split())[:limit]


def cut_middle(text: str, limit: int) -> str:
    """At most `limit` characters, 60 at least: the start and the end, and how much is left out between."""
    if len(text) <= limit:
        return text
    kept = max(limit - 60, 0)
    head, tail = kept - kept // 3, kept // 3
    left_out = len(text) - kept
    return f"{text[:head]}\n[... {left_out:,} characters left out here ...]\n{text[len(text) - tail :]}"


def safe_number(value: Any) -> float | None:
    """A finite Python float, or None where the value is no such number."""
    if isinstance(value, str | bytes):
        return None
    try:
        number = float(value)
    except Exception:  # a hostile or broken __float__ may raise anything
        return None
    return number if math.isfinite(number) else None


def safe_value(value: Any, depth: int = _DEEPEST) -> JsonValue:
    """A JSON value like `value`: tuples and sets become lists, anything unknown its text, NaN "nan"."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return safe_text(value, _LONGEST_TEXT)
    if isinstance(value, int):
        return int(value) if abs(value) < _LARGEST_WHOLE else f"a whole number of {value.bit_length()} bits"
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if depth and isinstance(value, dict):
        return {safe_line(key, 200): safe_value(item, depth - 1) for key, item in value.items()}
    if depth and isinstance(value, list | tuple | set | frozenset):
        return [safe_value(item, depth - 1) for item in value]
    return _scalar(value, depth)


def _scalar(value: Any, depth: int) -> JsonValue:
    # NumPy and torch scalars are known by their `item`; neither library is imported for it.
    try:
        item = value.item()
    except Exception:  # no scalar, or anything that a foreign object may raise
        return safe_text(value, _LONGEST_TEXT)
    plain = isinstance(item, bool | int | float | str)
    return safe_value(item, depth) if plain else safe_text(value, _LONGEST_TEXT)


def _as_text(value: Any) -> str:
    try:
        return "" if value is None else str(value)
    except Exception:  # a foreign __str__ may raise anything
        return f"<{type(value).__name__}>"
