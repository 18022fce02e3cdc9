"""The catalogue of known mistakes: how it is read, and that its entries are fit to show to students."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

import reference.mistakes
from autograder.assignment import load_assignment, load_reference
from autograder.errors import AssignmentError
from autograder.mistake import Mistake, mistake_of, mistakes_in
from autograder.mistakes_loader import load_mistakes

ROOT = Path(__file__).parents[2]
EXAM = load_assignment("exam", ROOT)
KEY = load_reference(EXAM)
MODULES = [
    importlib.import_module(f"{reference.mistakes.__name__}.{module.name}")
    for module in pkgutil.iter_modules(reference.mistakes.__path__)
]
CATALOGUE = mistakes_in(MODULES)
TOML = """
title = "Quiz"
seed = 7
points = 1
reference = "key"
cases = "graded"

[functions."layers.py"]
softmax = "z -> p"

[[parts]]
number = "1"
title = "Layers"
points = 1

[[questions]]
number = "1.1"
title = "Softmax"
points = 1
"""
HEAD = "from autograder.mistake import mistake_of\n"
SHIFT = HEAD + (
    "from ..layers import softmax\n"
    '@mistake_of("softmax", says="one is added", remedy="leave it as it is")\n'
    "def softmax_plus_one(z): return softmax(z) + 1\n"
)

each_mistake = pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda mistake: mistake.name)


def module_of(*functions, name=__name__) -> ModuleType:
    """A module that holds these functions, by default as if they were defined in it."""
    module = ModuleType(name)
    for position, function in enumerate(functions):
        setattr(module, f"function_{position}", function)
    return module


def wrong(name: str, says: str = "it is wrong", remedy: str = "mend it"):
    def variant(z):
        return z

    variant.__name__ = name
    return mistake_of("softmax", says=says, remedy=remedy)(variant)


@pytest.fixture
def project(tmp_path):
    for folder in ("assignments", "key"):
        (tmp_path / folder).mkdir()
    (tmp_path / "assignments" / "quiz.toml").write_text(TOML)
    (tmp_path / "key" / "layers.py").write_text("def softmax(z): return 2 * z\n")
    return tmp_path


def mistakes_of(project, **files) -> list[Mistake]:
    (project / "key" / "mistakes").mkdir()
    for name, text in files.items():
        (project / "key" / "mistakes" / f"{name}.py").write_text(text)
    return load_mistakes(load_assignment("quiz", project))


def test_mistakes_are_collected_in_the_order_written():
    found = mistakes_in([module_of(wrong("b"), len, wrong("a")), module_of(wrong("c"))])
    assert [mistake.name for mistake in found] == ["b", "a", "c"]
    assert (found[0].function, found[0].says, found[0].remedy) == ("softmax", "it is wrong", "mend it")
    assert found[0].variant(3) == 3


def test_a_mistake_that_a_module_imports_is_not_its_own():
    assert mistakes_in([module_of(wrong("a"), name="elsewhere")]) == []


def test_two_mistakes_of_one_name_are_refused():
    with pytest.raises(AssignmentError, match="two mistakes are called a: rename one"):
        mistakes_in([module_of(wrong("a")), module_of(wrong("a"))])


@pytest.mark.parametrize(("says", "remedy"), [("", "mend it"), ("it is wrong", "  ")])
def test_a_mistake_without_words_is_refused(says, remedy):
    with pytest.raises(AssignmentError, match="mistake a needs a says and a remedy"):
        mistakes_in([module_of(wrong("a", says, remedy))])


def test_a_reference_without_a_mistakes_folder_has_none(project):
    assert load_mistakes(load_assignment("quiz", project)) == []


def test_a_mistake_calls_the_answer_keys_own_functions(project):
    key = load_reference(load_assignment("quiz", project))
    (mistake,) = mistakes_of(project, shift=SHIFT)
    assert mistake.variant(3) == 7
    assert mistake.variant.__globals__["softmax"] is key["softmax"]


def test_mistakes_come_by_file_name_and_share_helpers(project):
    second = SHIFT.replace("softmax_plus_one", "softmax_shared").replace("..layers", "._shared")
    found = mistakes_of(project, b=SHIFT, a=second, _shared="from ..layers import softmax\n")
    assert [mistake.name for mistake in found] == ["softmax_shared", "softmax_plus_one"]


def test_mistakes_of_undeclared_functions_are_left_out(project):
    assert mistakes_of(project, shift=SHIFT.replace('"softmax"', '"affine"')) == []


def test_a_mistake_file_that_fails_is_named_with_its_line(project):
    with pytest.raises(AssignmentError, match=r"key/mistakes/bad\.py, line 2: cannot be imported: NameError"):
        mistakes_of(project, bad="\nundefined\n")


def test_the_exams_mistakes_are_those_of_its_reference():
    assert [mistake.name for mistake in load_mistakes(EXAM)] == [mistake.name for mistake in CATALOGUE]


@each_mistake
def test_a_mistake_names_a_function_of_the_exam(mistake):
    assert mistake.function in KEY
    assert mistake.name.startswith(f"{mistake.function}_")


@each_mistake
def test_a_variant_is_called_like_the_function_that_it_is_a_variant_of(mistake):
    assert inspect.signature(mistake.variant) == inspect.signature(KEY[mistake.function])


@each_mistake
def test_the_words_of_a_mistake_fit_into_a_sentence(mistake):
    names = {*inspect.signature(mistake.variant).parameters, "ReLU"}
    for words in (mistake.says, mistake.remedy):
        first = re.split(r"\W", words)[0]
        assert words == " ".join(words.split())
        assert not words.endswith((".", "!", ":", ";", ","))
        assert not re.fullmatch("[A-Z][a-z]+", first) or first in names, words
        assert len(words) < 160


@each_mistake
def test_no_mistake_blames_or_shows_a_solution(mistake):
    words = f"{mistake.says} {mistake.remedy}".lower()
    assert not re.search(r"\b(stupid|careless|obvious(ly)?|simply|just|trivial|always remember)\b", words)
    assert not re.search(r"np\.|\bimport\b|\breturn [a-z_]+\(|==|@", words)


def test_two_mistakes_of_one_function_are_told_in_different_words():
    told = Counter((mistake.function, mistake.says) for mistake in CATALOGUE)
    assert [words for words, times in told.items() if times > 1] == []


def test_every_function_of_the_exam_has_at_least_three_mistakes():
    counts = Counter(mistake.function for mistake in CATALOGUE)
    assert {name: counts[name] for name in KEY if counts[name] < 3} == {}
