"""A limit on submissions: who is turned away, until when, and what they keep."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from autograder import rate_limit
from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.metadata import SubmissionMetadata, metadata_of
from autograder.rate_limit import judge, not_counted
from autograder.results import ResultsWriter
from autograder.settings import RateLimit
from tests.harness.results_validator import check
from tests.harness.test_assignment import TOML

ROOT = Path(__file__).resolve().parents[2]
PACIFIC = timezone(timedelta(hours=-7))
NOON = datetime(2026, 9, 14, 12, 0, tzinfo=PACIFIC)
TWO_AN_HOUR = RateLimit(2, 1.0)
TESTS = {
    "score": 3.0,
    "output": "Note: all is well.",
    "tests": [
        {
            "name": "a",
            "number": "1.1",
            "score": 2.0,
            "max_score": 2.0,
            "visibility": "visible",
            "tags": ["x"],
        },
        {"name": "b", "number": "1.2", "score": 1.0, "max_score": 2.0, "output": "dw is wrong"},
    ],
    "leaderboard": [{"name": "Speed", "value": 12.0, "order": "desc"}],
}


def minutes_ago(minutes: float, score: Any = "3.0", **entries: Any) -> dict[str, Any]:
    """An earlier submission. The platform writes the score as a text."""
    time = (NOON - timedelta(minutes=minutes)).isoformat()
    return {"submission_time": time, "score": score, "autograder_error": False, **entries}


def submitted(*previous: dict[str, Any], **entries: Any) -> SubmissionMetadata:
    document = {"created_at": NOON.isoformat(), "previous_submissions": list(previous), **entries}
    return metadata_of(json.loads(json.dumps(document)))


def is_graded(*previous: dict[str, Any], limit: RateLimit = TWO_AN_HOUR) -> bool:
    return judge(limit, submitted(*previous)) is None


def given_again(metadata: SubmissionMetadata, folder: Path, points: float = 4.0) -> dict[str, Any]:
    """The results file of a submission that is turned away."""
    turned_away = judge(TWO_AN_HOUR, metadata)
    assert turned_away is not None
    writer = ResultsWriter(folder / "results.json")
    rate_limit.give_again(turned_away, TWO_AN_HOUR, writer, [], points, not_counted(metadata))
    assert check(writer.path) == []
    return json.loads(writer.path.read_text())


def test_as_many_as_allowed_are_graded() -> None:
    assert is_graded()
    assert is_graded(minutes_ago(10))
    assert not is_graded(minutes_ago(20), minutes_ago(10))


def test_what_is_older_than_the_window_does_not_count() -> None:
    assert is_graded(minutes_ago(60), minutes_ago(10))
    assert not is_graded(minutes_ago(59.9), minutes_ago(10))


def test_submissions_that_were_turned_away_do_not_count() -> None:
    tries = [minutes_ago(minutes) for minutes in (62, 50, 40, 30, 20, 10, 5, 3)]

    assert is_graded(*tries)  # of these, the first two were graded
    assert not is_graded(*tries, minutes_ago(0.5))


@pytest.mark.parametrize(
    "failed",
    [
        {"autograder_error": True},
        {"results": {"output": "The autograder failed to execute correctly. Please ensure ..."}},
        {"results": {"tests": [], "extra_data": {"autograder_failed": {"message": "..."}}}},
    ],
)
def test_failures_of_the_platform_or_the_autograder_do_not_count(failed: dict[str, Any]) -> None:
    assert is_graded(minutes_ago(20), minutes_ago(10, **failed))


def test_each_submission_tells_the_next_where_the_autograder_failed() -> None:
    failure = {"results": {"extra_data": {"autograder_failed": {}}}}
    told = not_counted(submitted(minutes_ago(30), minutes_ago(20, **failure)))
    memory = {"results": {**TESTS, "extra_data": {"rate_limit": {"not_counted": told}}}}

    assert is_graded(minutes_ago(20), minutes_ago(10, **memory))
    assert not_counted(submitted(minutes_ago(20), minutes_ago(10, **memory))) == told


def test_times_of_all_zones_are_compared() -> None:
    utc = {"submission_time": "2026-09-14T18:30:00.000000Z"}
    tokyo = {"submission_time": "2026-09-15T03:40:00.000000+09:00"}
    refused = judge(TWO_AN_HOUR, submitted(minutes_ago(0, **utc), minutes_ago(0, **tokyo)))

    assert refused is not None
    assert refused.next_time.isoformat() == "2026-09-14T12:30:00-07:00"


def test_a_rerun_is_judged_by_when_it_was_submitted() -> None:
    later = [minutes_ago(-10), minutes_ago(-20), minutes_ago(-30)]

    assert is_graded(minutes_ago(10), *later)


def test_the_first_line_says_when_the_next_attempt_is_possible(tmp_path: Path) -> None:
    seconds = submitted(minutes_ago(20.5), minutes_ago(10, results=TESTS))
    output = given_again(seconds, tmp_path)["output"]

    assert output.startswith(
        "Your next attempt is possible from 14 September 2026, 12:40 (UTC-07:00) on. 2 submissions in 1 hour "
        "are graded, so this one was not; it costs you nothing. Below are the results of your submission of "
        "14 September 2026, 11:50 (UTC-07:00), which count on."
    )
    assert judge(TWO_AN_HOUR, submitted(minutes_ago(60), minutes_ago(10))) is None


def test_the_earlier_results_are_given_again_whole(tmp_path: Path) -> None:
    results = given_again(submitted(minutes_ago(20), minutes_ago(10, results=TESTS)), tmp_path)

    assert results["score"] == 3.0
    assert [(test["name"], test["score"], test["max_score"]) for test in results["tests"]] == [
        ("a", 2.0, 2.0),
        ("b", 1.0, 2.0),
    ]
    assert results["tests"][1]["output"] == "dw is wrong"
    assert results["output"].endswith("\n\nNote: all is well.")
    assert results["leaderboard"] == TESTS["leaderboard"]


def test_a_test_whose_visibility_is_lost_is_not_shown_early(tmp_path: Path) -> None:
    results = given_again(submitted(minutes_ago(20), minutes_ago(10, results=TESTS)), tmp_path)

    assert [test["visibility"] for test in results["tests"]] == ["visible", "after_published"]


def test_who_is_turned_away_again_and_again_reads_it_once(tmp_path: Path) -> None:
    first = given_again(submitted(minutes_ago(20), minutes_ago(10, results=TESTS)), tmp_path)
    tries = [minutes_ago(20), minutes_ago(10), minutes_ago(5, results=first)]
    second = given_again(submitted(*tries), tmp_path)

    assert second["output"] == first["output"]
    assert second["tests"] == first["tests"]


@pytest.mark.parametrize("results", [None, {}, {"output": "?"}, {"tests": "none"}, {"tests": [3]}])
def test_a_score_alone_is_given_again_too(tmp_path: Path, results: Any) -> None:
    document = given_again(submitted(minutes_ago(20), minutes_ago(10, results=results)), tmp_path)

    assert document["score"] == 3.0
    assert [test["max_score"] for test in document["tests"]] == [4.0]
    assert "submission of 14 September 2026, 11:50" in document["tests"][0]["name"]


def test_without_an_earlier_score_a_submission_is_graded() -> None:
    assert is_graded(minutes_ago(20, None), minutes_ago(10, None))


@pytest.mark.parametrize("created_at", [None, "yesterday", "2026-09-14T12:00:00", 7])
def test_without_a_time_a_submission_is_graded(created_at: Any) -> None:
    previous = [minutes_ago(20), minutes_ago(10)]

    assert judge(TWO_AN_HOUR, submitted(*previous, created_at=created_at)) is None


@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_error(year: str) -> None:
    times = [{"submission_time": f"{year}T00:00:0{second}+14:00", "score": 1} for second in range(3)]
    document = {"created_at": f"{year}T00:00:09-12:00", "previous_submissions": times}

    judge(RateLimit(1, 8000.0), metadata_of(document))


def test_strange_metadata_never_raises(tmp_path: Path) -> None:
    rng = random.Random(1)
    strange: list[Any] = [None, 1, -1.5, "x", [], {}, [None], {"tests": 1}, NOON.isoformat(), TESTS, True]
    memories: list[Any] = [*strange, {"not_counted": strange, "output": strange, "turned_away": True}]
    for _ in range(300):
        results = {**TESTS, "tests": [{key: rng.choice(strange) for key in (*TESTS["tests"][0], "status")}]}
        results |= {"extra_data": {"rate_limit": rng.choice(memories)}, "leaderboard": rng.choice(strange)}
        results["output"] = rng.choice(strange)
        previous = [
            minutes_ago(minutes, rng.choice(strange), results=rng.choice([*strange, results]))
            for minutes in (30, 20, 10)
        ]
        metadata = submitted(*previous)
        if judge(TWO_AN_HOUR, metadata) is not None:
            given_again(metadata, tmp_path)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("submissions = 5", "rate_limit.hours: is missing"),
        ("hours = 5", "rate_limit.submissions: is missing"),
        ("submissions = 0\nhours = 1", "rate_limit.submissions: must be a whole number of at least 1"),
        ("submissions = 2.5\nhours = 1", "rate_limit.submissions: must be a whole number"),
        ("submissions = 2\nhours = 0", "rate_limit.hours: must be a number above 0"),
        ("submissions = 2\nhours = 1e9", "rate_limit.hours: must be at most 8784"),
        ("submissions = 2\nminutes = 5", "rate_limit.minutes: unknown entry"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_name(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "quiz.toml").write_text(f"{TOML}\n[rate_limit]\n{table}\n")
    with pytest.raises(AssignmentError) as refused:
        load_assignment("quiz", tmp_path)

    assert message in str(refused.value)


def platform(folder: Path) -> Path:
    """A package whose exam allows one submission an hour, and what was handed in to it."""
    for name in ("autograder", "reference", "tests/graded", "assignments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    toml = folder / "assignments" / "exam.toml"
    toml.write_text(toml.read_text() + "\n[rate_limit]\nsubmissions = 1\nhours = 1\n")
    (folder / "submission").mkdir()
    shutil.copy(ROOT / "submissions_example/perfect/submission/optim.py", folder / "submission")
    return folder


def grade(folder: Path, *previous: dict[str, Any]) -> dict[str, Any]:
    """Grade as the platform does, after these submissions."""
    metadata = {"created_at": NOON.isoformat(), "users": [], "previous_submissions": previous}
    (folder / "submission_metadata.json").write_text(json.dumps(metadata))
    subprocess.run(
        [sys.executable, "-m", "autograder", "gradescope", "--assignment", "exam"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(folder)},
        check=True,
        capture_output=True,
    )
    assert check(folder / "results" / "results.json") == []
    return json.loads((folder / "results" / "results.json").read_text())


def test_on_the_platform_a_submission_too_many_keeps_the_score(tmp_path: Path) -> None:
    folder = platform(tmp_path)
    first = grade(folder)
    (folder / "submission" / "optim.py").unlink()
    second = grade(folder, minutes_ago(10, first["score"], results=first))
    third = grade(folder, minutes_ago(70, first["score"]), minutes_ago(65, second["score"], results=second))

    assert first["score"] > 0
    assert (second["score"], second["tests"]) == (first["score"], first["tests"])
    assert second["output"].startswith("Your next attempt is possible from 14 September 2026, 12:50")
    assert third["score"] == 0
    assert "next attempt" not in third["output"]


def test_on_the_platform_a_failure_of_the_autograder_is_remembered(tmp_path: Path) -> None:
    folder = platform(tmp_path)
    key = folder / "reference" / "optim.py"
    right = key.read_text()
    key.write_text("raise RuntimeError\n")
    failed = grade(folder)
    key.write_text(right)
    second = grade(folder, minutes_ago(10, 0, results=failed))

    assert second["score"] > 0
    assert second["extra_data"]["rate_limit"] == {"not_counted": [minutes_ago(10)["submission_time"]]}
