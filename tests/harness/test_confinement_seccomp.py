"""seccomp by itself: what the kernel refuses, and what the programs decide on both architectures."""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import fcntl
import functools
import mmap
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from autograder.sandbox import seccomp
from tests.harness.forks import Died, exit_of_fork, in_child, is_refused, needs_seccomp, outcome


def under(program: seccomp.Filter, act: Callable[[], object]) -> object:
    return in_child(lambda: [seccomp.install(program), outcome(act)][1])


@needs_seccomp
@pytest.mark.parametrize(
    "act",
    [
        lambda: socket.socket(),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: socket.socketpair(),
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(os.getpid(), 0),
        lambda: signal.pthread_kill(threading.get_ident(), 0),
        lambda: os.pidfd_open(os.getppid()),
        lambda: os.chroot("/"),
        lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU),
    ],
)
@pytest.mark.parametrize("program", [seccomp.SUBMISSION, seccomp.TEST], ids=lambda program: program.name)
def test_the_network_other_programs_and_other_processes_are_refused(program, act):
    assert is_refused(under(program, act))


@needs_seccomp
def test_a_submission_process_can_fork_and_use_threads():
    assert under(seccomp.SUBMISSION, lambda: [exit_of_fork(), work_in_a_thread()]) == [0, "done"]


@needs_seccomp
def test_a_test_process_can_use_threads_but_cannot_fork():
    def act():
        start_a_process = multiprocessing.get_context("fork").Process(target=print).start
        return [outcome(os.fork), outcome(start_a_process), work_in_a_thread()]

    forked, started, threaded = under(seccomp.TEST, act)
    assert is_refused(forked)
    assert is_refused(started)
    assert threaded == "done"


def work_in_a_thread() -> str:
    done: list[str] = []
    thread = threading.Thread(target=lambda: done.append("done"))
    thread.start()
    thread.join()
    return done[0]


@needs_seccomp
def test_the_filter_holds_for_threads_that_were_already_there():
    def act():
        go, answers = threading.Event(), []
        thread = threading.Thread(target=lambda: answers.append([go.wait(), outcome(socket.socket)][1]))
        thread.start()
        seccomp.install(seccomp.SUBMISSION)
        go.set()
        thread.join()
        return answers[0]

    assert is_refused(in_child(act))


@needs_seccomp
def test_ordinary_work_goes_on_under_the_test_filter(tmp_path):
    def act():
        time.sleep(0.001)
        (tmp_path / "file").write_text("text")
        with mmap.mmap(-1, 4096) as memory:
            memory[:4] = b"text"
        reader, writer = os.pipe()
        os.write(writer, b"text")
        return [
            (tmp_path / "file").read_text(),
            os.read(reader, 4).decode(),
            resource.getrlimit(0) is not None,
        ]

    assert under(seccomp.TEST, act) == ["text", "text", True]


@needs_seccomp
def test_abort_still_ends_the_process():
    def act():
        faulthandler.disable()  # pytest's would print where
        os.abort()

    with pytest.raises(Died):
        under(seccomp.TEST, act)


@needs_seccomp
def test_a_signal_cannot_be_sent_through_a_descriptor_either():
    def act():
        reader, _ = os.pipe()
        attempts = ((fcntl.F_SETOWN, os.getppid()), (10, signal.SIGKILL))  # F_SETSIG has no name in Python
        return [outcome(functools.partial(fcntl.fcntl, reader, *attempt)) for attempt in attempts]

    assert all(map(is_refused, under(seccomp.SUBMISSION, act)))


def decide(program: seccomp.Filter, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """Run a filter as the kernel would: the decision for one system call."""
    loaded = {0: number, 4: architecture} | {16 + 8 * i: value for i, value in enumerate(arguments)}
    accumulator, position = 0, 0
    while True:
        operation, if_true, if_false, operand = program.instructions[position]
        position += 1
        if operation == 0x06:
            return operand
        if operation == 0x20:
            accumulator = loaded[operand]
        elif operation == 0x05:
            position += operand
        else:
            true = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: accumulator & operand != 0,
            }[operation]
            position += if_true if true else if_false


