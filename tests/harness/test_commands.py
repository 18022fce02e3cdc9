"""The command line: help that teaches, exit statuses, errors that say what to do next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.__main__ import COMMANDS
from tests.harness.results_validator import check

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command() -> None:
    done = command("--help")

    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    done = command(name, "--help")

    assert done.returncode == 0
    assert "usage: python -m autograder" in done.stdout


def test_an_unknown_command_is_a_usage_error() -> None:
    assert command("garde").returncode == 2


def test_a_path_that_does_not_exist_is_a_usage_error_that_says_so() -> None:
    done = command("grade", "no/such/folder")

    assert done.returncode == 2
    assert "no/such/folder does not exist" in done.stderr


def test_an_unknown_assignment_names_the_known_ones() -> None:
    done = command("grade", "submissions_example/empty", "--assignment", "exma")

    assert done.returncode == 1
    assert "exam" in done.stderr
    assert "Traceback" not in done.stderr


def test_grading_shows_number_title_and_points_and_what_failed(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    done = command("grade", "submissions_example/half_done", "--output", str(output))

    assert done.returncode == 0
    assert check(output) == []
    assert "did you mean `softmax_loss`?" in done.stdout
    assert f"{json.loads(output.read_text())['score']:g} / 100" in done.stdout


def test_a_bad_score_is_no_error() -> None:
    assert command("grade", "submissions_example/empty").returncode == 0


def test_no_colour_is_written_where_nobody_looks() -> None:
    assert "\x1b" not in command("grade", "submissions_example/empty").stdout


def test_build_says_what_to_set_on_the_platform(tmp_path: Path) -> None:
    done = command("build", "--no-verify", "--output", str(tmp_path / "a.zip"))

    assert done.returncode == 0
    assert "Autograder Points to 100" in done.stdout


def test_doctor_tries_the_sandbox() -> None:
    done = command("doctor")

    assert done.returncode == 0, done.stdout
    assert "The sandbox works." in done.stdout


def test_run_autograder_takes_a_folder() -> None:
    done = subprocess.run(
        [str(ROOT / "run_autograder"), "submissions_example/empty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "0 / 100" in done.stdout
