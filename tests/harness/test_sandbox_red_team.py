"""Hostile submissions, from the first line that they load: they cost themselves, and nobody else."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import pytest

from autograder.sandbox import landlock, processes, seccomp, session
from tests.harness.forks import needs_seccomp
from tests.harness.red_team import (
    assert_nobody_else_is_harmed,
    failure_of_call,
    needs_files_confined,
    needs_proc,
    with_connections,
)
from tests.harness.sandboxed import Sandboxed

ANSWER = "\ndef f(x=None): return 7\n"

WHILE_LOADING = {
    "says that it is loaded, and is not": """
        os.write(connections()[0], frame({"problems": [], "notes": ["all is well"]}))
        while True: pass
    """,
    "says that it is loaded, twice": """
        for _ in range(2):
            os.write(connections()[0], frame({"problems": [], "notes": []}))
    """,
    "announces an endless report": """
        os.write(connections()[0], b"\\xff\\xff\\xff\\xff")
        while True: pass
    """,
    "reports a million problems": """
        body = b"\\x82\\xa8problems\\xdd" + struct.pack(">I", 1 << 20) + b"\\xc0" * (1 << 20)
        socket.socket(fileno=connections()[0]).sendall(struct.pack(">I", len(body)) + body)
    """,
    "reports problems of enormous length": """
        problem = {"file": "x", "line": 1, "source": "y" * 900_000, "error": "z" * 900_000}
        os.write(connections()[0], frame({"problems": [problem], "notes": ["n" * 1000]})[:1000])
        while True: pass
    """,
    "floods the grader": """
        while True: os.write(connections()[0], b"\\x00" * 65536)
    """,
    "drips its report": """
        import time
        while True:
            os.write(connections()[0], b"\\x00")
            time.sleep(0.01)
    """,
    "closes its connection": "os.close(connections()[0])",
    "closes everything": "os.closerange(0, 4096)",
    "replaces its connection by a file": """
        os.dup2(os.open(os.devnull, os.O_RDWR), connections()[0])
    """,
    "keeps a second end of its connection": "copies = [os.dup(connections()[0]) for _ in range(20)]",
    "sends its descriptors to the grader": """
        end = socket.socket(fileno=os.dup(connections()[0]))
        for _ in range(50):
            try: socket.send_fds(end, [b"\\x00\\x00\\x00\\x01\\x80"], [0] * 30, socket.MSG_DONTWAIT)
            except OSError: break
    """,
    "breaks fork": "os.fork = None",
    "pretends to fork": "os.fork = lambda: 1 << 22",
    "makes every exit return": "os._exit = lambda status: None",
    "breaks the sockets": "socket.socket.recv = socket.recv_fds = lambda *a: b''",
    "breaks msgspec": "import msgspec\nmsgspec.msgpack.decode = lambda *a, **k: 1 / 0",
    "breaks NumPy": """
        import numpy as np
        for name in dir(np):
            if name.islower(): setattr(np, name, None)
    """,
    "empties the builtins": "import builtins\nbuiltins.__dict__.clear()",
    "empties the modules": "import sys\nsys.modules.clear()",
    "breaks what the harness left in its process": """
        import sys
        for name in [name for name in sys.modules if name.startswith("autograder")]:
            vars(sys.modules[name]).clear()
    """,
    "leaves no room for a call": "import sys\nsys.setrecursionlimit(30)",
    "traces everything": "import sys\nsys.settrace(lambda *a: 1 / 0)\nsys.setprofile(lambda *a: 1 / 0)",
    "collects an exception": "class Odd(BaseException): pass\nraise Odd",
    "ends the interpreter": "os._exit(0)",
    "aborts": "os.abort()",
    "holds the import lock": """
        import _imp, threading
        def hold():
            _imp.acquire_lock()
            threading.Event().wait()
        threading.Thread(target=hold, daemon=True).start()
    """,
    "leaves threads": """
        import threading
        def run():
            while True: pass
        for _ in range(4): threading.Thread(target=run, daemon=True).start()
    """,
    "ignores every signal": """
        import signal
        for number in signal.valid_signals():
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
    """,
    "sets itself an alarm": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.05)",
    "takes all limits from itself": """
        import resource
        for name in ("NOFILE", "NPROC", "FSIZE", "AS"):
            resource.setrlimit(getattr(resource, "RLIMIT_" + name), (0, 0))
    """,
    "limits its own seconds": "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
    "forks in every test": """
        import time
        def child():
            if os.fork() == 0:
                time.sleep(600)
                os._exit(0)
        os.register_at_fork(after_in_child=child)
    """,
    "bombs in every test": """
        def bomb():
            while True:
                try: os.fork()
                except OSError: pass
        os.register_at_fork(after_in_child=bomb)
    """,
    "hangs in every test before it starts": """
        def hang():
            while True: pass
        os.register_at_fork(after_in_child=hang)
    """,
    "ends in every test before it starts": "os.register_at_fork(after_in_child=lambda: os._exit(0))",
    "ends before every fork": "os.register_at_fork(before=lambda: os._exit(0))",
    "leaves a daemon": """
        import time
        if os.fork() == 0:
            try: os.setsid()
            except OSError: pass
            if os.fork() == 0: time.sleep(600)
            os._exit(0)
    """,
    "leaves children of its parent's": """
        import ctypes, time
        CLONE_PARENT, KILL = 0x8000, 9
        libc = ctypes.CDLL(None)
        if libc.syscall(ctypes.c_long(56), ctypes.c_long(CLONE_PARENT | KILL), None, None, None, None) == 0:
            libc._exit(0)
    """,
    "hops from fork to fork": """
        if os.fork() == 0:
            while True:
                if os.fork() != 0: os._exit(0)
    """,
    "forks without end": """
        while True:
            try: os.fork()
            except OSError: pass
    """,
    "adopts its orphans": """
        import ctypes, time
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        if os.fork() == 0:
            if os.fork() == 0: time.sleep(600)
            os._exit(0)
    """,
    "stops for good": "import signal\nsignal.pause()",
}


@needs_proc
@pytest.mark.parametrize("attack", WHILE_LOADING)
def test_an_attack_while_loading_costs_that_submission_alone(
    box: Sandboxed, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    monkeypatch.setattr(session, "START_SECONDS", 1.0)
    student = box.student(with_connections(WHILE_LOADING[attack]) + ANSWER)
    for _ in range(2):
        failure_of_call(student)
    student.close()

    assert_nobody_else_is_harmed(box)


@needs_proc
@pytest.mark.parametrize("attack", ["leaves a daemon", "hops from fork to fork", "stops for good"])
def test_what_an_attack_defined_is_still_graded(box: Sandboxed, attack: str) -> None:
    student = box.student(with_connections(WHILE_LOADING[attack]) + ANSWER)

    assert failure_of_call(student) is None
    assert "only imports and definitions were loaded" in student.report.notes[0]


SPEAKS_FOR_ITSELF = """
import sys
def speak(submission, descriptors, limits, loaded):
    channel = socket.socket(fileno=descriptors[0])
    {act}
