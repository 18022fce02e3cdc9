"""Messages over a socket: four bytes of length, then MessagePack, with a bound and a deadline on each."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from autograder.sandbox.crowd import CROWD_BYTES, refuse_a_crowd
from autograder.sandbox.wire import WireError

MEGABYTE = 1 << 20
TICK_SECONDS = 0.05  # how often a waiting host looks at what it waits for
CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid
_HEADER = struct.Struct(">I")
READ_AHEAD_BYTES = 1 << 16
HEADER_BYTES = _HEADER.size
_encoder = msgspec.msgpack.Encoder()


class Closed(Exception):
    """The other side of the socket is gone, or closed its end."""


class Connection:
    """One end of a socket pair. Waiting calls `watch` at every tick; what it raises ends the wait."""

    def __init__(
        self,
        end: socket.socket,
        limit_bytes: int = 64 * MEGABYTE,
        takes_bytes: int | None = None,
        reads_ahead: bool = False,
    ) -> None:
        """limit_bytes: of what goes out; of what comes in, too, unless takes_bytes says otherwise.
        reads_ahead: a short message arrives by one read, not two; descriptors that came with it are lost.
        """
        self._end = end
        self._ahead = bytearray()
        self._at_once = READ_AHEAD_BYTES if reads_ahead else 0
        self._limit = limit_bytes
        self._takes = limit_bytes if takes_bytes is None else takes_bytes
        self._poll = select.poll()
        self._next_look = 0.0
        self._watched: Callable[[], None] | None = None

    def fileno(self) -> int:
        return self._end.fileno()

    def close(self) -> None:
        self._end.close()

    def send(
        self, message: Any, descriptors: Sequence[int] = (), watch: Callable[[], None] | None = None
    ) -> None:
        """Send one message. Raises Closed; with `watch`, never blocks for longer than a tick."""
        body = _encoder.encode(message)
        if len(body) > self._limit:
            raise WireError(f"a message of {len(body):,} bytes; at most {self._limit:,} are taken")
        frame = memoryview(_HEADER.pack(len(body)) + body)
        try:
            while frame:
                try:
                    if descriptors:
                        sent = socket.send_fds(self._end, [frame], list(descriptors), self._flags(watch))
                        descriptors = ()
                    else:
                        sent = self._end.send(frame[:MEGABYTE], self._flags(watch))
                    frame = frame[sent:]
                except BlockingIOError:
                    self._wait(select.POLLOUT, watch)
        except OSError:
            raise Closed from None

    def receive(self, kind: Any, watch: Callable[[], None] | None = None) -> Any:
        """Receive one message of exactly this type. Raises Closed, WireError, or what `watch` raises."""
        (length,) = _HEADER.unpack(self._read(HEADER_BYTES, watch))
        if length > self._takes:
            raise WireError(f"a message of {length:,} bytes; at most {self._takes:,} are taken")
        return decode_message(self._read(length, watch), kind)

    def receive_with_descriptors(self, kind: Any, count: int) -> tuple[Any, list[int]]:
        """Receive one message and the descriptors sent along with it; waits for as long as it takes."""
        try:
            start, descriptors, _, _ = socket.recv_fds(self._end, HEADER_BYTES, count)
        except OSError:
            raise Closed from None
        if not start:
            raise Closed
        (length,) = _HEADER.unpack(start + self._read(HEADER_BYTES - len(start), None))
        return decode_message(self._read(length, None), kind), list(descriptors)

    def receive_process(self, watch: Callable[[], None]) -> int | None:
        """Receive the one-byte greeting of a new process; the kernel vouches for the pid, on Linux."""
        self._wait(select.POLLIN, watch)
        room = socket.CMSG_SPACE(CREDENTIALS.size) if hasattr(socket, "SCM_CREDENTIALS") else 0
        try:
            greeting, extras, _, _ = self._end.recvmsg(1, room)
        except OSError:
            raise Closed from None
        if not greeting:
            raise Closed
        for level, kind, data in extras:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                return CREDENTIALS.unpack(data[: CREDENTIALS.size])[0]
        return None

    def ask_for_credentials(self) -> None:
        if hasattr(socket, "SO_PASSCRED"):
            self._end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)

    def _read(self, count: int, watch: Callable[[], None] | None) -> bytearray:
        chunks = self._ahead
        while len(chunks) < count:
            self._wait(select.POLLIN, watch)
            most = min(count - len(chunks), MEGABYTE)
            try:
                chunk = self._end.recv(max(most, self._at_once), self._flags(watch))
            except OSError:
                raise Closed from None
            if not chunk:
                raise Closed
            chunks += chunk
        self._ahead = chunks[count:]
        del chunks[count:]
        return chunks

    def _flags(self, watch: Callable[[], None] | None) -> int:
        return socket.MSG_DONTWAIT if watch else 0

    def _wait(self, event: int, watch: Callable[[], None] | None) -> None:
        """Wait for the event. `watch` is called once a tick even where bytes keep dripping in."""
        if watch is None:
            return
        self._poll.register(self._end, event)
        if self._watched is not watch:
            self._watched, self._next_look = watch, time.monotonic() + TICK_SECONDS
        ready: list[Any] = []
        while not ready:
            ready = self._poll.poll(TICK_SECONDS * 1000)
            if time.monotonic() >= self._next_look:
                self._next_look = time.monotonic() + TICK_SECONDS
                watch()


def decode_message(body: bytes | bytearray, kind: Any) -> Any:
    """Decode strictly into `kind`; hostile nesting, numbers of values and types are WireErrors alike."""
    try:
        if len(body) > CROWD_BYTES:
            refuse_a_crowd(body)
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(str(error)[:200]) from None


def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
