"""What a submission may try, and what it costs: its own test, and nothing else."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox import landlock, processes, seccomp
from tests.harness.red_team import needs_proc
from tests.harness.sandboxed import Sandboxed

FATES = {
    "loops": ("while True: pass", {"cpu_time"}),
    "sleeps": ("import time; time.sleep(1000)", {"idle"}),
    "waits for input that never comes": ("import sys; return sys.stdin.readline() + 'nothing'", {None}),
    "calls sys.exit": ("import sys; sys.exit(0)", {"exited"}),
    "calls os._exit": ("import os; os._exit(0)", {"exited"}),
    "aborts": ("import os; os.abort()", {"died"}),
    "segfaults": ("import ctypes; ctypes.string_at(0)", {"died"}),
    "recurses without end": ("return f(x)", {"raised"}),
    "overflows the stack": (
        "import sys; sys.setrecursionlimit(10**9); g = lambda n: g(n + 1) + 1; return g(0)",
        {"died", "memory", "raised", "cpu_time"},
    ),
    "exhausts memory": ("import numpy as np; return np.ones(10**9).sum()", {"memory", "raised"}),
    "hoards memory": ("kept = []\n    while True: kept.append(bytearray(10**7))", {"memory"}),
    "forks without end": ("import os\n    while True: os.fork()", {"raised"}),
    "starts threads without end": (
        "import threading, time\n    while True: threading.Thread(target=time.sleep, args=(99,)).start()",
        {"raised", "memory"},
    ),
    "kills its parent": (
        "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
        {"raised", "died", "exited"},
    ),
    "kills everything": ("import os, signal; os.kill(-1, signal.SIGKILL)", {"raised", "died", "exited"}),
    "closes every descriptor": ("import os; os.closerange(0, 4096)", {"exited"}),
    "floods its descriptors": ("import os\n    while True: os.write(1, b'x' * 65536)", {"cpu_time"}),
    "writes into its channel": (
        "import os\n    for fd in range(3, 30):\n        try: os.write(fd, b'\\x00' * 64)\n"
        "        except OSError: pass\n"
        "    return 1",
        {"protocol", "exited"},
    ),
    "announces an endless message": (
        "import os\n    for fd in range(3, 30):\n        try: os.write(fd, b'\\xff\\xff\\xff\\xff')\n"
        "        except OSError: pass\n    while True: pass",
        {"protocol"},
    ),
    "drips its answer": (
        "import os, time\n    while True:\n        for fd in range(3, 30):\n"
        "            try: os.write(fd, b'\\x00')\n            except OSError: pass\n        time.sleep(0.01)",
        {"protocol", "cpu_time", "idle"},
    ),
    "returns more than the wire takes": ("import numpy as np; return np.ones(10**7)", {"too_big"}),
    "raises what cannot be shown": (
        "class Odd(Exception):\n        def __str__(self): raise Odd\n    raise Odd",
        {"raised"},
    ),
    "leaves a signal timer": (
        "import signal; signal.setitimer(signal.ITIMER_REAL, 0.01)\n    while True: pass",
        {"died"},
    ),
}


@pytest.mark.parametrize("attack", FATES)
def test_an_attack_costs_its_own_test_and_nothing_else(box: Sandboxed, attack: str) -> None:
    body, kinds = FATES[attack]
    source = f"def f(x):\n    {body}\n\ndef g(x):\n    return x + 1\n"
    student = box.student(source, {"f": "x -> y", "g": "x -> y"}, answer_mb=8)
    with student.session("attacked", 1) as session:
        reply = session.call("f", 1)
    assert (reply.failure.kind if reply.failure else None) in kinds, reply
    with student.session("next", 2) as session:
        assert session.call("g", 41).value == 42


def test_an_import_that_never_ends_still_leaves_the_definitions(box: Sandboxed) -> None:
    reply = box.call("def f(x): return x\nwhile True: pass\n", 5)

    assert reply.value == 5


def test_a_submission_that_ends_the_process_while_loading_fails_with_a_reason(box: Sandboxed) -> None:
    student = box.student("def f(x): return x\nimport os\ndef g(h): os._exit(3)\n@g\ndef h(): pass\n")
    with student.session("a", 1) as session:
        reply = session.call("f", 1)

    assert reply.failure is not None
    assert reply.failure.kind == "import"


def test_a_call_that_never_reads_its_input_is_cut_off(box: Sandboxed) -> None:
    import numpy as np

    student = box.student("def f(x=None):\n    while True: pass\n")
    with student.session("a", 1) as session:
        assert session.call("f").failure.kind == "cpu_time"
        assert session.call("f", np.ones(4_000_000)).failure.kind == "cpu_time"


def secret(box: Sandboxed, folder: Path) -> Path:
    """A file like the key's: readable by us, below a folder that only we may enter."""
    locked = folder / "reference"
    locked.mkdir()
    locked.chmod(0o700)
    (locked / "layers.py").write_text("the answer key")
    return locked / "layers.py"


