"""The proof of the graded tests: it holds for the exam, and it finds each kind of hole."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.__main__ import main
from autograder.assignment import load_assignment
from autograder.errors import AssignmentError, UsageError
from autograder.proof.alike import values_alike
from autograder.proof.holes import holes
from autograder.proof.matrix import Matrix, prove
from autograder.proof.page import matrix_text, summary, write_csv
from autograder.values import Opaque

EXAM = load_assignment("exam")
NEGATED = (
    '@mistake_of("double", says="the sign is lost", remedy="keep it")\ndef double_negated(x): return -2 * x\n'
)
SQUARED = (
    '@mistake_of("double", says="it is squared", remedy="double it")\ndef double_squared(x): return x * x\n'
)
HALVED = (
    '@mistake_of("triple", says="it is halved", remedy="triple it")\ndef triple_halved(x): return x / 2\n'
)
TOML = """
title = "Quiz"
seed = 7
points = 2
reference = "key"
cases = "graded"

[functions."numbers.py"]
double = "x -> y"
triple = "x -> y"

[[parts]]
number = "1"
title = "Numbers"
points = 2

[[questions]]
number = "1.1"
title = "Multiples"
points = 2
"""
KEY = "def double(x): return 2 * x\ndef triple(x): return 3 * x\n"
CASES = """
from gradescope_utils.autograder_utils.decorators import number, tags, weight
from autograder.case import GradedCase

class Multiples(GradedCase):
    @weight(1)
    @number("1.1.1")
    @tags("double")
    def test_double(self):
        '''double doubles'''
        for x in DOUBLED:
            self.call("double", x).equals_reference()

    @weight(1)
    @number("1.1.2")
    @tags("triple")
    def test_triple(self):
        '''triple triples'''
        for x in TRIPLED:
            self.call("triple", x).equals_reference()
