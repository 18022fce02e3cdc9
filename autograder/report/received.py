"""What Gradescope receives when it is sent a results.json: the document, or the failure page in its place.

The harness in the container reads the file leniently, cuts long outputs, and sends it on; where it trips, a
score of 0 takes the place of everything. What its server makes of a value of the wrong type is not known:
such values are named among the violations, and only what must sink the whole file is told as a refusal.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.result_format import FORMATS, VISIBILITIES

LONGEST_OUTPUT = 100_000  # characters; the platform's, ours is far lower
TRUNCATED = "[...(truncated)...]"
LARGEST_FILE = 1_000_000  # bytes; the server's own limit is not known
SHOWN = 60  # violations that are listed

NOT_JSON = (
    "The autograder failed to execute correctly. Please ensure that your submission is valid. Contact your "
    "course staff for help in debugging this issue. Make sure to include a link to this page so that they "
    "can help you most effectively."
)
NOT_SENT = (
    "The autograder failed to execute correctly. Please try submitting it again. Contact us at "
    "help@gradescope.com if the autograder continues to fail."
)
NO_RESULTS = "The autograder failed to execute correctly."
FOR_STAFF = "The results uploaded to Gradescope were not formatted correctly."

_TOP_LEVEL = {
    "score": "a number",
    "execution_time": "a number",
    "output": "a text",
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "extra_data": "an object",
    "tests": "a list",
    "leaderboard": "a list",
}
_TEST = {
    "score": "a number",
    "max_score": "a number",
    "status": ("passed", "failed"),
    "name": "a text",
    "name_format": FORMATS,
    "number": "a text",
    "output": "a text",
    "output_format": FORMATS,
    "tags": "a list",
    "visibility": VISIBILITIES,
    "extra_data": "an object",
}
_KINDS = {"a number": (int, float), "a text": str, "a list": list, "an object": dict}
_UNSAFE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Received:
    """What arrives. refusal: what the student reads in place of the results, "" where they are shown.

    document: the results as the server gets them, outputs cut; {} where they are refused.
    violations: what is wrong in the file, each with its place and what belongs there.
    raw: the file's text, which staff see where it is refused.
    """

    document: Mapping[str, Any] = field(default_factory=dict)
    violations: tuple[str, ...] = ()
    refusal: str = ""
    raw: str = ""


def receive(data: bytes) -> Received:
    """Read the bytes of a results.json as the platform does. Raises nothing."""
    raw = data.decode("utf-8", "replace").replace("\0", "\ufffd")
    found = list(_of_the_bytes(data))
    try:
        return _parsed(raw, found)
    except RecursionError:
        return _refused(NOT_SENT, [*found, "the file is nested too deeply to be read"], raw)


def cut(text: str) -> str:
    """The text as the platform keeps it: what is over 100,000 characters loses its middle."""
    half = (LONGEST_OUTPUT - len(TRUNCATED)) // 2
    return text if len(text) <= LONGEST_OUTPUT else f"{text[:half]}{TRUNCATED}{text[-half:]}"


def number(value: Any) -> float | None:
    """A finite JSON number, else None; true and false are none."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return float(value) if plain and math.isfinite(value) else None
    except OverflowError:
        return None


def tests_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The document's tests that are objects."""
    tests = document.get("tests")
    return [test for test in tests if isinstance(test, dict)] if isinstance(tests, list) else []


def _parsed(raw: str, found: list[str]) -> Received:
    repeated: list[str] = []
    try:
        document = json.loads(raw, object_pairs_hook=lambda pairs: _last_wins(pairs, repeated))
    except ValueError as error:
        return _refused(NOT_JSON, [*found, f"the file is not JSON: {error}"], raw)
    found += [f"the key {key!r} stands twice in one object: the last one counts" for key in repeated]
    if isinstance(document, str):
        return _refused(NOT_JSON, [*found, "the file holds a text, not an object"], raw)
    if document is None:
        return _refused(NO_RESULTS, [*found, "the file holds null: write an object"], raw)
    if not isinstance(document, dict):
        return _refused(NOT_SENT, [*found, f"the file holds {_kind(document)}, not an object"], raw)
    found += _violations(document)
    if refusal := _refusal(document):
        return _refused(refusal, found, raw)
    return Received(_cut_outputs(document), tuple(_shortened(found)), raw=cut(raw))


def _refused(refusal: str, violations: list[str], raw: str) -> Received:
    return Received({}, tuple(_shortened(violations)), refusal, cut(raw))


