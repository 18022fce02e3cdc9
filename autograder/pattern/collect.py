"""From the calls of a graded test to the evidence about one output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.compare import compare
from autograder.errors import AssignmentError
from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.observation import has_structure
from autograder.pattern.evidence import CallEvidence, Evidence
from autograder.pattern.layouts import axes_of
from autograder.pattern.quantities import LABELS, quantities_of
from autograder.signature import Signature
from autograder.values import Part, Reply
from autograder.wording import place

MOST_ARRAYS = 24


def evidence_from(
    calls: Sequence[CallRecord],
    function: str,
    output: str,
    functions: Mapping[str, FunctionSpec],
    path: tuple[str | int, ...] = (),
) -> Evidence:
    """Every call of `function` in a test whose key gave an array for `output`.

    output: a name that the function returns, or a parameter that it may change; `path` leads on into it, as
    that of a Difference does. What an earlier call was given counts as given where its result is an argument,
    so that a backward pass knows the x, w and b of its forward pass.
    """
    if path[:1] == (output,):
        path = path[1:]
    signature = functions[function].signature
    found = []
    for record in calls:
        if record.function == function:
            given, made = _context(record, calls, functions)
            call = _call_evidence(record, signature, output, path, given, made)
            if call is not None:
                found.append((call, given))
    axes = _axes(str(path[-1]) if path else output, found)
    return Evidence(place(output, path), tuple(call for call, _ in found), axes)


def _call_evidence(
    record: CallRecord, signature: Signature, output: str, path: tuple, given: dict, made: dict
) -> CallEvidence | None:
    expected = _array(_output(record, record.expected, signature, output, path))
    if expected is None:
        return None
    raw = _output(record, record.actual, signature, output, path)
    actual = _array(raw)
    if actual is not None and expected.ndim == 0 and actual.size == 1:
        actual = actual.reshape(())
    others = {name: array for name, array in _arrays(given) if name != output}
    outputs = {name: array for name, array in _right_outputs(record, signature) if name != output}
    return CallEvidence(
        actual=actual,
        expected=expected,
        quantities=quantities_of(given, {**made, **dict(_right_outputs(record, signature))}),
        others=dict(list({**others, **_one_hot(given)}.items())[:MOST_ARRAYS]),
        agrees=record.actual.failure is None and _agrees(raw, expected, bool(path)),
        outputs=outputs,
        answers={name: array for name, array in _answers(record, signature) if name != output},
    )


def _context(
    record: CallRecord, calls: Sequence[CallRecord], functions: Mapping[str, FunctionSpec]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments of a call by parameter, with those of the calls it builds on; and what those gave."""
    given = dict(zip(functions[record.function].signature.parameters, record.arguments, strict=False))
    made: dict[str, Any] = {}
    for argument in record.arguments:
        if isinstance(argument, Part) and 0 <= argument.call < len(calls):
            earlier = calls[argument.call]
            if earlier.function != record.function and earlier.function in functions:
                signature = functions[earlier.function].signature
                made.update(_right_outputs(earlier, signature))
                for name, value in zip(signature.parameters, earlier.arguments, strict=False):
                    given.setdefault(name, value)
    return {name: value for name, value in given.items() if not isinstance(value, Part)}, made


def _output(record: CallRecord, reply: Any, signature: Signature, output: str, path: tuple) -> Any:
    """One output of a reply; None where it is not there."""
    if reply.failure is not None:
        return None
    paths = {name: place for place, name in signature.leaves()}
    if output in paths:
        # An array returned alone would be taken apart as if it were the tuple.
        whole = has_structure(reply.value, signature.returns)
        return _at(reply.value, (*paths[output], *path)) if whole else None
    if output not in signature.parameters:
        return None
    index = signature.parameters.index(output)
    given = record.arguments[index] if index < len(record.arguments) else None
    return _at(reply.changed.get(index, given), path)


def _at(value: Any, path: tuple) -> Any:
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def _array(value: Any) -> np.ndarray | None:
    """Numbers, truth values and rectangular lists of them."""
    if not isinstance(value, (bool, int, float, np.generic, np.ndarray, list, tuple)):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # a ragged list, or numbers too large for any type
        return None
    return array if array.dtype.kind in "biuf" else None


def _agrees(actual: Any, expected: np.ndarray, loose: bool) -> bool:
    try:
        return compare(actual, expected, loose_shape=loose) is None
    except AssignmentError:
        return False


def _right_outputs(record: CallRecord, signature: Signature) -> Iterator[tuple[str, np.ndarray]]:
    return _outputs(record.expected, signature)


def _answers(record: CallRecord, signature: Signature) -> Iterator[tuple[str, np.ndarray]]:
    return _outputs(record.actual, signature)


def _outputs(reply: Reply, signature: Signature) -> Iterator[tuple[str, np.ndarray]]:
    if reply.failure is not None or not has_structure(reply.value, signature.returns):
        return
    for path, name in signature.leaves():
        array = _array(_at(reply.value, path))
        if array is not None and array.ndim:
            yield name, array


def _arrays(given: Mapping[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays among the arguments and in their dictionaries."""
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _arrays({key: entry for key, entry in value.items() if isinstance(key, str)})
        elif isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "bf":
            yield name, value


def _one_hot(given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Integer labels (N,) as an array in the shape of the scores (N, C)."""
    labels = given.get("y")
    scores = next((given[name] for name in ("x", "z") if isinstance(given.get(name), np.ndarray)), None)
    if (
        not isinstance(labels, np.ndarray)
        or labels.dtype.kind not in "iu"
        or scores is None
        or scores.ndim != 2
    ):
        return {}
    fits = (
        labels.shape == scores.shape[:1]
        and labels.size
        and labels.min() >= 0
        and labels.max() < scores.shape[1]
    )
    return {LABELS: np.eye(scores.shape[1])[labels]} if fits else {}


def _axes(name: str, found: Sequence[tuple[CallEvidence, Mapping[str, Any]]]) -> tuple[str, ...]:
    """The names of the output's axes, where all calls agree about them."""
    each = {axes_of(name, call.expected.shape, given) for call, given in found}
    return each.pop() if len(each) == 1 else ()
