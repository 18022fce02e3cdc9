"""Every example submission gets exactly its verdict, through the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.examples import differences, find_examples
from autograder.grader import Grader
from tests.harness.examples import FOLDER, STORIES, graded
from tests.harness.results_validator import check

EXAMPLES = {example.name: example for example in find_examples(FOLDER)}
FULL_MARKS = {"perfect", "loops", "torch_inside", "cs231n_layout", "notebook", "prints_too_much"}


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(load_assignment("exam")) as running:
        yield running


@pytest.mark.parametrize("story", STORIES)
def test_an_example_gets_its_verdict(grader: Grader, story: str, tmp_path: Path) -> None:
    results = graded(grader, story, tmp_path / "results.json")

    assert check(tmp_path / "results.json") == []
    assert differences(EXAMPLES[story].expected, results) == []


@pytest.mark.parametrize("story", sorted(FULL_MARKS))
def test_right_code_gets_full_marks_however_it_is_written(story: str) -> None:
    assert EXAMPLES[story].expected["score"] == EXAMPLES[story].expected["max_score"] == 100


def test_the_same_submission_gives_the_same_results_twice(grader: Grader, tmp_path: Path) -> None:
    documents = []
    for name in ("one.json", "two.json"):
        document = graded(grader, "half_done", tmp_path / name)
        document.pop("execution_time")
        for test in document["tests"]:
            test["extra_data"].pop("seconds")
        documents.append(document)

    assert documents[0] == documents[1]