X86_64, AARCH64, I386 = 0xC000003E, 0xC00000B7, 0x40000003
ALLOWED, KILLED, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x50000 + errno.EPERM, 0x50000 + 38
PLAIN_FORK, NEW_THREAD = signal.SIGCHLD, 0x3D0F00
both_filters = pytest.mark.parametrize(
    "program", [seccomp.SUBMISSION, seccomp.TEST], ids=lambda program: program.name
)


@both_filters
def test_system_calls_of_another_architecture_kill(program):
    assert {decide(program, I386, number) for number in range(500)} == {KILLED}


@both_filters
@pytest.mark.parametrize("architecture", [X86_64, AARCH64])
def test_numbers_newer_than_the_list_and_x32_numbers_do_not_exist(program, architecture):
    newer = [463, 500, 4000, 0x40000000, 0x40000029, 0xFFFFFFFF]
    assert {decide(program, architecture, number) for number in newer} == {ENOSYS}


@both_filters
@pytest.mark.parametrize(
    ("architecture", "allowed", "refused"),
    [
        # read write poll mmap sendmsg recvmsg futex prctl exit_group sched_getaffinity; and socket kill
        # tgkill ptrace execve mount shmget inotify_add_watch io_uring_setup bpf add_key memfd_create
        # setsid setpriority
        (
            X86_64,
            (0, 1, 7, 9, 46, 47, 202, 157, 231, 204),
            (41, 62, 234, 101, 59, 165, 29, 254, 425, 321, 248, 319, 112, 141),
        ),
        (
            AARCH64,
            (63, 64, 73, 222, 211, 212, 98, 167, 94, 123),
            (198, 129, 131, 117, 221, 40, 194, 27, 425, 280, 217, 279, 157, 140),
        ),
    ],
)
def test_the_same_calls_are_decided_alike_on_both_architectures(program, architecture, allowed, refused):
    assert {decide(program, architecture, number) for number in allowed} == {ALLOWED}
    assert {decide(program, architecture, number) for number in refused} == {EPERM}


@pytest.mark.parametrize(("architecture", "clone"), [(X86_64, 56), (AARCH64, 220)])
def test_clone_is_decided_by_its_flags(architecture, clone):
    def decisions(flags: int) -> list[int]:
        return [
            decide(program, architecture, clone, (flags,)) for program in (seccomp.SUBMISSION, seccomp.TEST)
        ]

    assert decisions(NEW_THREAD) == [ALLOWED, ALLOWED]
    assert decisions(PLAIN_FORK) == [ALLOWED, EPERM]
    for namespace in (1 << 17, *(1 << bit for bit in range(25, 31))):
        assert decisions(PLAIN_FORK | namespace) == [EPERM, EPERM]
        assert decisions(NEW_THREAD | namespace) == [EPERM, EPERM]


@pytest.mark.parametrize("architecture", [X86_64, AARCH64])
def test_what_a_submission_may_not_do_a_test_may_not_either(architecture):
    arguments = (NEW_THREAD, 0x5401)
    for number in range(600):
        decisions = [
            decide(program, architecture, number, arguments) for program in (seccomp.SUBMISSION, seccomp.TEST)
        ]
        assert decisions[0] == ALLOWED or decisions[1] == decisions[0], number


@pytest.mark.parametrize(("architecture", "ioctl"), [(X86_64, 16), (AARCH64, 29)])
def test_the_terminal_cannot_be_typed_into_but_can_be_asked(architecture, ioctl):
    typed, asked = (
        decide(seccomp.SUBMISSION, architecture, ioctl, (0, command)) for command in (0x5412, 0x5401)
    )
    assert (typed, asked) == (EPERM, ALLOWED)


@needs_seccomp
def test_the_kernel_agrees_that_clone3_does_not_exist():
    def act():
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall(ctypes.c_long(435), None, ctypes.c_long(0))
        return ctypes.get_errno()

    assert under(seccomp.SUBMISSION, act) == errno.ENOSYS
