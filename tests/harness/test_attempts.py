"""What a submission tried that is refused: counted, told to staff, never to the student."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.sandbox.attempts import Attempts
from tests.harness.sandboxed import Sandboxed

ROOT = Path(__file__).resolve().parents[2]
KEY = ROOT / "reference" / "layers.py"
TRIED = {
    "the key": (f"open({str(KEY)!r}).read()", f"open {KEY}"),
    "the cases": (f"os.listdir({str(ROOT / 'tests' / 'graded')!r})", f"list {ROOT / 'tests' / 'graded'}"),
    "the results": ("open('/autograder/results/results.json', 'w')", "open /autograder/results/results.json"),
    "another process": ("open('/proc/1/environ', 'rb')", "open /proc/1/environ"),
    "a file elsewhere": ("open('/etc/autograder-was-here', 'w')", "write /etc/autograder-was-here"),
    "a file that is gone": ("os.remove('/etc/hostname')", "write /etc/hostname"),
    "the network": ("import socket; socket.create_connection(('127.0.0.1', 9), 1)", "use the network"),
    "a process": ("import subprocess; subprocess.run(['true'])", "start a process (subprocess.Popen)"),
    "a fork": ("os.fork()", "start a process (os.fork)"),
    "a shell": ("os.system('true')", "start a process (os.system)"),
    "a signal": ("os.kill(1, 9)", "send a signal to another process (os.kill)"),
}
HONEST = {
    "a file that was handed in": "open(os.path.join(os.path.dirname(__file__), 'layers.py')).read()",
    "a file in the scratch folder": "import tempfile; tempfile.TemporaryFile().write(b'a')",
    "its own process": "open('/proc/self/status').read(); os.kill(os.getpid(), 0)",
    "the null device": "open(os.devnull, 'w').write('a')",
    "a lazy import": "import decimal, sqlite3",
    "a pair of sockets": "import asyncio",
    "an exception": "int('x')",
    "what cannot be a path": "open([])",
}


def tried(box: Sandboxed, statement: str) -> dict[str, int]:
    source = f"import os\ndef f(x):\n  for _ in range(3):\n    try:\n      {statement}\n"
    source += "    except Exception: pass\n  return x"
    student = box.student(source)
    with student.session("a test", 1) as session:
        assert session.call("f", 5).failure is None
    return dict(student.tried)


@pytest.mark.parametrize("what", TRIED)
def test_what_was_tried_is_counted(box: Sandboxed, what: str) -> None:
    statement, said = TRIED[what]
    counted = tried(box, statement)

    assert any(each.startswith(said) and times >= 3 for each, times in counted.items()), counted


@pytest.mark.parametrize("what", HONEST)
def test_what_honest_code_does_is_not(box: Sandboxed, what: str) -> None:
    assert tried(box, HONEST[what]) == {}


@pytest.mark.parametrize(
    "ends",
    ["os._exit(0)", "while True: pass", "import time; time.sleep(60)", "import ctypes; ctypes.string_at(0)"],
)
def test_what_was_tried_by_a_call_that_never_answers_is_counted(box: Sandboxed, ends: str) -> None:
    source = f"import os\ndef f(x):\n  try: open({str(KEY)!r})\n  except OSError: pass\n  {ends}"
    student = box.student(source, cpu_seconds=0.5, idle_seconds=0.5)
    with student.session("a test", 1) as session:
        assert session.call("f", 5).failure is not None

    assert student.tried == {f"open {KEY}": 1}


def test_what_loading_tried_is_counted(box: Sandboxed) -> None:
    student = box.student(f"try: open({str(KEY)!r})\nexcept OSError: pass\ndef f(x): return x")
    student.start()

    assert student.tried == {f"open {KEY}": 1}


def test_a_test_begins_with_no_attempts_of_ours(box: Sandboxed) -> None:
    student = box.student("def f(x): return x")
    for number in range(3):
        with student.session("a", number) as session:
            session.call("f", number)

    assert student.tried == {}


def test_a_submission_cannot_fill_the_staffs_report(box: Sandboxed) -> None:
    many = "def f(x):\n  for i in range(500):\n    try: open(f'/etc/{i}' + 'x' * 500, 'w')\n"
    student = box.student(many + "    except OSError: pass\n  return x")
    for number in range(3):
        with student.session("a", number) as session:
            session.call("f", number)

    assert len(student.tried) <= 20
    assert max(map(len, student.tried)) <= 200


def test_the_counts_are_taken_once() -> None:
    attempts = Attempts("/project", ["/scratch"])
    attempts._hear("os.fork", ())
    attempts._hear("os.fork", ())

    assert attempts.take() == [("start a process (os.fork)", 2)]
    assert attempts.take() == []


def test_staff_are_told_in_the_results_and_in_the_terminal_and_students_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "layers.py").write_text(
        f"def softmax(z):\n  try: open({str(KEY)!r})\n  except OSError: pass\n  return z\n"
    )
    output = tmp_path / "results.json"
    assert main(["grade", str(tmp_path), "--output", str(output)]) == 0
    document = json.loads(output.read_text())
    shown = json.dumps([document["output"], [test.get("output") for test in document["tests"]]])

    assert document["extra_data"]["tried_and_refused"][f"open {KEY}"] > 0
    assert f"open {KEY}"[:60] in capsys.readouterr().out
    assert str(KEY) not in shown
    assert "refused" not in shown
