"""Promises about finding a student's functions without running anything of theirs."""

from __future__ import annotations

import pytest

from autograder.submission import Wanted, read_submission
from tests.harness.handed_in import SOFTMAX, WANTED, notebook, read, write


@pytest.mark.parametrize(
    "path", ["layers.py", "solution.py", "hw 1/cs231n/layers.py", "äöü/x.py", "assignment2/cs231n/layers.py"]
)
def test_a_function_is_found_in_any_file_and_folder(tmp_path, path):
    at = read(tmp_path, {path: SOFTMAX}).functions["softmax"]
    assert (at.function, at.name, at.file, at.line, at.is_stub) == ("softmax", "softmax", path, 3, False)


@pytest.mark.parametrize(
    "source",
    [
        "async def softmax(z): return z",
        "softmax = lambda z: z",
        "softmax: object = lambda z: z",
        "softmax, other = make(), 2",
        "def f(z): return z\nsoftmax = f",
        "if True:\n    def softmax(z): return z",
        "try:\n    import numba\n    def softmax(z): return z\nexcept ImportError:\n    pass",
        "for _ in range(1):\n    with open('x') as f:\n        def softmax(z): return z",
        "try:\n    pass\nfinally:\n    def softmax(z): return z",
    ],
)
def test_every_top_level_way_to_define_a_function_counts(tmp_path, source):
    assert "softmax" in read(tmp_path, {"layers.py": source}).functions


@pytest.mark.parametrize("source", ["softmax = None", "softmax = 3", "softmax = [1, 2]", "softmax: int"])
def test_a_name_for_a_plain_value_is_no_function(tmp_path, source):
    assert "softmax" not in read(tmp_path, {"layers.py": source}).functions


def test_the_file_that_the_assignment_names_comes_first_then_the_shallowest_then_the_alphabet(tmp_path):
    files = {"a.py": SOFTMAX, "deep/layers.py": SOFTMAX, "deep/er/layers.py": SOFTMAX, "deep/b.py": SOFTMAX}
    assert read(tmp_path / "1", files).functions["softmax"].file == "deep/layers.py"
    others = {name: files[name] for name in ("a.py", "deep/b.py")}
    assert read(tmp_path / "2", {"0/0.py": SOFTMAX, **others}).functions["softmax"].file == "a.py"
    assert read(tmp_path / "3", {"b.py": SOFTMAX, "a.py": SOFTMAX}).functions["softmax"].file == "a.py"


def test_a_python_file_comes_before_a_notebook_of_the_same_folder(tmp_path):
    files = {"a.ipynb": notebook(SOFTMAX), "b.py": SOFTMAX}
    assert read(tmp_path, files).functions["softmax"].file == "b.py"


def test_a_second_definition_in_another_file_is_mentioned(tmp_path):
    submission = read(tmp_path, {"layers.py": SOFTMAX, "old/layers.py": "\n" + SOFTMAX})
    assert submission.notes == (
        "`softmax` is defined in layers.py line 3 and old/layers.py line 4; layers.py was graded.",
    )


def test_a_copy_of_a_whole_file_is_mentioned_once(tmp_path):
    source = "".join(f"def {name}(*a): return a\n" for name in WANTED)
    notes = read(tmp_path, {"layers.py": source, "old/layers.py": source}).notes
    assert len(notes) == 1
    assert "and 2 more are defined in layers.py and in old/layers.py; layers.py was graded" in notes[0]


def test_the_last_definition_of_a_file_counts_and_is_mentioned(tmp_path):
    submission = read(tmp_path, {"layers.py": SOFTMAX + SOFTMAX})
    assert submission.functions["softmax"].line == 8
    assert submission.notes == (
        "`softmax` is defined 2 times (layers.py line 3 and layers.py line 8); the last one was graded.",
    )


def test_definitions_for_either_case_are_not_called_repeated(tmp_path):
    source = "try:\n    def softmax(z): return z\nexcept Exception:\n    def softmax(z): pass\n"
    submission = read(tmp_path, {"layers.py": source})
    assert submission.notes == ()
    assert not submission.functions["softmax"].is_stub


