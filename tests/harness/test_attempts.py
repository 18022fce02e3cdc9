"""What a submission tried that confinement refuses: counted for staff, and never told to the student."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.grader import Grader
from autograder.report.tried import describe_tried
from autograder.results import ResultsWriter
from autograder.sandbox.tried import Tried
from tests.harness.handed_in import write
from tests.harness.results_validator import check
from tests.harness.sandboxed import Sandboxed
from tests.harness.test_commands import command

ATTEMPTS = {
    "reading the key": (
        "open('/autograder/source/reference/layers.py')",
        "reading files",
        "reference/layers.py",
    ),
    "looking around": ("os.listdir('/root')", "reading files", "os.listdir /root"),
    "a way around": ("open('../../../../root/key.py')", "reading files", "/key.py"),
    "writing results": ("open('/autograder/results/results.json', 'w')", "changing files", "results.json"),
    "writing low": ("os.open('/etc/x', os.O_WRONLY | os.O_CREAT)", "changing files", "/etc/x"),
    "removing": ("os.remove('/autograder/results/results.json')", "changing files", "os.remove"),
    "a download": ("urllib.request.urlopen('http://example.org')", "network", "example.org"),
    "a socket": ("socket.socket()", "network", "socket.__new__"),
    "a fork": ("os.fork()", "processes", "os.fork"),
    "a program": ("subprocess.run(['id'])", "processes", "id"),
    "a shell": ("os.system('id')", "processes", "os.system"),
    "a signal": ("os.kill(os.getppid(), 9)", "signals", "os.kill"),
}
MANY = "tried: network: y\n" * 20_000
IMPORTS = "import os, socket, subprocess, urllib.request\n"


def tried(box: Sandboxed, source: str, calls: int = 1) -> dict:
    """What is told of a submission of this source, after calls of its f."""
    student = box.student(source)
    with student.session("a test", 1) as session:
        for _ in range(calls):
            session.call("f", 1.0)
    student.close()
    return student.tried.summary()


def in_a_call(attempt: str, then: str = "return x") -> str:
    guarded = f"    try:\n        {attempt}\n    except Exception:\n        pass"
    return f"{IMPORTS}\ndef f(x):\n{guarded}\n    {then}\n"


@pytest.mark.parametrize("what", ATTEMPTS)
def test_an_attempt_in_a_call_is_told(box, what):
    attempt, kind, detail = ATTEMPTS[what]
    told = tried(box, in_a_call(attempt), calls=2)

    assert told[kind]["times"] >= 2
    assert any(detail in first for first in told[kind]["first"])


@pytest.mark.parametrize("what", ["reading the key", "writing results", "a socket", "a signal"])
def test_an_attempt_while_loading_is_told(box, what):
    attempt, kind, detail = ATTEMPTS[what]
    source = f"{IMPORTS}\ntry:\n    {attempt}\nexcept Exception:\n    pass\n\ndef f(x):\n    return x\n"

    assert detail in tried(box, source)[kind]["first"][0]


@pytest.mark.parametrize("then", ["os._exit(3)", "os.abort()", "raise SystemExit", "while True: pass"])
def test_the_end_of_the_process_does_not_take_it_along(box, then):
    attempt, kind, _ = ATTEMPTS["a signal"]

    assert tried(box, in_a_call(attempt, then))[kind]["times"] >= 1


ORDINARY = {
    "its own files": "open('layers.py').read()",
    "a scratch file": "tempfile.TemporaryFile().write(b'x')",
    "a named scratch file": "open(os.path.join(tempfile.gettempdir(), 'x'), 'w').write('x')",
    "a file that is not there": "os.path.exists('data.csv') or open('data.csv')",
    "modules": "__import__('decimal'), __import__('numpy.polynomial')",
    "threads": "threading.Thread(target=print).start()",
    "nothing": "open(os.devnull, 'w').write('x')",
    "its own source": "inspect.getsource(f)",
    "a traceback": "traceback.format_exc() and 1 / 0",
}


@pytest.mark.parametrize("what", ORDINARY)
def test_the_ordinary_is_not_told(box, what):
    source = in_a_call(ORDINARY[what], "raise ValueError").replace(
        IMPORTS, "import inspect, os, tempfile, threading, traceback\n"
    )

    assert tried(box, source, calls=3) == {}


def test_a_flood_is_cut_and_hinders_nobody(box):
    source = (
        "def f(x):\n    for _ in range(5000):\n        try:\n            open('/root/' + 'x' * 3000)\n"
        "        except OSError:\n            pass\n    return x + 1\n"
    )
    student = box.student(source)
    with student.session("a test", 1) as session:
        reply = session.call("f", 1.0)
    student.close()

    assert reply.value == 2.0
    assert student.tried.summary()["reading files"]["times"] == 40


def test_what_a_process_makes_up_stays_in_its_bounds():
    made_up = Tried()
    made_up.read(
        "tried: network: \x1b[31mred\ntried: nonsense: x\ntried: signals: ok\n"
        + "tried: network: y\n" * 20_000
    )
    made_up.read("tried: processes: " + "z" * 5000 + "\n")
    told = made_up.summary()

    assert told == {
        "network": {"times": 10_000, "first": ["y"]},
        "signals": {"times": 1, "first": ["ok"]},
    }


def test_staff_are_told_and_students_are_not(tmp_path: Path):
    source = (
        "def softmax(z):\n    try:\n        open('/root/secret_key.py')\n    except OSError:\n        pass\n"
        "    return z\n"
    )
    handed_in = write(tmp_path / "in", {"layers.py": source})
    with Grader(load_assignment("exam")) as grader:
        graded = grader.grade(handed_in, ResultsWriter(tmp_path / "results.json"))
    assert check(tmp_path / "results.json") == []
    document = json.loads((tmp_path / "results.json").read_text())
    shown = json.dumps([document["output"], document["tests"], document["leaderboard"]])

    assert document["extra_data"]["tried"]["reading files"]["first"] == ["open /root/secret_key.py"]
    assert "secret_key" in "".join(describe_tried(graded.tried))
    assert "secret_key" not in shown
    assert "tried" not in document["output"]


def test_grade_prints_what_was_tried_with_a_caution(tmp_path: Path):
    write(
        tmp_path,
        {
            "layers.py": "import os\ntry:\n    os.kill(1, 9)\nexcept OSError:\n    pass\n\n"
            "def softmax(z):\n    return z\n"
        },
    )
    printed = command("grade", str(tmp_path)).stdout

    assert "for staff: the submission tried what confinement refuses" in printed
    assert "innocent reason" in printed
    assert "signals, 1 time: os.kill (1, 9)" in printed


def test_nothing_is_printed_where_nothing_was_tried():
    assert describe_tried({}) == []
    assert "for staff" not in command("grade", "submissions_example/half_done").stdout
