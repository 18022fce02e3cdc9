"""Promises about names that NumPy no longer has."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness.loaded_in_child import failure_of, in_child, load_and

NAMES = [
    ("np.int(3.7)", 3),
    ("np.float('2')", 2.0),
    ("np.bool(1)", True),
    ("np.complex(1).real", 1.0),
    ("np.str(3)", "3"),
    ("np.zeros(2, dtype=np.object).tolist()", [0, 0]),
    ("np.zeros(2, dtype=np.float_).dtype.name", "float64"),
    ("np.product([2, 3])", 6),
    ("np.cumproduct([2, 3]).tolist()", [2, 6]),
    ("np.sometrue([0, 1])", True),
    ("np.alltrue([0, 1])", False),
    ("(np.mat([[1, 2]]) * np.mat([[3], [4]])).tolist()", [[11]]),
    ("np.in1d([1, 2], [2]).tolist()", [False, True]),
    ("np.row_stack(([1], [2])).tolist()", [[1], [2]]),
    ("np.lib.pad(np.ones(1), 1, 'constant').tolist()", [0, 1, 0]),
    ("np.asscalar(np.array([5]))", 5),
    ("np.Inf == np.Infinity == np.infty == np.PINF == -np.NINF == np.inf", True),
    ("np.isnan(np.NaN)", True),
    ("np.asfarray([1]).dtype.name", "float64"),
    ("np.round_(2.7)", 3),
    ("np.msort(np.array([[2], [1]])).tolist()", [[1], [2]]),
    ("np.cast[np.int32](2.5).tolist()", 2),
    ("np.find_common_type([np.float32], [np.int64]).name", "float64"),
    ("np.alen([1, 2])", 2),
    ("np.trapz([1, 1])", 1),
]


def call(loaded):
    result = loaded.lookup("f")()
    return result.item() if isinstance(result, np.generic) else result


@pytest.mark.parametrize(("expression", "expected"), NAMES)
def test_a_name_that_is_gone_still_works(tmp_path, expression, expected):
    source = f"import numpy as np\ndef f(): return {expression}\n"
    assert load_and(tmp_path, {"layers.py": source}, call) == expected


def test_a_name_that_is_gone_is_mentioned_once_and_one_that_is_there_is_not(tmp_path):
    source = (
        "import numpy as np\nfrom numpy import float_\nx = np.product([1])\n"
        "def f(): return np.product([1]) + np.int(2)\n"
    )

    def check(loaded):
        loaded.lookup("f")()
        return loaded.notes

    assert load_and(tmp_path, {"layers.py": source}, check) == [
        "np.float_ was removed from NumPy; write np.float64.",
        "np.product was removed from NumPy; write np.prod.",
        "np.int was removed from NumPy; write int.",
    ]


def test_what_never_was_in_numpy_is_still_an_error(tmp_path):
    source = "import numpy as np\ndef f(): return np.flot(3)\n"
    message = load_and(tmp_path, {"layers.py": source}, failure_of)
    assert message == "AttributeError: module 'numpy' has no attribute 'flot'"


def test_nothing_of_numpys_own_is_replaced():
    def check():
        from autograder.sandbox.legacy_numpy import restore

        before = dict(vars(np))
        restore(lambda note: None)
        restore(lambda note: None)
        after = vars(np)
        return [name for name in before if after[name] is not before[name]], sorted(set(after) - set(before))

    assert in_child(check) == [["__getattr__"], []]


def test_only_student_code_is_told_and_once():
    def check():
        from autograder.sandbox.legacy_numpy import restore

        notes = []
        restore(notes.append)
        assert np.float_ is np.float64
        for module in ("scipy.special", "submission.layers", "submission.layers", "submission"):
            exec("np.float_", {"np": np, "__name__": module})
        return notes

    assert in_child(check) == ["np.float_ was removed from NumPy; write np.float64."]
