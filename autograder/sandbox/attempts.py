"""In a student's process: writing down what the code tries that confinement refuses.

An audit hook sees what Python is about to do: open a file, a socket, start a process, send a signal. What
lies beyond what `confine` grants is one line in a pipe to the host, at once, so that the end of the process
does not take it along. This is a note for staff and keeps nothing from happening: the layers do that. It is
not to be trusted, either: code that calls the C library directly is not seen, and code that looks for this
module can write what it likes. It catches the ordinary, such as reading the key, a download, a fork.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox.interpreter_paths import system_paths

MARK = "tried"
MOST_OF_A_KIND = 40  # lines of one process
DETAIL_CHARACTERS = 120
_HARNESS = str(Path(__file__).resolve().parents[1])  # opened, in vain, for the lines of a traceback
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
_LOOKS = {"open", "os.listdir", "os.scandir"}
_OTHERS = {
    **dict.fromkeys(
        ("socket.__new__", "socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.bind"),
        "network",
    ),
    **dict.fromkeys(
        ("os.fork", "os.forkpty", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen"),
        "processes",
    ),
    **dict.fromkeys(("os.kill", "os.killpg", "signal.pthread_kill"), "signals"),
}
_WATCHED = frozenset((*_CHANGES, *_LOOKS, *_OTHERS))


class _Watcher:
    """Where lines go: kept while `pipe` is None, nowhere while it is -1."""

    def __init__(self, readable: Sequence[str], writable: Sequence[str]) -> None:
        self.lines: list[str] = []
        self.pipe: int | None = None
        self._counts: Counter[str] = Counter()
        self._writable = _inside(writable)
        self._readable = _inside([*map(str, system_paths()), sys.prefix, _HARNESS, *readable, *writable])

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _WATCHED or self.pipe == -1:
            return
        try:
            self._look(event, arguments)
        except Exception:
            return

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OTHERS:
            detail = "" if event == "socket.__new__" else repr(arguments)
            self._write(_OTHERS[event], f"{event} {detail}")
            return
        if not arguments or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))
        changes = event in _CHANGES or (
            event == "open" and isinstance(arguments[2], int) and _WRITES & arguments[2]
        )
        granted = self._writable if changes else self._readable
        if not f"{path}/".startswith(granted) and path != os.devnull:
            self._write("changing files" if changes else "reading files", f"{event} {path}")

    def _write(self, kind: str, detail: str) -> None:
        self._counts[kind] += 1
        if self._counts[kind] > MOST_OF_A_KIND:
            return
        plain = detail[:DETAIL_CHARACTERS].encode("ascii", "backslashreplace").decode().replace("\n", " ")
        line = f"{MARK}: {kind}: {plain}"
        if self.pipe is None:
            self.lines.append(line)
        else:
            os.write(self.pipe, f"{line}\n".encode())


_watcher: _Watcher | None = None


def watch(readable: Sequence[str], writable: Sequence[str]) -> None:
    """From now on, keep what this process tries beyond these folders and what the interpreter needs."""
    global _watcher
    _watcher = _Watcher(readable, writable)
    sys.addaudithook(_watcher.hook)


def so_far() -> list[str]:
    """What was kept; nothing more is, until `report_to` is called in a fork."""
    if _watcher is None:
        return []
    _watcher.pipe = -1
    return _watcher.lines


def report_to(pipe: int) -> None:
    """Write further lines to this pipe, as they come."""
    if _watcher is not None:
        _watcher.pipe = pipe


def _inside(folders: Sequence[str]) -> tuple[str, ...]:
    both = [each for folder in folders for each in (os.path.abspath(folder), str(Path(folder).resolve()))]
    return tuple(f"{each.rstrip('/')}/" for each in dict.fromkeys(both))
