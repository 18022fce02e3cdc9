"""Starting the nursery's process. Imports next to nothing, so that the nursery imports NumPy while we do."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.one_thread import ONE_THREAD

_PROGRAM = """
import sys
sys.path[0] = sys.argv[1]
from autograder.sandbox.nursery import main
del sys.path[0]
main(int(sys.argv[2]), sys.argv[3] == "torch")
"""
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **ONE_THREAD}


@dataclass(frozen=True)
class Launched:
    """A nursery on its way: its process, our end of the socket pair, and where its errors go."""

    process: subprocess.Popen[bytes]
    end: socket.socket
    errors: IO[bytes]


def launch(with_torch: bool) -> Launched:
    """Start a nursery and return at once. Its environment holds nothing of ours."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    errors = tempfile.TemporaryFile()  # noqa: SIM115  # the nursery's, closed when it is
    flavour = "torch" if with_torch else "numpy"
    package_parent = str(Path(__file__).resolve().parents[2])
    with theirs:
        process = subprocess.Popen(
            [interpreter(), "-s", "-c", _PROGRAM, package_parent, str(theirs.fileno()), flavour],
            pass_fds=[theirs.fileno()],
            env=_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    return Launched(process, ours, errors)


def interpreter() -> str:
    """This Python, by a path without symbolic links to its environment's folder.

    A student user may be unable to walk through the folder that holds the link.
    """
    resolved = Path(sys.prefix).resolve() / "bin" / Path(sys.executable).name
    return str(resolved) if resolved.exists() else sys.executable
