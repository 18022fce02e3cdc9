"""A whole project in miniature: one function, two tests, one mistake, one example, and the real harness.

Its setup.sh links this environment in place of installing one, so that a build takes seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = f'#!/usr/bin/env bash\nset -e\ncd "$(dirname "$0")"\nln -s \'{sys.prefix}\' .venv\n'
ASSIGNMENT = """
title = "Tiny"
seed = 7
points = 4
reference = "reference"
cases = "tests/graded"
[functions."layers.py"]
double = "x -> y"
[[parts]]
number = "1"
title = "Part 1"
points = 4
[[questions]]
number = "1.1"
title = "Doubling"
points = 4
"""
REFERENCE = "def double(x):\n    return 2 * x\n"
MISTAKES = """
from autograder.mistake import mistake_of

@mistake_of("double", says="x is squared", remedy="add x to itself")
def double_squares(x):
    return x * x
"""
MISTAKE_THAT_PASSES = """
@mistake_of("double", says="negative numbers are doubled only", remedy="double all numbers")
def double_above_a_thousand(x):
    return 2 * x if abs(x) < 1000 else x
"""
CASES = '''
from gradescope_utils.autograder_utils.decorators import number, tags, weight
from autograder.case import GradedCase

class Doubling(GradedCase):
    @weight(3)
    @number("1.1.1")
    @tags("double")
    def test_three(self):
        """double gives 6 for 3"""
        self.call("double", 3.0).equals_reference("y")

    @weight(1)
    @number("1.1.2")
    @tags("double")
    def test_four(self):
        """double gives 8 for 4"""
        self.call("double", 4.0).equals_reference("y")
'''


def tiny_project(folder: Path) -> Path:
    """Write the project into the new folder, which is returned."""
    shutil.copytree(
        ROOT / "autograder", folder / "autograder", ignore=shutil.ignore_patterns("__pycache__", "kit")
    )
    shutil.copy(ROOT / "run_autograder", folder / "run_autograder")
    for name, text in {
        "setup.sh": SETUP,
        "requirements.txt": "",
        "assignments/tiny.toml": ASSIGNMENT,
        "reference/__init__.py": "",
        "reference/layers.py": REFERENCE,
        "reference/mistakes/__init__.py": "",
        "reference/mistakes/double.py": MISTAKES,
        "tests/graded/doubling.py": CASES,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    add_example(folder, "right", "def double(x):\n    return x + x\n", 4, {})
    return folder


def add_example(project: Path, name: str, code: str, score: float, lost: dict[str, float]) -> None:
    story = project / "submissions_example" / name
    (story / "submission").mkdir(parents=True)
    (story / "submission" / "layers.py").write_text(code)
    expected = {"score": score, "max_score": 4, "lost": lost, "says": {}}
    (story / "expected.json").write_text(json.dumps(expected))


def build(project: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`build` in the project's folder. Checks that nothing temporary is left, in there or beside it."""
    temporary = project.with_name("temporary")
    temporary.mkdir(exist_ok=True)
    temporary.chmod(0o1777)
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "build", "--assignment", "assignments/tiny.toml", *options],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "TMPDIR": str(temporary), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert list(temporary.iterdir()) == []
    assert [path.name for path in project.iterdir() if path.name.startswith(".")] == []
    return done
