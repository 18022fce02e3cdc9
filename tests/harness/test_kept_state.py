"""A test goes on in the process of the one before only where that left nothing that it could notice."""

from __future__ import annotations

import pytest

from tests.harness.sandboxed import Sandboxed

# Each f leaves something behind. `import os` and the pid are added below.
CHANGES = {
    "a variable": "n = 0\ndef f(x):\n  global n\n  n += 1",
    "a new variable": "def f(x):\n  global seen\n  seen = x",
    "a variable that is gone": "n = 0\ndef f(x):\n  global n\n  del n",
    "a list": "seen = []\ndef f(x):\n  seen.append(x)",
    "a list in a tuple in a dict": "seen = {'a': ([],)}\ndef f(x):\n  seen['a'][0].append(x)",
    "a dict": "seen = {}\ndef f(x):\n  seen[x] = x",
    "a set": "seen = set()\ndef f(x):\n  seen.add(x)",
    "an array's numbers": "import numpy as np\nw = np.zeros(3)\ndef f(x):\n  w[0] += 1",
    "an array in a list": "import numpy as np\nw = [np.zeros(3)]\ndef f(x):\n  w[0] = w[0] + 1",
    "an array made read-only": "import numpy as np\nw = np.zeros(3)\ndef f(x):\n  w.flags.writeable = False",
    "a default": "def g(x, seen=[]):\n  seen.append(x)\ndef f(x):\n  g(x)",
    "a keyword's default": "def g(x, *, seen={}):\n  seen[x] = x\ndef f(x):\n  g(x)",
    "an attribute of a function": "def g(): pass\ndef f(x):\n  g.calls = x",
    "a closure": "def make():\n  n = 0\n  def g():\n    nonlocal n\n    n += 1\n  return g\ng = make()\n"
    "def f(x):\n  g()",
    "a class": "class A:\n  n = 0\ndef f(x):\n  A.n += 1",
    "a list in a class": "class A:\n  seen = []\ndef f(x):\n  A.seen.append(x)",
    "an instance": "class A: pass\na = A()\ndef f(x):\n  a.x = x",
    "an instance behind a method": "class A:\n  n = 0\n  def go(self): self.n += 1\ngo = A().go\n"
    "def f(x):\n  go()",
    "another function": "def g(): return 1\ndef f(x):\n  global g\n  g = lambda: 2",
    "a partial's arguments": "from functools import partial\ndef h(seen): seen.append(1)\n"
    "g = partial(h, [])\ndef f(x):\n  g()",
    "a bound method of a list": "add = [].append\ndef f(x):\n  add(x)",
    "how NumPy treats errors": "import numpy as np\ndef f(x):\n  np.seterr(all='raise')",
    "a function of NumPy": "import numpy as np\ndef f(x):\n  np.exp = np.log",
    "a built-in function": "import builtins\ndef f(x):\n  builtins.ascii = lambda x: 1",
    "the environment": "def f(x):\n  os.environ['A'] = 'b'",
    "the recursion limit": "import sys\ndef f(x):\n  sys.setrecursionlimit(500)",
    "a thread": "import threading, time\ndef f(x):\n  threading.Thread(target=time.sleep, args=(9,)).start()",
    "a timer": "import signal\ndef f(x):\n  signal.setitimer(signal.ITIMER_REAL, 60)",
    "a limit": "import resource\ndef f(x):\n  resource.setrlimit(resource.RLIMIT_STACK, (2**22, 2**22))",
    "warning filters": "import warnings\ndef f(x):\n  warnings.simplefilter('error')",
    "much memory": "import numpy as np\ndef f(x):\n  np.ones(10_000_000)",
}
CANNOT_TELL = {
    "a generator": "g = iter(range(9))\ndef f(x):\n  next(g)",
    "a random generator": "import numpy as np\nrng = np.random.default_rng(0)\ndef f(x):\n  rng.normal()",
    "a method of one": "import numpy as np\ndraw = np.random.default_rng(0).normal\ndef f(x):\n  draw()",
    "an lru_cache": "from functools import lru_cache\n@lru_cache\ndef g(x): return x\ndef f(x):\n  g(1)",
    "an open file": "import tempfile\nfile = tempfile.TemporaryFile()\ndef f(x):\n  file.write(b'a')",
    "slots": "class A:\n  __slots__ = ['n']\na = A()\ndef f(x):\n  a.n = 1",
    "a list of its own kind": "class L(list): pass\nseen = L()\ndef f(x):\n  seen.append(x)",
    "a property that raises": "class A:\n  @property\n  def __dict__(self): raise OSError\na = A()\n"
    "def f(x):\n  return x",
}
LEAVES_NOTHING = {
    "arithmetic": "import numpy as np\nEPS = 1e-5\nSIZES = [1, (2, 3)]\ndef f(x):\n  np.ones(3) * EPS",
    "instances of its own": "class A:\n  def __init__(self, x): self.x = x\ndef f(x):\n  A(x).x += 1",
    "print": "def f(x):\n  print('hello')\n  return x",
    "a warning": "import warnings, numpy as np\ndef f(x):\n  np.log(np.zeros(1))\n  warnings.warn('careful')",
    "random numbers": "import random, numpy as np\nfrom numpy.random import rand\n"
    "def f(x):\n  np.random.rand(); random.random(); rand()",
    "a thread that ended": "import threading\ndef f(x):\n  t = threading.Thread(target=print)\n"
    "  t.start(); t.join()",
    "an exception": "def g(): raise ValueError(1)\ndef f(x):\n  try: g()\n  except ValueError: return x",
    "a closed file": "with open(os.devnull) as file: pass\ndef f(x):\n  return x",
    "a picture": "import numpy as np\npicture = np.ones((300, 300))\ndef f(x):\n  picture.sum()",
    "a lazy import": "def f(x):\n  import decimal",
    "a plain decorator": "import functools\ndef shout(g):\n  @functools.wraps(g)\n"
    "  def h(*a): return g(*a)\n  return h\n@shout\ndef g(x): return x\ndef f(x):\n  g(x)",
    "types": "from typing import Callable, Optional\nimport numpy as np\nArray = np.ndarray\n"
    "F = Optional[Callable]\ndef f(x: Array | None) -> list[int]:\n  return x",
}


