"""System calls that student code may not make, as classic BPF programs that the kernel runs.

    SUBMISSION   the process that imports the student's files: it may compute, read, start threads and
                 fork, but not reach the network, another process or another program
    TEST         the fork that answers the calls of one graded test: SUBMISSION, and no new processes

A refused call fails with EPERM, which Python raises as PermissionError. `clone3` and every number newer
than this list fail with ENOSYS, as on an older kernel: the C library then falls back to `clone`, whose
flags a filter can read. A filter cannot be taken off again, and whatever the process forks inherits it.

Signals are refused even to the process itself. abort() still ends it, though by another signal than
SIGABRT, and so do timers and the kernel's own signals.

Sources: seccomp(2), bpf(4), linux/seccomp.h, linux/audit.h and the two architectures' asm/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.errors import SandboxError

Instruction = tuple[int, int, int, int]  # operation, jump if true, jump if false, operand
Block = tuple[Instruction, ...]  # instructions that end in a decision

# name, number on x86-64, number on aarch64 ("-": the architecture does not have it)
_NETWORK = """socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, listen 50 201, accept 43 202,
    accept4 288 242"""
_SIGNALS = """kill 62 129, tkill 200 130, tgkill 234 131, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240,
    pidfd_send_signal 424 424"""
_OTHER_PROCESSES = """ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, kcmp 312 272,
    pidfd_open 434 434, pidfd_getfd 438 438, process_madvise 440 440, process_mrelease 448 448"""
_PROGRAMS = "execve 59 221, execveat 322 281"
_KERNEL = """io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427, bpf 321 280,
    perf_event_open 298 241, userfaultfd 323 282, keyctl 250 219, add_key 248 217, request_key 249 218,
    personality 135 92, syslog 103 116, modify_ldt 154 -"""
_NAMESPACES = """unshare 272 97, setns 308 268, mount 165 40, umount2 166 39, pivot_root 155 41,
    chroot 161 51, open_tree 428 428, move_mount 429 429, fsopen 430 430, fsconfig 431 431, fsmount 432 432,
    fspick 433 433, mount_setattr 442 442"""
_FILES = """name_to_handle_at 303 264, open_by_handle_at 304 265, inotify_init 253 -, inotify_init1 294 26,
    inotify_add_watch 254 27, fanotify_init 300 262, fanotify_mark 301 263"""
_OUTLIVES_A_PROCESS = """shmget 29 194, shmat 30 196, shmctl 31 195, msgget 68 186, msgsnd 69 189,
    msgrcv 70 188, semget 64 190, semop 65 193, semtimedop 220 192, mq_open 240 180, mq_unlink 241 181"""
_OTHERS_TIME = """setpriority 141 140, ioprio_set 251 30, sched_setparam 142 118, sched_setscheduler 144 119,
    sched_setaffinity 203 122, sched_setattr 314 274, migrate_pages 256 238, move_pages 279 239"""
_LEAVES_ITS_GROUP = "setsid 112 157, setpgid 109 154"  # the host ends a submission by its process group
_UNCOUNTED_MEMORY = "memfd_create 319 279, memfd_secret 447 447"
# Landlock leaves these alone: without a user of its own, a submission could close its grader's files. They
# do nothing and say that they did, so that code which copies a file goes on.
_METADATA = """chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55,
    lchown 94 -, fchownat 260 54, utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88,
    setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, removexattr 197 14, lremovexattr 198 15,
    fremovexattr 199 16"""
_CONDITIONAL = """clone 56 220, clone3 435 435, fork 57 -, vfork 58 -, fcntl 72 25, ioctl 16 29,
    prlimit64 302 261"""
_NEWEST = 462  # mseal; new system calls have the same number everywhere

_REFUSED = (
    _NETWORK,
    _SIGNALS,
    _OTHER_PROCESSES,
    _PROGRAMS,
    _KERNEL,
    _NAMESPACES,
    _FILES,
    _OUTLIVES_A_PROCESS,
    _OTHERS_TIME,
    _LEAVES_ITS_GROUP,
    _UNCOUNTED_MEMORY,
)
_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7
_LOAD, _JUMP, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16

_ALLOW: Block = ((_RETURN, 0, 0, 0x7FFF0000),)
_KILL: Block = ((_RETURN, 0, 0, 0x80000000),)
_EPERM: Block = ((_RETURN, 0, 0, 0x00050000 | errno.EPERM),)
_NOTHING: Block = ((_RETURN, 0, 0, 0x00050000),)  # not carried out, and called a success
_ENOSYS: Block = ((_RETURN, 0, 0, 0x00050000 | 38),)  # Linux's number, also where this is only imported

_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020000  # NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
# They aim a signal at another process (SETOWN, SETSIG, SETOWN_EX, FIOSETOWN, SIOCSPGRP), watch the files
# of others (NOTIFY), or type into the terminal that started the autograder (TIOCSTI, TIOCLINUX).
_FCNTL_COMMANDS = (8, 10, 15, 1026)
_IOCTL_COMMANDS = (0x8901, 0x8902, 0x5412, 0x541C)

_SECCOMP_NUMBERS = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _EVERY_THREAD = 1, 1
_PR_SET_NO_NEW_PRIVS = 38
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Filter:
    """A program for the kernel; it decides for both architectures, whichever it runs on."""

    name: str
    instructions: Block

    @cached_property
    def compiled(self) -> _Program:
        """The program as the kernel takes it. Kept: asked for before a fork, it costs the fork nothing."""
        code = b"".join(struct.pack("=HBBI", *instruction) for instruction in self.instructions)
        return _Program(len(self.instructions), code)


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _parse(table: str) -> dict[str, tuple[int, int]]:
    """The numbers on both architectures by name, -1 where an architecture has no such call."""
    rows = (entry.split() for entry in table.split(","))
    return {name: (int(x86), int(arm.replace("-", "-1"))) for name, x86, arm in rows}


def _load_argument(index: int) -> Instruction:
    """The low 32 bits of an argument: all that the kernel reads of the arguments tested here."""
    return (_LOAD, 0, 0, _ARGUMENTS_OFFSET + 8 * index)


def _unless_one_of(index: int, values: tuple[int, ...]) -> Block:
    """EPERM if the argument is one of `values`."""
    tests = tuple((_EQUAL, len(values) - position, 0, value) for position, value in enumerate(values))
    return (_load_argument(index), *tests, *_ALLOW, *_EPERM)


_ONLY_ITSELF: Block = (_load_argument(0), (_EQUAL, 0, 1, 0), *_ALLOW, *_EPERM)
_NO_NAMESPACE: Block = (_load_argument(0), (_ANY_BIT, 0, 1, _CLONE_NAMESPACES), *_EPERM, *_ALLOW)
_ONLY_A_THREAD: Block = (
    _load_argument(0),
    (_ANY_BIT, 1, 0, _CLONE_NAMESPACES),
    (_ANY_BIT, 1, 0, _CLONE_THREAD),
    *_EPERM,
    *_ALLOW,
)


def _search(segments: list[tuple[int, Block]]) -> Block:
    """Binary search for the last segment that starts at or below the loaded number."""
    if len(segments) == 1:
        return segments[0][1]
    middle = len(segments) // 2
    below, above = _search(segments[:middle]), _search(segments[middle:])
    return ((_AT_LEAST, len(below), 0, segments[middle][0]), *below, *above)


def _decide(blocks: Mapping[int, Block]) -> Block:
    """Load the system call's number and run its block; a known number without a block is allowed."""
    segments: list[tuple[int, Block]] = []
    for number in sorted({0, _NEWEST + 1, *blocks, *(number + 1 for number in blocks)}):
        block = blocks.get(number, _ALLOW) if number <= _NEWEST else _ENOSYS
        if not segments or segments[-1][1] != block:
            segments.append((number, block))
    return ((_LOAD, 0, 0, _NUMBER_OFFSET), *_search(segments))


