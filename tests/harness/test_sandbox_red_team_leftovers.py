"""What a test may try to leave behind or use up: the next test and the next submission find nothing of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox import processes, session, workspace
from autograder.sandbox.student import SILENT, Student
from autograder.sandbox.workspace import Workspace
from autograder.values import Reply
from tests.harness.forks import needs_root, needs_seccomp
from tests.harness.red_team import (
    assert_nobody_else_is_harmed,
    is_alive,
    needs_files_confined,
    needs_proc,
    owned_by_students,
)
from tests.harness.sandboxed import Sandboxed


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that never comes up is given up soon."""
    monkeypatch.setattr(session, "START_SECONDS", 1.0)


LITTER = {
    "a file": "open('left', 'w').write('x')",
    "a thousand files and more": "for i in range(3000): open(str(i), 'w').close()",
    "a folder that nobody may enter": "os.mkdir('closed', 0)",
    "a folder without a mode, filled": "os.mkdir('a'); open('a/b', 'w').close(); os.chmod('a', 0)",
    "a scratch folder without a mode": "os.chmod('.', 0)",
    "a thousand folders in one another": "for _ in range(1500): os.mkdir('d'); os.chdir('d')",
    "names that are no text": "for n in (b'\\xff', b'-rf', b'--', b'\\n', b' ', b'*'): open(n, 'w').close()",
    "a link to the root folder": "os.symlink('/', 'root'); os.symlink('/etc', 'etc')",
    "a loop of links": "os.symlink('b', 'a'); os.symlink('a', 'b'); os.mkdir('c'); os.symlink('..', 'c/up')",
    "a pipe": "os.mkfifo('pipe')",
    "a file without room": "open('big', 'wb').truncate(15 << 20)",
    "hard links": "open('a', 'w').close(); [os.link('a', f'a{i}') for i in range(500)]",
}


def littering(box: Sandboxed, litter: str) -> Student:
    source = (
        "import os, tempfile\n"
        f"def f(x=None):\n    os.chdir(tempfile.gettempdir())\n    {litter}\n"
        "def g(x=None):\n    open(os.path.join(tempfile.gettempdir(), 'new'), 'w').close()\n"
        "    return os.listdir(tempfile.gettempdir())\n"
    )
    return box.student(source, {"f": "x? -> y", "g": "x? -> y"})


def is_removed(folder: Path) -> bool:
    """Large folders are removed in the background."""
    give_up = time.monotonic() + 60
    while folder.exists() and time.monotonic() < give_up:
        time.sleep(0.01)
    return not folder.exists()


def call(student: Student, function: str, *arguments: object) -> Reply:
    with student.session(function, 1) as test:
        return test.call(function, *arguments)


@pytest.mark.parametrize("litter", LITTER)
def test_the_next_test_finds_an_empty_folder_that_it_can_write(box: Sandboxed, litter: str) -> None:
    student = littering(box, LITTER[litter])
    call(student, "f")
    found = call(student, "g")

    assert found.failure is None
    assert found.value == ["new"]


@pytest.mark.parametrize("litter", LITTER)
def test_nothing_of_the_workspace_is_left_after_the_run(box: Sandboxed, litter: str) -> None:
    student = littering(box, LITTER[litter])
    with student.session("f", 1) as test:
        test.call("f")
        student.close()
        box.workspace.close()

    assert is_removed(box.workspace.folder)
    assert Path("/etc/passwd").exists()


def test_cleaning_never_follows_a_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    (precious / "inner").mkdir(parents=True)
    (precious / "inner" / "file").write_text("kept")
    made = Workspace(None)
    (made.scratch / "link").symlink_to(precious)
    (made.scratch / "folder").mkdir()
    (made.scratch / "folder" / "link").symlink_to(precious / "inner")
    made.clean()
    made.close()

    assert (precious / "inner" / "file").read_text() == "kept"


def test_the_next_test_does_not_wait_for_what_takes_long_to_remove(monkeypatch: pytest.MonkeyPatch) -> None:
    made, never = Workspace(None), ["sleep", "600"]
    start = workspace.subprocess.Popen
    for number in range(3 * workspace.FEW):
        (made.scratch / str(number)).touch()
    with monkeypatch.context() as slow:
        slow.setattr(workspace.subprocess, "Popen", lambda command, **options: start(never, **options))
        made.clean()
        assert os.listdir(made.scratch) == []
    (removal,) = made._removals
    removal.kill()
    made.close()

    assert is_removed(made.folder)


def test_a_scratch_folder_that_is_gone_is_no_error() -> None:
    made = Workspace(None)
    made.scratch.rmdir()
    made.clean()
    made.close()

    assert not made.folder.exists()


OUTSIDE = ["/tmp/left", "/var/tmp/left", "/dev/shm/left", "/run/left", "/left", "../left", "/proc/self/comm"]


@needs_files_confined
@pytest.mark.parametrize(
    "act",
    ["open(x, 'w').close()", "os.mkdir(x)", "os.symlink('/', x)", "os.mkfifo(x)", "os.rename(__file__, x)"],
)
def test_nothing_is_left_outside_the_scratch_folder(box: Sandboxed, act: str) -> None:
    source = (
        "import os\ndef f(paths):\n    made = []\n    for x in paths:\n"
        f"        try: {act}; made.append(x)\n        except OSError: pass\n    return made\n"
    )

    assert box.call(source, OUTSIDE).value == []


