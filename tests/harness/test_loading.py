"""Promises about loading a student's files: each fault costs as little as it can."""

from __future__ import annotations

import pytest

from tests.harness.handed_in import notebook
from tests.harness.loaded_in_child import failure_of, load_and


def value(loaded):
    return loaded.lookup("f")()


def load(folder, source, then=value, **options):
    return load_and(folder, {"layers.py": source}, then, **options)


# --- Statement by statement ---


@pytest.mark.parametrize(
    "statement",
    [
        "1 / 0",
        "import sys; sys.exit(3)",
        "exit()",
        "quit(1)",
        "raise KeyboardInterrupt",
        "raise BaseException",
        "raise MemoryError",
        "input('name: ')",
        "open('missing.txt')",
        "assert False",
        "undefined",
        "x: int = undefined",
        "class C(undefined): pass",
        "return 3",
        "yield 3",
        "import argparse; argparse.ArgumentParser().parse_args(['--what'])",
        "def loop(): loop()\nloop()",
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "del missing",
        "nonlocal x",
    ],
)
def test_a_statement_that_fails_costs_only_itself(tmp_path, statement):
    source = f"def g(): return 1\n{statement}\ndef f(): return g() + 1\n"
    result, problems = load(tmp_path, source, lambda loaded: (value(loaded), loaded.problems))
    assert result == 2
    assert len(problems) == 1
    file, line, shown, error = problems[0]
    assert (file, shown) == ("layers.py", statement.split("\n")[line - 2])
    assert error


def test_a_problem_names_its_place_its_statement_and_its_exception(tmp_path):
    source = "import numpy as np\n\nx = np.zeros(3)[\n    5]\ndef f(): pass\n"
    (problem,) = load(tmp_path, source, lambda loaded: loaded.problems)
    assert problem[:3] == ["layers.py", 3, "x = np.zeros(3)["]
    assert problem[3].startswith("IndexError: index 5 is out of bounds")


def test_a_function_that_was_never_reached_says_what_stopped_it(tmp_path):
    message = load(tmp_path, "f = make(1)\n", failure_of)
    assert (
        message
        == "import: line 1 of layers.py, `f = make(1)`, stopped with NameError: name 'make' is not defined"
    )


def test_a_name_that_is_no_function_is_called_what_it_is(tmp_path):
    assert (
        load(tmp_path, "f = list([3])\n", failure_of)
        == "import: `f` in layers.py is of type list, not a function"
    )


def test_a_function_overwritten_by_a_value_is_still_graded(tmp_path):
    source = "def f(): return 7\nf = f()\n"
    result, notes = load(tmp_path, source, lambda loaded: (value(loaded), loaded.new_notes()))
    assert result == 7
    assert notes == ["layers.py later gives the name `f` to a value of type int; the function was graded."]


def test_an_unknown_function_is_missing(tmp_path):
    assert load(tmp_path, "def f(): pass\n", lambda loaded: failure_of(loaded, "h")).startswith("missing")


def test_a_definition_survives_bad_annotations_decorators_and_defaults(tmp_path):
    source = (
        "def f(x: Tensor = 1) -> Tensor: return x\n"
        "@jit(nopython=True)\ndef g(x=CONSTANT): return x\n"
        "class C:\n    def method(self, x: Tensor): return 5\n"
    )
    check = "lambda: (f(), g(2), C().method(1))"
    result, problems, notes = load(
        tmp_path,
        f"{source}h = {check}\n",
        lambda loaded: (loaded.lookup("h")(), loaded.problems, loaded.notes),
        wanted="h",
    )
    assert result == [1, 2, 5]
    assert problems == []
    assert "`f` (line 1 of layers.py) was loaded without its annotations: NameError" in notes[0]
    assert "without its decorators and default values" in notes[1]


def test_ordinary_python_works_as_ever(tmp_path):
    source = '''"""The module."""
from __future__ import annotations
import functools
"not the docstring"
counter = 0
class Base:
    def name(self): return "base"
class Layer(Base):
    def name(self): return super().name() + "+layer"
def make(n):
    def inner(x): return x + n
    return inner
add_two = make(2)
@functools.lru_cache(maxsize=None)
def fibonacci(n): return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
def count():
    global counter
    counter += 1
    return counter
def f(x: Undefined = 1):
    return [Layer().name(), add_two(3), fibonacci(30), count(), count(), counter, __name__, __doc__]
if __name__ == "__main__":
    raise SystemExit
'''
    result = load(tmp_path, source, lambda loaded: (value(loaded), loaded.problems))
    assert result == [["base+layer", 5, 832040, 1, 2, 2, "submission.layers", "The module."], []]


def test_tracebacks_and_getsource_show_what_was_executed(tmp_path):
    def check(loaded):
        import inspect
        import traceback

        function = loaded.lookup("f")
        try:
            function()
        except ZeroDivisionError as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
        own = [loaded.own_file(name) for name in (frame.filename, __file__)]
        return inspect.getsource(function), frame.lineno, frame.line, own

    source, cell = "def f():\n    return 1 / 0\n", "x = 1\n\ndef f():\n    return 1 / 0\n"
    assert load(tmp_path / "1", source, check) == [source, 2, "return 1 / 0", ["layers.py", None]]
    book = {"hw.ipynb": notebook("%matplotlib inline", cell)}
    assert load_and(tmp_path / "2", book, check) == [source, 7, "return 1 / 0", ["hw.ipynb", None]]


