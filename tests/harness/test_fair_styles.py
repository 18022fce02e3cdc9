"""Correct code gets all points of the exam in whatever style it is written."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.assignment import load_cases
from autograder.grader import Grader
from autograder.result_format import TestResult
from autograder.results import ResultsWriter
from autograder.runner import run
from autograder.solutions import Reference
from tests.harness import fair_decorators as habits
from tests.harness.fair_styles import EXAM, KEY, STYLES, Functions

PERFECT = Path(__file__).parents[2] / "submissions_example" / "perfect" / "submission"
CASES = load_cases(EXAM)
# Through the sandbox: what its process, its wire or its clock could treat otherwise than this process.
HANDED_IN = (
    habits.float32_throughout,
    habits.float32_inside,
    habits.views_with_gaps,
    habits.zero_dimensional_arrays,
    habits.cache_in_a_closure,
    habits.cache_in_a_global,
    habits.in_place,
    habits.noisy,
    habits.slow,
)


def results_of(functions: Functions) -> tuple[TestResult, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run(EXAM, CASES, Reference(functions, EXAM.functions), Reference(KEY, EXAM.functions)).results


def lost(results: tuple[TestResult, ...]) -> dict[str, str]:
    """The feedback of every test that did not pass or give all its points."""
    return {
        f"{test.number} {test.points}": f"{test.output} {test.extra_data.get('autograder_failed', '')}"
        for test in results
        if test.status != "passed" or test.points[0] != test.points[1]
    }


@pytest.mark.parametrize("style", STYLES)
def test_a_correct_style_gets_all_points(style: str) -> None:
    results = results_of(STYLES[style])
    assert lost(results) == {}
    assert round(sum(test.points[0] for test in results), 2) == 100


def test_a_style_with_one_wrong_function_loses_points() -> None:
    assert lost(results_of({**STYLES["float32_throughout"], "softmax": lambda z: z})) != {}


def test_every_style_is_complete_and_differs_from_the_key() -> None:
    for style, functions in STYLES.items():
        assert functions.keys() == EXAM.functions.keys()
        assert functions != KEY or style == "as the answer key"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(EXAM) as running:
        yield running


def hand_in(habit: Callable, folder: Path) -> Path:
    """The perfect example with a habit: every public function decorated."""
    folder.mkdir()
    (folder / "fair_decorators.py").write_text(inspect.getsource(habits))
    for file in PERFECT.glob("*.py"):
        decorated, count = re.subn(r"^(?=def [a-z])", "@habit\n", file.read_text(), flags=re.MULTILINE)
        assert count > 1
        (folder / file.name).write_text(f"from fair_decorators import {habit.__name__} as habit\n{decorated}")
    return folder


@pytest.mark.parametrize("habit", HANDED_IN, ids=lambda habit: habit.__name__)
def test_a_correct_style_gets_all_points_in_the_sandbox(
    habit: Callable, grader: Grader, tmp_path: Path
) -> None:
    submission = hand_in(habit, tmp_path / "submission")
    results = grader.grade(submission, ResultsWriter(tmp_path / "results.json")).results
    assert lost(results.tests) == {}
    assert results.score == results.max_score == 100


def test_special_functions_of_scipy_get_all_points_in_the_sandbox(grader: Grader, tmp_path: Path) -> None:
    for file in PERFECT.glob("*.py"):
        (tmp_path / file.name).write_text(file.read_text())
    with (tmp_path / "layers.py").open("a") as layers:
        layers.write(
            "\nfrom scipy.special import logsumexp, softmax as scipy_softmax\n"
            "def softmax(z):\n    return scipy_softmax(z, axis=1)\n"
            "def cross_entropy(z, y):\n"
            "    return (logsumexp(z, axis=1) - z[range(len(y)), y]).sum()\n"
        )
    assert lost(grader.grade(tmp_path, ResultsWriter(tmp_path / "results.json")).results.tests) == {}
