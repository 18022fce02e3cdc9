"""Reading a results.json as the platform does: what sinks it, and what is named as wrong in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.report.received import NO_RESULTS, NOT_JSON, NOT_SENT, SHOWN, receive

FINE = {"name": "a", "score": 1, "max_score": 1}


def received(**entries: Any) -> Any:
    return receive(json.dumps({"tests": [FINE], **entries}).encode())


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", NOT_JSON),
        (b"garbage", NOT_JSON),
        (b'{"score": 1} and more', NOT_JSON),
        (b'{"score": 1} // a comment', NOT_JSON),
        (b'\xef\xbb\xbf{"score": 1}', NOT_JSON),
        (b'"a text"', NOT_JSON),
        (b"[]", NOT_SENT),
        (b"3", NOT_SENT),
        (b"true", NOT_SENT),
        (b"null", NO_RESULTS),
        (b'{"score": NaN}', NOT_SENT),
        (b'{"score": 1, "extra_data": {"a": [Infinity]}}', NOT_SENT),
        (b'{"score": 1, "execution_time": -Infinity}', NOT_SENT),
        (b'{"score": 1e400}', NOT_SENT),
        (b'{"score": 1, "output": 3}', NOT_SENT),
        (b'{"score": 1, "tests": [{"output": true}]}', NOT_SENT),
        (b'{"score": 1, "tests": [3]}', NO_RESULTS),
        (b'{"score": 1, "tests": {"a": 1}}', NO_RESULTS),
        (b"{}", NO_RESULTS),
        (b'{"tests": []}', NO_RESULTS),
        (b'{"tests": [{"name": "a"}]}', NO_RESULTS),
        (b'{"score": ' + b"[" * 100_000, NOT_SENT),
    ],
)
def test_what_the_platform_cannot_take_is_refused_with_a_reason(data: bytes, refusal: str) -> None:
    result = receive(data)

    assert result.refusal == refusal
    assert result.document == {}
    assert result.violations


@pytest.mark.parametrize(
    ("entries", "violation"),
    [
        (
            {"tests": [{"name": "a", "score": "1", "max_score": 1}], "score": 1},
            "tests[0].score is a text, not a number",
        ),
        (
            {"tests": [{"name": "a", "score": True, "max_score": 1}], "score": 1},
            "tests[0].score is true or false",
        ),
        ({"tests": [FINE, {"name": "a", "max_score": 1}]}, "tests[1].score is missing"),
        ({"tests": [{"name": "a", "score": 1}]}, "tests[0].max_score is missing"),
        ({"tests": [{"score": 1, "max_score": 1}]}, "tests[0].name is missing"),
        ({"tests": [{**FINE, "status": "ok"}]}, 'tests[0].status is "ok", not one of passed, failed'),
        ({"tests": [{**FINE, "number": 1.1}]}, "tests[0].number is a number, not a text"),
        ({"tests": [{**FINE, "output": None}]}, "tests[0].output is null, not a text"),
        ({"tests": [{**FINE, "output": ["x"]}]}, "tests[0].output is a list, not a text"),
        ({"tests": [{**FINE, "output": "x" * 100_001}]}, "tests[0].output has 100,001 characters"),
        ({"tests": [{**FINE, "output": "\0"}]}, "tests[0].output holds the character U+0000"),
        ({"tests": [{**FINE, "outptu": "x"}]}, "tests[0].outptu is no field of Gradescope's"),
        ({"visibility": "after-due-date"}, 'visibility is "after-due-date", not one of visible'),
        ({"output_format": "latex"}, 'output_format is "latex", not one of text'),
        ({"extra_data": [1]}, "extra_data is a list, not an object"),
        ({"extra_data": {"a": "\ud800"}}, "extra_data.a holds the character U+D800"),
        ({"leaderboard": {}}, "leaderboard is an object, not a list"),
    ],
)
def test_what_is_wrong_in_a_readable_file_is_named_with_its_place(entries: Any, violation: str) -> None:
    result = received(**entries)

    assert result.refusal == ""
    assert [each for each in result.violations if each.startswith(violation)], result.violations


def test_a_right_file_has_no_violations() -> None:
    result = received(score=1, output="x", output_format="text", execution_time=0.5, extra_data={"a": None})

    assert (result.violations, result.refusal) == ((), "")


def test_a_status_can_stand_in_for_a_score() -> None:
    assert received(tests=[FINE, {"name": "b", "status": "passed"}]).violations == ()


def test_bytes_that_are_no_text_become_replacement_characters() -> None:
    result = receive(b'{"score": 1, "output": "\xff\x00"}')

    assert result.document["output"] == "\ufffd\ufffd"
    assert len(result.violations) == 2


def test_the_last_of_two_equal_keys_counts() -> None:
    result = receive(b'{"score": 1, "score": 2}')

    assert result.document["score"] == 2
    assert "'score' stands twice" in result.violations[0]


def test_a_file_near_the_unknown_limit_is_named() -> None:
    assert "keep below 1 MB" in received(tests=[{**FINE, "output": "x" * 90_000}] * 12).violations[0]


def test_endless_violations_are_cut_short() -> None:
    violations = received(tests=[{"score": 1}] * 500).violations

    assert len(violations) == SHOWN + 1
    assert violations[-1] == "... and 940 more"