def _refusal(document: dict[str, Any]) -> str:
    """What a student reads where a JSON object sinks as a whole, else ""."""
    entries = [document, *tests_of(document)]
    if not _can_be_sent(document) or any(_has_no_length(entry) for entry in entries):
        return NOT_SENT
    tests = document.get("tests")
    if tests and (not isinstance(tests, list) or len(tests_of(document)) < len(tests)):
        return NO_RESULTS
    if all(number(entry.get("score")) is None for entry in entries):
        return NO_RESULTS
    return ""


def _can_be_sent(document: dict[str, Any]) -> bool:
    try:
        json.dumps(document, allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return True


def _has_no_length(entry: dict[str, Any]) -> bool:
    # The harness measures every output before it sends it, and stops at one that has no length.
    return isinstance(entry.get("output"), int | float)


def _cut_outputs(entry: dict[str, Any]) -> dict[str, Any]:
    shorter = {**entry, "output": cut(entry["output"])} if isinstance(entry.get("output"), str) else entry
    tests = tests_of(entry)
    return {**shorter, "tests": [_cut_outputs(test) for test in tests]} if tests else shorter


def _of_the_bytes(data: bytes) -> Iterator[str]:
    if not data.strip():
        yield "the file is empty"
    if b"\0" in data:
        yield "the file holds NUL bytes: they become U+FFFD"
    if len(data) > LARGEST_FILE:
        yield f"the file has {len(data):,} bytes; how many are accepted is not known: keep below 1 MB"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"byte {error.start} is not UTF-8: it becomes U+FFFD"


def _last_wins(pairs: list[tuple[str, Any]], repeated: list[str]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated += sorted({key for key in keys if keys.count(key) > 1})
    return document


def _violations(document: dict[str, Any]) -> Iterator[str]:
    """What the rules for results.json forbid, in the order of the file."""
    yield from _entry(document, _TOP_LEVEL, "")
    tests = document.get("tests")
    for index, test in enumerate(tests if isinstance(tests, list) else []):
        yield from _test(test, f"tests[{index}]", "score" in document)
    if not tests and "score" not in document:
        yield "there is neither a score nor a test: nothing can be shown"
    yield from _unsafe(document, "")


def _test(test: Any, where: str, total_is_given: bool) -> Iterator[str]:
    if not isinstance(test, dict):
        yield f"{where} is {_kind(test)}, not an object"
        return
    if "score" not in test and not total_is_given and "status" not in test:
        yield f"{where}.score is missing: the test counts as failed, with no points"
    if "score" in test and "max_score" not in test:
        yield f"{where}.max_score is missing: no points are shown after the name"
    if "name" not in test:
        yield f"{where}.name is missing: the box has no title"
    yield from _entry(test, _TEST, f"{where}.")


def _entry(entry: dict[str, Any], rules: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, value in entry.items():
        rule = rules.get(key)
        if rule is None:
            yield f"{where}{key} is no field of Gradescope's"
        elif isinstance(rule, tuple):
            if value is not None and value not in rule:
                yield f"{where}{key} is {_shown(value)}, not one of {', '.join(rule)}"
        elif value is not None or key == "output":
            yield from _of_kind(value, rule, f"{where}{key}")


def _of_kind(value: Any, kind: str, where: str) -> Iterator[str]:
    if not isinstance(value, _KINDS[kind]) or isinstance(value, bool):
        yield f"{where} is {_kind(value)}, not {kind}"
    elif kind == "a number" and number(value) is None:
        yield f"{where} is {_shown(value)}, which nothing can show: write a finite number"
    elif kind == "a text" and len(value) > LONGEST_OUTPUT and where.endswith("output"):
        yield f"{where} has {len(value):,} characters: the middle of more than {LONGEST_OUTPUT:,} is cut out"


def _unsafe(value: Any, where: str) -> Iterator[str]:
    """Texts that a database may refuse, and numbers that cannot be sent, wherever the rules do not look."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _unsafe(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unsafe(item, f"{where}[{index}]")
    elif isinstance(value, str) and (match := _UNSAFE.search(value)):
        yield f"{where} holds the character U+{ord(match[0]):04X}: leave it out"
    elif isinstance(value, float) and not math.isfinite(value) and not where.endswith("score"):
        yield f"{where} is {value}, which cannot be sent"


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return names.get(type(value), "null" if value is None else "an object")


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _shortened(violations: list[str]) -> list[str]:
    more = len(violations) - SHOWN
    return [*violations[:SHOWN], f"... and {more} more"] if more > 0 else violations
