"""The test process: answers the calls of a test, and of the next where it is as good as a new one."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import socket
from typing import Any, NoReturn

from autograder.answering import Answerer
from autograder.portable import size_of
from autograder.sandbox import messages, wire
from autograder.sandbox.confinement import Limits, forbid_processes
from autograder.sandbox.determinism import reseed
from autograder.sandbox.framing import MEGABYTE, Closed, Connection
from autograder.sandbox.kept_state import KeptState
from autograder.sandbox.refusing import refuse
from autograder.values import Failure, Reply

GREETING = b"!"


def main(
    submission: Connection, descriptors: list[int], limits: Limits, loaded: Any, state: KeptState
) -> NoReturn:
    """Answer the calls that arrive on the first descriptor; the second takes what a fatal signal leaves."""
    try:
        channel_end, last_words = descriptors
        submission.close()
        faulthandler.enable(file=last_words, all_threads=False)
        forbid_processes()
        state.begin()
        end = socket.socket(fileno=channel_end)
        end.send(GREETING)
        with contextlib.suppress(Closed):
            _answer(Connection(end, 2 * limits.answer_mb * MEGABYTE, reads_ahead=True), limits, loaded, state)
    finally:
        os._exit(0)


def _answer(host: Connection, limits: Limits, loaded: Any, state: KeptState) -> NoReturn:
    answerer = None
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
            host.send(messages.Finished(state.is_unchanged()))
            continue
        reply = answerer.answer(call.function, [wire.decode(node) for node in call.arguments], call.keep)
        # Asked before anything is encoded: there may be no memory for a second copy.
        if _is_too_big((reply.value, reply.changed), limits):
            reply = Reply(failure=Failure("too_big"), printed=reply.printed)
        host.send(pack(reply, loaded.new_notes()))


def _new_answerer(limits: Limits, loaded: Any) -> Answerer:
    return Answerer(
        loaded.lookup, loaded.own_file, printed_characters=limits.printed_characters, interruptible=False
    )


def _is_too_big(value: Any, limits: Limits) -> bool:
    return size_of(value) > limits.answer_mb * MEGABYTE or wire.count_values(value) > wire.MOST_VALUES // 2


def pack(reply: Reply, notes: list[str]) -> messages.Answer:
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
    )
