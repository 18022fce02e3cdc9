"""Portable values as bytes and back: what may cross between the host and a student's process.

A value becomes a tree of the node types below, encoded as MessagePack. Decoding is strict: an unknown
tag, a wrong type, a dtype that is not listed, or a shape that does not fit its bytes is refused before
anything is allocated. There is no pickle in either direction.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Union

import msgspec
import numpy as np

from autograder.portable import DEPTH, DTYPES, NAME_CHARACTERS, dtype_name
from autograder.values import Opaque, Part

INTEGER_DIGITS = 1_000
MOST_VALUES = 1_000_000  # in one message: numbers, texts and containers; an array counts as one
DEEPEST = DEPTH + 4  # containers in containers, a cache's position in its tuple included
MOST_ALIKE = 64  # keys of one dictionary with the same hash


class WireError(Exception):
    """Bytes that are no message; the text says which rule they break."""


class _Node(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    pass


class ArrayNode(_Node, tag=1):
    dtype: str
    shape: tuple[int, ...]
    data: bytes


class TupleNode(_Node, tag=2):
    items: list[Node]


class ListNode(_Node, tag=3):
    items: list[Node]


class DictNode(_Node, tag=4):
    items: list[tuple[Node, Node]]


class IntegerNode(_Node, tag=5):
    digits: str


class PartNode(_Node, tag=6):
    call: int
    path: tuple[int, ...]


class OpaqueNode(_Node, tag=7):
    type_name: str


Node = Union[  # noqa: UP007  # `|` cannot join the names that only exist below
    None, bool, int, float, str, ArrayNode, TupleNode, ListNode, DictNode, IntegerNode, PartNode, OpaqueNode
]


def encode(value: Any) -> Node:
    """Turn a portable value (see autograder.portable) into a node."""
    if isinstance(value, np.ndarray):
        return ArrayNode(dtype_name(value.dtype), value.shape, value.tobytes())
    if isinstance(value, tuple):
        return TupleNode([encode(item) for item in value])
    if isinstance(value, list):
        return ListNode([encode(item) for item in value])
    if isinstance(value, dict):
        return DictNode([(encode(key), encode(item)) for key, item in value.items()])
    if isinstance(value, Part):
        return PartNode(value.call, value.path)
    if isinstance(value, Opaque):
        return OpaqueNode(value.type_name)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return IntegerNode(str(value))
    return value


def count_values(value: Any) -> int:
    """How many values a portable value holds, itself included."""
    if isinstance(value, (list, tuple)):
        return 1 + sum(map(count_values, value))
    if isinstance(value, dict):
        return 1 + sum(count_values(key) + count_values(item) for key, item in value.items())
    return 1


def decode(node: Node, *, answer: bool = False, depth: int = DEEPEST) -> Any:
    """Turn a node back into a value; arrays come out fresh and writable.

    answer: it comes from a student's process, where nothing may refer to a call. Raises WireError for a
    node whose parts do not fit together.
    """
    if isinstance(node, ArrayNode):
        return _decode_array(node)
    if isinstance(node, (TupleNode, ListNode, DictNode)):
        return _decode_container(node, answer, depth - 1)
    if isinstance(node, IntegerNode):
        return _decode_integer(node)
    if isinstance(node, PartNode):
        if answer:
            raise WireError("an answer that refers to another answer")
        return Part(node.call, node.path)
    if isinstance(node, OpaqueNode):
        return Opaque(node.type_name[:NAME_CHARACTERS])
    return node


def _decode_container(node: TupleNode | ListNode | DictNode, answer: bool, depth: int) -> Any:
    if depth < 0:
        raise WireError("containers that are nested too deeply")
    if isinstance(node, DictNode):
        return _decode_dict(node, answer, depth)
    items = [decode(item, answer=answer, depth=depth) for item in node.items]
    return tuple(items) if isinstance(node, TupleNode) else items


def _decode_array(node: ArrayNode) -> np.ndarray:
    if node.dtype not in DTYPES:
        raise WireError(f"an array of dtype {node.dtype[:40]!r}")
    dtype = np.dtype(node.dtype)
    if len(node.shape) > 32 or any(length < 0 for length in node.shape):
        raise WireError("an array of an impossible shape")
    if math.prod(node.shape) * dtype.itemsize != len(node.data):
        raise WireError("an array whose shape does not fit its bytes")
    try:
        return np.frombuffer(node.data, dtype).reshape(node.shape).copy()
    except ValueError:
        raise WireError("an array of an impossible shape") from None


def _decode_dict(node: DictNode, answer: bool, depth: int) -> dict:
    keys = [decode(key, answer=answer, depth=depth) for key, _ in node.items]
    values = [decode(item, answer=answer, depth=depth) for _, item in node.items]
    try:
        # Equal hashes are looked through one by one: a hundred thousand of them would take us hours.
        if len(keys) > MOST_ALIKE and max(Counter(map(hash, keys)).values()) > MOST_ALIKE:
            raise WireError("a dictionary with keys that are made to look alike")
        return dict(zip(keys, values, strict=True))
    except TypeError:
        raise WireError("a dictionary with a key that cannot be one") from None


def _decode_integer(node: IntegerNode) -> int:
    digits = node.digits.removeprefix("-")
    if len(digits) > INTEGER_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise WireError("an integer that is none")
    return int(node.digits)
