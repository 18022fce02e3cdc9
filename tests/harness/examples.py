"""The example submissions: a fixture each, with its verdict beside it.

    python -m tests.harness.examples --update     grade them all and rewrite every expected.json

expected.json holds the score, the tests that lose points (number: points earned), and under "says"
phrases that a test's feedback must contain; those are written by hand and kept by --update.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.assignment import load_assignment
from autograder.grader import Grader
from autograder.result_format import Results
from autograder.results import ResultsWriter

FOLDER = Path(__file__).resolve().parents[2] / "submissions_example"
STORIES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def graded(grader: Grader, story: str, output: Path) -> Results:
    """Grade one story in the real sandbox; results.json is written to `output`."""
    return grader.grade(FOLDER / story / "submission", ResultsWriter(output)).results


def verdict(results: Results) -> dict[str, Any]:
    """What expected.json says of these results."""
    lost = {test.number: test.points[0] for test in results.tests if test.status != "passed"}
    return {"score": results.score, "max_score": results.max_score, "lost": lost}


def expected(story: str) -> dict[str, Any]:
    path = FOLDER / story / "expected.json"
    return json.loads(path.read_text()) if path.exists() else {}


def update() -> None:
    """Rewrite every expected.json from what the grader says now."""
    with Grader(load_assignment("exam")) as grader, tempfile.TemporaryDirectory() as folder:
        for story in STORIES:
            found = verdict(graded(grader, story, Path(folder) / "results.json"))
            found["says"] = expected(story).get("says", {})
            text = json.dumps(found, indent=2, ensure_ascii=False)
            (FOLDER / story / "expected.json").write_text(text + "\n")
            print(f"{story}: {found['score']:g} of {found['max_score']:g}")


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    update()
