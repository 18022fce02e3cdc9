"""A student's own check gives the verdicts of the real grader, in the same words."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.examples import read_expected
from autograder.grader import Grader
from autograder.result_format import Results
from autograder.results import ResultsWriter
from tests.harness.examples import FOLDER, STORIES
from tests.harness.kits import check, handed, limits, with_code, with_torch

# These end or hang their process; what the grader says of them stands in expected.json.
NEED_ISOLATION = ("crashes", "infinite_loop")

# Wrong in as many ways as there are kinds of findings, some of them the cause of others.
WRONG = """
def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=0)

def affine_forward(x, w, b):
    return 2 * (x.reshape(len(x), -1) @ w) + b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    rows = x.reshape(len(x), -1)
    return 2 * (dout @ w.T).reshape(x.shape), 2 * rows.T @ dout, dout.sum(axis=0)

def relu_forward(x):
    x *= x > 0
    return x, (x,)

def batchnorm_forward(x, gamma, beta, bn_param):
    print("batch norm", x.shape)
    mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
    return gamma * (x - mean) / np.sqrt(var + 1e-5) + beta, (x, mean, var)

def conv_output_shape(height, width, kernel, stride=1, pad=0):
    return (height + 2 * pad - kernel) / stride + 1

def conv_backward(dout, cache):
    return None

def max_pool_backward(dout, cache):
    return dout.no_such_attribute

seen = []
def layernorm_forward(x, gamma, beta, ln_param):
    seen.append(len(x))
    return len(seen) * gamma * x + beta, None

np.seterr(all="raise")
np.set_printoptions(precision=1)
np.float
"""
WRONG_OPTIM = """
import layers

def sgd(w, dw, config=None):
    return w + config["learning_rate"] * dw, config

def clip_grad_norm(grads, max_norm):
    layers.seen.append(0)
    raise ValueError("not today")
"""


@functools.cache
def _grader() -> Grader:
    """The real grader as it would be with the kit's inputs, and without the mistakes that it can name."""
    assignment = load_assignment("exam")
    grader = Grader(replace(assignment, seed=assignment.public_seed))
    grader._mistakes = []
    return grader


@pytest.fixture(scope="module", autouse=True)
def _closing():
    yield
    if _grader.cache_info().currsize:
        _grader().close()


def graded(folder: Path, output: Path) -> Results:
    return _grader().grade(folder, ResultsWriter(output)).results


def assert_same(kit: Path, submission: Path, python: str | None = None) -> None:
    results = graded(submission, kit.parent / "results.json")
    checked = check(kit, "--verbose", python=python)

    assert checked.errors == ""
    assert checked.verdicts == {
        test.number: (test.status == "passed", test.points[0]) for test in results.tests
    }
    assert f"total {results.score:g} / {results.max_score:g}" in checked.output
    for test in results.tests:
        if test.status == "failed":
            assert checked.told(test.number) == test.output.rstrip("\n")
    if results.output:
        assert results.output in checked.output


@pytest.mark.parametrize("story", sorted(set(STORIES) - set(NEED_ISOLATION)))
def test_an_example_gets_the_graders_verdict_in_the_graders_words(story: str, tmp_path: Path) -> None:
    python = with_torch() if story == "torch_inside" else None

    assert_same(handed(tmp_path, story), FOLDER / story / "submission", python)


def test_wrong_code_of_every_kind_gets_the_graders_verdict_in_the_graders_words(tmp_path: Path) -> None:
    kit = with_code(tmp_path, layers=WRONG, optim=WRONG_OPTIM)
    submission = tmp_path / "submission"
    submission.mkdir()
    for file in kit.glob("*.py"):
        if file.name != "check.py":
            (submission / file.name).write_bytes(file.read_bytes())

    assert_same(kit, submission)


@pytest.mark.parametrize("story", NEED_ISOLATION)
def test_what_ends_or_hangs_its_process_costs_the_tests_that_it_costs_with_the_grader(
    story: str, tmp_path: Path
) -> None:
    # A call that never returns is as lost after one second as it is after five.
    checked = check(limits(handed(tmp_path, story), cpu_seconds=1.0))

    assert checked.status == 1
    assert checked.lost == read_expected(FOLDER / story / "expected.json")["lost"]
    assert len(checked.verdicts) == 213


def test_a_crash_is_told_with_its_line(tmp_path: Path) -> None:
    checked = check(handed(tmp_path, "crashes"))

    assert "softmax crashed the Python process (SIGSEGV)." in checked.output
    assert "affine_backward ended the whole Python process. Leave out exit()" in checked.output
    assert "layers.py:17, in softmax" in checked.output
