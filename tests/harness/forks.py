"""Acts in forks of the test process, which may then confine, break or kill themselves."""

from __future__ import annotations

import json
import os
import signal
import warnings
from collections.abc import Callable

import pytest

from autograder.sandbox import confinement

LAYERS = {layer.name: layer for layer in confinement.layers()}


def needs(name: str) -> pytest.MarkDecorator:
    """Skip a test where the machine lacks the layer, and say so."""
    layer = LAYERS[name]
    return pytest.mark.skipif(not layer.present, reason=f"{name} is missing here: {layer.detail}")


needs_linux, needs_root, needs_landlock, needs_seccomp, needs_reachable_python = map(
    needs, ("platform", "another user", "Landlock", "seccomp", "interpreter")
)


class Died(Exception):
    """The child was ended by a signal."""


def in_child(act: Callable[[], object]) -> object:
    """What `act` returns in a fork of this process; an exception comes back as its name and message."""
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        # Libraries leave idle threads behind in this process; the child uses none of their locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            os.write(theirs, json.dumps(outcome(act)).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        raise Died(signal.Signals(os.WTERMSIG(status)).name)
    return json.loads(answer)


def outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


def exit_of_fork(act: Callable[[], object] = lambda: 0) -> int:
    """Fork once more, run `act` there, and give the exit status."""
    pid = os.fork()
    if pid == 0:
        os._exit(int(outcome(act) or 0))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def is_refused(result: object) -> bool:
    return isinstance(result, str) and result.startswith("PermissionError: ")
