"""Promises about how a submission's files find each other, and what happens where an import fails."""

from __future__ import annotations

import sys

import pytest

from tests.harness.handed_in import notebook
from tests.harness.loaded_in_child import failure_of, load_and

HELPER = "numbers = []\ndef helper(): return 41\n_private = 1\n"


def value(loaded):
    return loaded.lookup("f")()


def clean_value(loaded):
    assert loaded.problems == []
    return value(loaded)


# --- A submission's own files ---


@pytest.mark.parametrize(
    ("layers", "helper"),
    [
        ("layers.py", "utils.py"),
        ("cs231n/layers.py", "cs231n/utils.py"),
        ("a/b c/cs231n/layers.py", "a/b c/cs231n/utils.py"),
        ("cs231n/layers.py", "utils.py"),
        ("layers.py", "cs231n/utils.py"),
        ("layers.py", "other/utils.ipynb"),
        ("hw.ipynb", "utils.py"),
    ],
)
@pytest.mark.parametrize("init", ["", "cs231n/__init__.py", "a/b c/cs231n/__init__.py"])
@pytest.mark.parametrize(
    "statement", ["from utils import *", "from .utils import *", "from cs231n.utils import *"]
)
def test_files_find_each_other_however_they_are_arranged(tmp_path, layers, helper, init, statement):
    source = f"{statement}\ndef f(): return helper() + 1\n"
    files = {
        layers: notebook(source) if layers.endswith(".ipynb") else source,
        helper: notebook(HELPER) if helper.endswith(".ipynb") else HELPER,
        **({init: ""} if init else {}),
    }
    assert load_and(tmp_path, files, clean_value) == 42


@pytest.mark.parametrize(
    "source",
    [
        "import utils\ndef f(): return utils.helper()",
        "import utils as u\ndef f(): return u.helper()",
        "import cs231n.utils\ndef f(): return cs231n.utils.helper()",
        "import cs231n.utils as u\ndef f(): return u.helper()",
        "from cs231n import utils\ndef f(): return utils.helper()",
        "from . import utils\ndef f(): return utils.helper()",
        "from .utils import helper as h\ndef f(): return h()",
        "from ..cs231n.utils import helper as h\ndef f(): return h()",
        "from ....utils import helper as h\ndef f(): return h()",
        "from assignment2.cs231n.utils import helper as h\ndef f(): return h()",
        "def f():\n    from .utils import helper\n    return helper()",
        "def f():\n    import utils\n    return utils.helper()",
        "def f():\n    import importlib\n    return importlib.import_module('cs231n.utils').helper()",
    ],
)
def test_every_way_to_import_an_own_file_works(tmp_path, source):
    assert load_and(tmp_path, {"x/cs231n/layers.py": source, "x/cs231n/utils.py": HELPER}, clean_value) == 41


def test_a_file_is_one_module_whatever_it_is_called(tmp_path):
    files = {
        "cs231n/layers.py": (
            "import utils\nimport cs231n.utils as a\n"
            "from . import utils as b\nfrom cs231n import utils as c\n"
            "from utils import numbers\nfrom .other import add\n"
            "def f():\n    import utils as d\n    add()\n"
            "    return [utils is a is b is c is d, numbers, len({id(m) for m in (a, b, c, d)})]\n"
        ),
        "cs231n/other.py": "import utils\ndef add(): utils.numbers.append(7)\n",
        "cs231n/utils.py": HELPER,
    }
    assert load_and(tmp_path, files, clean_value) == [True, [7], 1]


def test_each_file_gets_its_nearest_neighbour(tmp_path):
    side = "import utils\nfrom utils import name\ndef {0}(): return [utils.name, name, utils.__name__]\n"
    files = {
        "one/a.py": side.format("f"),
        "one/utils.py": "name = 'one'\n",
        "two/b.py": side.format("g"),
        "two/utils.py": "name = 'two'\n",
    }
    result = load_and(tmp_path, files, lambda loaded: (value(loaded), loaded.lookup("g")()))
    assert result == [["one", "one", "submission.one.utils"], ["two", "two", "submission.two.utils"]]


def test_a_neighbour_stays_the_nearest_where_one_file_imports_the_other(tmp_path):
    files = {
        "one/layers.py": "import utils\nimport two.b\nimport utils as again\n"
        "def f(): return [utils.name, two.b.utils.name, again.name]\n",
        "one/utils.py": "name = 'one'\n",
        "two/b.py": "import utils\n",
        "two/utils.py": "name = 'two'\n",
    }
    assert load_and(tmp_path, files, clean_value) == ["one", "two", "one"]


def test_circular_imports_behave_as_in_python(tmp_path):
    files = {
        "layers.py": (
            "import utils\nfrom utils import later\n"
            "def base(): return 1\ndef f(): return utils.g() + later()\n"
        ),
        "utils.py": "import layers\ndef g(): return layers.base()\ndef later(): return 10\n",
    }
    assert load_and(tmp_path, files, clean_value, wanted="f") == 11


