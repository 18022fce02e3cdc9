"""The submission process: confined, then the only place where a student's files are imported.

It answers to the host alone: first Load, then one StartTest after another. Tests run in forks
of it, so that a crash, a leak or a changed global cannot reach the next one. From its first import
of a student's file on, nothing that comes from here is believed.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from typing import NoReturn

from autograder.sandbox import loading, messages, test_process
from autograder.sandbox.attempts import Attempts
from autograder.sandbox.confinement import User, confine
from autograder.sandbox.determinism import reseed
from autograder.sandbox.framing import Closed, Connection
from autograder.sandbox.kept_state import KeptState
from autograder.sandbox.refusing import refuse

MOST_PROBLEMS = 200
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main(control: int, spawn: messages.Spawn) -> NoReturn:
    """Confine this process, load the submission, fork the tests; never returns."""
    status = 1
    try:
        _detach(control)
        user = None if spawn.uid is None or spawn.gid is None else User(spawn.uid, spawn.gid, spawn.user)
        host = Connection(socket.socket(fileno=control))
        try:
            layers = confine(user=user, limits=spawn.limits, readable=spawn.readable, writable=spawn.writable)
        except Exception as error:
            host.send(messages.Confined([], str(error) or repr(error)))
            raise
        host.send(messages.Confined(layers))
        os.environ.update(HOME=spawn.writable[0], TMPDIR=spawn.writable[0])
        _serve(host, spawn)
        status = 0
    except Closed:
        status = 0
    finally:
        os._exit(status)


def _serve(host: Connection, spawn: messages.Spawn) -> None:
    order = host.receive(messages.Load)
    reseed(0)
    sys.dont_write_bytecode = True  # it may not, and would be counted for trying
    attempts = Attempts(PROJECT, spawn.writable)
    attempts.listen()
    refuse(order.forbidden, ())
    loaded = loading.load(order.folder, order.files, order.functions, order.definitions_only)
    problems = [messages.LoadProblem(*problem) for problem in loaded.problems[:MOST_PROBLEMS]]
    host.send(messages.Loaded(problems, list(loaded.notes), attempts.take()))
    gc.freeze()
    submission = test_process.LoadedSubmission(loaded, KeptState(loaded.modules), attempts)
    _fork_tests(host, spawn, submission)


def _fork_tests(
    host: Connection, spawn: messages.Spawn, submission: test_process.LoadedSubmission
) -> NoReturn:
    """Fork whenever the host says so, also while an earlier test still runs; bury the dead."""
    running: dict[int, int] = {}
    ended: dict[int, int] = {}  # how, until the host asks; it asks about the latest, or never
    while True:
        order, descriptors = host.receive_with_descriptors(messages.SubmissionOrder, 2)
        if isinstance(order, messages.AwaitEnd):
            status = ended[order.number] if order.number in ended else _wait_for(running.pop(order.number))
            host.send(messages.Ended(order.number, status))
            continue
        pid = os.fork()
        if pid == 0:
            test_process.main(host, descriptors, spawn.limits, submission)
        running[order.number] = pid
        for descriptor in descriptors:
            os.close(descriptor)
        ended = _buried(running)


def _buried(running: dict[int, int]) -> dict[int, int]:
    """How those ended that are gone, by number; `running` goes on without them."""
    found = {}
    for number, child in list(running.items()):
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            found[number] = status
            del running[number]
    return found


def _wait_for(pid: int) -> int:
    return os.waitpid(pid, 0)[1]


def _detach(control: int) -> None:
    """A session of its own, and no descriptor but the one to the host; 0, 1 and 2 lead nowhere."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    limit = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, control)
    os.closerange(control + 1, min(limit, 1 << 20))
