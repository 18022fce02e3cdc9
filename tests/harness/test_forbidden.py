"""What a question forbids: found in the source, refused while running, and nothing else is touched."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.discreet import describe_discreetly
from autograder.errors import AssignmentError
from autograder.findings import CallFailed
from autograder.grader import Grader
from autograder.kit.package import make_kit, write_kit
from autograder.result_format import TestResult
from autograder.results import ResultsWriter
from autograder.source_files import SourceFile
from autograder.source_uses import SourceUses
from autograder.values import Failure
from tests.harness.handed_in import notebook, write
from tests.harness.prose import one_line

TOML = """
title = "Tiny"
seed = 7
points = 4
reference = "key"
cases = "graded"

[functions."layers.py"]
smooth = "x -> y"
total = "x -> s"

[[parts]]
number = "1"
title = "One"
points = 4

[[questions]]
number = "1.1"
title = "Free"
points = 2

[[questions]]
number = "1.2"
title = "By hand"
points = 2
forbid = ["numpy.convolve", "numpy.linalg", "fractions.Fraction", "statistics"]
"""
KEY = """
import numpy as np

def smooth(x):
    '''Sums of three neighbours; x (n,).'''
    return np.convolve(x, np.ones(3), mode="same")

def total(x):
    '''The sum of x (n,).'''
    return float(np.sum(x))
"""
CASES = """
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class Tiny(GradedCase):
    @weight(1)
    @number("1.1.1")
    @tags("smooth")
    def test_free(self):
        \"\"\"smooth where everything is allowed\"\"\"
        self.call("smooth", self.normal(5)).equals_reference()

    @weight(1)
    @number("1.1.2")
    @tags("total")
    def test_free_total(self):
        \"\"\"total where everything is allowed\"\"\"
        self.call("total", self.normal(5)).equals_reference()

    @weight(1)
    @number("1.2.1")
    @tags("smooth")
    def test_by_hand(self):
        \"\"\"smooth by hand\"\"\"
        self.call("smooth", self.normal(5)).equals_reference()

    @weight(1)
    @number("1.2.2")
    @tags("total")
    def test_total(self):
        \"\"\"total by hand\"\"\"
        self.call("total", self.normal(5)).equals_reference()
