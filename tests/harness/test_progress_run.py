"""In the platform's layout, the first line says what changed since the last submission."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.results_validator import check

ROOT = Path(__file__).resolve().parents[2]
SUBMITTED = ROOT / "submissions_example" / "perfect" / "submission" / "optim.py"
MOMENT = "2025-05-01T12:00:00.000000Z"


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """An $AUTOGRADER_ROOT into which one right file was handed in."""
    (tmp_path / "submission").mkdir()
    shutil.copy(SUBMITTED, tmp_path / "submission")
    return tmp_path


def grade(platform: Path) -> dict[str, Any]:
    """Run the grader as the platform does; gives the results, which must be valid."""
    subprocess.run(
        [sys.executable, "-m", "autograder", "gradescope", "--assignment", "exam"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(platform)},
        check=True,
        capture_output=True,
    )
    path = platform / "results" / "results.json"
    assert check(path) == []
    return json.loads(path.read_text())


def submitted_before(platform: Path, *results: Any, autograder_error: bool = False) -> None:
    """Write the metadata of a submission that had these results before, the latest last."""
    previous = [
        {"submission_time": MOMENT, "score": "0.0", "autograder_error": autograder_error, "results": each}
        for each in results
    ]
    metadata = {"id": 7, "created_at": MOMENT, "users": [], "previous_submissions": previous}
    (platform / "submission_metadata.json").write_text(json.dumps(metadata))


def test_what_was_mended_and_what_was_lost_stands_on_the_first_line(platform: Path) -> None:
    first = grade(platform)
    for test in first["tests"]:
        if test["number"] in ("2.2.1", "4.2.1"):
            test["score"] = 0.0
        if test["number"] == "1.1.1":
            test["score"] = test["max_score"]
    submitted_before(platform, first)
    second = grade(platform)

    assert "Since your last" not in first["output"]
    assert second["output"].splitlines()[0] == (
        "Since your last submission: mended: 2.2.1, 4.2.1; lost: 1.1.1."
    )
    assert second["output"].removeprefix(second["output"].splitlines()[0]).strip() == first["output"]
    assert second["score"] == first["score"]


def test_nothing_is_said_about_a_run_in_which_the_autograder_failed(platform: Path) -> None:
    lost = {"tests": [{"number": "2.2.1", "score": 0.0}]}
    submitted_before(platform, lost, autograder_error=True)

    assert "Since your last" not in grade(platform)["output"]


@pytest.mark.parametrize("metadata", ["", "[]", '{"previous_submissions": [3, {"results": 1}]}'])
def test_strange_metadata_changes_nothing(platform: Path, metadata: str) -> None:
    (platform / "submission_metadata.json").write_text(metadata)
    results = grade(platform)

    assert "Since your last" not in results["output"]
    assert results["score"] > 0
