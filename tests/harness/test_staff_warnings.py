"""What build, grade and doctor warn staff about, and what they do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.declared import DeclaredTest
from autograder.staff_warnings import staff_warnings, unknown_names, visibility_warnings
from tests.harness.test_commands import command
from tests.harness.tiny_assignment import tiny

ROOT = Path(__file__).resolve().parents[2]


def declaration(number: str, visibility: str = "visible", points: float = 1) -> DeclaredTest:
    return DeclaredTest(f"T.test_{number}", number, "a test", points, visibility, ("softmax",), False, False)


def forbidding(*names: str) -> Assignment:
    assignment = tiny({"1.1": 1})
    (part,) = assignment.parts
    questions = tuple(replace(question, forbid=names) for question in part.questions)
    return replace(assignment, parts=(replace(part, questions=questions),))


def test_nothing_is_said_where_students_see_their_total():
    assert staff_warnings(tiny({"1.1": 1}), [declaration("1.1.1")]) == []


@pytest.mark.parametrize("points", [0, 1])
def test_a_hidden_test_is_warned_about_whatever_it_is_worth(points):
    (warning,) = visibility_warnings(
        tiny({"1.1": 1}), [declaration("1.1.1"), declaration("1.1.2", "hidden", points)]
    )

    assert "test 1.1.2 is hidden, so no student ever sees a total score" in warning
    assert "after_published" in warning


def test_a_hidden_question_is_named_once_and_not_its_tests():
    (warning,) = visibility_warnings(tiny({"1.1": 1}, "hidden"), [declaration("1.1.1", "hidden")])

    assert "question 1.1 is hidden" in warning


@pytest.mark.parametrize(
    ("visibility", "until"), [("after_due_date", "before the due date"), ("after_published", "are published")]
)
def test_it_is_said_until_when_the_total_is_hidden(visibility, until):
    tests = [declaration(f"1.1.{number}", visibility) for number in range(1, 9)]
    (warning,) = visibility_warnings(tiny({"1.1": 8}), tests)

    assert f"1.1.6 and 2 more are {visibility}, so students see no total score" in warning
    assert until in warning


def test_a_misspelt_name_in_forbid_is_pointed_out():
    names = (
        "numpy.linalg.solvee",
        "numpy.linalg.solve",
        "numpy.linalg",
        "numpy.lingalg",
        "json",
        "not_here.x",
    )
    warnings = unknown_names(forbidding(*names))

    assert [warning.split("there is no ")[1].split(" in ")[0] for warning in warnings] == [
        "numpy.linalg.solvee",
        "numpy.lingalg",
    ]


def test_doctor_reads_the_assignments():
    done = command("doctor")

    assert done.returncode == 0
    assert "yes assignments/exam.toml: 213 tests, 100 points" in done.stdout
