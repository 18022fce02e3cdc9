"""A new assignment works from the start, and CONTRIBUTING.md adds a question to it in three places."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.examples import differences, find_examples, folder_of_examples
from autograder.grader import Grader
from autograder.results import ResultsWriter
from tests.harness.test_gradescope_run import copy_of_the_package

ROOT = Path(__file__).resolve().parents[2]
WALK = (ROOT / "CONTRIBUTING.md").read_text().partition("## Adding a question")[2].partition("\n## ")[0]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_of_the_package(tmp_path / "package")


def command(package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", ["quiz", "homework-2", "a_1"])
def test_a_new_assignment_is_proven_and_graded_at_once(package: Path, name: str) -> None:
    assert command(package, "new-assignment", name).returncode == 0
    proven = command(package, "prove", "--assignment", name)
    examples = f"assignments/{name}/submissions_example"
    graded = command(package, "grade", f"{examples}/perfect", "--assignment", name)
    half = command(package, "grade", f"{examples}/half_done", "--assignment", name)

    assert proven.returncode == 0, proven.stdout + proven.stderr
    assert "Every mistake loses points" in proven.stdout
    assert graded.returncode == 0, graded.stderr
    assert "10 / 10" in graded.stdout
    assert "4 / 10" in half.stdout


def test_the_examples_of_a_new_assignment_get_the_verdicts_that_they_say(package: Path) -> None:
    command(package, "new-assignment", "quiz")
    rehearsed = command(package, "rehearse", "--assignment", "quiz", "--seeds", "2")
    assignment = load_assignment("quiz", package)

    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr
    with Grader(assignment) as grader:
        for example in find_examples(folder_of_examples(package, "quiz")):
            writer = ResultsWriter(package / "results.json")
            grader.grade(example.submission, writer)
            assert differences(example.expected, writer.results.to_json()) == []


def test_a_new_assignment_can_be_built_and_given_to_students(package: Path, tmp_path: Path) -> None:
    for script in ("setup.sh", "run_autograder", "requirements.txt"):
        shutil.copy(ROOT / script, package / script)
    command(package, "new-assignment", "quiz", "--title", "A quiz on losses")
    built = command(
        package, "build", "--no-verify", "--assignment", "quiz", "--output", str(tmp_path / "quiz.zip")
    )
    kit = command(package, "kit", "--assignment", "quiz", "--output", str(tmp_path / "kit.zip"))

    assert "2 graded tests" in built.stdout, built.stderr
    assert "warning" not in built.stdout
    assert kit.returncode == 0, kit.stderr
    shipped = zipfile.ZipFile(tmp_path / "quiz.zip").namelist()
    assert "assignments/quiz/reference/losses.py" in shipped
    assert not any("submissions_example" in name for name in shipped)
    assert load_assignment("quiz", package).title == "A quiz on losses"


def test_setup_locks_the_folders_of_the_key_wherever_they_are(package: Path) -> None:
    command(package, "new-assignment", "quiz")
    script = (ROOT / "setup.sh").read_text()
    function = script[script.index("each_key_folder() {") :].partition("\n}\n")[0] + "\n}\n"
    found = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{function}each_key_folder echo"],
        cwd=package,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    own = ["assignments/quiz/cases", "assignments/quiz/reference"]
    assert sorted(found) == sorted(["assignments", *own, "reference", "tests/graded"])
    assert all((package / folder).is_dir() for folder in found)


@pytest.mark.parametrize(
    "name", ["Quiz", "../quiz", "quiz.toml", "2nd", "", "a b", "quiz/one", "-quiz", "ä", "q" * 61, "quiz\n"]
)
def test_a_bad_name_is_refused_with_a_good_one(package: Path, name: str) -> None:
    before = files_of(package)
    done = command(package, "new-assignment", "--", name)

    assert done.returncode == 2
    assert "such as homework-2" in done.stderr
    assert files_of(package) == before


@pytest.mark.parametrize("title", ['"', "a\nb", "a\\b", "{NAME}", " "])
def test_a_title_that_would_break_the_files_is_refused(package: Path, title: str) -> None:
    before = files_of(package)

    assert command(package, "new-assignment", "quiz", "--title", title).returncode == 2
    assert files_of(package) == before


@pytest.mark.parametrize("taken", ["assignments/quiz.toml", "assignments/quiz/cases/question_1_1.py"])
def test_nothing_is_overwritten(package: Path, taken: str) -> None:
    (package / taken).parent.mkdir(parents=True, exist_ok=True)
    (package / taken).write_text("mine")
    before = files_of(package)
    done = command(package, "new-assignment", "quiz")

    assert done.returncode == 2
    assert f"{taken} exists: choose another NAME" in done.stderr
    assert files_of(package) == before


def test_the_exam_is_not_overwritten(package: Path) -> None:
    assert command(package, "new-assignment", "exam").returncode == 2


def test_two_new_assignments_draw_other_inputs(package: Path) -> None:
    for name in ("quiz", "quiz2"):
        command(package, "new-assignment", name)

    assert load_assignment("quiz", package).seed != load_assignment("quiz2", package).seed


def test_contributing_adds_a_question_that_is_proven_and_graded(package: Path) -> None:
    command(package, "new-assignment", "quiz")
    places = re.findall(r"`(assignments/quiz[\w/.]+)`[^`]*?\n\n```\w+\n(.*?)```", WALK, re.DOTALL)
    for place, text in places:
        path = package / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(f"\n\n{text}" if path.suffix == ".toml" else text)
    points = re.search(r"`points = (\d+)`", WALK)
    assert points is not None
    toml = package / "assignments" / "quiz.toml"
    toml.write_text(re.sub(r"^points = \d+", points[0].strip("`"), toml.read_text(), count=1, flags=re.M))
    proven = command(package, "prove", "--assignment", "quiz")
    graded = command(package, "grade", "assignments/quiz/reference", "--assignment", "quiz")

    assert len(places) == 4  # the function and its mistakes, the cases, the entries
    assert proven.returncode == 0, proven.stdout + proven.stderr
    assert "5 known mistakes of 2 functions, 3 graded tests" in proven.stdout
    assert f"{points[1]} / {points[1]}" in graded.stdout, graded.stdout + graded.stderr
