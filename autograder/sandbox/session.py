"""One test process, seen from the host: calls go in, replies come out, and it ends when we say so."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from autograder.sandbox import messages, processes, wire
from autograder.sandbox.attempts import MARK, MOST_KINDS
from autograder.sandbox.confinement import Limits
from autograder.sandbox.framing import MEGABYTE, Closed, Connection, pair
from autograder.sandbox.last_words import FRAMES, fatal_frames
from autograder.sandbox.watch import Expired, Watch
from autograder.values import Failure, Frame, Reply

START_SECONDS = 10.0
END_SECONDS = 2.0
MESSAGE_CHARACTERS = 2_000
NOTES = 10
FATAL_BYTES = 64 * 1024


class TestSession:
    """A test process. Made ahead of its test; once a call ended it, every later call says the same.

    It may serve further tests, one after another, as long as `finish` and then `is_unchanged` allow it.
    tried: what student code tried that is refused, and how often, since this was last emptied.
    """

    __test__ = False  # for pytest: the name is the architecture's word, not a test of ours

    def __init__(self, submission: Connection, number: int, limits: Limits, deadline: float) -> None:
        """Have the process forked, without waiting for it. Raises Closed where the submission is gone."""
        self._submission = submission
        self._number = number
        self._limits = limits
        self._deadline = deadline
        self._death: Failure | None = None
        self._process: processes.Process | None = None
        self._met = False
        self._failed = False
        self.tried: list[tuple[str, int]] = []
        self._answered: set[str] = set()  # what an answer told is not counted again at the end
        self.lost = False
        ours, theirs = pair()
        whole = limits.answer_mb * MEGABYTE
        self._channel = Connection(ours, 2 * whole, takes_bytes=whole + MEGABYTE, reads_ahead=True)
        self._channel.ask_for_credentials()
        self._last_words, last_words_end = os.pipe()
        os.set_blocking(self._last_words, False)
        descriptors = [theirs.fileno(), last_words_end]
        try:
            self._submission.send(messages.StartTest(number), descriptors, self._watch(START_SECONDS))
        except (Expired, OSError, Closed):
            self.close()
            raise Closed from None
        finally:
            theirs.close()
            os.close(last_words_end)

    @property
    def pid(self) -> int | None:
        """The process, once it was met."""
        return self._process.pid if self._process else None

    def meet(self) -> None:
        """Wait until the process is up. Raises Closed where it never comes up."""
        if self._met:
            return
        try:
            pid = self._channel.receive_process(self._watch(START_SECONDS))
        except Expired:
            raise Closed from None
        self._process = processes.Process(pid) if pid else None
        self._met = True

    def begin(self, seed: int, forbidden: Sequence[str] = ()) -> None:
        """Start the test. Raises Closed where its process never came up, or was ended meanwhile.

        forbidden: names to refuse to the submission; a process that did so serves no other test.
        """
        self._failed = self._failed or bool(forbidden)
        self.meet()
        try:
            self._channel.send(messages.Begin(seed, list(forbidden)), watch=self._watch(START_SECONDS))
        except Expired:
            raise Closed from None

    def call(self, function: str, arguments: Sequence[Any], keep: Sequence[int]) -> Reply:
        """Call a function in the test process. Never raises for what student code does."""
        return self.post(function, arguments, keep)()

    def post(self, function: str, arguments: Sequence[Any], keep: Sequence[int]) -> Callable[[], Reply]:
        """Like `call`, but return at once with a function that waits for the reply. One call at a time."""
        watch = Watch(self.pid, self._limits.cpu_seconds, self._limits.idle_seconds, self._deadline)
        started = time.perf_counter()

        def send() -> None:
            nodes = [wire.encode(argument) for argument in arguments]
            self._channel.send(messages.Call(function, nodes, list(keep)), watch=watch)

        def receive() -> Reply:
            answer = self._channel.receive(messages.Answer, watch)
            return self._reply(answer, len(arguments), time.perf_counter() - started)

        self._attempt(send)
        return lambda: (
            self._attempt(receive) or Reply(failure=self._death, seconds=time.perf_counter() - started)
        )

    def _attempt(self, step: Callable[[], Reply | None]) -> Reply | None:
        """One step of a call; nothing where the process is gone, or goes with this."""
        try:
            return step() if self._death is None else None
        except Expired as expired:
            self._death = Failure(expired.kind)
        except wire.WireError as error:
            self._death = Failure("protocol", message=str(error))
        except Closed:
            self._death = self._cause_of_death()
        return None

    def finish(self) -> bool:
        """The test is over. True where its process may serve another: ask `is_unchanged` before it does."""
        if self._death is not None or self._failed:
            return False
        try:
            self._channel.send(messages.Finish(), watch=self._watch(END_SECONDS))
        except (Closed, Expired):
            return False
        return True

    def is_unchanged(self) -> bool:
        """After `finish`: is the process as good as a new one? Raises Expired where it does not say."""
        try:
            return self._channel.receive(messages.Finished, self._watch(END_SECONDS)).unchanged
        except (Closed, wire.WireError):
            return False

    def close(self) -> None:
        """End the test process. By force: what student code left in it has no say in when it ends."""
        if self._process is not None:
            self._process.kill()
        self._channel.close()
        if self._death is not None:
            self._read_last_words()
        os.close(self._last_words)

    def _reply(self, answer: messages.Answer, arguments: int, seconds: float) -> Reply:
        failure = answer.failure
        if not all(0 <= index < arguments for index, _ in answer.changed):
            raise wire.WireError("a changed argument that was never given")
        self.tried += answer.tried[:MOST_KINDS]
        self._answered.update(what for what, _ in answer.tried[:MOST_KINDS])
        self._failed = self._failed or (failure is not None and failure.kind != "raised")
        return Reply(
            value=wire.decode(answer.value, answer=True),
            failure=failure and _failure(failure),
            printed=answer.printed[: self._limits.printed_characters + 100],
            changed={index: wire.decode(node, answer=True) for index, node in answer.changed},
            notes=tuple(note[:300] for note in answer.notes[:NOTES]),
            seconds=seconds,
        )

    def _cause_of_death(self) -> Failure:
        """Ask the submission process how its child ended; it may be lying, or gone, too.

        Killed first, because it may have closed its channel and live on; a process that ended by itself
        keeps the status that it ended with.
        """
        if self._process is not None:
            self._process.kill()
        status = None
        try:
            self._submission.send(messages.AwaitEnd(self._number), watch=self._watch(END_SECONDS))
            status = self._submission.receive(messages.Ended, self._watch(END_SECONDS)).status
        except (Closed, Expired, wire.WireError):
            self.lost = True
        frames = fatal_frames(self._read_last_words())
        if status is None or not 0 <= status < 1 << 16 or not os.WIFSIGNALED(status):
            code = f"exit status {status >> 8}" if status is not None and 0 <= status < 1 << 16 else ""
            return Failure("exited", message=code, frames=frames)
        return _killed(os.WTERMSIG(status), frames)

    def _read_last_words(self) -> str:
        """What the process wrote at its end, and on the way to it what it tried, which is remembered."""
        words = b""
        with contextlib.suppress(OSError):
            words = os.read(self._last_words, FATAL_BYTES)
        tried = [
            line[len(MARK) :].decode("ascii", "replace")
            for line in words.splitlines()
            if line.startswith(MARK)
        ]
        self.tried += [(what, 1) for what in tried[:MOST_KINDS] if what not in self._answered]
        return words.decode("utf-8", "replace")

    def _watch(self, seconds: float) -> Callable[[], None]:
        """Patience for what takes milliseconds, also for a last moment beyond the deadline."""
        until = min(time.monotonic() + seconds, self._deadline + END_SECONDS)
        return Watch(None, math.inf, math.inf, until)


def _killed(number: int, frames: tuple[Frame, ...]) -> Failure:
    if number == signal.SIGXCPU:
        return Failure("cpu_time", frames=frames)
    if number == signal.SIGKILL:
        return Failure("exited", message="it closed its connection to the grader, or ran out of memory")
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return Failure("died", type_name=name, frames=frames)


def _failure(node: messages.FailureNode) -> Failure:
    frames = tuple(
        Frame(frame.file[:300], frame.line, frame.function[:200], frame.source[:300])
        for frame in node.frames[-FRAMES:]
    )
    return Failure(node.kind, node.type_name[:200], node.message[:MESSAGE_CHARACTERS], frames)
