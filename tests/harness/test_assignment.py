"""An assignment's .toml file, case files and key: read right, or refused with the place and the remedy."""

from __future__ import annotations

import inspect
import re
import unittest
from pathlib import Path

import pytest

from autograder.assignment import check_weights, load_assignment, load_cases, load_reference
from autograder.errors import AssignmentError
from autograder.settings import LimitSettings

ROOT = Path(__file__).parents[2]
TOML = """
title = "Quiz"
seed = 7
points = 10
reference = "key"
cases = "graded"
may_change = ["dout"]

[limits]
cpu_seconds = 2

[functions."layers.py"]
softmax = "z -> p"
conv_forward = { signature = "x, w -> out, cache", aliases = ["conv_forward_naive"] }
conv_backward = { signature = "dout, cache -> dx", may_change = ["cache"] }

[functions."optim.py"]
sgd = "w, dw, config? -> w, config"

[[parts]]
number = "1"
title = "Layers"
points = 6.5

[[parts]]
number = "2"
title = "Optimisation"
points = 3.5

[[questions]]
number = "1.1"
title = "Softmax"
points = 2.5

[[questions]]
number = "1.10"
title = "Convolution"
points = 4

[[questions]]
number = "2.1"
title = "SGD"
points = 3.5
visibility = "after_published"
"""
GOOD_WEIGHTS = [("1.1", 2.5, "a"), ("1.10.1", 3, "b"), ("1.10.2", 1, "c"), ("2.1", 3.5, "d")]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "quiz.toml").write_text(TOML)
    return tmp_path


def edited(project, old, new):
    """The quiz with the first `old` of its text replaced."""
    assert old in TOML
    (project / "assignments" / "quiz.toml").write_text(TOML.replace(old, new, 1))
    return load_assignment("quiz", project)


def cases_of(project, **files):
    (project / "graded").mkdir()
    for name, text in files.items():
        (project / "graded" / f"{name}.py").write_text(text)
    return load_cases(load_assignment("quiz", project))


def key_of(project, **files):
    (project / "key").mkdir()
    for name, text in files.items():
        (project / "key" / f"{name}.py").write_text(text)
    return load_reference(load_assignment("quiz", project))


def test_the_file_becomes_objects(project):
    quiz = load_assignment("quiz", project)
    assert (quiz.name, quiz.file, quiz.root) == ("quiz", "assignments/quiz.toml", project)
    assert (quiz.title, quiz.seed, quiz.public_seed, quiz.points) == ("Quiz", 7, 1, 10)
    assert [part.number for part in quiz.parts] == ["1", "2"]
    assert [question.number for question in quiz.questions] == ["1.1", "1.10", "2.1"]
    assert quiz.questions[2].visibility == "after_published"
    assert quiz.warnings == ()


def test_a_limit_left_out_has_its_default(project):
    assert load_assignment("quiz", project).limits == LimitSettings(cpu_seconds=2.0)


def test_functions_keep_their_order_and_know_their_file(project):
    functions = load_assignment("quiz", project).functions
    assert list(functions) == ["softmax", "conv_forward", "conv_backward", "sgd"]
    assert functions["sgd"].file == "optim.py"
    assert functions["conv_forward"].aliases == ("conv_forward_naive",)


def test_may_change_holds_where_the_parameter_exists(project):
    functions = load_assignment("quiz", project).functions
    assert functions["conv_backward"].may_change == {"dout", "cache"}
    assert functions["softmax"].may_change == frozenset()


def test_an_assignment_is_found_by_name_and_by_path(project, monkeypatch):
    path = project / "assignments" / "quiz.toml"
    monkeypatch.chdir(project)
    by_path = load_assignment(path)
    assert by_path == load_assignment("quiz", project) == load_assignment("assignments/quiz.toml", project)
    assert by_path.root == project


def test_an_unknown_name_is_answered_with_the_names_there_are(project):
    with pytest.raises(AssignmentError, match=re.escape("(did you mean quiz?); there are: quiz")):
        load_assignment("quizz", project)


def test_a_finer_number_belongs_to_its_question(project):
    quiz = load_assignment("quiz", project)
    assert quiz.question_of("1.1").number == "1.1"
    assert quiz.question_of("1.1.3").number == "1.1"
    assert quiz.question_of("1.10.3").number == "1.10"
    with pytest.raises(AssignmentError, match=r"no question 1\.2; there are 1\.1, 1\.10, 2\.1"):
        quiz.question_of("1.2")


def test_a_hidden_question_is_warned_about(project):
    (warning,) = edited(project, '"after_published"', '"hidden"').warnings
    assert "question 2.1 is hidden, so no student ever sees a total score" in warning