def test_an_alias_counts_and_the_proper_name_wins_over_it(tmp_path):
    alias = "def conv_forward_naive(x, w, b, p): return x\n"
    at = read(tmp_path / "1", {"layers.py": alias}).functions["conv_forward"]
    assert (at.function, at.name) == ("conv_forward", "conv_forward_naive")
    both = alias + "def conv_forward(x, w, b, p): return x\n"
    assert read(tmp_path / "2", {"layers.py": both}).functions["conv_forward"].name == "conv_forward"


def test_a_filled_in_function_wins_over_the_templates_stub(tmp_path):
    stub = "def softmax(z):\n    pass\n"
    at = read(tmp_path, {"layers.py": stub, "mine/work.ipynb": notebook(SOFTMAX)}).functions["softmax"]
    assert (at.file, at.is_stub) == ("mine/work.ipynb", False)


def test_a_renaming_import_of_an_own_file_defines_the_name(tmp_path):
    files = {
        "layers.py": "from .impl.core import my_softmax as softmax\n",
        "impl/core.py": "def my_softmax(z): return z\n",
    }
    submission = read(tmp_path, files)
    assert submission.functions["softmax"].file == "layers.py"
    assert submission.notes == ()


def test_importing_a_library_function_defines_nothing(tmp_path):
    submission = read(tmp_path, {"layers.py": "from scipy.special import softmax\n"})
    assert "softmax" not in submission.functions


def test_a_script_that_imports_a_function_is_not_run_for_its_sake(tmp_path):
    files = {"train.py": "from cs231n.core import softmax\n", "cs231n/core.py": SOFTMAX}
    assert read(tmp_path, files).functions["softmax"].file == "cs231n/core.py"


def test_torch_is_noticed_wherever_it_is_imported(tmp_path):
    assert read(tmp_path / "1", {"a.py": "def f():\n    import torch.nn as nn\n"}).imports_torch
    assert read(tmp_path / "2", {"a.py": "from torch import nn\n"}).imports_torch
    assert not read(tmp_path / "3", {"a.py": "import torchlight\nfrom .torch import x\n"}).imports_torch


# --- Functions that are not there ---


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "def softmax_lost(x, y): return x",
            ["You define `softmax_lost` (layers.py line 1)", "did you mean `softmax_loss`"],
        ),
        ("def softmaxLoss(x, y): return x", ["`softmaxLoss`", "did you mean `softmax_loss`"]),
        ("def Softmax_Loss(x, y): return x", ["`Softmax_Loss`", "did you mean `softmax_loss`"]),
        (
            "class Net:\n  def softmax_loss(self, x, y): return x",
            ["method of class `Net`", "top level", "line 2"],
        ),
        ("def main():\n  def softmax_loss(x, y): return x", ["inside the function `main`", "top level"]),
        ("class softmax_loss: pass", ["is a class"]),
        ('if __name__ == "__main__":\n  def softmax_loss(x, y): return x', ["__main__", "move it out"]),
        (
            "def softmax_loss(x, y):\n  return (x\n\ny = 1",
            ["stands in code that Python cannot read", "never closed"],
        ),
        ("x = 1", ["`softmax_loss`", "in the file that Python can read"]),
    ],
)
def test_a_missing_function_is_explained(tmp_path, source, words):
    sentence = read(tmp_path, {"layers.py": source}).why_missing("softmax_loss")
    assert all(word in sentence for word in words), sentence


def test_a_function_of_the_assignment_is_never_suggested_for_another(tmp_path):
    wanted = {name: Wanted("layers.py") for name in ("relu_forward", "leaky_relu_forward")}
    folder = write(tmp_path, {"layers.py": "def relu_forward(x): return x\n"})
    assert "did you mean" not in read_submission(folder, wanted).why_missing("leaky_relu_forward")
    del wanted["relu_forward"]
    assert "did you mean" in read_submission(folder, wanted).why_missing("leaky_relu_forward")


def test_an_empty_submission_says_what_to_hand_in(tmp_path):
    assert "No Python file" in read(tmp_path, {"README.txt": "hi"}).why_missing("sgd")


def test_nothing_is_missing_about_a_function_that_was_found(tmp_path):
    assert read(tmp_path, {"layers.py": SOFTMAX}).why_missing("softmax") == ""
