"""Honest code that isolation often breaks, working as its author expects."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.values import Part
from tests.harness.sandboxed import Sandboxed

HONEST = {
    "a tuple": ("def f(x): return x, (1, 'two')", (3, (1, "two"))),
    "a dict": ("def f(x): return {'a': x, 'b': [None, True]}", {"a": 3, "b": [None, True]}),
    "None": ("def f(x): return None if x else 1", None),
    "a class with super()": (
        "class A:\n  def go(self, x): return x\nclass B(A):\n  def go(self, x): return super().go(x) + 1\n"
        "def f(x): return B().go(x)",
        4,
    ),
    "a closure": ("def make(n):\n  def add(x): return x + n\n  return add\nf = make(5)", 8),
    "a module global": ("count = 0\ndef f(x):\n  global count\n  count += x\n  return count", 3),
    "a lazy import": ("def f(x):\n  import decimal\n  return float(decimal.Decimal(x))", 3.0),
    "print": ("def f(x):\n  print('hello')\n  return x", 3),
    "warnings": ("import warnings\ndef f(x):\n  warnings.warn('careful')\n  return x", 3),
    "lru_cache": (
        "from functools import lru_cache\n@lru_cache(None)\n"
        "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)",
        2,
    ),
    "a generator": ("def f(x): return sum(i for i in range(x))", 3),
    "a thread": (
        "import threading\ndef f(x):\n  out = []\n  t = threading.Thread(target=lambda: out.append(x))\n"
        "  t.start(); t.join()\n  return out",
        [3],
    ),
    "a temporary file": (
        "import tempfile\ndef f(x):\n"
        "  with tempfile.TemporaryFile() as t:\n    t.write(b'abc'); return t.tell()",
        3,
    ),
    "a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass P:\n  x: int\ndef f(x): return P(x).x",
        3,
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_works(box: Sandboxed, name: str) -> None:
    source, expected = HONEST[name]
    reply = box.call(source, 3)

    assert reply.failure is None
    assert reply.value == expected


def test_relative_imports_work_in_a_package_without_init(box: Sandboxed) -> None:
    reply = box.call({"hw/nets/layers.py": "from .helper import twice\ndef f(x): return twice(x)",
                      "hw/nets/helper.py": "def twice(x): return 2 * x"}, 4)  # fmt: skip

    assert reply.value == 8


def test_a_data_file_that_was_handed_in_can_be_read(box: Sandboxed) -> None:
    files = {"layers.py": "def f(x): return open('vocabulary.txt').read()", "vocabulary.txt": "the dog"}

    assert box.call(files, 1).value == "the dog"


def test_a_cache_stays_in_its_process_and_comes_back_untouched(box: Sandboxed) -> None:
    source = """
    class Cache:
        def __init__(self, x): self.x = x
    def f(x): return x * 2, Cache(x)
    def g(dout, cache): return dout * cache.x
    """
    student = box.student(source, {"f": "x -> out, cache", "g": "dout, cache -> dx"})
    with student.session("a", 1) as session:
        out = session.call("f", np.array([1.0, 2.0]))
        dx = session.call("g", np.array([10.0, 10.0]), Part(0, (1,)))

    np.testing.assert_array_equal(out.value[0], [2.0, 4.0])
    np.testing.assert_array_equal(dx.value, [10.0, 20.0])


def test_arguments_that_a_call_changed_come_back(box: Sandboxed) -> None:
    reply = box.call(
        "def f(x):\n  x['mean'] = x['mean'] + 1\n  return 0", {"mode": "train", "mean": np.zeros(2)}
    )

    assert list(reply.changed) == [0]
    np.testing.assert_array_equal(reply.changed[0]["mean"], [1.0, 1.0])


def test_an_exception_comes_with_the_students_own_lines(box: Sandboxed) -> None:
    reply = box.call(
        "import numpy as np\ndef inner(x):\n    return x['missing']\ndef f(x):\n    return inner(x)\n", {}
    )

    assert reply.failure.type_name == "KeyError"
    assert [(frame.file, frame.line, frame.function) for frame in reply.failure.frames] == [
        ("layers.py", 5, "f"),
        ("layers.py", 3, "inner"),
    ]
    assert reply.failure.frames[1].source == "return x['missing']"


def test_a_crash_names_the_line_that_crashed(box: Sandboxed) -> None:
    reply = box.call("import ctypes\n\ndef f(x):\n    return ctypes.string_at(0)\n", 1)

    assert reply.failure.type_name == "SIGSEGV"
    assert [(frame.file, frame.line) for frame in reply.failure.frames] == [("layers.py", 4)]


def test_printed_text_is_kept_up_to_its_limit(box: Sandboxed) -> None:
    reply = box.call(
        "def f(x):\n  for _ in range(100000): print('spam')\n  return x", 1, printed_characters=50
    )

    assert reply.value == 1
    assert reply.printed.startswith("spam\nspam\n")
    assert len(reply.printed) < 120


def test_every_test_starts_from_the_same_random_state(box: Sandboxed) -> None:
    source = """
    import random
    import numpy as np
    def f(x=None): return random.random(), np.random.rand(), hash("text")
    """
    student = box.student(source)
    replies = []
    for _ in range(2):
        with student.session("a", 7) as session:
            replies.append(session.call("f").value)
    with student.session("another", 8) as session:
        other = session.call("f").value

    assert replies[0] == replies[1]
    assert replies[0][0] != other[0]


def test_one_test_cannot_see_what_another_changed(box: Sandboxed) -> None:
    student = box.student("seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)\n")
    for number in (1, 2):
        with student.session(str(number), number) as session:
            assert session.call("f", 0).value == 1
            assert session.call("f", 0).value == 2


def test_numerical_libraries_run_on_one_thread(box: Sandboxed) -> None:
    reply = box.call("import threading\ndef f(x=None): return threading.active_count()")

    assert reply.value == 1
