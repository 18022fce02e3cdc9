"""The platform's layout: whatever happens, results.json is valid and says whose fault it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.commands.gradescope import seconds_allowed
from tests.harness.results_validator import check

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """An empty $AUTOGRADER_ROOT."""
    (tmp_path / "submission").mkdir()
    return tmp_path


def grade(platform: Path, package: Path = ROOT, **environment: str) -> dict[str, Any]:
    """Run the grader as the platform does; gives the results, which must be valid."""
    subprocess.run(
        [sys.executable, "-m", "autograder", "gradescope", "--assignment", "exam"],
        cwd=package,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(platform), **environment},
        check=True,
        capture_output=True,
    )
    path = platform / "results" / "results.json"
    assert check(path) == []
    return json.loads(path.read_text())


def copy_of_the_package(folder: Path) -> Path:
    for name in ("autograder", "reference", "tests/graded", "assignments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_a_submission_is_graded_in_the_platforms_layout(platform: Path) -> None:
    shutil.copytree(
        ROOT / "submissions_example/half_done/submission", platform / "submission", dirs_exist_ok=True
    )
    results = grade(platform)

    assert (
        results["score"]
        == json.loads((ROOT / "submissions_example/half_done/expected.json").read_text())["score"]
    )
    assert sum(test["max_score"] for test in results["tests"]) == pytest.approx(100)


def test_an_empty_submission_gets_directions_and_every_test_listed(platform: Path) -> None:
    results = grade(platform)

    assert results["score"] == 0
    assert "Nothing to grade yet" in results["output"]
    assert sum(test["max_score"] for test in results["tests"]) == pytest.approx(100)


def test_staff_read_which_layers_confined_the_submission(platform: Path) -> None:
    (platform / "submission" / "layers.py").write_text("def softmax(z): return z\n")
    layers = grade(platform)["extra_data"]["confinement"]

    assert "limits" in layers


def test_a_broken_key_is_the_autograders_failure(platform: Path, tmp_path: Path) -> None:
    package = copy_of_the_package(tmp_path / "package")
    (package / "reference" / "optim.py").write_text("raise RuntimeError('half written')\n")
    results = grade(platform, package)

    assert "not your fault" in results["output"]
    assert "half written" in json.dumps(results["extra_data"])
    assert "half written" not in results["output"]


def test_a_broken_assignment_is_the_autograders_failure(platform: Path, tmp_path: Path) -> None:
    package = copy_of_the_package(tmp_path / "package")
    (package / "assignments" / "exam.toml").write_text("title = \n")
    results = grade(platform, package)

    assert "not your fault" in results["output"]


def test_an_exception_in_a_case_costs_its_own_test_only(platform: Path, tmp_path: Path) -> None:
    package = copy_of_the_package(tmp_path / "package")
    case = package / "tests" / "graded" / "question_2_2_sgd.py"
    source = case.read_text()
    first = source.index('"""', source.index("def test_")) + 3
    end = source.index('"""', first) + 3
    case.write_text(source[:end] + "\n        raise RuntimeError('a bug in the case')\n" + source[end:])
    shutil.copytree(
        ROOT / "submissions_example/perfect/submission", platform / "submission", dirs_exist_ok=True
    )
    results = grade(platform, package)
    failed = [test for test in results["tests"] if test["status"] == "failed"]

    assert len(failed) == 1
    assert "not you" in failed[0]["output"]
    assert "a bug in the case" in json.dumps(failed[0]["extra_data"])
    assert results["score"] == pytest.approx(100 - failed[0]["max_score"])


def test_the_run_stops_itself_before_the_platform_does(platform: Path) -> None:
    (platform / "submission" / "layers.py").write_text(
        "def softmax(z):\n    while True: pass\ndef affine_forward(x, w, b):\n    while True: pass\n"
    )
    results = grade(platform, TIMEOUT_SECONDS="16")

    assert results["execution_time"] < 16
    assert any("time for the whole submission" in test["output"] for test in results["tests"])


@pytest.mark.parametrize(
    ("limit", "least", "most"), [("600", 500, 590), ("30", 15, 20), ("junk", 500, 590), ("-1", 500, 590)]
)
def test_our_own_limit_leaves_the_platform_a_margin(limit: str, least: float, most: float) -> None:
    assert least <= seconds_allowed({"TIMEOUT_SECONDS": limit}) <= most


def test_run_autograder_without_an_environment_says_so_in_the_results(platform: Path) -> None:
    source = platform / "source"
    copy_of_the_package(source)
    for script in ("run_autograder", "setup.sh"):
        shutil.copy(ROOT / script, source / script)
    shutil.copy(ROOT / "run_autograder", platform / "run_autograder")
    subprocess.run(
        ["bash", str(platform / "run_autograder")],
        env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(platform)},
        check=True,
        capture_output=True,
    )
    results = json.loads((platform / "results" / "results.json").read_text())

    assert "not set up" in results["output"]
    assert results["score"] == 0