def test_a_circular_from_import_costs_only_its_name(tmp_path):
    files = {
        "layers.py": "from utils import g\ndef base(): return 1\ndef f(): return 5\n",
        "utils.py": "from layers import base\ndef g(): return base()\n",
    }
    result, message = load_and(tmp_path, files, lambda loaded: (value(loaded), failure_of(loaded, "g")))
    assert result == 5
    assert "line 1 of utils.py imports `layers.base`" in message


def test_a_students_file_hides_no_installed_module(tmp_path):
    own = "raise RuntimeError('hidden')\n"
    files = {
        "layers.py": (
            "import sys, os\nsys.path.insert(0, os.path.dirname(__file__))\nsys.path.insert(0, '')\n"
            "import numpy as np, json, random, colorsys\n"
            "def f(): return [json.dumps(1), float(np.sum([1, 2])), colorsys.__name__]\n"
        ),
        **dict.fromkeys(("numpy.py", "json.py", "random.py", "sitecustomize.py", "colorsys.py"), own),
    }
    assert load_and(tmp_path, files, clean_value) == ["1", 3.0, "colorsys"]


def test_asking_whether_a_module_is_there_is_no_import(tmp_path):
    source = (
        "import importlib.util\n"
        "def f(): return importlib.util.find_spec('no_such_module') is None\n"
        "def g():\n"
        "    import no_such_module\n"
    )
    found = load_and(tmp_path, {"layers.py": source}, lambda loaded: [value(loaded), failure_of(loaded, "g")])

    assert found[0] is True
    assert "no_such_module" in found[1]


def test_a_name_that_only_the_students_file_of_an_installed_name_has_is_found_there(tmp_path):
    files = {"layers.py": "from random import helper\ndef f(): return helper()\n", "random.py": HELPER}
    assert load_and(tmp_path, files, clean_value) == 41


def test_a_students_path_does_not_load_files_a_second_time(tmp_path):
    files = {
        "code/layers.py": "import sys\nsys.path.append('..')\nsys.path.insert(0, '../lib')\n"
        "import deep\ndef f(): return deep.name()\n",
        "lib/deep.py": "def name(): return __name__\n",
    }
    assert load_and(tmp_path, files, clean_value) == "submission.lib.deep"


def test_nothing_outside_the_submission_can_be_imported(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/key.py").write_text("answer = 42\n")
    reach = f"import sys\nsys.path.insert(0, {str(tmp_path / 'outside')!r})\n"
    source = f"{reach}import key\ndef f(): return key.answer\n"
    message = load_and(tmp_path / "handed in", {"layers.py": source}, failure_of)
    assert "`key`, which is not available here (ModuleNotFoundError" in message


def test_the_autograder_itself_offers_nothing_to_import(tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "reference"]:
        monkeypatch.delitem(sys.modules, name)
    source = "import reference.layers as key\ndef f(): return key.softmax\n"
    message = load_and(tmp_path, {"layers.py": source}, failure_of)
    assert "`reference.layers`, which is not available" in message


@pytest.mark.parametrize("path", ["submission.py", "submission/layers.py", "submission/submission.py"])
def test_a_file_or_folder_called_submission_is_nothing_special(tmp_path, path):
    name = path.removesuffix(".py").replace("/", ".")
    files = {
        "main.py": f"import {name} as s\nfrom {name} import helper\ndef f(): return [helper(), s.helper()]\n",
        path: HELPER,
    }
    assert load_and(tmp_path, files, clean_value) == [41, 41]


def test_functions_of_a_submission_py_are_found(tmp_path):
    files = {"submission.py": "from utils import helper\ndef f(): return helper()\n", "utils.py": HELPER}
    assert load_and(tmp_path, files, clean_value) == 41


def test_names_that_look_alike_once_mapped_stay_apart(tmp_path):
    files = {
        "a b.py": "def f(): return [1, __name__]\n",
        "a_b.py": "def g(): return [2, __name__]\n",
        "a-b/__init__.py": "",
        "a-b/x.py": "def h(): return [3, __name__]\n",
    }
    result = load_and(
        tmp_path, files, lambda loaded: [loaded.lookup(name)() for name in "fgh"], wanted="f g h"
    )
    assert [number for number, _ in result] == [1, 2, 3]
    assert len({name for _, name in result}) == 3


@pytest.mark.parametrize(
    "name", ["we ird-näme (1).py", "1. hw.py", "it's.py", "%s{}.py", "class.py", "a.b.c.py"]
)
def test_any_file_name_will_do(tmp_path, name):
    assert load_and(tmp_path, {f"my folder.d/{name}": "def f(): return 1\n"}, clean_value) == 1


def test_a_package_and_a_file_of_one_name_both_load(tmp_path):
    files = {
        "layers/__init__.py": "from .core import f\n",
        "layers/core.py": "def f(): return 1\n",
        "layers.py": "def g(): return 2\n",
    }
    assert load_and(tmp_path, files, lambda loaded: [value(loaded), loaded.lookup("g")()]) == [1, 2]