needs_file_confinement = pytest.mark.skipif(
    os.geteuid() != 0 and not landlock.abi_version(), reason="neither another user nor Landlock here"
)


@needs_file_confinement
def test_a_submission_cannot_read_the_answer_key(
    box: Sandboxed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = secret(box, tmp_path_factory.mktemp("grader"))
    reply = box.call("def f(x): return open(x).read()", str(path))

    assert reply.failure is not None
    assert reply.failure.type_name == "PermissionError"


@needs_file_confinement
@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize("name", ["mem", "environ", "maps", "cwd", "fd"])
def test_a_submission_cannot_look_into_another_process(box: Sandboxed, name: str) -> None:
    source = """
    import os
    def f(pid, name):
        path = f"/proc/{pid}/{name}"
        return len(os.listdir(path)) if name == "fd" else len(open(path, "rb").read(1))
    """
    for pid in (os.getpid(), box.nursery.pid):
        reply = box.call(source, pid, name)
        assert reply.failure is not None, f"read {name} of another process"


def test_a_submission_inherits_no_environment(box: Sandboxed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHENTICATION_TOKEN", "secret")
    reply = box.call("import os\ndef f(x=None): return sorted(os.environ)")

    assert "AUTHENTICATION_TOKEN" not in reply.value
    assert set(reply.value) <= {
        "HOME", "LANG", "LC_CTYPE", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH",
        "PYTHONHASHSEED", "TMPDIR", "VECLIB_MAXIMUM_THREADS",
    }  # fmt: skip


@needs_file_confinement
def test_a_submission_cannot_write_results(box: Sandboxed, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("results")
    folder.chmod(0o700)
    reply = box.call("def f(x): open(x, 'w').write('{}')", str(folder / "results.json"))

    assert reply.failure is not None
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not (seccomp.available() or landlock.abi_version() >= 4), reason="no network layer here")
def test_a_submission_cannot_reach_a_listening_socket(box: Sandboxed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reply = box.call(
            "import socket\ndef f(port): socket.create_connection(('127.0.0.1', port), 1)",
            server.getsockname()[1],
        )

    assert reply.failure is not None
    assert reply.failure.type_name == "PermissionError"


def test_a_submission_leaves_no_file_behind(box: Sandboxed) -> None:
    student = box.student(
        "import os, tempfile\n"
        "def f(x=None):\n    open(os.path.join(tempfile.gettempdir(), 'left'), 'w').write('x')\n"
        "def g(x=None):\n    return os.listdir(tempfile.gettempdir())\n",
        {"f": "x? -> y", "g": "x? -> y"},
    )
    with student.session("one", 1) as session:
        assert session.call("f").failure is None
        assert session.call("g").value == ["left"]
    with student.session("two", 2) as session:
        assert session.call("g").value == []


@needs_file_confinement
def test_a_submission_writes_nowhere_but_in_its_scratch_folder(box: Sandboxed) -> None:
    source = "def f(x):\n    with open(x, 'w') as file: file.write('x')"
    for path in ("/tmp/autograder-left", "/var/tmp/autograder-left", "/dev/shm/autograder-left", "layers.py"):
        reply = box.call(source, path)
        assert reply.failure is not None, f"wrote {path}"
        assert not Path("/tmp/autograder-left").exists()


def gone(box: Sandboxed) -> bool:
    """Is the nursery without children, at the latest when the kernel has buried the killed?"""
    give_up = time.monotonic() + 5
    while processes.children(box.nursery.pid) and time.monotonic() < give_up:
        time.sleep(0.01)
    return not processes.children(box.nursery.pid)


FORK_AT_IMPORT = """
import os, time
def leave():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
leave()
def f(x=None): return os.getpid()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_submission_leaves_no_process_behind(box: Sandboxed) -> None:
    student = box.student(FORK_AT_IMPORT)
    with student.session("one", 1) as session:
        session.call("f")
    student.close()

    assert gone(box)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_fork_bomb_while_loading_is_ended(box: Sandboxed) -> None:
    student = box.student("""
    import os
    def bomb():
        while True:
            os.fork()
    try: bomb()
    except OSError: pass
    def f(x=None): return 1
    """)
    with student.session("one", 1) as session:
        session.call("f")
    student.close()

    assert gone(box)
    assert box.call("def f(x): return x", 3).value == 3


@needs_proc
def test_how_a_process_ended_is_known_although_another_was_started_since(box: Sandboxed) -> None:
    student = box.student("def f(x): return x")
    with student.session("a test", 1) as session:
        assert session.call("f", 1).value == 1
        assert session._session is not None
        assert session._session.pid is not None
        os.kill(session._session.pid, signal.SIGXCPU)
        student._new_test().close()
        failure = session.call("f", 1).failure

    assert failure is not None
    assert failure.kind == "cpu_time"
