"""The test process: answers the calls of a test, and of the next where it is as good as a new one."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import socket
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.answering import Answerer
from autograder.portable import size_of
from autograder.sandbox import messages, wire
from autograder.sandbox.attempts import Attempts
from autograder.sandbox.confinement import Limits, forbid_processes
from autograder.sandbox.determinism import reseed
from autograder.sandbox.framing import MEGABYTE, Closed, Connection
from autograder.sandbox.kept_state import KeptState
from autograder.sandbox.loading import Loaded
from autograder.sandbox.refusing import refuse
from autograder.values import Failure, Reply

GREETING = b"!"


@dataclass(frozen=True)
class LoadedSubmission:
    """What a test process inherits: the functions, what they held after loading, and what was tried."""

    loaded: Loaded
    state: KeptState
    attempts: Attempts


def main(
    parent: Connection, descriptors: list[int], limits: Limits, submission: LoadedSubmission
) -> NoReturn:
    """Answer the calls that arrive on the first descriptor; the second takes what a fatal signal leaves."""
    try:
        channel_end, last_words = descriptors
        parent.close()
        faulthandler.enable(file=last_words, all_threads=False)
        forbid_processes()
        submission.state.begin()
        end = socket.socket(fileno=channel_end)
        submission.attempts.report_to(last_words)
        end.send(GREETING)
        with contextlib.suppress(Closed):
            host = Connection(end, 2 * limits.answer_mb * MEGABYTE, reads_ahead=True)
            _answer(host, limits, submission)
    finally:
        os._exit(0)


def _answer(host: Connection, limits: Limits, submission: LoadedSubmission) -> NoReturn:
    loaded, answerer = submission.loaded, None
    while True:
        call = host.receive(messages.TestOrder)
        if isinstance(call, messages.Begin):
            reseed(call.seed)
            if call.forbidden:
                refuse(call.forbidden, loaded.modules())
            answerer = _new_answerer(limits, loaded)
            continue
        if isinstance(call, messages.Finish) or answerer is None:
            answerer = None
            host.send(messages.Finished(submission.state.is_unchanged()))
            continue
        reply = answerer.answer(call.function, [wire.decode(node) for node in call.arguments], call.keep)
        # Asked before anything is encoded: there may be no memory for a second copy.
        if _is_too_big((reply.value, reply.changed), limits):
            reply = Reply(failure=Failure("too_big"), printed=reply.printed)
        host.send(pack(reply, loaded.new_notes(), submission.attempts.take()))


def _new_answerer(limits: Limits, loaded: Loaded) -> Answerer:
    return Answerer(
        loaded.lookup, loaded.own_file, printed_characters=limits.printed_characters, interruptible=False
    )


def _is_too_big(value: Any, limits: Limits) -> bool:
    return size_of(value) > limits.answer_mb * MEGABYTE or wire.count_values(value) > wire.MOST_VALUES // 2


def pack(reply: Reply, notes: list[str], tried: list[tuple[str, int]]) -> messages.Answer:
    failure = reply.failure
    return messages.Answer(
        value=wire.encode(reply.value),
        failure=failure
        and messages.FailureNode(
            failure.kind,
            failure.type_name,
            failure.message,
            [messages.FrameNode(f.file, f.line, f.function, f.source) for f in failure.frames],
        ),
        printed=reply.printed,
        changed=[(index, wire.encode(value)) for index, value in reply.changed.items()],
        notes=notes,
        tried=tried,
    )