sys.modules["autograder.sandbox.test_process"].main = speak
"""

IN_PLACE_OF_THE_TEST = {
    "never greets": "while True: pass",
    "greets and leaves": "channel.send(b'!'); os._exit(0)",
    "greets in the name of somebody else": """
    import struct
    for pid in (1, os.getppid()):
        try: channel.sendmsg([b'!'], [(socket.SOL_SOCKET, 2, struct.pack('3i', pid, 0, 0))])
        except OSError: pass
    os._exit(0)""",
    "answers before it is asked": """
    channel.send(b'!')
    answer = {"value": 5, "failure": None, "printed": "", "changed": [], "notes": []}
    for _ in range(1000): channel.sendall(frame(answer))""",
    "sends descriptors with its greeting": """
    socket.send_fds(channel, [b'!'], [0] * 200)
    while True: pass""",
}


@needs_proc
@pytest.mark.parametrize("attack", IN_PLACE_OF_THE_TEST)
def test_a_test_process_of_the_submissions_own_making_costs_it_alone(
    box: Sandboxed, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    monkeypatch.setattr(session, "START_SECONDS", 1.0)
    source = SPEAKS_FOR_ITSELF.format(act=IN_PLACE_OF_THE_TEST[attack].strip())
    student = box.student(with_connections(source) + ANSWER)
    for _ in range(2):
        failure_of_call(student)
    student.close()

    assert_nobody_else_is_harmed(box)


@needs_proc
def test_the_submission_process_may_answer_itself_and_is_loaded_again(box: Sandboxed) -> None:
    source = """
    def itself():
        return 1
    os.fork = lambda: 0
    """
    student = box.student(with_connections(source) + ANSWER)
    for _ in range(3):
        failure_of_call(student)
    student.close()

    assert_nobody_else_is_harmed(box)


# Ways out, each refused by the kernel. Numbers: x86-64.
WAYS_OUT = {
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_open": 434, "pidfd_getfd": 438,
    "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "socket": 41, "socketpair": 53,
    "connect": 42, "bind": 49, "execve": 59, "execveat": 322, "memfd_create": 319, "memfd_secret": 447,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "add_key": 248,
    "request_key": 249, "keyctl": 250, "shmget": 29, "shmat": 30, "semget": 64, "msgget": 68, "mq_open": 240,
    "unshare": 272, "setns": 308, "mount": 165, "chroot": 161, "bpf": 321, "perf_event_open": 298,
    "userfaultfd": 323, "inotify_init1": 294, "inotify_add_watch": 254, "fanotify_init": 300,
    "open_by_handle_at": 304, "setsid": 112, "setpgid": 109, "setpriority": 141, "sched_setaffinity": 203,
    "syslog": 103, "personality": 135, "clone3": 435, "x32 getpid": 0x40000000 + 39, "newest": 463,
}  # fmt: skip
RAW = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def f(numbers):
    zero = ctypes.c_long(0)
    for number in numbers:
        result = libc.syscall(ctypes.c_long(number), zero, zero, zero, zero, zero, zero)
        numbers[number] = ctypes.get_errno() if result < 0 else 0
    return numbers
"""


