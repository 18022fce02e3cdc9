"""build with the real setup.sh: into a temporary root, and on a fresh machine.

The fresh machine takes minutes and a network. It is tried where AUTOGRADER_BARE_ROOT names a folder to keep
the bare system in, and we are root on a Linux that has debootstrap.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import AutograderError
from autograder.verification import bare_root

ROOT = Path(__file__).resolve().parents[2]
STORIES = ("perfect", "crashes", "half_done", "torch_inside")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those that tell most in little time."""
    folder = tmp_path_factory.mktemp("examples")
    for story in STORIES:
        shutil.copytree(ROOT / "submissions_example" / story, folder / story)
    return folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where pip, which setup.sh needs, reaches no packages."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "mdurl==0.1.2"]
    done = subprocess.run(
        command, cwd=tmp_path_factory.mktemp("download"), capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"pip reaches no packages here: {done.stderr.strip().splitlines()[-1]}")


def build(output: Path, examples: Path, *options: str) -> str:
    command = [sys.executable, "-m", "autograder", "build", "--output", str(output)]
    done = subprocess.run(
        [*command, "--examples", str(examples), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("index")
def test_the_package_installs_itself_and_grades_in_an_empty_root(tmp_path: Path, examples: Path) -> None:
    said = build(tmp_path / "exam.zip", examples)

    assert "100 of 100, as expected" in said
    assert "87.4 of 100, as expected" in said
    assert "torch_inside: requirements.txt installs no torch" in said.partition("not tried:")[2]


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("system", bare_root.SYSTEMS)
def test_the_package_grades_on_a_fresh_machine(tmp_path: Path, examples: Path, system: str) -> None:
    said = build(tmp_path / "exam.zip", examples, "--bare-root", str(kept(system)), "--system", system)
    again = tmp_path / "again.zip"
    subprocess.run(
        [sys.executable, "-m", "autograder", "build", "--no-verify", "--output", str(again)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    mounts = Path("/proc/self/mounts").read_text()

    assert "100 of 100, as expected" in said
    assert "87.4 of 100, as expected" in said
    assert "confinement in force: user student, limits" in said
    assert again.read_bytes() == (tmp_path / "exam.zip").read_bytes()
    assert str(kept(system)) not in mounts
    assert list(kept(system).glob("run-*")) == []


def kept(system: str) -> Path:
    """The folder of the bare systems; skips where there can be none, and says why."""
    folder = os.environ.get("AUTOGRADER_BARE_ROOT")
    if not folder:
        pytest.skip("a fresh machine takes minutes: AUTOGRADER_BARE_ROOT names a folder for it")
    if reason := bare_root.missing():
        pytest.skip(reason)
    try:
        bare_root.pristine(Path(folder), system)
    except AutograderError as error:
        pytest.skip(str(error))
    return Path(folder)