@needs_seccomp
@pytest.mark.parametrize(
    "act",
    [
        "socket.socket(socket.AF_UNIX).bind('\\0left')",
        "ctypes.CDLL(None, use_errno=True).shmget(1234, 4096, 0o1600) < 0 or left",
        "ctypes.CDLL(None, use_errno=True).semget(1234, 1, 0o1600) < 0 or left",
        "ctypes.CDLL(None, use_errno=True).msgget(1234, 0o1600) < 0 or left",
        "multiprocessing.shared_memory.SharedMemory('left', True, 4096)",
        "multiprocessing.Semaphore()",
    ],
)
def test_nothing_is_left_that_outlives_a_process(box: Sandboxed, act: str) -> None:
    source = (
        "import ctypes, socket\nimport multiprocessing, multiprocessing.shared_memory\n"
        f"def f(x):\n    try: {act}\n    except OSError: return 'refused'\n    return 'refused by the call'\n"
    )
    before = sorted(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else []
    reply = box.call(source, 1)
    after = sorted(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else []

    assert reply.failure is None
    assert [name for name in after if "left" in name] == []
    assert [name for name in before if "left" in name] == []


@needs_proc
def test_a_thread_ends_with_its_test(box: Sandboxed) -> None:
    student = box.student("""
    import threading, time
    def spin():
        while True: time.sleep(0.001)
    def f(x=None):
        threading.Thread(target=spin).start()
        return 1
    """)
    assert call(student, "f").value == 1
    student.close()

    assert owned_by_students(box) == set()


@needs_proc
@needs_seccomp
@pytest.mark.parametrize("hook", ["after_in_child=leave", "before=leave"])
def test_a_process_that_a_test_started_before_its_filter_ends_with_it(box: Sandboxed, hook: str) -> None:
    student = box.student(f"""
    import os, time
    def leave():
        fork = os.fork
        if armed and fork() == 0:
            while True: time.sleep(0.01)
    armed = False
    os.register_at_fork({hook})
    armed = True
    def f(x=None): return 1
    """)
    call(student, "f")
    student.close()

    assert_nobody_else_is_harmed(box)


@needs_proc
def test_a_closed_submission_leaves_nothing_for_the_next_to_pay(box: Sandboxed) -> None:
    for _ in range(20):
        student = box.student("def f(x=None): return 1\n")
        assert call(student, "f").value == 1
        student.close()
        assert box.nursery.orphans() == set()


@needs_proc
def test_the_host_keeps_no_descriptor_of_a_submission(
    box: Sandboxed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "START_SECONDS", 0.5)
    sources = ("def f(x=None): return 1\n", "import os\nos.fork = None\ndef f(x=None): return 1\n",
               "import os\ndef f(x=None): os._exit(1)\n")  # fmt: skip
    counts = []
    for _ in range(3):
        for source in sources:
            student = box.student(source)
            call(student, "f")
            student.close()
        counts.append(len(os.listdir("/proc/self/fd")))

    assert counts[0] == counts[1] == counts[2]


HOST = """
import contextlib, sys, tempfile
from pathlib import Path
from autograder.sandbox.launch import launch
from autograder.sandbox.nursery_host import Nursery
from tests.harness.sandboxed import sandbox
with contextlib.ExitStack() as stack:
    nursery = Nursery(launch(with_torch=False))
    box = stack.enter_context(sandbox(nursery, Path(sys.argv[1])))
    with box.student("def f(x):\\n    while True: pass", cpu_seconds=600.0).session("a", 1) as test:
        print(nursery.pid, box.workspace.folder, flush=True)
        test.call("f", 1)
"""


@needs_proc
def test_a_test_that_never_ends_ends_with_the_grader(tmp_path: Path) -> None:
    (tmp_path / "handed_in").mkdir()
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, str(tmp_path / "handed_in")],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
    )
    with host, host.stdout as told:
        nursery, folder = told.readline().split()
        below = processes.descendants(int(nursery)) | {int(nursery)}
        host.kill()
    give_up = time.monotonic() + 10
    while any(map(is_alive, below)) and time.monotonic() < give_up:
        time.sleep(0.01)
    shutil.rmtree(os.fsdecode(folder))

    assert len(below) >= 2
    assert not any(map(is_alive, below))


@needs_root
@needs_proc
def test_the_students_processes_used_up_are_not_the_graders_failure(box: Sandboxed) -> None:
    student = box.student("""
    import os, time
    def fill():
        for _ in range(100):
            try:
                if os.fork() == 0: time.sleep(600)
            except OSError: break
    os.register_at_fork(before=fill)
    def f(x=None): return 1
    """)
    call(student, "f")
    student.close()

    assert_nobody_else_is_harmed(box)


def test_a_submission_that_never_answers_ends_at_the_deadline(
    box: Sandboxed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "START_SECONDS", 1000.0)
    student = box.student("""
    import os, time
    class Sleeper:
        os.register_at_fork(after_in_child=lambda: time.sleep(99))
    def f(x=None): return x
    """)
    student._deadline = time.monotonic() + 2
    reply = call(student, "f")

    assert reply.failure is not None
    assert reply.failure == student.report.failure
    assert reply.failure.message in ("the time for the whole run was used up", SILENT)