"""
TOTAL = "def total(x):\n    return float(sum(x))\n"
BY_HAND = (
    "def smooth(x):\n    p = [0, *x, 0]\n    return [p[i] + p[i + 1] + p[i + 2] for i in range(len(x))]\n"
)


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory):
    root = write(
        tmp_path_factory.mktemp("project"),
        {"assignments/tiny.toml": TOML, "key/layers.py": KEY, "graded/tiny.py": CASES},
    )
    with Grader(load_assignment("tiny", root)) as made:
        yield made


def grade(grader: Grader, folder: Path, files: str | dict[str, str | bytes]) -> dict[str, TestResult]:
    """The results of these files by test number; a text is a layers.py."""
    handed_in = write(folder / "in", {"layers.py": files} if isinstance(files, str) else files)
    graded = grader.grade(handed_in, ResultsWriter(folder / "results.json"))
    return {test.number: test for test in graded.results.tests}


def test_a_plain_use_is_refused_where_it_is_forbidden_and_nowhere_else(grader, tmp_path):
    source = (
        f"import numpy as np\n\ndef smooth(x):\n    return np.convolve(x, np.ones(3), mode='same')\n{TOTAL}"
    )
    results = grade(grader, tmp_path, source)

    assert [results[number].score for number in ("1.1.1", "1.1.2", "1.2.1", "1.2.2")] == [1, 1, 0, 1]
    assert (
        "smooth uses what this question asks you to do without: numpy.convolve (layers.py line 4). "
        "Write that part yourself." in one_line(results["1.2.1"].output)
    )


def test_code_that_does_without_is_graded_as_ever(grader, tmp_path):
    results = grade(grader, tmp_path, f"import numpy as np\nfrom numpy import convolve\n\n{BY_HAND}\n{TOTAL}")

    assert [test.score for test in results.values()] == [1, 1, 1, 1]


TRICKS = {
    "getattr": 'return getattr(np, "con" + "volve")(x, np.ones(3), mode="same")',
    "vars": 'return vars(np)["con" + "volve"](x, np.ones(3), mode="same")',
    "importlib": 'return getattr(importlib.import_module("num" + "py"), "con" + "volve")(x, [1] * 3)',
    "eval": 'return eval("np.con" + "volve(x, np.ones(3), \'same\')")',
    "exec": 'had = {}\n    exec("from num" "py import con" "volve as c", had)\n    return had["c"](x, x)',
    "a forbidden module": 'importlib.import_module("stat" + "istics").mean([1])',
    "a module below": 'return getattr(np, "lin" + "alg").norm(x)',
    "a class": 'return float(getattr(importlib.import_module("fractions"), "Frac" + "tion")(1, 2))',
    "a global variable": "return hidden(x, np.ones(3), 'same')",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_the_source_does_not_show_is_refused_while_it_runs(grader, tmp_path, trick):
    head = "import importlib\nimport numpy as np\nglobals()['hid' + 'den'] = getattr(np, 'con' + 'volve')\n"
    results = grade(grader, tmp_path, f"{head}\ndef smooth(x):\n    {TRICKS[trick]}\n\n{TOTAL}")

    assert "asks you to do without" in results["1.2.1"].output, results["1.2.1"].output
    assert "layers.py:" in results["1.2.1"].output
    assert "asks you to do without" not in results["1.1.1"].output
    assert (results["1.1.2"].score, results["1.2.2"].score) == (1, 1)


def test_installed_packages_go_on_using_what_is_forbidden(grader, tmp_path):
    source = f"import numpy as np\n{BY_HAND}\ndef total(x):\n    return float(np.polymul(x, [1.0]).sum())\n"

    assert grade(grader, tmp_path, source)["1.2.2"].score == 1  # polymul calls convolve


def test_what_is_caught_and_replaced_costs_nothing(grader, tmp_path):
    source = (
        "import importlib\n\ndef smooth(x):\n    try:\n        importlib.import_module('stat' + 'istics')\n"
        f"    except ImportError:\n        pass\n    return own(x)\n\n{BY_HAND.replace('smooth', 'own')}"
    )

    assert grade(grader, tmp_path, source)["1.2.1"].score == 1


FORBIDDEN = ("torch.nn.functional.conv2d", "scipy.signal")
USES = {
    "in full": ("import torch\ndef f(x):\n    return torch.nn.functional.conv2d(x)\n", 3),
    "by another name": ("import torch.nn.functional as F\ndef f(x):\n    return F.conv2d(x)\n", 3),
    "imported": ("from torch.nn.functional import conv2d as c\ndef f(x):\n    return c(x)\n", 3),
    "imported inside": ("def f(x):\n    from scipy import signal\n    return signal.convolve(x)\n", 2),
    "by a star": ("from torch.nn.functional import *\ndef f(x):\n    return conv2d(x)\n", 3),
    "in a helper": (
        "from scipy import signal\ndef h(x):\n    return signal.lfilter(x)\ndef f(x):\n    return h(x)\n",
        3,
    ),
    "in a global": ("import torch.nn.functional as F\nconv = F.conv2d\ndef f(x):\n    return conv(x)\n", 2),
    "in a class": (
        "import scipy.signal as s\nclass C:\n    def go(self, x):\n        return s.lfilter(x)\n"
        "def f(x):\n    return C().go(x)\n",
        4,
    ),
    "in a default": ("import torch.nn.functional as F\ndef f(x, conv=F.conv2d):\n    return conv(x)\n", 2),
}
NO_USES = {
    "another function of the file": (
        "from scipy import signal\ndef g(x):\n    return signal.a(x)\ndef f(x):\n    return x\n"
    ),
    "a parameter of that name": "from scipy import signal\ndef f(signal):\n    return signal.sum()\n",
    "an annotation": "import scipy.signal\ndef f(x: scipy.signal.x) -> scipy.signal.x:\n    return x\n",
    "a method of that name": "import torch\ndef f(x):\n    return x.conv2d(x)\n",
    "a neighbour": "import torch.nn.functional as F\ndef f(x):\n    return F.conv2d_of_mine(F.relu(x))\n",
    "a file of one's own": "from .scipy import signal\ndef f(x):\n    return signal.a(x)\n",
}


@pytest.mark.parametrize("how", USES)
def test_a_use_is_found_however_it_is_written(how):
    source, line = USES[how]
    found = SourceUses([SourceFile("layers.py", source)]).find("layers.py", "f", FORBIDDEN)

    assert ("layers.py", line) in [(use.file, use.line) for use in found]


@pytest.mark.parametrize("what", NO_USES)
def test_what_is_no_use_is_none(what):
    assert SourceUses([SourceFile("layers.py", NO_USES[what])]).find("layers.py", "f", FORBIDDEN) == []


@pytest.mark.parametrize("how", ["from helpers import h", "import helpers", "from helpers import *"])
def test_a_use_in_another_file_is_found(how):
    call = "helpers.h" if how == "import helpers" else "h"
    files = [
        SourceFile("layers.py", f"{how}\ndef f(x):\n    return {call}(x)\n"),
        SourceFile("helpers.py", "import scipy.signal\ndef h(x):\n    return scipy.signal.lfilter(x)\n"),
    ]
    (use, *_) = SourceUses(files).find("layers.py", "f", FORBIDDEN)

    assert (use.name, use.file, use.line) == ("scipy.signal", "helpers.py", 3)


@pytest.mark.parametrize(
    "source", ["def f(:\n", "def f(x):\n    return f(x)\n", "f = f\n", "x" + ".y" * 3000]
)
def test_strange_source_is_no_use(source):
    assert SourceUses([SourceFile("layers.py", source)]).find("layers.py", "f", FORBIDDEN) == []


def test_in_a_notebook_the_message_names_the_cell(grader, tmp_path):
    cell = "def smooth(x):\n    return np.convolve(x, np.ones(3), mode='same')\n"
    results = grade(grader, tmp_path, {"work.ipynb": notebook("import numpy as np\n", cell)})

    assert "numpy.convolve (work.ipynb cell 2 line 2)" in one_line(results["1.2.1"].output)


def test_a_test_that_students_cannot_see_yet_says_nothing_of_what_was_used():
    finding = CallFailed("smooth", 0, Failure("forbidden", message="hidden.input.1.25"))

    assert describe_discreetly(finding) == (
        "smooth uses something that this question asks you to do without."
    )


def everywhere(tmp_path: Path, forbid: str) -> Path:
    toml = TOML.replace("points = 4\n", f"points = 4\nforbid = {forbid}\n", 1)
    return write(tmp_path, {"assignments/tiny.toml": toml, "key/layers.py": KEY, "graded/tiny.py": CASES})


def test_what_no_question_allows_is_refused_at_import_and_costs_nothing_else(tmp_path):
    root = everywhere(tmp_path / "project", '["statistics"]')
    source = f"import statistics\n{BY_HAND}\ndef total(x):\n    return statistics.fsum(x)\n"
    with Grader(load_assignment("tiny", root)) as grader:
        results = grade(grader, tmp_path, source)

    assert [results[number].score for number in ("1.1.1", "1.1.2", "1.2.1", "1.2.2")] == [1, 0, 1, 0]
    assert "without: statistics (layers.py line 7)" in results["1.1.2"].output


def test_a_name_for_the_whole_assignment_joins_each_questions_own(tmp_path):
    questions = load_assignment("tiny", everywhere(tmp_path, '["torch", "statistics"]')).questions

    assert questions[0].forbid == ("torch", "statistics")
    assert questions[1].forbid == (
        "torch",
        "statistics",
        "numpy.convolve",
        "numpy.linalg",
        "fractions.Fraction",
    )


@pytest.mark.parametrize(
    "body",
    [
        "F.conv2d(x, x)",
        'getattr(F, "conv" + "2d")(x, x)',
        'getattr(torch, "conv" + "2d")(x, x)',
        'getattr(torch.nn, "Conv" + "2d")(1, 1, 3)(x)',
    ],
)
def test_convolution_by_torch_is_refused_under_each_of_its_names(tmp_path, body):
    import torch

    assert torch.conv2d is torch.nn.functional.conv2d
    root = everywhere(tmp_path / "project", '["torch.nn.functional.conv2d", "torch.nn.Conv2d"]')
    source = f"""