@needs_seccomp
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are of x86-64")
def test_no_raw_system_call_leads_out(box: Sandboxed) -> None:
    reply = box.call(RAW, dict.fromkeys(WAYS_OUT.values(), -1))
    refused = {1, 38}  # EPERM, ENOSYS

    assert reply.failure is None
    assert {name for name, number in WAYS_OUT.items() if reply.value[number] not in refused} == set()


@needs_seccomp
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the machine code is of x86-64")
def test_a_system_call_of_32_bits_ends_the_process(box: Sandboxed) -> None:
    reply = box.call("""
    import ctypes, mmap
    def f(x):
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")  # mov eax, getpid; int 0x80; ret
        return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    """, 1)  # fmt: skip

    assert reply.failure is not None
    assert reply.failure.type_name == "SIGSYS"


def test_no_limit_can_be_raised(box: Sandboxed) -> None:
    reply = box.call("""
    import resource
    def f(x):
        raised = []
        for name in [name for name in dir(resource) if name.startswith("RLIMIT_")]:
            kind = getattr(resource, name)
            soft, hard = resource.getrlimit(kind)
            if hard == resource.RLIM_INFINITY:
                continue
            try:
                resource.setrlimit(kind, (soft, hard + 1))
                raised.append(name)
            except (ValueError, OSError):
                pass
        return raised
    """, 1)  # fmt: skip

    assert reply.value == []


@needs_seccomp
def test_modes_owners_and_times_of_the_graders_files_stay(box: Sandboxed, tmp_path) -> None:
    tmp_path.chmod(0o755)
    target = tmp_path / "results.json"
    target.write_text("{}")
    before = target.stat()
    reply = box.call("""
    import os
    def f(path):
        os.chmod(path, 0)
        os.utime(path, (0, 0))
        os.chmod(os.path.dirname(path), 0)
    """, str(target))  # fmt: skip
    after = target.stat()

    assert reply.failure is None
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@needs_files_confined
def test_no_process_or_file_of_the_system_tells_about_the_grader(box: Sandboxed) -> None:
    reply = box.call("""
    import os
    def f(pids):
        opened = []
        for pid in pids:
            for name in ("environ", "mem", "maps", "cmdline", "stat", "status", "task", "fd", "root"):
                try:
                    os.close(os.open(f"/proc/{pid}/{name}", os.O_RDONLY))
                    opened.append(name)
                except OSError:
                    pass
            for name in ("exe", "cwd", "root"):
                try:
                    opened.append(os.readlink(f"/proc/{pid}/{name}"))
                except OSError:
                    pass
        return opened
    """, [os.getpid(), os.getppid(), box.nursery.pid])  # fmt: skip
    if landlock.abi_version():
        assert reply.value == []
    else:
        assert {"environ", "mem", "maps", "fd"}.isdisjoint(reply.value)


@needs_files_confined
def test_a_descriptor_that_the_grader_had_open_is_not_inherited(box: Sandboxed, tmp_path) -> None:
    with open(tmp_path / "secret", "w+") as secret:
        os.set_inheritable(secret.fileno(), True)
        reply = box.call("""
        import os
        def f(x):
            found = []
            for descriptor in range(3, 256):
                try: found.append(os.fstat(descriptor).st_ino)
                except OSError: pass
            return found
        """, 1)  # fmt: skip

        assert os.fstat(secret.fileno()).st_ino not in reply.value


def test_nothing_of_the_grader_is_in_the_memory_of_a_submission(box: Sandboxed) -> None:
    reply = box.call("""
    import sys
    def f(x):
        ours = ("reference", "tests", "autograder")
        return sorted(name for name in sys.modules if name.split(".")[0] in ours)
    """, 1)  # fmt: skip

    assert not any(name.startswith(("reference", "tests")) for name in reply.value)
    assert "autograder.case" not in reply.value
    assert "autograder.assignment" not in reply.value


@needs_proc
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's scores")
def test_a_submission_goes_first_when_the_machine_runs_out_of_memory(box: Sandboxed) -> None:
    student = box.student("def f(x=None): return 1\n")
    with student.session("a", 1) as test:
        test.call("f")
        below = processes.descendants(box.nursery.pid)
        scores = {Path(f"/proc/{pid}/oom_score_adj").read_text().strip() for pid in below}

    assert scores == {"1000"}


def test_seccomp_is_reported_where_it_is(box: Sandboxed) -> None:
    student = box.student("def f(x=None): return 1\n")
    failure_of_call(student)

    assert ("seccomp" in student.report.layers) == seccomp.available()
