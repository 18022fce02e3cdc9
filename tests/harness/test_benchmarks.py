"""Every script of which the README takes a number can be run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [path.stem for path in sorted((ROOT / "benchmarks").glob("*.py")) if "__main__" in path.read_text()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_says_how_it_is_used(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{script}", "--help"], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert f"python -m benchmarks.{script}" in done.stdout


def test_the_readme_names_scripts_that_exist() -> None:
    named = {
        word.strip("`").split(".")[1]
        for word in (ROOT / "README.md").read_text().split()
        if word.startswith("benchmarks.")
    }

    assert named <= set(SCRIPTS)
    assert named
