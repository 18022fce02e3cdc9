"""Text of unknown origin made harmless for an HTML page."""

from __future__ import annotations

import re
from html import escape

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_INVISIBLE = re.compile(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    """Text in which nothing is invisible or acts: controls become pictures, reordering marks their names."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(lambda match: chr(0x2400 + ord(match[0])), text)
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def escaped(text: str) -> str:
    """HTML that shows the text."""
    return escape(visible(text))


def line(text: str) -> str:
    """HTML that shows the text on one line."""
    return escaped(" ".join(text.split()))


def pre(text: str) -> str:
    """HTML that shows the text as it is laid out."""
    # The parser drops one newline after <pre>: without another one a text would lose its own.
    return f"<pre>\n{escaped(text)}</pre>"
