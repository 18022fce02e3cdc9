"""The leaderboard: who is entered, by what, and that a replaced clock changes nothing."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.errors import AssignmentError
from autograder.grader import Grader
from autograder.race import load_race
from autograder.results import ResultsWriter
from autograder.sandbox.cpu_clock import cpu_seconds
from tests.harness.handed_in import write
from tests.harness.test_assignment import TOML

ROOT = Path(__file__).resolve().parents[2]
LOOPS = (ROOT / "reference/races/conv_forward.py").read_text().partition("def slow")[2]
HEAD = "import time\nimport numpy as np\n\n"
SLOW = f"""{HEAD}def loops{LOOPS}

def conv_forward(x, w, b, conv_param):
    return loops(x, w, b, conv_param), None
"""
FAST = f"""{HEAD}from numpy.lib.stride_tricks import sliding_window_view

def conv_forward(x, w, b, conv_param):
    pad, stride = conv_param["pad"], conv_param["stride"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,fcij->nfhw", windows, w, optimize=True) + b[:, None, None], None
"""
FAKED_CLOCKS = """
for name in ("time", "perf_counter", "process_time", "thread_time", "monotonic"):
    setattr(time, name, lambda: 0.0)
time.clock_gettime = lambda clock: 0.0
"""
pytestmark = pytest.mark.skipif(cpu_seconds(os.getpid()) is None, reason="no CPU clocks of processes here")


def exam(**changes: Any) -> Assignment:
    assignment = load_assignment("exam")
    assert assignment.leaderboard is not None
    return replace(assignment, leaderboard=replace(assignment.leaderboard, **{"on": True, **changes}))


@pytest.fixture(scope="module")
def grader():
    with Grader(exam()) as made:
        yield made


def entries(grader: Grader, folder: Path, source: str) -> list[dict[str, Any]]:
    """The leaderboard of a submission of this file."""
    handed_in = write(folder / "in", {"layers.py": source})
    graded = grader.grade(handed_in, ResultsWriter(folder / "results.json"))
    return graded.results.to_json()["leaderboard"]  # type: ignore[return-value]


def test_the_faster_function_is_entered_with_the_larger_number(grader, tmp_path):
    (slow,) = entries(grader, tmp_path / "slow", SLOW)
    (fast,) = entries(grader, tmp_path / "fast", FAST)

    assert slow["name"] == fast["name"] == "conv_forward: times as fast as loops"
    assert fast["order"] == "desc"
    assert fast["value"] > 3 * slow["value"]


def test_a_replaced_clock_changes_nothing(grader, tmp_path):
    (honest,) = entries(grader, tmp_path / "honest", SLOW)
    (faked,) = entries(grader, tmp_path / "faked", SLOW + FAKED_CLOCKS)

    assert 1 / 3 < faked["value"] / honest["value"] < 3


@pytest.mark.parametrize(
    "source",
    [
        FAST.replace("+ b[:, None, None]", ""),
        FAST.replace("return np", "return None; np"),
        "def conv_forward(x, w, b, conv_param):\n    raise ValueError\n",
        "def softmax(z):\n    return z\n",
    ],
    ids=["wrong", "nothing", "raises", "not there"],
)
def test_an_answer_that_is_wrong_is_not_entered(grader, tmp_path, source):
    assert entries(grader, tmp_path, source) == []


def test_a_table_that_is_off_enters_nobody(tmp_path):
    with Grader(exam(on=False)) as grader:
        assert entries(grader, tmp_path, FAST) == []


def test_what_the_questions_forbid_is_forbidden_in_the_race(tmp_path):
    assignment = exam()
    parts = tuple(
        replace(
            part, questions=tuple(replace(each, forbid=_forbidden(each.number)) for each in part.questions)
        )
        for part in assignment.parts
    )
    with Grader(replace(assignment, parts=parts)) as grader:
        assert entries(grader, tmp_path / "einsum", FAST) == []
        assert len(entries(grader, tmp_path / "loops", SLOW)) == 1


def _forbidden(number: str) -> tuple[str, ...]:
    return ("numpy.einsum",) if number == "3.2" else ()


def test_the_exams_loops_compute_what_its_key_does():
    from reference.layers import conv_forward

    race = load_race(exam())
    assert race is not None
    given = race.arguments(np.random.default_rng(1))

    np.testing.assert_allclose(race.slow(*given), conv_forward(*given)[0])


def test_the_kernels_clock_is_the_one_of_this_process():
    before = time.process_time()
    read = cpu_seconds(os.getpid())

    assert read is not None
    assert before <= read <= time.process_time()
    assert cpu_seconds(os.getpid(), os.getpid()) >= 2 * before
    assert cpu_seconds(2**22 + 1) is None
    assert cpu_seconds() is None


TABLE = '[leaderboard]\ntitle = "Speed"\nfunction = "softmax"\nrace = "races/softmax.py"\n'


def quiz(folder: Path, old: str = "", new: str = "") -> Assignment:
    assert old in TABLE
    write(folder, {"assignments/quiz.toml": f"{TOML}\n{TABLE.replace(old, new, 1) if old else TABLE}"})
    return load_assignment("quiz", folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"softmax"',
            '"sofmax"',
            "leaderboard.function: no function 'sofmax' is declared (did you mean softmax?)",
        ),
        ('"Speed"', '""', "leaderboard.title: must not be empty"),
        ("races/", "../", "leaderboard.race: '../softmax.py' must be a .py file below `reference`"),
        ("races/", "/", "leaderboard.race: '/softmax.py' must be"),
        ("title", "on = 1\ntitle", "leaderboard.on: must be true or false, not 1"),
        ("title", "name", "leaderboard.name: unknown entry"),
        ('race = "races/softmax.py"', "", "leaderboard.race: is missing"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_name(tmp_path, old, new, message):
    with pytest.raises(AssignmentError) as refused:
        quiz(tmp_path, old, new)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "key/races/softmax.py: is missing; [leaderboard] names it"),
        ("def slow(z): ...\n", "key/races/softmax.py: must define the function arguments"),
        ("def slow(z):\n", "key/races/softmax.py, line 1: cannot be imported"),
    ],
)
def test_a_wrong_race_file_is_refused_by_its_place(tmp_path, text, message):
    assignment = quiz(tmp_path)
    write(tmp_path, {"key/layers.py": "", **({} if text is None else {"key/races/softmax.py": text})})
    with pytest.raises(AssignmentError) as refused:
        load_race(assignment)

    assert message in str(refused.value)