WRONG = [
    ('title = "Quiz"', 'titel = "Quiz"', "titel: unknown entry (did you mean title?); allowed: title, seed"),
    ('title = "Quiz"', "", "title: is missing; allowed: a text"),
    ('title = "Quiz"', 'title = " "', "title: must not be empty"),
    ("seed = 7", 'seed = "7"', "seed: must be a whole number, not '7'"),
    ("seed = 7", "seed = true", "seed: must be a whole number, not True"),
    ("seed = 7", "seed = -1", "seed: must be a whole number of at least 0, not -1"),
    ("seed = 7", "seed = 7\npublic_seed = 7", "public_seed: must differ from seed"),
    ("points = 10", "points = 11", "points: is 11, but the parts add up to 10"),
    ("points = 10", "points = nan", "points: must be a number above 0, not nan"),
    ('"key"', '"../key"', "reference: must be a folder inside the project"),
    ('"graded"', '"/graded"', "cases: must be a folder inside the project"),
    ('["dout"]', '["duot"]', "may_change: no function has a parameter duot (did you mean dout?)"),
    ('["dout"]', '"dout"', "may_change: must be a list, not 'dout'"),
    ('["dout"]', "[3]", "may_change: must be a list of texts; 3 is none"),
    ("cpu_seconds", "cpu_second", "limits.cpu_second: unknown entry (did you mean cpu_seconds?)"),
    ("cpu_seconds = 2", "cpu_seconds = 0", "limits.cpu_seconds: must be a number above 0, not 0"),
    ("cpu_seconds = 2", "cpu_seconds = 600", "limits.cpu_seconds: must be less than timeout_seconds, 600"),
    ("cpu_seconds = 2", "memory_mb = 1.5", "limits.memory_mb: must be a whole number, not 1.5"),
    ("[limits]", "[limit]", "limit: unknown entry (did you mean limits?)"),
    ('"z -> p"', '"z - > p"', "functions.\"layers.py\".softmax: signature 'z - > p', position 3: expected"),
    ('"z -> p"', "3", 'functions."layers.py".softmax: must be a signature such as'),
    ('"z -> p"', '{ alias = ["s"] }', 'functions."layers.py".softmax.alias: unknown entry (did you mean ali'),
    ('"z -> p"', "{}", 'functions."layers.py".softmax.signature: is missing'),
    ('["cache"]', '["cach"]', "conv_backward.may_change: conv_backward has no parameter cach (did you mean"),
    ('["conv_forward_naive"]', '["softmax"]', 'softmax is taken by functions."layers.py".softmax'),
    ("sgd =", "softmax =", 'functions."optim.py".softmax: softmax is taken by functions."layers.py".softmax'),
    ("sgd =", '"s-gd" =', "s-gd: must be the name of a Python function"),
    ('"optim.py"', '"../optim.py"', 'functions."../optim.py": must be the name of a Python file'),
    ('[functions."optim.py"]\nsgd', "[functions]\nsgd", "functions.sgd: must be a table"),
    ('number = "2"', "number = 2", "parts[2].number: must be a text, not 2"),
    ('number = "2"', 'number = "1"', "parts[2].number: 1 is already taken"),
    ('number = "2"', 'number = "2."', "parts[2].number: '2.' must be such as 2"),
    ("points = 6.5", "points = 6", "parts[1].points: is 6, but the questions of part 1 add up to 6.5"),
    ("points = 4", 'points = "4"', "questions[2].points: must be a number above 0, not '4'"),
    ('number = "1.10"', 'number = "1.1"', "questions[2].number: 1.1 is already taken"),
    ('number = "1.10"', 'number = "1.1.1"', "questions[2].number: '1.1.1' must be its part's number, a dot"),
    ('"after_published"', '"after_publish"', "(did you mean after_published?)"),
    (
        '"after_published"',
        '"later"',
        "'later' is not one of visible, after_due_date, after_published, hidden",
    ),
    ('title = "SGD"', "", "questions[3].title: is missing"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_an_error_names_the_file_the_entry_and_what_is_allowed(project, old, new, message):
    with pytest.raises(AssignmentError) as caught:
        edited(project, old, new)
    assert str(caught.value).startswith("assignments/quiz.toml: ")
    assert message in str(caught.value)


def test_a_question_without_a_part_is_refused(project):
    extra = '[[questions]]\nnumber = "3.1"\ntitle = "More"\npoints = 1\n\n[[questions]]\nnumber = "2.1"'
    with pytest.raises(
        AssignmentError, match=r"questions\[3\]\.number: 3\.1 belongs to no part; there are 1, 2"
    ):
        edited(project, '[[questions]]\nnumber = "2.1"', extra)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"title = \n", "line 1"), (b'title = "\xff"', "can't decode byte 0xff"), (None, "No such file")],
)
def test_a_file_that_cannot_be_read_is_named(project, content, problem):
    path = project / "assignments" / "quiz.toml"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(AssignmentError, match=f"assignments/quiz.toml: cannot be read: .*{problem}"):
        load_assignment(path, project)


def test_windows_line_ends_and_a_byte_order_mark_are_read(project):
    path = project / "assignments" / "quiz.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode())
    assert load_assignment(path).title == "Quiz"


def test_case_classes_come_by_file_and_then_as_written(project):
    cases = cases_of(
        project,
        b_second="import unittest\nclass Alpha(unittest.TestCase): pass",
        a_first="from unittest import TestCase\nclass Zeta(TestCase): pass\nclass Eta(Zeta): pass",
    )
    assert [case.__name__ for case in cases] == ["Zeta", "Eta", "Alpha"]
    assert all(issubclass(case, unittest.TestCase) for case in cases)


