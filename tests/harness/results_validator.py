"""A strict reader of results.json: what the platform would trip over, as a list of sentences.

Written from the platform's rules alone, and on purpose without a line of the code that writes the file.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

VISIBILITY = {"visible", "after_due_date", "after_published", "hidden"}
FORMAT = {"text", "html", "simple_format", "md", "ansi"}
TOP_LEVEL = {
    "score",
    "execution_time",
    "output",
    "output_format",
    "test_output_format",
    "test_name_format",
    "visibility",
    "stdout_visibility",
    "extra_data",
    "tests",
    "leaderboard",
}
TEST = {
    "score",
    "max_score",
    "status",
    "name",
    "name_format",
    "number",
    "output",
    "output_format",
    "tags",
    "visibility",
    "extra_data",
}
LONGEST_OUTPUT = 20_000
LARGEST_FILE = 1_000_000
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")


def check(results: str | Path | dict[str, Any], points: float | None = None) -> list[str]:
    """Every violation in a results file or in a document before it is written; [] where all is well.

    points: what the maxima of all tests must add up to.
    """
    document: dict[str, Any] | None
    if isinstance(results, dict):
        document, problems = results, _encodable(results)
    else:
        document, problems = _read(Path(results))
    if document is None:
        return problems
    problems += _plain(document, "results")
    problems += _top_level(document)
    tests = document.get("tests")
    for index, test in enumerate(tests if isinstance(tests, list) else []):
        problems += _test(test, f"tests[{index}]", document)
    if not problems:
        problems += _totals(document, points) + _order([test.get("number") for test in document["tests"]])
    return problems


def _read(path: Path) -> tuple[dict[str, Any] | None, list[str]]:
    if path.is_symlink():
        return None, ["the file is a symbolic link"]
    if not path.is_file():
        return None, ["the file is missing"]
    data = path.read_bytes()
    problems = []
    if len(data) > LARGEST_FILE:
        problems.append(f"the file has {len(data)} bytes, more than {LARGEST_FILE}")
    if not os.stat(path).st_mode & 0o400:
        problems.append("the file cannot be read by its owner")
    try:
        document = _parse(data)
    except ValueError as error:
        return None, [*problems, f"the file is not strict JSON: {error}"]
    if not isinstance(document, dict):
        return None, [*problems, f"the document is a {type(document).__name__}, not an object"]
    return document, problems


def _parse(data: bytes) -> Any:
    if data.startswith(b"\xef\xbb\xbf"):
        raise ValueError("it starts with a byte order mark")
    if b"\0" in data:
        raise ValueError("it holds a NUL byte")
    return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"it holds {name}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"the key {key!r} stands twice in one object")
    return dict(pairs)


def _encodable(document: dict[str, Any]) -> list[str]:
    try:
        size = len(json.dumps(document, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        return [f"the document cannot be encoded: {error}"]
    return [f"the document has {size} bytes, more than {LARGEST_FILE}"] if size > LARGEST_FILE else []


def _plain(value: Any, where: str) -> list[str]:
    """Only the exact JSON types, finite numbers, and text that a database takes, at any depth."""
    if type(value) is dict:
        children = [(f"{where}.{key}", child) for key, child in value.items()]
        return [p for place, child in children for p in _plain(child, place)] + [
            f"{where}: the key {key!r} is not safe text"
            for key in value
            if type(key) is not str or UNSAFE.search(key)
        ]
    if type(value) is list:
        return [p for index, child in enumerate(value) for p in _plain(child, f"{where}[{index}]")]
    if type(value) is str:
        return [f"{where}: holds the character {m[0]!r}" for m in [UNSAFE.search(value)] if m]
    if type(value) is float:
        return [] if math.isfinite(value) else [f"{where}: is {value}"]
    return [] if value is None or type(value) in (bool, int) else [f"{where}: is a {type(value).__name__}"]


def _top_level(results: dict[str, Any]) -> list[str]:
    problems = _unknown(results, TOP_LEVEL, "results")
    if type(results.get("tests")) is not list:
        problems.append("results.tests: must be a list")
    for key in ("visibility", "stdout_visibility"):
        problems += _one_of(results, key, VISIBILITY, "results")
    for key in ("output_format", "test_output_format", "test_name_format"):
        problems += _one_of(results, key, FORMAT, "results")
    problems += _output(results, "results", results.get("output_format", "simple_format"))
    problems += _typed(results, "extra_data", _is_dict, "an object", "results")
    problems += _typed(results, "execution_time", _is_points, "seconds, at least 0", "results")
    problems += _typed(results, "score", _is_points, "a number of at least 0", "results")
    problems += _typed(results, "leaderboard", _is_list, "a list", "results")
    board = results.get("leaderboard")
    for index, entry in enumerate(board if isinstance(board, list) else []):
        problems += _leaderboard(entry, f"leaderboard[{index}]")
    return problems


def _test(test: Any, where: str, results: dict[str, Any]) -> list[str]:
    if type(test) is not dict:
        return [f"{where}: must be an object"]
    problems = _unknown(test, TEST, where)
    for key in ("score", "max_score"):
        problems += _needed(test, key, _is_points, "a number of at least 0", where)
    problems += _needed(test, "status", _is_status, "passed or failed", where)
    problems += _needed(test, "name", _is_line, "one line of text, not empty", where)
    problems += _typed(test, "number", lambda value: type(value) is str, "a text", where)
    problems += _one_of(test, "visibility", VISIBILITY, where)
    for key in ("output_format", "name_format"):
        problems += _one_of(test, key, FORMAT, where)
    default = results.get("test_output_format", "text")
    problems += _output(test, where, test.get("output_format", default))
    problems += _typed(test, "tags", _is_list_of_texts, "a list of texts", where)
    problems += _typed(test, "extra_data", _is_dict, "an object", where)
    if not problems and test["score"] > test["max_score"]:
        problems.append(f"{where}.score: {test['score']} is more than max_score, {test['max_score']}")
    return problems


def _output(entry: dict[str, Any], where: str, output_format: Any) -> list[str]:
    if "output" not in entry:
        return []
    output = entry["output"]
    if type(output) is not str:
        return [f"{where}.output: must be a text, not a {type(output).__name__}"]
    problems = []
    if len(output) > LONGEST_OUTPUT:
        problems.append(f"{where}.output: has {len(output)} characters, more than {LONGEST_OUTPUT}")
    if "\x1b" in output and output_format != "ansi":
        problems.append(f"{where}.output: holds an escape character, but its format is {output_format}")
    return problems


def _leaderboard(entry: Any, where: str) -> list[str]:
    if type(entry) is not dict:
        return [f"{where}: must be an object"]
    problems = _unknown(entry, {"name", "value", "order"}, where)
    problems += _needed(entry, "name", _is_line, "one line of text, not empty", where)
    problems += _needed(
        entry, "value", lambda value: type(value) in (int, float, str), "a number or text", where
    )
    return problems + _one_of(entry, "order", {"asc", "desc"}, where)


def _totals(results: dict[str, Any], points: float | None) -> list[str]:
    problems = []
    scores, maxima = ([test[key] for test in results["tests"]] for key in ("score", "max_score"))
    if not scores and "score" not in results:
        problems.append("results.score: there is neither a score nor a test")
    if "score" in results and abs(results["score"] - math.fsum(scores)) > 1e-9:
        problems.append(f"results.score: is {results['score']}, but the tests add up to {math.fsum(scores)}")
    if points is not None and abs(math.fsum(maxima) - points) > 1e-9:
        problems.append(f"results.tests: max_score adds up to {math.fsum(maxima)}, not {points}")
    return problems


def _order(numbers: list[str | None]) -> list[str]:
    dotted = [number for number in numbers if number and re.fullmatch(r"[0-9]+(\.[0-9]+)*", number)]
    keys = [[int(digits) for digits in number.split(".")] for number in dotted]
    return [] if keys == sorted(keys) else ["results.tests: are not in the order of their numbers"]


def _unknown(entry: dict[str, Any], known: set[str], where: str) -> list[str]:
    return [f"{where}.{key}: is no field of the platform's" for key in entry if key not in known]


def _one_of(entry: dict[str, Any], key: str, allowed: set[str], where: str) -> list[str]:
    valid = key not in entry or (type(entry[key]) is str and entry[key] in allowed)
    return [] if valid else [f"{where}.{key}: {entry[key]!r} is not one of {sorted(allowed)}"]


def _needed(
    entry: dict[str, Any], key: str, valid: Callable[[Any], bool], kind: str, where: str
) -> list[str]:
    return _typed(entry, key, valid, kind, where) if key in entry else [f"{where}.{key}: is missing"]


def _typed(entry: dict[str, Any], key: str, valid: Callable[[Any], bool], kind: str, where: str) -> list[str]:
    fine = key not in entry or valid(entry[key])
    return [] if fine else [f"{where}.{key}: {str(entry[key])[:40]!r} is not {kind}"]


def _is_points(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value >= 0


def _is_status(value: Any) -> bool:
    return type(value) is str and value in ("passed", "failed")


def _is_line(value: Any) -> bool:
    return type(value) is str and bool(value.strip()) and "\n" not in value


def _is_list(value: Any) -> bool:
    return type(value) is list


def _is_dict(value: Any) -> bool:
    return type(value) is dict


def _is_list_of_texts(value: Any) -> bool:
    return _is_list(value) and all(type(item) is str for item in value)
