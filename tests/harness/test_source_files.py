"""Promises about reading files and notebooks that editors, tools and students leave behind."""

from __future__ import annotations

import json

import pytest

from tests.harness.handed_in import SOFTMAX, notebook, read


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("x = 1\nprint 'hi'\n", 2, "Python 2 (`print ...`)"),
        ("x = 1\nprint x\n", 2, "Python 2 (`print ...`)"),
        ("try:\n    pass\nexcept ValueError, e:\n    pass\n", 3, "`except Error as e:`"),
        ("raise ValueError, 'bad'\n", 1, 'raise Error("...")'),
        ("if 1 <> 2: pass\n", 1, "`!=`"),
        ("if 1:\n        x = 1\n\ty = 2\n", 3, "mixes tabs and spaces"),
        ("x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> work\n", 2, "conflict markers"),
        ("x = (1,\n\ndef f():\n    pass\n", 1, "never closed"),
        ("x = 'abc\n", 1, "never closed"),
        ("x = (1]\n", 1, "brackets do not match"),
        ("x = “hi”\n", 1, "copied from a web page"),
        ("def f():\nreturn 1\n", 2, "indentation is wrong"),
        ("x = = 1\n", 1, "Python cannot read this line"),
        (b"x = 1\0\n", 1, "NUL bytes"),
    ],
)
def test_a_syntax_error_says_which_kind_it_is_and_where(tmp_path, source, line, words):
    (problem,) = read(tmp_path, {"layers.py": source, "optim.py": "def sgd(w, dw): return w\n"}).problems
    assert (problem.file, problem.line) == ("layers.py", line)
    assert words in problem.message
    assert f"layers.py line {line}" in str(problem)


def test_a_broken_file_costs_only_its_own_functions(tmp_path):
    submission = read(tmp_path, {"layers.py": "def softmax(z:\n", "optim.py": "def sgd(w, dw): return w\n"})
    assert set(submission.functions) == {"sgd"}
    assert [file.path for file in submission.files] == ["layers.py", "optim.py"]


@pytest.mark.parametrize(
    "expression",
    [
        "-" * 50_000 + "1",
        "+".join("1" * 49_000),
        "(" * 5_000,
        "a" + ".b" * 49_000,
        "lambda:" * 14_000 + "1",
        "[" * 90,
    ],
)
def test_hostile_nesting_is_a_problem_of_that_file_alone(tmp_path, expression):
    submission = read(
        tmp_path, {"layers.py": f"x = {expression}\n", "optim.py": "def sgd(w, dw): return w\n"}
    )
    assert set(submission.functions) == {"sgd"}


def test_a_huge_file_is_left_out_with_a_word_about_it(tmp_path):
    (problem,) = read(tmp_path, {"layers.py": "#" * 2_000_001, "optim.py": "x = 1\n"}).problems
    assert (problem.file, problem.line) == ("layers.py", 0)
    assert "larger than 2 MB" in problem.message


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("def softmax(z): return 'é'".encode("latin-1"), "is not UTF-8"),
        ("# coding: latin-1\ndef softmax(z): return 'é'".encode("latin-1"), ""),
        ("# -*- coding: cp1252 -*-\ndef softmax(z): return 'é'".encode("cp1252"), ""),
        ("def softmax(z): return 'é'".encode("utf-8-sig"), ""),
        ("def softmax(z): return 'é'".encode("utf-16"), "is UTF-16"),
        ("# coding: nonsense\ndef softmax(z): return 'é'".encode(), "does not know"),
        ("# coding: idna\ndef softmax(z): return 'é'".encode(), "not supported"),
        (b"def softmax(z):\r\n    return '\xc3\xa9'\r\n", ""),
        (b"def softmax(z):\r    return '\xc3\xa9'\r", ""),
    ],
)
def test_every_encoding_that_editors_write_is_read(tmp_path, data, note):
    submission = read(tmp_path, {"layers.py": data})
    assert "é" in submission.files[0].source
    assert "softmax" in submission.functions
    assert [note in text for text in submission.notes] == ([True] if note else [])


def test_reading_a_file_warns_about_nothing(tmp_path, recwarn):
    read(tmp_path, {"layers.py": 'x = "\\d"\nx is 3\n'})
    assert not recwarn.list


# --- Notebooks ---


def test_a_notebook_is_its_code_cells(tmp_path):
    submission = read(tmp_path, {"hw.ipynb": notebook("import numpy as np", SOFTMAX, "softmax(3)")})
    at = submission.functions["softmax"]
    assert submission.files[0].is_notebook
    assert submission.place(at.file, at.line) == "hw.ipynb cell 2 line 3"
    assert submission.files[0].source.split("\n")[at.line - 1] == "def softmax(z):"


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\n!pip install x\n",
        "%%time\n",
        "%%capture out\n%load_ext autoreload\n",
        "files = !ls\n?print\nnp.array?\nx = %pwd\n",
        "if True:\n    !ls \\\n      -l\n    %cd ..\n",
    ],
)
def test_magics_and_shell_lines_hide_nothing_of_their_cell(tmp_path, cell):
    submission = read(tmp_path, {"hw.ipynb": notebook(cell + "def softmax(z): return z")})
    assert submission.problems == ()
    at = submission.functions["softmax"]
    assert submission.place(at.file, at.line) == f"hw.ipynb cell 1 line {cell.count(chr(10)) + 1}"


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile layers.py", "%%html", "%%javascript", "%%cython"])
def test_cells_for_something_else_than_this_python_are_left_out(tmp_path, magic):
    submission = read(tmp_path, {"hw.ipynb": notebook(f"{magic}\ndef softmax(z): return z")})
    assert "softmax" not in submission.functions
    assert submission.problems == ()


def test_a_remainder_at_the_start_of_a_line_is_no_magic(tmp_path):
    source = read(tmp_path, {"hw.ipynb": notebook("x = (7\n  %b)")}).files[0].source
    assert "\n  %b)" in source


def test_a_broken_cell_costs_only_itself(tmp_path):
    submission = read(tmp_path, {"hw.ipynb": notebook("def sgd(w, dw):\nreturn w", SOFTMAX)})
    assert set(submission.functions) == {"softmax"}
    (problem,) = submission.problems
    assert problem.place == "hw.ipynb cell 1 line 2"
    assert problem.source_line == "return w"
    assert "sgd" in submission.why_missing("sgd")
    assert "cannot read" in submission.why_missing("sgd")


def test_the_old_notebook_format_is_read(tmp_path):
    cells = [{"cell_type": "code", "input": ["def softmax(z):\n", "    return z"]}]
    old = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3})
    assert "softmax" in read(tmp_path, {"hw.ipynb": old}).functions


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"cells": 3}', '{"cells": [3, {"cell_type": "code", "source": 3}]}', "[" * 100_000],
)
def test_a_damaged_notebook_is_survived(tmp_path, text):
    submission = read(tmp_path, {"hw.ipynb": text, "layers.py": SOFTMAX})
    assert set(submission.functions) == {"softmax"}


def test_a_notebooks_odd_characters_can_be_sent_on(tmp_path):
    text = '{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}'
    read(tmp_path, {"hw.ipynb": text}).files[0].source.encode()