def test_a_case_file_may_import_a_helper_beside_it_whose_classes_do_not_count(project):
    cases = cases_of(
        project,
        _shapes="import unittest\nclass Base(unittest.TestCase): pass",
        layers="from ._shapes import Base\nclass Layers(Base): pass",
    )
    assert [case.__qualname__ for case in cases] == ["Layers"]


def test_a_cases_module_is_named_alike_wherever_the_project_lies(project):
    (case,) = cases_of(project, layers="import unittest\nclass Layers(unittest.TestCase): pass")
    assert case.__module__ == "quiz_cases.layers"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("import unittest\n\n1 / 0\n", "line 3: cannot be imported: ZeroDivisionError: division by zero"),
        ("x = 1\nx = = 2\n", "line 2: cannot be imported: SyntaxError: invalid syntax"),
        ("\nimport no_such_module\n", "line 2: cannot be imported: ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)\n", "line 1: cannot be imported: SystemExit: 3"),
        ("def f():\n    return {}['k']\n\nf()\n", "line 2: cannot be imported: KeyError: 'k'"),
    ],
)
def test_a_case_file_that_fails_is_named_with_its_line(project, text, problem):
    with pytest.raises(AssignmentError, match=re.escape(f"graded/broken.py, {problem}")):
        cases_of(project, broken=text)


def test_a_folder_without_case_files_is_refused(project):
    with pytest.raises(AssignmentError, match="graded: holds no case files"):
        cases_of(project)


LAYERS = "def softmax(z): return z\ndef conv_forward(x, w): return x, w\ndef conv_backward(d, c): return d\n"


def test_the_key_gives_every_function_by_name(project):
    optim = "from .layers import softmax\ndef sgd(w, dw, config=None): return softmax(w), config"
    key = key_of(project, layers=LAYERS, optim=optim)
    assert list(key) == ["softmax", "conv_forward", "conv_backward", "sgd"]
    assert key["sgd"](3, 0) == (3, None)


def test_two_projects_keep_their_keys_apart(project, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "assignments").mkdir()
    (other / "assignments" / "quiz.toml").write_text(TOML)
    first = key_of(project, layers=LAYERS, optim="def sgd(w, dw, config=None): return 1, 1")
    second = key_of(other, layers=LAYERS, optim="def sgd(w, dw, config=None): return 22, 22")
    assert (first["sgd"](0, 0), second["sgd"](0, 0)) == ((1, 1), (22, 22))


def test_a_function_missing_from_the_key_is_named(project):
    with pytest.raises(AssignmentError, match=r"key/optim\.py: must define the function sgd"):
        key_of(project, layers=LAYERS, optim="sgd = 3")


def test_a_file_missing_from_the_key_is_named(project):
    with pytest.raises(AssignmentError, match=r"key/optim\.py: is missing; it must define sgd"):
        key_of(project, layers=LAYERS)


def test_weights_that_add_up_are_accepted(project):
    check_weights(load_assignment("quiz", project), GOOD_WEIGHTS)


def test_weights_that_do_not_add_up_name_question_and_sums(project):
    with pytest.raises(AssignmentError) as caught:
        check_weights(load_assignment("quiz", project), [*GOOD_WEIGHTS[:2], ("2.1", 4, "d")])
    assert str(caught.value).splitlines() == [
        "assignments/quiz.toml: question 1.10 is worth 4, but the weights in graded add up to 3",
        "assignments/quiz.toml: question 2.1 is worth 3.5, but the weights in graded add up to 4",
    ]


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        (("3.1", 0, "e"), "no question 3.1; there are 1.1, 1.10, 2.1"),
        ((None, 0, "e"), "graded: test 'e' has no question"),
        (("2.1", None, "e"), "graded: test 'e' needs a weight of at least 0"),
        (("2.1", float("nan"), "e"), "graded: test 'e' needs a weight of at least 0"),
        (("2.1", -1, "e"), "graded: test 'e' needs a weight of at least 0"),
        (("2.1", 1 / 3, "e"), "use at most two decimals"),
    ],
)
def test_a_test_without_its_place_is_refused(project, test, problem):
    with pytest.raises(AssignmentError, match=re.escape(problem)):
        check_weights(load_assignment("quiz", project), [*GOOD_WEIGHTS, test])


def test_the_exam_declares_every_function_as_its_key_defines_it():
    exam = load_assignment("exam", ROOT)
    key = load_reference(exam)
    assert len(key) == len(exam.functions) > 0
    for name, function in key.items():
        parameters = inspect.signature(function).parameters.values()
        signature = exam.functions[name].signature
        assert tuple(p.name for p in parameters) == signature.parameters, name
        assert {p.name for p in parameters if p.default is not p.empty} == signature.optional, name


def test_the_exams_questions_add_up_and_none_is_hidden():
    exam = load_assignment("exam", ROOT)
    assert sum(question.points for question in exam.questions) == exam.points
    assert exam.warnings == ()