def pids(box: Sandboxed, source: str, sessions: int = 2) -> list[object]:
    """Which processes answer in sessions that follow each other; f is called in each."""
    student = box.student(
        f"import os\n{source}\ndef pid(): return os.getpid()", {"f": "x -> y", "pid": " -> y"}
    )
    found = []
    for number in range(sessions):
        with student.session(f"test {number}", number) as session:
            assert session.call("f", 1).failure is None
            found.append(session.call("pid").value)
    return found


@pytest.mark.parametrize("left", CHANGES)
def test_a_test_that_left_something_is_followed_in_a_new_process(box: Sandboxed, left: str) -> None:
    first, second = pids(box, CHANGES[left])

    assert first != second


@pytest.mark.parametrize("left", CANNOT_TELL)
def test_in_doubt_each_test_has_a_new_process(box: Sandboxed, left: str) -> None:
    first, second = pids(box, CANNOT_TELL[left])

    assert first != second


@pytest.mark.parametrize("what", LEAVES_NOTHING)
def test_a_test_that_left_nothing_is_followed_in_its_process(box: Sandboxed, what: str) -> None:
    assert len(set(pids(box, LEAVES_NOTHING[what], 4))) == 1


def test_what_another_file_of_the_submission_holds_counts(box: Sandboxed) -> None:
    files = {
        "layers.py": "import os, state\ndef f(x): state.seen.append(x)\ndef pid(): return os.getpid()",
        "state.py": "seen = []",
    }
    student = box.student(files, {"f": "x -> y", "pid": " -> y"})
    found = []
    for number in range(2):
        with student.session("a", number) as session:
            session.call("f", 1)
            found.append(session.call("pid").value)

    assert found[0] != found[1]


@pytest.mark.parametrize("ends", ["raise SystemExit", "raise MemoryError", "raise NotImplementedError"])
def test_a_test_in_which_a_call_went_far_wrong_is_followed_in_a_new_process(
    box: Sandboxed, ends: str
) -> None:
    student = box.student(f"import os\ndef f(x):\n  if x: return os.getpid()\n  {ends}")
    with student.session("first", 1) as session:
        first = session.call("f", 1).value
        session.call("f", 0)
    with student.session("second", 1) as session:
        assert session.call("f", 1).value != first


def test_values_of_an_earlier_test_are_gone(box: Sandboxed) -> None:
    source = "import gc\nclass A: pass\ndef f(x): return A()\ndef count(): return sum(\n"
    source += "  type(o).__name__ == 'A' for o in gc.get_objects())"
    student = box.student(source, {"f": "x -> cache", "count": " -> y"})
    counts = []
    for number in range(3):
        with student.session("a", number) as session:
            session.call("f", 1)
            counts.append(session.call("count").value)

    assert counts == [1, 1, 1]


def test_a_process_that_does_not_say_whether_it_changed_is_ended(box: Sandboxed) -> None:
    source = """
    class Endless:
        def __eq__(self, other):
            while True: pass
    thing = Endless()
    def f(x):
        global thing
        thing = Endless()
        return x
    """
    student = box.student(source)
    for number in range(3):
        with student.session("a", number) as session:
            assert session.call("f", number).value == number


def test_files_left_by_a_test_are_gone_although_its_process_goes_on(box: Sandboxed) -> None:
    source = (
        "import os, tempfile\ndef f(x):\n  open(os.path.join(tempfile.gettempdir(), 'left'), 'w').close()\n"
    )
    source += "def there(): return os.listdir(tempfile.gettempdir())"
    student = box.student(source, {"f": "x -> y", "there": " -> y"})
    with student.session("first", 1) as session:
        session.call("f", 1)
    with student.session("second", 1) as session:
        assert session.call("there").value == []
