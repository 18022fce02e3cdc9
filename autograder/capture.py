"""What student code prints, kept up to a limit."""

from __future__ import annotations

import io


class BoundedText(io.TextIOBase):
    """A text stream that remembers its first `limit` characters and counts the rest."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[str] = []
        self._room = limit
        self._dropped = 0

    def write(self, text: str) -> int:
        if self._room:
            self._kept.append(text[: self._room])
        self._dropped += max(0, len(text) - self._room)
        self._room = max(0, self._room - len(text))
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def text(self) -> str:
        """What was kept, with a last line that says how much was not."""
        kept = "".join(self._kept)
        return f"{kept}\n[{self._dropped:,} more characters]" if self._dropped else kept