def _program(rules: Mapping[str, Block]) -> Block:
    """Both architectures' decisions, since an emulated x86-64 program can run on an Arm kernel."""
    x86 = _decide({_NUMBERS[name][0]: block for name, block in rules.items()})
    arm = _decide({_NUMBERS[name][1]: block for name, block in rules.items() if _NUMBERS[name][1] >= 0})
    return (
        (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        (_EQUAL, 0, 1, _X86_64),
        (_JUMP, 0, 0, 2 + len(arm)),
        (_EQUAL, 1, 0, _AARCH64),
        *_KILL,
        *arm,
        *x86,
    )


_NUMBERS = _parse(",".join((*_REFUSED, _METADATA, _CONDITIONAL)))
_SUBMISSION_RULES: dict[str, Block] = {
    **dict.fromkeys(_parse(",".join(_REFUSED)), _EPERM),
    **dict.fromkeys(_parse(_METADATA), _NOTHING),
    "clone": _NO_NAMESPACE,
    "clone3": _ENOSYS,
    "fcntl": _unless_one_of(1, _FCNTL_COMMANDS),
    "ioctl": _unless_one_of(1, _IOCTL_COMMANDS),
    "prlimit64": _ONLY_ITSELF,
}
_TEST_RULES = _SUBMISSION_RULES | {"fork": _EPERM, "vfork": _EPERM, "clone": _ONLY_A_THREAD}

SUBMISSION = Filter("SUBMISSION", _program(_SUBMISSION_RULES))
TEST = Filter("TEST", _program(_TEST_RULES))


def no_new_privileges() -> bool:
    """Let no program the process starts gain privileges; False where the system cannot."""
    if sys.platform != "linux":
        return False
    return _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0


def available() -> bool:
    """Whether `install` works here: a 64-bit process on a kernel that takes filters."""
    if not _is_supported_machine():
        return False
    # Given no program to read, a kernel that has the operation says EFAULT: see seccomp(2).
    return _seccomp(None) == -1 and ctypes.get_errno() == errno.EFAULT


def install(program: Filter) -> bool:
    """Put every thread of this process under `program` for good; False where there is no seccomp.

    Raises SandboxError if the kernel has seccomp and still does not take the program.
    """
    if not available():
        return False
    if not no_new_privileges():
        raise SandboxError("the kernel did not take no_new_privs, without which it takes no seccomp filter")
    result = _seccomp(ctypes.byref(program.compiled))
    if result > 0:
        raise SandboxError(f"thread {result} has a seccomp filter of its own; install {program.name} sooner")
    if result < 0:
        reason = os.strerror(ctypes.get_errno())
        raise SandboxError(f"the kernel refused the seccomp filter {program.name}: {reason}")
    return True


def prepare() -> None:
    """Compile the filters now, so that processes forked from here on need not."""
    for program in (SUBMISSION, TEST):
        _ = program.compiled


def _is_supported_machine() -> bool:
    return sys.platform == "linux" and platform.machine() in _SECCOMP_NUMBERS and sys.maxsize > 2**32


def _seccomp(program: object) -> int:
    number = ctypes.c_long(_SECCOMP_NUMBERS[platform.machine()])
    operation, flags = ctypes.c_long(_SET_MODE_FILTER), ctypes.c_long(_EVERY_THREAD)
    return _libc.syscall(number, operation, flags, program)
