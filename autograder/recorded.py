"""A key's answers in one file, expected.npz: written where the key is, read where it must not be.

Replies are kept by the test's name and the number of the call. Numbers lie in one flat array for each dtype;
everything around them (tuples, dicts, texts, which failure) is JSON. Nothing is pickled in either direction.
"""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import AutograderError
from autograder.findings import CallRecord
from autograder.values import Failure, Opaque, Reply

REPLIES = "replies"
SAME_INPUTS = 1e-6  # linear algebra rounds differently from one machine to the next, never as much as this


class Recorded:
    """Answers the calls of a test in the order in which they were recorded, whatever the arguments are."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as file:
            self._store = {name: file[name] for name in file.files}
        self._tests = json.loads(self._store.pop(REPLIES).tobytes().decode())

    @contextlib.contextmanager
    def session(self, name: str, seed: int) -> Iterator[_Session]:
        """The recorded answers of one test. Raises AutograderError where there are none."""
        if name not in self._tests:
            raise AutograderError(f"no answers are recorded for {name}: get the newest kit")
        yield _Session(name, self._tests[name], self._store)


class _Session:
    def __init__(self, name: str, calls: Sequence[Any], store: Mapping[str, np.ndarray]) -> None:
        self._name = name
        self._calls = iter(calls)
        self._store = store

    def call(self, function: str, *arguments: Any) -> Reply:
        """The recorded answer. Raises AutograderError where it belongs to another call than this one."""
        recorded, count, total, value, failure, changed = next(self._calls, (None, 0, 0, None, None, []))
        if function != recorded:
            raise AutograderError(f"{self._name} calls {function} where {recorded} was recorded")
        here = _fingerprint(arguments)
        if here[0] != count or not np.isclose(here[1], total, rtol=SAME_INPUTS, atol=SAME_INPUTS):
            raise AutograderError(
                f"NumPy {np.__version__} draws other inputs here than those of the recorded answers: "
                "install the newest NumPy"
            )
        return Reply(
            value=_decode(value, self._store),
            failure=failure and Failure(failure[0], type_name=failure[1]),
            changed={index: _decode(node, self._store) for index, node in changed},
        )

    def probe(self, function: str, *arguments: Any) -> Reply:
        """A call that no test makes by itself: nothing is known of it, and nothing counts on it."""
        return Reply()


def save(transcripts: Mapping[str, Sequence[CallRecord]], path: Path) -> None:
    """Write what the key answered to each call of a test, by the test's name.

    Failures are kept by kind and type alone: a message may tell how the key works.
    """
    arrays: dict[str, list[np.ndarray]] = defaultdict(list)
    used: dict[str, int] = defaultdict(int)
    tests = {
        name: [_encode_call(call, arrays, used) for call in calls if not call.probe]
        for name, calls in transcripts.items()
    }
    store = {dtype: np.concatenate(arrays[dtype]) for dtype in sorted(arrays)}
    text = json.dumps(tests, ensure_ascii=False, separators=(",", ":"))
    np.savez_compressed(path, **store, **{REPLIES: np.frombuffer(text.encode(), dtype=np.uint8)})


def _encode_call(call: CallRecord, arrays: dict[str, list[np.ndarray]], used: dict[str, int]) -> list[Any]:
    reply: Reply = call.expected
    return [
        call.function,
        *_fingerprint(call.arguments),
        _encode(reply.value, arrays, used),
        reply.failure and [reply.failure.kind, reply.failure.type_name],
        [[index, _encode(value, arrays, used)] for index, value in reply.changed.items()],
    ]


def _encode(value: Any, arrays: dict[str, list[np.ndarray]], used: dict[str, int]) -> Any:
    """A portable value as JSON: what JSON has no kind for stands as a list of its kind and its content."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.ndarray):
        dtype = value.dtype.name
        arrays[dtype].append(value.ravel())
        used[dtype] += value.size
        return ["array", dtype, used[dtype] - value.size, list(value.shape)]
    if isinstance(value, dict):
        pairs = [[_encode(key, arrays, used), _encode(item, arrays, used)] for key, item in value.items()]
        return ["dict", pairs]
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, [_encode(item, arrays, used) for item in value]]
    assert isinstance(value, Opaque)
    return ["opaque", value.type_name]


def _decode(node: Any, store: Mapping[str, np.ndarray]) -> Any:
    if not isinstance(node, list):
        return node
    kind, content = node[0], node[1]
    if kind == "array":
        start, shape = node[2], node[3]
        return store[content][start : start + int(np.prod(shape, dtype=int))].reshape(shape).copy()
    if kind == "dict":
        return {_decode(key, store): _decode(item, store) for key, item in content}
    if kind == "opaque":
        return Opaque(content)
    items = [_decode(item, store) for item in content]
    return tuple(items) if kind == "tuple" else items


def _fingerprint(arguments: Any) -> tuple[int, float]:
    """How many numbers the arguments hold, and a sum that depends on their order."""
    numbers = np.concatenate([np.zeros(0), *_numbers(arguments)])
    finite = np.where(np.isfinite(numbers), numbers, 0.0)
    return len(finite), float(np.abs(finite * np.cos(np.arange(len(finite)))).sum())


def _numbers(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        yield value.ravel().astype(np.float64)
    elif isinstance(value, (bool, int, float)):
        yield np.array([value], dtype=np.float64)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, dict):
        yield from _numbers(list(value.values()))