def test_data_is_found_beside_the_file_and_through_its_path(tmp_path):
    source = (
        "import os, sys\nnear = open('data.txt').read()\n"
        "far = open(os.path.join(os.path.dirname(__file__), 'data.txt')).read()\n"
        "count = len(sys.argv)\ndef f(): return [near, far, os.path.isabs(__file__), count]\n"
    )
    files = {"a b/layers.py": source, "a b/data.txt": "42", "data.txt": "wrong"}
    assert load_and(tmp_path, files, value) == ["42", "42", True, 1]


def test_loading_leaves_the_working_directory_and_the_arguments_alone(tmp_path):
    def check(loaded):
        import os
        import sys

        return os.getcwd() == before and sys.argv == arguments

    import os
    import sys

    before, arguments = os.getcwd(), sys.argv
    assert load(tmp_path, "import os, sys\nos.chdir('/')\nsys.argv.append('x')\ndef f(): pass\n", check)


def test_only_files_that_are_needed_run(tmp_path):
    files = {
        "layers.py": "from helper import g\ndef f(): return g()\n",
        "helper.py": "def g(): return 1\n",
        "train.py": "open('/tmp/never', 'w')\nraise SystemExit('trained')\n",
    }
    assert load_and(tmp_path, files, lambda loaded: (value(loaded), loaded.problems), wanted="f") == [1, []]


def test_a_file_that_cannot_be_read_costs_only_what_uses_it(tmp_path):
    files = {
        "layers.py": "from broken import helper\ndef f(): return helper()\ndef g(): return 5\n",
        "broken.py": "x = 1\nprint 'hi'\n",
    }
    message, other = load_and(tmp_path, files, lambda loaded: (failure_of(loaded), loaded.lookup("g")()))
    assert other == 5
    assert message.startswith(
        "ImportError: line 1 of layers.py imports `broken.helper`, which is not available"
    )
    assert "(broken.py, line 2)" in message


# --- A second attempt with definitions only ---


def test_definitions_only_leaves_out_what_computes(tmp_path):
    source = (
        "import math\nEPS: float = 1e-5\nSIZE = (2, 3)\nalias = lambda: EPS\nROOT = math.sqrt(4)\n"
        "if EPS > 0:\n    def f(): return [EPS, SIZE, alias(), ROOT]\n    train()\n"
        "try:\n    import nothing\n    train()\nexcept ImportError:\n    import math as nothing\n"
        "def train():\n    raise RuntimeError\n"
        "while True: pass\n"
        "for _ in iter(int, 1): pass\n"
        "result = train()\nresults = [train() for _ in range(3)]\nprint(train())\n"
        "if __name__ == '__main__':\n    train()\n"
    )
    result = load(tmp_path, source, lambda loaded: (value(loaded), loaded.problems), definitions_only=True)
    assert result == [[1e-5, [2, 3], 1e-5, 2.0], []]


def test_definitions_only_holds_for_imported_files_and_notebooks(tmp_path):
    files = {"hw.ipynb": notebook("from helper import x\nwhile True: pass", "def f(): return x")}
    files["helper.py"] = "x = 3\nwhile True: pass\n"
    assert load_and(tmp_path, files, value, definitions_only=True) == 3


# --- Notebooks ---


def test_a_notebook_runs_with_its_plots_and_magics_switched_off(tmp_path):
    cells = (
        "%matplotlib inline\n%load_ext autoreload\nimport matplotlib.pyplot as plt\nfrom tqdm import tqdm",
        "from google.colab import drive\ndrive.mount('/content/drive')\n!pip install x",
        "fig, ax = plt.subplots(1, 2)\nline, = plt.plot([1, 2])\nplt.rcParams['a.b'] = (1, 2)",
        "for k in tqdm(range(3), desc='x'):\n    plt.show()\ndisplay(fig)\nget_ipython().magic('cd ..')",
        "def f(): return [k, list(tqdm([1, 2]))]",
    )
    result = load_and(
        tmp_path, {"hw.ipynb": notebook(*cells)}, lambda loaded: (value(loaded), loaded.problems)
    )
    assert result == [[2, [1, 2]], []]


def test_a_cell_that_fails_costs_only_its_statement(tmp_path):
    book = notebook("data = open('missing')", "def f(): return 1", "plot(data)")
    result = load_and(tmp_path, {"hw.ipynb": book}, lambda loaded: (value(loaded), len(loaded.problems)))
    assert result == [1, 2]


def test_notes_are_told_once(tmp_path):
    def check(loaded):
        before, unasked = loaded.notes, loaded.new_notes()
        loaded.lookup("f")()
        return before, unasked, loaded.new_notes(), loaded.new_notes()

    source = "import numpy as np\nx = np.int(3)\ndef f(): return np.float(x) + np.float(4)\n"
    assert load(tmp_path, source, check) == [
        ["np.int was removed from NumPy; write int."],
        [],
        ["np.float was removed from NumPy; write float."],
        [],
    ]