import torch
import torch.nn.functional as F
def smooth(x):
    x = torch.ones(1, 1, 3, 3)
    assert not isinstance(x, getattr(torch.nn, "Conv" + "2d"))
    return {body}
def total(x):
    return torch.nn.functional.relu(torch.tensor(x)).sum() - torch.relu(-torch.tensor(x)).sum()
"""
    with Grader(load_assignment("tiny", root)) as grader:
        results = grade(grader, tmp_path, source)

    assert "asks you to do without: torch.nn" in results["1.1.1"].output
    assert (results["1.1.2"].score, results["1.2.2"].score) == (1, 1)


@pytest.mark.parametrize(
    ("forbid", "message"),
    [
        ('"torch"', "forbid: must be a list, not 'torch'"),
        ('["torch", "torch"]', "forbid: 'torch' is listed twice"),
        ('["from torch import nn"]', "forbid: 'from torch import nn' is no full name of a module"),
        ('["torch.*"]', "such as scipy.signal"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_name(tmp_path, forbid, message):
    with pytest.raises(AssignmentError) as refused:
        load_assignment("tiny", everywhere(tmp_path, forbid))

    assert message in str(refused.value)


def test_the_students_kit_refuses_what_the_source_shows(tmp_path):
    root = tmp_path / "project"
    write(root, {"assignments/tiny.toml": TOML, "key/layers.py": KEY, "graded/tiny.py": CASES})
    write_kit(make_kit(load_assignment("tiny", root)), tmp_path / "kit.zip")
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        archive.extractall(tmp_path)
    source = f"import numpy as np\n\ndef smooth(x):\n    return np.convolve(x, np.ones(3), 'same')\n\n{TOTAL}"
    (tmp_path / "kit" / "layers.py").write_text(source)
    shown = subprocess.run(
        [sys.executable, tmp_path / "kit" / "check.py"], capture_output=True, text=True, check=False
    ).stdout

    assert (
        "smooth uses what this question asks you to do without: numpy.convolve (layers.py line 4)"
        in one_line(shown)
    )
    assert "3 / 4" in shown
