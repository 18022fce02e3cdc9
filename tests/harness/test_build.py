"""build: what it writes was tried, and what is not as expected is never written."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.examples import find_examples
from autograder.package import write_package
from autograder.verification.root import temporary_root
from autograder.verification.steps import verify
from tests.harness.red_team import is_alive
from tests.harness.tiny_project import MISTAKE_THAT_PASSES, add_example, build, tiny_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)  # as root, the student user walks through it
    return tiny_project(tmp_path / "project")


@pytest.fixture
def earlier(project: Path) -> Path:
    """A zip from before."""
    path = project / "autograder.zip"
    path.write_bytes(b"from before")
    return path


def test_a_package_that_does_as_expected_replaces_the_earlier_one(project: Path, earlier: Path) -> None:
    add_example(project, "half", "def double(x):\n    return 6.0\n", 3, {"1.1.2": 0})
    done = build(project)

    assert done.returncode == 0, done.stderr
    assert zipfile.is_zipfile(earlier)
    assert "example half" in done.stdout
    assert "3 of 4, as expected" in done.stdout
    assert "1 known mistakes of 1 functions" in done.stdout
    assert "0.5 CPU / 0.75 GB and a timeout of 10 minutes" in done.stdout
    assert "creating the student users" in done.stdout.partition("not tried:")[2]


def test_an_example_with_another_score_is_named_with_both(project: Path, earlier: Path) -> None:
    add_example(project, "half", "def double(x):\n    return 6.0\n", 4, {})
    done = build(project)

    assert done.returncode == 1
    assert "example half: score is 3, expected 4" in done.stderr
    assert "example half: test 1.1.2 gets 0 points, expected full points" in done.stderr
    assert "python -m autograder grade" in done.stderr
    assert "the earlier one is untouched" in done.stderr
    assert earlier.read_bytes() == b"from before"


def test_every_example_is_tried_though_one_fails(project: Path) -> None:
    for name in ("one", "two"):
        add_example(project, name, "def double(x):\n    return 6.0\n", 4, {})
    said = build(project).stderr

    assert "example one:" in said
    assert "example two:" in said


def test_a_mistake_that_loses_nothing_is_named(project: Path, earlier: Path) -> None:
    with (project / "reference" / "mistakes" / "double.py").open("a") as file:
        file.write(MISTAKE_THAT_PASSES)
    done = build(project)

    assert done.returncode == 1
    assert "double_above_a_thousand passes every test of double" in done.stderr
    assert "double_squares" not in done.stderr
    assert earlier.read_bytes() == b"from before"


def test_a_setup_that_fails_says_why_and_how_to_go_on(project: Path, earlier: Path) -> None:
    (project / "setup.sh").write_text("#!/usr/bin/env bash\necho no index here >&2\nexit 7\n")
    done = build(project)

    assert done.returncode == 1
    assert "setup.sh ended with status 7" in done.stderr
    assert "no index here" in done.stderr
    assert "--no-verify" in done.stderr
    assert earlier.read_bytes() == b"from before"


def test_what_the_zip_leaves_behind_is_missed(project: Path, earlier: Path) -> None:
    """The package is tried, not the project that it is built from."""
    (project / "reference" / "factor.txt").write_text("2")
    (project / "reference" / "layers.py").write_text(
        "from pathlib import Path\n"
        "FACTOR = float(Path(__file__).with_name('factor.txt').read_text())\n"
        "def double(x):\n    return FACTOR * x\n"
    )
    done = build(project)

    assert done.returncode == 1
    assert "example right: score is 0, expected 4" in done.stderr
    assert "factor.txt" in done.stderr
    assert earlier.read_bytes() == b"from before"


def test_a_run_that_leaves_no_results_is_told_with_what_it_said(project: Path) -> None:
    (project / "run_autograder").write_text("#!/usr/bin/env bash\necho nothing to do\n")
    done = build(project)

    assert done.returncode == 1
    assert "example right: run_autograder left no results.json" in done.stderr
    assert "nothing to do" in done.stderr


def test_a_run_that_fails_is_told_with_its_status(project: Path) -> None:
    (project / "run_autograder").write_text("#!/usr/bin/env bash\nexit 3\n")

    assert "run_autograder ended with status 3" in build(project).stderr


def test_the_package_is_tried_with_nothing_of_this_environment(project: Path) -> None:
    setup = (project / "setup.sh").read_text()
    check = '[ -z "${PYTHONPATH:-}${AUTOGRADER_ASSIGNMENT:-}" ] || exit 8\n'
    (project / "setup.sh").write_text(setup.replace("set -e\n", "set -e\n" + check))
    script = (project / "run_autograder").read_text()
    check = 'if [ -n "${PYTHONPATH:-}${AUTOGRADER_ASSIGNMENT:-}${SECRET:-}" ]; then exit 9; fi\n'
    (project / "run_autograder").write_text(
        script.replace("set -euo pipefail\n", "set -euo pipefail\n" + check)
    )
    done = build(project, AUTOGRADER_ASSIGNMENT="other", SECRET="x")

    assert done.returncode == 0, done.stderr


def test_a_project_that_changes_meanwhile_is_noticed(project: Path, earlier: Path) -> None:
    with (project / "setup.sh").open("a") as file:
        file.write(f"echo '# a later thought' >>'{project}/reference/layers.py'\n")
    done = build(project)

    assert done.returncode == 1
    assert "built a second time is another one" in done.stderr
    assert earlier.read_bytes() == b"from before"


def test_limits_that_no_container_holds_are_refused(project: Path) -> None:
    with (project / "assignments" / "tiny.toml").open("a") as file:
        file.write("[limits]\nmemory_mb = 8000\n")
    done = build(project)

    assert done.returncode == 1
    assert "no container of Gradescope's suffices" in done.stderr
    assert "[limits]" in done.stderr


def test_student_code_that_runs_as_another_user_is_a_problem(project: Path, tmp_path: Path) -> None:
    """In a bare root it must run as the user that setup.sh made."""
    assignment = load_assignment(project / "assignments" / "tiny.toml")
    write_package(assignment, tmp_path / "tiny.zip")
    examples = find_examples(project / "submissions_example")
    with temporary_root() as root:
        expecting = replace(root, user="somebody else")
        step = contextlib.nullcontext
        findings = verify(tmp_path / "tiny.zip", assignment, examples, expecting, lambda name: step())

    assert len(findings.problems) == 1
    assert "did not run as the user somebody else" in findings.problems[0]


def test_a_project_without_examples_is_not_passed_over(project: Path) -> None:
    done = build(project, "--examples", "reference/mistakes")

    assert done.returncode == 1
    assert "holds no example" in done.stderr


def test_an_untried_zip_is_called_untried(project: Path) -> None:
    (project / "setup.sh").write_text("exit 7\n")
    done = build(project, "--no-verify")

    assert done.returncode == 0, done.stderr
    assert "NOT VERIFIED" in done.stdout
    assert "every known mistake loses points" in done.stdout
    assert "as expected" not in done.stdout
    assert zipfile.is_zipfile(project / "autograder.zip")


@pytest.mark.parametrize(
    "options",
    [
        ("--output", "no/such/folder/a.zip"),
        ("--output", "reference"),
        ("--no-verify", "--bare-root", "bare"),
        ("--bare-root", "bare", "--system", "windows"),
    ],
)
def test_what_cannot_work_is_a_usage_error(project: Path, options: tuple[str, ...]) -> None:
    assert build(project, *options).returncode == 2


def test_nothing_is_left_where_a_build_is_ended_from_outside(project: Path, tmp_path: Path) -> None:
    (project / "setup.sh").write_text(f"#!/usr/bin/env bash\necho $$ >'{tmp_path}/pid'\nsleep 600\n")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "autograder", "build", "--assignment", "assignments/tiny.toml"],
        cwd=project,
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.DEVNULL,
    )
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.02)
    running.send_signal(signal.SIGTERM)

    assert running.wait() == 130
    assert list(temporary.iterdir()) == []
    pid, give_up = int((tmp_path / "pid").read_text()), time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not is_alive(pid)
