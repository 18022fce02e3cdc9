"""Answers that lie, and messages of the wrong kind: the host reads them without harm to itself."""

from __future__ import annotations

import resource
import struct

import msgspec
import numpy as np
import pytest

from autograder.sandbox import wire
from autograder.sandbox.crowd import CROWD_BYTES, refuse_a_crowd
from autograder.sandbox.framing import decode_message
from autograder.sandbox.wire import WireError
from tests.harness.red_team import assert_nobody_else_is_harmed, failure_of_call, with_connections
from tests.harness.sandboxed import Sandboxed

EMPTY_LISTS = b"\x92\x03\x90"  # a node: three bytes here, a hundred in memory

# `value`, as MessagePack, is sent as the answer to the call.
LIES = {
    "nothing at all": "b''",
    "no map": "b'\\xc0'",
    "a map of a billion": "b'\\xdf\\x40\\x00\\x00\\x00'",
    "nested ten thousand deep": "b'\\x92\\x03\\x91' * 10_000 + b'\\xc0'",
    "nested four hundred deep": "answer(b'\\x92\\x03\\x91' * 400 + b'\\xc0')",
    "millions of empty lists": "crowd(2 << 20)",
    "an array of an unknown kind": "answer(node(1, 'object', [1], b'12345678'))",
    "an array larger than its bytes": "answer(node(1, 'float64', [1 << 40], b'12345678'))",
    "an array of a negative length": "answer(node(1, 'float64', [-1, -1], b'12345678'))",
    "an array with too many axes": "answer(node(1, 'float64', [1] * 100, b'12345678'))",
    "an array with an axis beyond 64 bits": "answer(node(1, 'float64', [0, (1 << 64) - 1], b''))",
    "an integer that is none": "answer(node(5, '1' * 100_000))",
    "an integer with a space": "answer(node(5, ' 1_0 '))",
    "a reference to another answer": "answer(node(6, 0, []))",
    "a reference inside a list": "answer(node(3, [[6, 99, [1, 2]]]))",
    "a key that cannot be one": "answer(node(4, [[[3, []], 1]]))",
    "a hundred thousand keys alike":
        "answer(node(4, [[[5, str((2**61 - 1) * (i + 8))], None] for i in range(100_000)]))",
    "a change of an argument never given": "answer(b'\\xc0', changed=[[7, 1]])",
    "a change before the first argument": "answer(b'\\xc0', changed=[[-1, 1]])",
    "a failure of no kind": "answer(b'\\xc0', failure={'kind': 'full marks'})",
    "an unknown field": "answer(b'\\xc0', score=100)",
    "text that is no UTF-8": "answer(b'\\xa2\\xff\\xfe')",
    "an unknown node": "answer(node(99))",
}  # fmt: skip

LIAR = """
import msgspec
def node(*parts): return msgspec.msgpack.encode(list(parts))
def answer(value, **fields):
    fields = {"failure": None, "printed": "", "changed": [], "notes": []} | fields
    body = b"".join(msgspec.msgpack.encode(name) + msgspec.msgpack.encode(each) for name, each in fields.items())
    return bytes([0x80 + len(fields) + 1]) + body + b"\\xa5value" + value
def crowd(count): return answer(b"\\x92\\x03\\xdd" + struct.pack(">I", count) + b"\\x92\\x03\\x90" * count)
def f(x=None):
    body = LIE
    socket.socket(fileno=connections()[0]).sendall(struct.pack(">I", len(body)) + body)
    while True: pass
"""  # noqa: E501


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_costs_its_own_test(box: Sandboxed, lie: str) -> None:
    student = box.student(with_connections(LIAR.replace("LIE", LIES[lie])), answer_mb=16)
    failure = failure_of_call(student)
    student.close()

    assert failure is not None
    assert failure.kind == "protocol"
    assert_nobody_else_is_harmed(box)


def test_a_lie_about_a_crash_is_cut_to_size(box: Sandboxed) -> None:
    frame = "dict(file='../' * 999, line=-(1 << 60), function='g' * 9000, source='s' * 9000)"
    failure = f"dict(kind='raised', type_name='T' * 9000, message='m' * 90_000, frames=[{frame}] * 999)"
    lie = f"answer(b'\\xc0', notes=['n' * 9000] * 99, printed='p' * 9_000_000, failure={failure})"
    source = LIAR.replace("LIE", lie)
    student = box.student(with_connections(source))
    with student.session("a", 1) as session:
        reply = session.call("f")

    assert len(reply.failure.frames) <= 20
    assert len(repr(reply)) < 60_000


def test_an_answer_of_a_million_numbers_in_lists_is_too_big_and_no_lie(box: Sandboxed) -> None:
    reply = box.call("def f(x): return [[0.5] * 1000 for _ in range(1000)]", 1)

    assert reply.failure is not None
    assert reply.failure.kind == "too_big"


def test_an_answer_of_a_hundred_thousand_numbers_in_lists_arrives(box: Sandboxed) -> None:
    reply = box.call("def f(x): return [[0.5] * 1000 for _ in range(100)]", 1)

    assert reply.value == [[0.5] * 1000] * 100


def test_the_host_stays_small_whatever_a_submission_sends(box: Sandboxed) -> None:
    source = LIAR.replace("LIE", "crowd(5 << 20)")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    failure_of_call(box.student(with_connections(source), answer_mb=16, memory_mb=512))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert grown < 100_000  # kilobytes; the lists themselves would take five times that


# Counting the values of a message before they are made


@pytest.mark.parametrize(
    "value",
    [
        [None, True, 1, -1, 200, 70_000, 1 << 40, 1 << 63, -200, -70_000, -(1 << 40), -(1 << 62), 1.5],
        ["", "a" * 31, "b" * 200, "c" * 70_000, b"", b"d" * 200, b"e" * 70_000],
        [[], [1] * 15, [2] * 16, [3] * 70_000],
        {"a": {}, **{str(i): i for i in range(20)}},
        [[[[{"deep": [1, {"er": "x"}]}]]]],
    ],
)
def test_every_value_of_a_message_is_counted_once(value: object) -> None:
    body = msgspec.msgpack.encode(value)
    count = values_in(value)

    refuse_a_crowd(body, count)
    with pytest.raises(WireError, match="more than"):
        refuse_a_crowd(body, count - 1)


def values_in(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(values_in(key) + values_in(each) for key, each in value.items())
    return 1 + sum(map(values_in, value)) if isinstance(value, list) else 1


def test_a_message_that_breaks_off_is_left_to_the_decoder() -> None:
    refuse_a_crowd(b"\xdd\xff\xff\xff\xff")
    with pytest.raises(WireError):
        decode_message(b"\xdd\xff\xff\xff\xff" + b"\xc0" * CROWD_BYTES, list)


def test_a_large_array_is_one_value() -> None:
    node = wire.encode(np.zeros(100_000))
    refuse_a_crowd(msgspec.msgpack.encode(node), 6)


def test_a_crowd_is_refused_before_it_is_made() -> None:
    body = b"\x92\x03\xdd" + struct.pack(">I", 3 << 20) + EMPTY_LISTS * (3 << 20)
    with pytest.raises(WireError, match="values"):
        decode_message(body, wire.Node)
