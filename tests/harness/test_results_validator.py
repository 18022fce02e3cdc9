"""The strict reader of results.json finds each thing that the platform would trip over."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from tests.harness.results_validator import check

GOOD = {
    "score": 1.5,
    "output": "fine",
    "output_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
    "execution_time": 0.5,
    "extra_data": {"python": "3.11"},
    "leaderboard": [{"name": "loss", "value": 0.1, "order": "asc"}],
    "tests": [
        {"name": "a", "number": "1.9", "score": 1.5, "max_score": 2, "status": "failed", "output": "no"},
        {"name": "b", "number": "1.10", "score": 0, "max_score": 1, "status": "failed", "tags": ["t"]},
    ],
}

TOP_LEVEL = [
    ("score", 1.6, "but the tests add up to 1.5"),
    ("score", float("nan"), "cannot be encoded"),
    ("score", "1.5", "is not a number"),
    ("score", True, "is not a number"),
    ("score", np.float64(1.5), "is a float64"),
    ("score", -1, "is not a number of at least 0"),
    ("output", 3, "must be a text, not a int"),
    ("output", None, "must be a text, not a NoneType"),
    ("output", "x" * 20_001, "has 20001 characters"),
    ("output", "a\0b", "holds the character '\\x00'"),
    ("output", "a\rb", "holds the character '\\r'"),
    ("output", "\udc80", "holds the character '\\udc80'"),
    ("output", "\x1b[31m", "holds an escape character"),
    ("output_format", "markdown", "'markdown' is not one of"),
    ("visibility", "hiden", "'hiden' is not one of"),
    ("stdout_visibility", None, "None is not one of"),
    ("execution_time", "0.5", "is not seconds"),
    ("extra_data", [], "is not an object"),
    ("extra_data", {"deep": [{"x": float("inf")}]}, "cannot be encoded"),
    ("extra_data", {"k\0": 1}, "is not safe text"),
    ("extra_data", {"size": "x" * 1_000_001}, "bytes, more than"),
    ("leaderboard", {}, "is not a list"),
    ("leaderboard", [{"name": "loss", "value": None}], "leaderboard[0].value"),
    ("leaderboard", [{"name": "loss", "value": 1, "order": "up"}], "'up' is not one of"),
    ("tests", None, "must be a list"),
    ("tests", ["a"], "tests[0]: must be an object"),
    ("nonce", 1, "is no field of the platform's"),
]
TEST = [
    ("score", 2.5, "2.5 is more than max_score, 2"),
    ("score", np.int64(1), "cannot be encoded"),
    ("max_score", None, "is not a number"),
    ("status", "pass", "is not passed or failed"),
    ("name", "", "is not one line"),
    ("name", "two\nlines", "is not one line"),
    ("number", 1.9, "is not a text"),
    ("number", "1.11", "not in the order of their numbers"),
    ("output", ["x"], "must be a text, not a list"),
    ("visibility", "never", "'never' is not one of"),
    ("output_format", "rst", "'rst' is not one of"),
    ("tags", "t", "is not a list of texts"),
    ("extra_data", "x", "is not an object"),
    ("execution_time", 1, "is no field of the platform's"),
]
FILES = [
    (b"", "not strict JSON"),
    (b"null", "a NoneType, not an object"),
    (b"[]", "a list, not an object"),
    (b'"text"', "a str, not an object"),
    (b'{"score": NaN, "tests": []}', "it holds NaN"),
    (b'{"score": -Infinity, "tests": []}', "it holds -Infinity"),
    (b'{"score": 0, "score": 1, "tests": []}', "the key 'score' stands twice"),
    (b'{"tests": []} // done', "not strict JSON"),
    (b'\xef\xbb\xbf{"tests": []}', "byte order mark"),
    (b'{"output": "\xff"}', "not strict JSON"),
    (b'{"output": "\0"}', "NUL byte"),
    (b'{"output": "\\u0000", "score": 0, "tests": []}', "holds the character '\\x00'"),
    (b'{"tests": []}', "neither a score nor a test"),
    (b'{"score": 0, "tests": []}' + b" " * 1_000_000, "bytes, more than"),
]


def test_good_results_have_no_problems(tmp_path):
    assert check(GOOD, points=3) == []
    file = tmp_path / "results.json"
    file.write_text(json.dumps(GOOD))
    assert check(file, points=3) == []


@pytest.mark.parametrize(("key", "value", "problem"), TOP_LEVEL)
def test_each_fault_at_the_top_is_found(key, value, problem):
    assert problem in "\n".join(check({**GOOD, key: value}))


@pytest.mark.parametrize(("key", "value", "problem"), TEST)
def test_each_fault_of_a_test_is_found(key, value, problem):
    document = copy.deepcopy(GOOD)
    document["tests"][0][key] = value
    assert problem in "\n".join(check(document))


@pytest.mark.parametrize("key", ["score", "max_score", "status", "name"])
def test_a_field_that_a_test_needs_is_missed(key):
    document = copy.deepcopy(GOOD)
    del document["tests"][1][key]
    assert f"tests[1].{key}: is missing" in check(document)


@pytest.mark.parametrize(("content", "problem"), FILES)
def test_each_broken_file_is_found(tmp_path, content, problem):
    file = tmp_path / "results.json"
    file.write_bytes(content)
    assert problem in "\n".join(check(file))


def test_a_missing_file_and_a_link_are_found(tmp_path):
    link = tmp_path / "results.json"
    assert check(link) == ["the file is missing"]
    (tmp_path / "elsewhere").write_text(json.dumps(GOOD))
    link.symlink_to(tmp_path / "elsewhere")
    assert check(link) == ["the file is a symbolic link"]


def test_maxima_that_miss_the_points_are_found():
    assert check(GOOD, points=4) == ["results.tests: max_score adds up to 3.0, not 4"]


def test_colours_are_allowed_in_ansi():
    assert check({**GOOD, "output": "\x1b[31mred\x1b[0m", "output_format": "ansi"}) == []
