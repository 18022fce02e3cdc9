"""The platform's metadata is read whatever it holds."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.metadata import SubmissionMetadata, metadata_of, read_metadata

DUE = "2026-09-15T23:59:00.000000-07:00"
EXTENDED = "2026-09-18T23:59:00.000000-07:00"
DOCUMENT = {
    "id": 300000123,
    "users": [
        {
            "id": 4000001,
            "email": "ada@example.edu",
            "name": "Ada Example",
            "sid": "900000001",
            "assignment": {"due_date": EXTENDED, "late_due_date": None},
        },
        {"id": 4000002, "email": "b@example.edu", "name": "B", "assignment": {"due_date": DUE}},
    ],
    "created_at": "2026-09-14T18:02:11.123456-07:00",
    "assignment_id": None,
    "assignment": {"id": 7000001, "due_date": DUE, "late_due_date": EXTENDED, "total_points": "100.0"},
    "submission_method": "upload",
    "previous_submissions": [
        {
            "submission_time": "2026-09-13T10:00:00.000000-07:00",
            "score": "0.0",
            "autograder_error": True,
            "results": None,
        },
        {
            "submission_time": "2026-09-13T11:00:00.000000-07:00",
            "score": 42.5,
            "autograder_error": False,
            "results": {"score": 42.5},
        },
    ],
}
PACIFIC = timezone(timedelta(hours=-7))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "submission_metadata.json"


def test_a_real_document_is_read(file):
    file.write_text(json.dumps(DOCUMENT))
    metadata = read_metadata(file)
    assert metadata.created_at == datetime(2026, 9, 14, 18, 2, 11, 123456, PACIFIC)
    assert metadata.submitters == 2
    assert metadata.submission_method == "upload"
    assert metadata.total_points == 100.0


def test_a_previous_score_is_read_as_text_and_as_a_number():
    first, second = metadata_of(DOCUMENT).previous_submissions
    assert (first.score, first.autograder_error, first.results) == (0.0, True, None)
    assert (second.score, second.autograder_error, second.results) == (42.5, False, {"score": 42.5})
    assert second.time - first.time == timedelta(hours=1)


def test_the_latest_extension_of_a_group_is_its_due_date():
    assert metadata_of(DOCUMENT).due_date == datetime(2026, 9, 18, 23, 59, tzinfo=PACIFIC)


def test_without_dates_of_their_own_the_assignments_hold():
    assert metadata_of(DOCUMENT).late_due_date == datetime(2026, 9, 18, 23, 59, tzinfo=PACIFIC)
    assert metadata_of({**DOCUMENT, "users": []}).due_date == datetime(2026, 9, 15, 23, 59, tzinfo=PACIFIC)


def test_nothing_that_names_a_person_is_kept():
    kept = repr(dataclasses.asdict(metadata_of(DOCUMENT)))
    for personal in ("Ada", "example.edu", "900000001", "4000001"):
        assert personal not in kept


def test_without_a_file_every_field_has_its_default(tmp_path):
    assert read_metadata(tmp_path / "missing.json") == SubmissionMetadata()
    assert read_metadata(tmp_path) == SubmissionMetadata()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"null", b"[1, 2]", b'"text"', b"{", b"[" * 200_000, b'{"id": ' + b"9" * 9000 + b"}"],
)
def test_a_file_that_is_no_json_object_counts_as_none(file, content):
    file.write_bytes(content)
    assert read_metadata(file) == SubmissionMetadata()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)),
        ("2026-01-02T03:04:05.1+0100", datetime(2026, 1, 2, 3, 4, 5, 100000, timezone(timedelta(hours=1)))),
        (
            "2026-01-02T03:04:05.123456789+00:00",
            datetime(2026, 1, 2, 3, 4, 5, 123456, timezone.utc),
        ),
        ("2026-01-02T03:04:05", None),
        ("2026-13-02T03:04:05Z", None),
        ("2026-01-02T03:04:05+99:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1767322800, None),
        ([], None),
    ],
)
def test_a_time_has_a_zone_or_is_none(text, expected):
    assert metadata_of({"created_at": text}).created_at == expected


@pytest.mark.parametrize("score", ["nan", "inf", float("nan"), "1e999", 10**400, "ten", True, None, [], {}])
def test_a_score_that_is_no_number_is_none(score):
    (previous,) = metadata_of({"previous_submissions": [{"score": score}]}).previous_submissions
    assert previous.score is None


@pytest.mark.parametrize("results", [None, {}, "text", [], 0])
def test_results_that_say_nothing_are_none(results):
    (previous,) = metadata_of({"previous_submissions": [{"results": results}]}).previous_submissions
    assert previous.results is None


def test_a_previous_submission_that_is_no_object_is_left_out():
    assert metadata_of({"previous_submissions": [None, 3, "x", []]}).previous_submissions == ()


KEYS = st.sampled_from(
    [*DOCUMENT, *DOCUMENT["assignment"], "submission_time", "score", "autograder_error", "results"]
)
TIMES = st.sampled_from(
    [DUE, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | TIMES
STRANGE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=30,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dictionaries(KEYS, STRANGE))
def test_no_document_is_too_strange(document):
    metadata = metadata_of(document)
    assert metadata.created_at is None or metadata.created_at.tzinfo is not None
    assert metadata.submitters >= 0
