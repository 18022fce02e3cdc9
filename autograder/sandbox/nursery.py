"""The nursery: a trusted process that imports what every submission needs, then only forks.

It holds no key, no graded cases and next to no environment, so nothing secret can be inherited from
it. It never touches a student's file: the processes that it forks do, after they were confined.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import platform
import signal
import socket
import sys
from typing import NoReturn

from autograder.sandbox import messages, processes, seccomp, submission_process
from autograder.sandbox.confinement import system_paths
from autograder.sandbox.determinism import import_torch
from autograder.sandbox.framing import Closed, Connection
from autograder.sandbox.rehearsal import rehearse

PR_SET_CHILD_SUBREAPER = 36


def main(control: int, with_torch: bool) -> NoReturn:
    """Serve the host's orders on the descriptor `control` until it closes."""
    _adopt_orphans()
    _import_for_everyone(with_torch)
    rehearse()
    system_paths()
    seccomp.prepare()
    host = Connection(socket.socket(fileno=control))
    host.send(messages.Ready(platform.python_version()))
    signal.signal(signal.SIGCHLD, _reap)
    gc.freeze()
    while True:
        try:
            order, descriptors = host.receive_with_descriptors(messages.NurseryOrder, 1)
        except Closed:
            _end_everything()
            os._exit(0)  # nothing is left to tidy up, and the host waits
        if isinstance(order, messages.Sweep):
            _sweep(order.uid, order.gid)
            host.send(messages.Swept())
            continue
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            host.close()
            submission_process.main(descriptors[0], order)
        os.close(descriptors[0])
        host.send(messages.Spawned(pid))


def _import_for_everyone(with_torch: bool) -> None:
    """Import what submissions use, before any of them runs: once, and out of its reach."""
    import json
    import warnings

    import numpy as np

    del json
    np.linalg.inv(np.eye(2))  # initialises LAPACK here rather than in every test
    np.random.default_rng(0)  # NumPy imports its random module when it is first used
    warnings.simplefilter("ignore")
    if with_torch:
        import_torch()


def _adopt_orphans() -> None:
    """Become the parent of whatever loses its own, so that the host finds it among our children."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_everything() -> None:
    """The host is gone, perhaps killed in the middle of a test: nothing of a submission may outlive it."""
    for pid in processes.descendants(os.getpid()):
        with contextlib.suppress(ProcessLookupError):
            group = os.getpgid(pid)
            if group != os.getpgrp():
                os.killpg(group, signal.SIGKILL)
        processes.kill(pid)


def _reap(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _sweep(uid: int, gid: int) -> None:
    """Kill everything that a user owns: kill(-1) sent as that user reaches all of it, and nothing else."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        finally:
            os._exit(0)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
