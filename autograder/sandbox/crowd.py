"""How many values a message holds, counted before any of them is made.

A byte on the wire can become a hundred in memory: sixty-four megabytes of empty lists would take six
gigabytes of ours. Texts and arrays are skipped, so that counting costs an honest answer next to nothing.
"""

from __future__ import annotations

from autograder.sandbox.wire import MOST_VALUES, WireError

CROWD_BYTES = 1 << 18  # a message below this size cannot become large
_HEADER_BYTES = {0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9, 0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9}
_TEXTS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}  # first byte: bytes of the length
_ITEMS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}  # also values per item: a map has keys


def refuse_a_crowd(body: bytes | bytearray, most: int = MOST_VALUES) -> None:
    """Raise WireError for a MessagePack message of more values than `most`. Source: the MessagePack spec."""
    position, waiting, seen = 0, 1, 0
    while waiting and position < len(body):
        seen += 1
        if seen > most:
            raise WireError(f"a message of more than {most:,} values")
        size, inner = _value(body, position, body[position])
        position += size
        waiting += inner - 1


def _value(body: bytes | bytearray, position: int, first: int) -> tuple[int, int]:
    """Bytes of the value that starts here, without the values inside it, and the number of those."""
    if 0xA0 <= first < 0xC0:
        return 1 + (first & 0x1F), 0
    if 0x80 <= first < 0xA0:
        return 1, (first & 0x0F) * (2 if first < 0x90 else 1)
    if first in _TEXTS:
        return 1 + _TEXTS[first] + _number(body, position + 1, _TEXTS[first]), 0
    if first in _ITEMS:
        count, each = _ITEMS[first]
        return 1 + count, each * _number(body, position + 1, count)
    return _HEADER_BYTES.get(first, 1), 0


def _number(body: bytes | bytearray, start: int, count: int) -> int:
    return int.from_bytes(body[start : start + count], "big")
