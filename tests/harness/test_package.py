"""The zip that Gradescope takes: complete, small, the same every time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.package import write_package
from tests.harness.results_validator import check
from tests.harness.test_new_assignment import command

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "autograder.zip"
    write_package(load_assignment("exam"), path)
    return path


def test_building_twice_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    write_package(load_assignment("exam"), tmp_path / "again.zip")

    assert (tmp_path / "again.zip").read_bytes() == package.read_bytes()


def test_both_scripts_lie_at_the_root_and_run(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 == 0o100755
            assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")


def test_every_other_file_can_be_read_by_everybody(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        modes = {info.external_attr >> 16 for info in archive.infolist()}

    assert modes == {0o100755, 0o100644}


def test_nothing_ships_that_grading_does_not_need(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}

    assert tops == {
        "assignments",
        "autograder",
        "reference",
        "requirements.txt",
        "run_autograder",
        "setup.sh",
        "tests",
    }
    assert [
        name for name in names if name.startswith("tests/") and not name.startswith("tests/graded/")
    ] == []
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_what_an_instructor_does_before_the_upload_stays_behind(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    for left_behind in ("build", "kit", "new-assignment", "rehearse"):
        done = command(tmp_path, left_behind)
        assert done.returncode == 2
        assert "this package only grades" in done.stderr
    for folder in ("kit", "check", "rehearsal", "verification", "templates"):
        assert not (tmp_path / "autograder" / folder).exists()


def test_every_command_that_ships_can_be_imported_from_the_package(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    every = "; ".join(f"import {name}" for name in modules_of(tmp_path))
    done = subprocess.run([sys.executable, "-c", every], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert command(tmp_path, "prove", "--function", "relu_forward").returncode == 0


def modules_of(package: Path) -> list[str]:
    files = (package / "autograder").rglob("*.py")
    names = [file.relative_to(package).with_suffix("").as_posix().replace("/", ".") for file in files]
    return [name.removesuffix(".__init__") for name in sorted(names) if not name.endswith("__main__")]


def test_windows_line_ends_do_not_reach_the_platform(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("autograder", "reference", "tests/graded", "assignments"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.sh", "run_autograder", "requirements.txt"):
        (project / name).write_bytes((ROOT / name).read_bytes().replace(b"\n", b"\r\n"))
    write_package(load_assignment("exam", project), tmp_path / "built.zip")
    with zipfile.ZipFile(tmp_path / "built.zip") as archive:
        assert b"\r" not in archive.read("run_autograder")


def test_the_zip_grades_in_an_empty_root(package: Path, tmp_path: Path) -> None:
    """Unpacked as the platform does, with this environment standing in for what setup.sh installs."""
    source = tmp_path / "source"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(source)
    (source / ".venv").symlink_to(Path(sys.prefix))
    shutil.copy(source / "run_autograder", tmp_path / "run_autograder")
    shutil.copytree(ROOT / "submissions_example/half_done/submission", tmp_path / "submission")
    subprocess.run(
        ["bash", "./run_autograder"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    wanted = json.loads((ROOT / "submissions_example/half_done/expected.json").read_text())

    assert check(tmp_path / "results" / "results.json") == []
    assert json.loads((tmp_path / "results" / "results.json").read_text())["score"] == wanted["score"]
