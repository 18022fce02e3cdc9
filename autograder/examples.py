"""The example submissions of a project: what was handed in, and the verdict that it must get.

assignments/ASSIGNMENT/submissions_example/, where there is one, or else submissions_example/ holds

NAME/submission/      the files
NAME/expected.json    {"score", "max_score", "lost": {test number: points it keeps},
                       "says": {test number: a phrase of its feedback}}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError

FOLDER = "submissions_example"
SHOWN = 6  # differences of one example that are told one by one


@dataclass(frozen=True)
class Example:
    """One example: its name, the folder that was handed in, and the verdict that it must get."""

    name: str
    submission: Path
    expected: Mapping[str, Any]


def folder_of_examples(root: Path, assignment: str) -> Path:
    """Where the examples of an assignment, given by its name, lie in a project."""
    own = root / "assignments" / assignment / FOLDER
    return own if own.is_dir() else root / FOLDER


def find_examples(folder: Path) -> list[Example]:
    """The examples of a folder, by name. AutograderError: there is none, or one is not complete."""
    stories = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not stories:
        raise AutograderError(f"{folder} holds no example: add NAME/submission/ and NAME/expected.json")
    return [
        Example(story.name, _submission(story), read_expected(story / "expected.json")) for story in stories
    ]


def read_expected(file: Path) -> dict[str, Any]:
    """An expected.json. AutograderError: it is missing, or lacks an entry."""
    try:
        expected = json.loads(file.read_bytes())
    except OSError as error:
        raise AutograderError(f"{file} cannot be read ({error.strerror}): every example needs one") from error
    except ValueError as error:
        raise AutograderError(f"{file} is no JSON: {error}") from error
    kinds = {"score": (int, float), "max_score": (int, float), "lost": dict}
    for entry, kind in kinds.items():
        if not isinstance(expected, dict) or not isinstance(expected.get(entry), kind):
            raise AutograderError(f'{file} lacks "{entry}": every example says score, max_score and lost')
    return expected


def verdict(document: Mapping[str, Any]) -> dict[str, Any]:
    """What expected.json says of these results, a results.json that the platform would take."""
    tests = document["tests"]
    return {
        "score": document["score"],
        "max_score": round(sum(test["max_score"] for test in tests), 2),
        "lost": {test["number"]: test["score"] for test in tests if test["status"] != "passed"},
    }


def differences(expected: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    """Where results are not what is expected, a sentence each, the score first; [] where they are."""
    found = verdict(document)
    told = [
        f"{entry} is {found[entry]:g}, expected {expected[entry]:g}"
        for entry in ("score", "max_score")
        if found[entry] != expected[entry]
    ]
    told += [*_tests_that_differ(expected, found), *_phrases_missing(expected, document)]
    rest = len(told) - SHOWN
    return told if rest <= 0 else [*told[:SHOWN], f"and {rest} more"]


def _tests_that_differ(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    full = "full points"
    for number in dict.fromkeys([*expected["lost"], *found["lost"]]):
        wanted, got = expected["lost"].get(number, full), found["lost"].get(number, full)
        if wanted != got:
            yield f"test {number} gets {_points(got)}, expected {_points(wanted)}"


def _points(points: Any) -> str:
    return points if isinstance(points, str) else f"{points:g} points"


def _phrases_missing(expected: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    outputs = {test["number"]: test.get("output", "") for test in document["tests"]}
    for number, phrase in expected.get("says", {}).items():
        # Wherever its lines are broken.
        if " ".join(phrase.split()) not in " ".join(outputs.get(number, "").split()):
            yield f"test {number} does not say {phrase!r}"


def _submission(story: Path) -> Path:
    submission = story / "submission"
    if not submission.is_dir():
        raise AutograderError(f"{submission} is missing: it holds what was handed in")
    return submission