"""

Prove = Callable[..., Matrix]


@pytest.fixture
def proof(tmp_path: Path) -> Prove:
    """Proves a small assignment of two functions, with these mistakes and inputs."""
    for folder in ("assignments", "graded", "key/mistakes"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "assignments/quiz.toml").write_text(TOML)
    (tmp_path / "key/numbers.py").write_text(KEY)

    def prove_it(
        *mistakes: str, doubled: str = "[3.0]", tripled: str = "[3.0]", cases: str = CASES, **how: object
    ) -> Matrix:
        text = cases.replace("DOUBLED", doubled).replace("TRIPLED", tripled)
        (tmp_path / "graded/numbers.py").write_text(text)
        head = "from autograder.mistake import mistake_of\n"
        (tmp_path / "key/mistakes/numbers.py").write_text(head + "\n".join(mistakes))
        return prove(load_assignment("quiz", tmp_path), processes=1, **how)

    return prove_it


def only_hole(matrix: Matrix) -> str:
    (hole,) = holes(matrix)
    return hole


@pytest.fixture(scope="module")
def exam() -> Matrix:
    return prove(EXAM, processes=2)


def test_every_mistake_of_the_exam_is_caught_where_it_belongs_and_every_test_catches_one(exam):
    assert holes(exam) == []
    assert {row.mistake.function for row in exam.rows} == set(EXAM.functions)


def test_no_mistake_of_the_exam_costs_more_than_a_tenth_of_the_points(exam):
    assert max(row.cost for row in exam.rows) <= EXAM.points / 10


def test_the_proof_is_the_same_in_one_process_as_in_two(exam):
    alone = prove(EXAM, function="sgd")
    assert alone.rows == tuple(row for row in exam.rows if row.mistake.function == "sgd")


def test_an_assignment_without_holes_has_none(proof):
    matrix = proof(NEGATED, SQUARED, HALVED)
    assert holes(matrix) == []
    assert {row.mistake.name: row.cost for row in matrix.rows} == {
        "double_negated": 1.0,
        "double_squared": 1.0,
        "triple_halved": 1.0,
    }


def test_a_mistake_that_passes_every_test_is_a_hole(proof):
    hole = only_hole(proof(NEGATED, SQUARED, HALVED, doubled="[2.0]"))
    assert hole.startswith("double_squared passes every test of double")


def test_a_test_that_catches_no_mistake_is_a_hole(proof):
    assert only_hole(proof(NEGATED)).startswith("Multiples.test_triple (1.1.2) catches no known mistake")


def test_a_test_is_judged_only_where_the_mistakes_of_all_its_functions_ran(proof):
    assert holes(proof(NEGATED, function="double")) == []


def test_two_mistakes_that_no_input_tells_apart_are_a_hole(proof):
    other = SQUARED.replace("double_squared", "double_as_a_power").replace("x * x", "x ** 2.0")
    hole = only_hole(proof(SQUARED, other, HALVED))
    assert hole.startswith("double_squared and double_as_a_power answer alike on every graded input")


def test_a_note_explains_two_mistakes_that_no_input_tells_apart(proof):
    noted = SQUARED.replace("double_squared", "double_as_a_power").replace(
        'remedy="double it"', 'remedy="double it", twin_of="double_squared"'
    )
    assert holes(proof(SQUARED, noted, HALVED)) == []


def test_a_note_on_mistakes_that_are_told_apart_is_a_hole(proof):
    noted = NEGATED.replace('remedy="keep it"', 'remedy="keep it", twin_of="double_squared"')
    assert only_hole(proof(SQUARED, noted, HALVED)).startswith("double_negated is noted as twin_of")


@pytest.mark.parametrize("twin", ["double_cubed", "double_negated", "triple_halved"])
def test_a_note_must_name_another_mistake_of_the_same_function(proof, twin):
    noted = NEGATED.replace('remedy="keep it"', f'remedy="keep it", twin_of="{twin}"')
    with pytest.raises(AssignmentError, match="names no other mistake of double"):
        proof(noted, HALVED)


def test_points_lost_in_a_test_that_does_not_name_the_function_are_a_hole(proof):
    foreign = CASES.replace(
        "for x in TRIPLED:", 'self.call("double", 1.0).equals_reference()\n        for x in TRIPLED:'
    )
    hole = only_hole(proof(NEGATED, HALVED, cases=foreign))
    assert hole.startswith("double_negated loses points in Multiples.test_triple, which does not name double")


def test_a_key_that_does_not_get_all_points_is_a_hole(proof):
    wrong = CASES.replace('self.call("double", x).equals_reference()', 'self.call("double", x).equals(1.0)')
    assert any(
        hole.startswith("the key itself does not get all points") for hole in holes(proof(cases=wrong))
    )


def test_a_test_that_breaks_on_a_mistake_is_a_hole(proof):
    fragile = CASES.replace(
        'self.call("double", x).equals_reference()',
        'answer = self.call("double", x).equals_reference()\n' + 12 * " " + "refuse(answer.actual.value)",
    )
    fragile += "\ndef refuse(value):\n    if value < 0: raise RuntimeError(value)\n"
    hole = only_hole(proof(NEGATED, HALVED, cases=fragile))
    assert hole.startswith("Multiples.test_double fails with an exception of its own on double_negated")


def test_a_function_that_is_not_declared_is_refused(proof):
    with pytest.raises(UsageError, match="declares no function quadruple"):
        proof(function="quadruple")


@pytest.mark.parametrize(
    ("left", "right", "are_alike"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.01, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 0.0, False),
        ([1, 2], [1, 2, 3], False),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}, False),
        ("text", "other", False),
        (None, 0.0, False),
        (np.array([1 + 2j]), np.array([1 + 2j]), True),
        (np.array([1 + 2j]), np.array([1 + 3j]), False),
        (Opaque("set"), Opaque("set"), True),
        (Opaque("set"), Opaque("frozenset"), False),
    ],
)
def test_two_answers_are_alike_where_a_grader_cannot_tell_them_apart(left, right, are_alike):
    assert values_alike(left, right) is are_alike


def test_the_matrix_shows_what_each_mistake_loses_in_each_test(proof):
    matrix = proof(NEGATED, SQUARED, HALVED, doubled="[2.0]")
    lines = [line.split() for line in matrix_text(matrix).splitlines()]
    assert lines == [
        ["double", "1.1.1", "cost"],
        ["1"],
        ["negated", "1", "1.00"],
        ["squared", ".", "0.00"],
        [],
        ["triple", "1.1.2", "cost"],
        ["1"],
        ["halved", "1", "1.00"],
    ]


def test_the_summary_counts_and_lists_the_holes(proof):
    matrix = proof(NEGATED, SQUARED, HALVED, doubled="[2.0]")
    text = summary(matrix, holes(matrix))
    assert text.startswith("3 known mistakes of 2 functions, 2 graded tests, 3 runs\n")
    assert "costs: 0 at least, 1 in the median, 1 at most" in text
    assert "1 problem:\n  - double_squared passes every test" in text


def test_the_csv_has_a_line_for_each_run(proof, tmp_path):
    write_csv(proof(NEGATED, SQUARED, HALVED), tmp_path / "matrix.csv")
    with (tmp_path / "matrix.csv").open(newline="") as stream:
        header, *lines = csv.reader(stream)
    assert header == ["function", "mistake", "number", "test", "title", "points", "lost"]
    assert lines[0] == [
        "double",
        "double_negated",
        "1.1.1",
        "Multiples.test_double",
        "double doubles",
        "1",
        "1",
    ]
    assert len(lines) == 3


def test_the_command_fails_where_there_is_a_hole(proof, tmp_path, capsys):
    proof(NEGATED)
    assert main(["prove", "--assignment", str(tmp_path / "assignments/quiz.toml")]) == 1
    assert "1 problem:" in capsys.readouterr().out


def test_the_command_succeeds_where_there_is_none(capsys, tmp_path):
    arguments = ["prove", "--function", "softmax", "--matrix", "--output", str(tmp_path / "matrix.csv")]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "without_shift" in printed
    assert "Every mistake loses points" in printed
    assert (tmp_path / "matrix.csv").exists()


@pytest.mark.parametrize("command", ["prove", "build"])
def test_a_credit_that_is_no_share_is_refused_before_anything_is_handed_in(proof, tmp_path, capsys, command):
    with pytest.raises(AssignmentError, match="credit=7"):
        proof(NEGATED.replace('remedy="keep it"', 'remedy="keep it", credit=7'))
    arguments = [command, "--assignment", str(tmp_path / "assignments/quiz.toml")]
    outputs = ["--output", str(tmp_path / "quiz.zip")] if command == "build" else []
    assert main([*arguments, *outputs]) != 0
    told = "mistakes/numbers.py: mistake double_negated: credit=7 must be a share between 0 and 1"
    assert told in capsys.readouterr().err
    assert not (tmp_path / "quiz.zip").exists()
