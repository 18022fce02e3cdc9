"""Every example submission gets exactly its verdict, through the real sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.grader import Grader
from tests.harness.examples import STORIES, expected, graded, verdict
from tests.harness.results_validator import check

FULL_MARKS = {"perfect", "loops", "torch_inside", "cs231n_layout", "notebook", "prints_too_much"}


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(load_assignment("exam")) as running:
        yield running


@pytest.mark.parametrize("story", STORIES)
def test_an_example_gets_its_verdict(grader: Grader, story: str, tmp_path: Path) -> None:
    results = graded(grader, story, tmp_path / "results.json")
    wanted = expected(story)
    outputs = {test.number: test.output for test in results.tests}

    assert check(tmp_path / "results.json") == []
    assert verdict(results) == {key: wanted[key] for key in ("score", "max_score", "lost")}
    for number, phrase in wanted["says"].items():
        assert phrase in outputs[number]


@pytest.mark.parametrize("story", sorted(FULL_MARKS))
def test_right_code_gets_full_marks_however_it_is_written(story: str) -> None:
    assert expected(story)["score"] == expected(story)["max_score"] == 100


def test_the_same_submission_gives_the_same_results_twice(grader: Grader, tmp_path: Path) -> None:
    documents = []
    for name in ("one.json", "two.json"):
        graded(grader, "half_done", tmp_path / name)
        document = json.loads((tmp_path / name).read_text())
        document.pop("execution_time")
        for test in document["tests"]:
            test["extra_data"].pop("seconds")
        documents.append(document)

    assert documents[0] == documents[1]
