"""The example submissions: a fixture each, with its verdict beside it (`autograder/examples.py`).

    python -m tests.harness.examples --update     grade them all and rewrite every expected.json

What stands under "says" in an expected.json is written by hand, and kept by --update.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.assignment import load_assignment
from autograder.examples import verdict
from autograder.grader import Grader
from autograder.results import ResultsWriter

FOLDER = Path(__file__).resolve().parents[2] / "submissions_example"
STORIES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def graded(grader: Grader, story: str, output: Path) -> dict[str, Any]:
    """Grade one story in the real sandbox; gives the results.json, which is written to `output`."""
    grader.grade(FOLDER / story / "submission", ResultsWriter(output))
    return json.loads(output.read_bytes())


def update() -> None:
    """Rewrite every expected.json from what the grader says now."""
    with Grader(load_assignment("exam")) as grader, tempfile.TemporaryDirectory() as folder:
        for story in STORIES:
            file = FOLDER / story / "expected.json"
            found = verdict(graded(grader, story, Path(folder) / "results.json"))
            found["says"] = json.loads(file.read_text()).get("says", {}) if file.exists() else {}
            file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
            print(f"{story}: {found['score']:g} of {found['max_score']:g}")


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    update()
