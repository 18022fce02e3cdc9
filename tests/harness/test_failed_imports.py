"""Promises about imports that fail: what nothing uses costs nothing, what is used explains itself."""

from __future__ import annotations

import pytest

from tests.harness.loaded_in_child import failure_of, load_and


def value(loaded):
    return loaded.lookup("f")()


def clean_value(loaded):
    assert loaded.problems == []
    return value(loaded)


USES = [
    "st.move",
    "st()",
    "st[0]",
    "st + 1",
    "1 @ st",
    "-st",
    "list(st)",
    "len(st)",
    "float(st)",
    "np.asarray(st)",
    "st.x.y(3)",
    "bool(st)",
    "st < 3",
    "[x for x in st]",
]


@pytest.mark.parametrize("use", USES)
def test_a_failed_import_explains_itself_where_it_is_used(tmp_path, use):
    head = "import numpy as np\n\nfrom nowhere.at_all import thing as st\n"
    source = f"{head}def f(): return {use}\ndef g(): return 5\n"
    message, other, problems = load_and(
        tmp_path,
        {"layers.py": source},
        lambda loaded: (failure_of(loaded), loaded.lookup("g")(), loaded.problems),
    )
    assert (other, problems) == (5, [])
    assert message == (
        "ImportError: line 3 of layers.py imports `nowhere.at_all.thing`, which is not available here "
        "(ModuleNotFoundError: No module named 'nowhere'); your code uses it now"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "from turtle import st",
        "from zmq.constants import PROBE_ROUTER",
        "from numpy.core.umath_tests import inner1d",
        "from numpy.lib.function_base import no_such_name",
        "import tensorflow as tf",
        "import tensorflow.keras.layers",
        "from scipy.misc import imread",
        "import tkinter.filedialog as fd",
        "from .missing import a, b as c",
        "from ...missing import a",
        "import antigravity_not, numpy as np2",
    ],
)
def test_a_failed_import_that_nothing_uses_costs_nothing(tmp_path, statement):
    source = f"{statement}\ndef f(): return 1\n"
    assert load_and(tmp_path, {"layers.py": source}, clean_value) == 1


def test_of_an_import_statement_everything_that_exists_is_imported(tmp_path):
    source = "import math, nowhere\nfrom math import pi, tau as t, nothing\ndef f(): return [math.e, pi, t]\n"
    assert load_and(tmp_path, {"layers.py": source}, clean_value) == [
        2.718281828459045,
        3.141592653589793,
        6.283185307179586,
    ]


def test_a_stand_in_is_an_instance_and_a_class_of_nothing(tmp_path):
    source = (
        "from nowhere import Tensor\nimport copy\n"
        "def f(x: Tensor = 1): return [isinstance(x, Tensor), hasattr(Tensor, '__wrapped__')]\n"
        "class Net(Tensor): pass\n"
    )
    result, problems = load_and(
        tmp_path, {"layers.py": source}, lambda loaded: (value(loaded), loaded.problems)
    )
    assert result == [False, False]
    assert [(problem[1], "imports `nowhere.Tensor`" in problem[3]) for problem in problems] == [(4, True)]


def test_a_star_import_of_nothing_is_a_problem_with_a_line(tmp_path):
    source = "from nowhere import *\ndef f(): return 1\n"
    result, problems = load_and(
        tmp_path, {"layers.py": source}, lambda loaded: (value(loaded), loaded.problems)
    )
    assert result == 1
    assert problems == [
        ["layers.py", 1, "from nowhere import *", "ModuleNotFoundError: No module named 'nowhere'"]
    ]


def test_a_students_own_handling_of_a_failed_import_is_respected(tmp_path):
    source = "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n"
    source += "def f(): return np.__name__\n"
    assert load_and(tmp_path, {"layers.py": source}, clean_value) == "numpy"


@pytest.mark.parametrize(
    ("imports", "expression", "expected"),
    [
        (
            "from past.builtins import xrange, basestring, raw_input, unicode, long",
            "[list(xrange(2)), basestring('a'), long(3)]",
            [[0, 1], "a", 3],
        ),
        ("from builtins import range, object", "list(range(2))", [0, 1]),
        (
            "from six.moves import xrange, cPickle as pickle",
            "[list(xrange(2)), pickle.loads(pickle.dumps(3))]",
            [[0, 1], 3],
        ),
        ("import six.moves.cPickle as pickle", "pickle.loads(pickle.dumps(3))", 3),
        (
            "import six",
            "[six.PY3, dict(six.iteritems({'a': 1})), list(six.moves.range(2))]",
            [True, {"a": 1}, [0, 1]],
        ),
        ("import cPickle as pickle", "pickle.loads(pickle.dumps(3))", 3),
        ("from future import standard_library\nstandard_library.install_aliases()", "1", 1),
        ("from past.utils import old_div", "[old_div(7, 2), old_div(7.0, 2)]", [3, 3.5]),
        ("from __future__ import print_function, division", "7 / 2", 3.5),
    ],
)
def test_modules_for_python_2_and_3_have_small_stand_ins(tmp_path, imports, expression, expected):
    source = f"{imports}\ndef f(): return {expression}\n"
    assert load_and(tmp_path, {"layers.py": source}, clean_value) == expected


@pytest.mark.parametrize(
    "code",
    [
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 3)); plt.imshow([[1]]); plt.show()",
        "import matplotlib\nmatplotlib.use('Agg')\nfrom matplotlib import pyplot, cm\npyplot.plot(cm.jet(3))",
        "from mpl_toolkits.mplot3d import Axes3D\nimport seaborn as sns\nsns.set()",
        "import matplotlib.pyplot as plt\nwith plt.style.context('x'):\n    n, bins, patches = plt.hist([1])",
        "from PIL import Image\nImage.fromarray([1]).save('x.png')",
        "from IPython.display import display, HTML\ndisplay(HTML('x'))",
        "from tqdm import trange\nfor k in trange(3): pass\nassert k == 2",
        "from tqdm.notebook import tqdm\nwith tqdm(total=3) as bar:\n    bar.update(1)",
        "import tqdm\nbar = tqdm.tqdm([1, 2])\nbar.set_description('x')\nassert len(bar) == 2",
        "from ipywidgets import interact\n@interact\ndef show(x): return 9\nassert show(1) == 9",
    ],
)
def test_drawing_and_showing_do_nothing(tmp_path, code):
    assert load_and(tmp_path, {"layers.py": f"{code}\ndef f(): return 1\n"}, clean_value) == 1


def test_a_picture_as_an_array_explains_itself(tmp_path):
    source = "import numpy as np\nfrom PIL import Image\ndef f(): return np.array(Image.open('cat.png'))\n"
    assert "a package for pictures or plots" in load_and(tmp_path, {"layers.py": source}, failure_of)


def test_installed_packages_see_no_stand_ins(tmp_path):
    def check(loaded):
        import importlib.util

        return [importlib.util.find_spec(name) for name in ("tqdm_not_there", "matplotlib", "layers")]

    assert load_and(tmp_path, {"layers.py": "def f(): return 1\n"}, check) == [None, None, None]
