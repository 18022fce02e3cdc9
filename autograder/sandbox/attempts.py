"""What a submission tries that confinement refuses, counted for the staff.

Python tells an audit hook of files, sockets and processes before it asks the kernel. The hook stands in the
student's own process, and native code goes past it: a count is a hint for people who then read the code, no
evidence, and it changes no score. What is refused is refused by the kernel, whether it is counted or not.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

MARK = b"tried: "
MOST_KINDS = 20
DETAIL_CHARACTERS = 120
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_LOCAL = ("AF_UNIX", "AF_NETLINK")
_RESULTS = frozenset({"results.json", "submission_metadata.json"})
_PROCESSES = ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system", "subprocess.Popen")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod")
_SIGNALS = ("os.kill", "os.killpg")


class Attempts:
    """Counts from `listen` on; `take` gives what is new.

    project: the folder that holds the key and the cases. writable: the folders that may be written.
    """

    def __init__(self, project: str, writable: Sequence[str]) -> None:
        # Our own package is read whenever a traceback is made, and the interpreter by every import.
        self._project = os.path.join(project, "")
        self._open_to_all = tuple(os.path.join(project, name, "") for name in ("autograder", ".venv"))
        self._writable = tuple(os.path.join(folder, "") for folder in (*writable, "/dev"))
        self._counts: Counter[str] = Counter()
        self._told: set[str] = set()
        self._last_words = -1

    def report_to(self, last_words: int) -> None:
        """Write each new thing into this pipe at once as well: the process may not live to be asked.

        What was tried so far was ours: to get here.
        """
        self._counts.clear()
        self._told.clear()
        self._last_words = last_words

    def listen(self) -> None:
        """Start counting; a hook cannot be taken off again, and what is forked inherits it."""
        sys.addaudithook(self._hear)

    def take(self) -> list[tuple[str, int]]:
        """What was tried since this was last asked, in words for staff, with how often."""
        taken = list(self._counts.items())
        self._counts.clear()
        return taken

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        judge = _JUDGES.get(event)
        if judge is None:
            return
        try:
            tried = judge(self, event, arguments)
            if tried and (tried in self._counts or len(self._counts) < MOST_KINDS):
                self._counts[tried] += 1
                self._tell(tried)
        except Exception:  # whatever was passed to `open`: it must fail there, not here
            return

    def _tell(self, tried: str) -> None:
        if self._last_words >= 0 and tried not in self._told and len(self._told) < MOST_KINDS:
            self._told.add(tried)
            os.write(self._last_words, MARK + tried.encode("ascii", "backslashreplace") + b"\n")

    def _file(self, event: str, arguments: tuple[Any, ...]) -> str:
        path, _, flags = arguments
        if not isinstance(path, (str, bytes)):
            return ""
        whole = os.path.abspath(os.fsdecode(path))
        shown = whole[:DETAIL_CHARACTERS]
        if os.path.basename(whole) in _RESULTS:
            return f"open {shown}"
        if whole.startswith("/proc/") and whole.split("/")[2].isdigit():
            return "" if whole.split("/")[2] == str(os.getpid()) else f"open {shown}"
        if self._is_ours(whole):
            return f"open {shown}"
        is_written = isinstance(flags, int) and flags & _WRITES
        return f"write {shown}" if is_written and not f"{whole}/".startswith(self._writable) else ""

    def _change(self, event: str, arguments: tuple[Any, ...]) -> str:
        return self._file(event, (arguments[0], "", os.O_WRONLY))

    def _folder(self, event: str, arguments: tuple[Any, ...]) -> str:
        whole = os.path.abspath(os.fsdecode(arguments[0] or "."))
        return f"list {whole[:DETAIL_CHARACTERS]}" if self._is_ours(f"{whole}/") else ""

    def _is_ours(self, path: str) -> bool:
        return path.startswith(self._project) and not path.startswith(self._open_to_all)

    def _socket(self, event: str, arguments: tuple[Any, ...]) -> str:
        family = getattr(arguments[1], "name", "") if event == "socket.__new__" else ""
        return "" if family in _LOCAL else f"use the network ({event})"

    def _process(self, event: str, arguments: tuple[Any, ...]) -> str:
        return f"start a process ({event})"

    def _signal(self, event: str, arguments: tuple[Any, ...]) -> str:
        return "" if arguments[0] == os.getpid() else f"send a signal to another process ({event})"


_Judge = Callable[[Attempts, str, tuple[Any, ...]], str]
_JUDGES: dict[str, _Judge] = {
    "open": Attempts._file,
    **dict.fromkeys(_CHANGES, Attempts._change),
    "os.listdir": Attempts._folder,
    "os.scandir": Attempts._folder,
    "socket.__new__": Attempts._socket,
    "socket.connect": Attempts._socket,
    "socket.bind": Attempts._socket,
    "socket.getaddrinfo": Attempts._socket,
    **dict.fromkeys(_PROCESSES, Attempts._process),
    **dict.fromkeys(_SIGNALS, Attempts._signal),
}
