"""What the process that runs student code may do, decided in one place, in the order that matters.

`confine` is called in a process that was just forked and holds no secrets; `forbid_processes` again in
the fork that answers one graded test. Each layer is used where the machine has it (`layers` tells), and
each covers what the others leave open:

    another user      the key, the results and other people's processes belong to somebody else
    resource limits   memory, processes, file size, open files; CPU seconds as a backstop
    Landlock          files outside the interpreter, the submission and a scratch folder do not open
    seccomp           no network, no programs, no signals, no other processes

What is not covered: time (the host watches that), disk space in the scratch folder (many small files),
and whatever student code does to its own process, which is its own to break. Without root, Landlock and
seccomp do the whole work; without those (macOS) student code can read what the person grading can.
"""

from __future__ import annotations

import contextlib
import os
import platform
import pwd
import resource
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox import landlock, seccomp
from autograder.sandbox.interpreter_paths import interpreter_prefixes, system_paths, unreachable_folder

_FIRST_UNNAMED_UID = 61000  # above ordinary accounts, below what systemd hands out by itself
_DISCARD = Path("/dev/null")
_MEGABYTE = 1 << 20
_SHARED_USER_FACTOR = 8  # generous: what the user starts meanwhile is counted, too
_FIRST_TO_GO = b"1000"  # of the kernel's scores for whom to end when the machine's memory is used up


@dataclass(frozen=True)
class Limits:
    """What student code may use. Times and printed output are the host's to enforce."""

    cpu_seconds: float = 10.0  # per call
    idle_seconds: float = 10.0  # per call, waiting without computing
    import_cpu_seconds: float = 30.0  # for importing the submission's files
    memory_mb: int = 512  # on top of what the process has mapped when it is confined
    processes: int = 32  # processes and threads of the user together
    file_mb: int = 16  # per file
    open_files: int = 64  # descriptors per process
    printed_characters: int = 4000  # per call
    answer_mb: int = 64  # one value on the wire


@dataclass(frozen=True)
class User:
    """Whom student code runs as."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True)
class Layer:
    """One layer of confinement on this machine; `remedy` is empty where the layer is present."""

    name: str
    present: bool
    detail: str
    remedy: str = ""


def student_user(slot: int = 0) -> User | None:
    """The user of the given slot: `student`, `student2`, ... or, without such an account, a bare uid.

    None if we are not root and cannot become anybody else. Slots keep jobs that run side by side apart.
    """
    if os.geteuid() != 0:
        return None
    name = "student" if slot == 0 else f"student{slot + 1}"
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        number = _FIRST_UNNAMED_UID + slot
        return User(number, number, f"uid {number}")
    return User(account.pw_uid, account.pw_gid, name)


def drop_privileges(user: User) -> None:
    """Become `user` for good. Raises SandboxError if that fails or could be undone."""
    if user.uid == 0 or user.gid == 0:
        raise SandboxError(f"user {user.name} has root's uid or gid: student code cannot run as root")
    try:
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)
    except PermissionError:
        raise SandboxError(f"only root can run student code as {user.name}: run as root") from None
    for come_back in (os.setuid, os.seteuid, os.setgid, os.setegid):
        with contextlib.suppress(PermissionError):
            come_back(0)
            raise SandboxError(f"user {user.name} could become root again: take its capabilities away")


def set_resource_limits(limits: Limits, *, own_user: bool, hard_cpu_seconds: int = 3600) -> None:
    """Limit this process and its forks. `hard_cpu_seconds` is a backstop: SIGKILL, for each process.

    `own_user` says that student code has a user to itself. The kernel counts all that a user runs: where
    student code shares one, it may start some more than there are, which is what ends a fork bomb. A limit
    that is already tighter stays. macOS has some of these.
    """
    values = {
        "RLIMIT_FSIZE": limits.file_mb * _MEGABYTE,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 64 * 1024,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_CPU": hard_cpu_seconds,
    }
    if sys.platform == "linux":
        values["RLIMIT_AS"] = _address_space() + limits.memory_mb * _MEGABYTE
    if own_user:
        values["RLIMIT_NPROC"] = limits.processes
    elif sys.platform == "linux":
        values["RLIMIT_NPROC"] = _threads_of_this_user() + _SHARED_USER_FACTOR * limits.processes
    for name, value in values.items():
        _set_limit(name, value)


def confine(
    *, user: User | None, limits: Limits, readable: Sequence[Path | str], writable: Sequence[Path | str]
) -> list[str]:
    """Confine this process for good; returns the layers now in force, for the staff's report.

    `readable` and `writable` come on top of what the interpreter needs (`system_paths`). Raises
    SandboxError if a layer that the machine has does not take, or if this process has several threads.
    """
    _require_a_single_thread()
    if user is None and os.geteuid() == 0:
        raise SandboxError("confine() needs a user when it is root: pass student_user()")
    granted = [*system_paths(), *readable]
    _go_first_when_memory_is_short()
    set_resource_limits(limits, own_user=user is not None)
    in_force = ["limits"]
    if user is not None:
        drop_privileges(user)
        in_force.insert(0, f"user {user.name}")
    seccomp.no_new_privileges()
    if abi := landlock.restrict(granted, [_DISCARD, *writable]):
        in_force.append(f"landlock {abi}")
    if seccomp.install(seccomp.SUBMISSION):
        in_force.append("seccomp")
    return in_force


def forbid_processes() -> bool:
    """From here on this process may start threads but no processes; False where there is no seccomp."""
    return seccomp.install(seccomp.TEST)


def layers() -> list[Layer]:
    """Which layers of confinement this machine has, and what to do about those it lacks."""
    return [
        _platform_layer(),
        _user_layer(),
        _interpreter_layer(),
        _limits_layer(),
        _landlock_layer(),
        _seccomp_layer(),
    ]


def _platform_layer() -> Layer:
    detail = f"{platform.system()} {platform.release()} on {platform.machine()}"
    remedy = "Grade in the course's Linux container: this system can limit student code only a little."
    present = sys.platform == "linux"
    return Layer("platform", present, detail, "" if present else remedy)


def _user_layer() -> Layer:
    user = student_user()
    if user is None:
        remedy = "Run as root, with sudo or in the container, so that student code gets a user of its own."
        return Layer("another user", False, "student code runs as you", remedy)
    return Layer("another user", True, f"student code runs as {user.name}")


def _interpreter_layer() -> Layer:
    if os.geteuid() != 0:
        return Layer("interpreter", True, "student code runs as you, who can reach it")
    for path in (*interpreter_prefixes(), Path(sysconfig.get_path("stdlib"))):
        if (folder := unreachable_folder(path)) is not None:
            remedy = f"Run `chmod o+x {folder}`, or use a Python that is installed where everybody can enter."
            return Layer("interpreter", False, f"other users cannot enter {folder}", remedy)
    return Layer("interpreter", True, f"every user can reach {sys.prefix}")


def _limits_layer() -> Layer:
    if sys.platform == "linux":
        return Layer("resource limits", True, "memory, processes, file size, open files, CPU seconds")
    remedy = "Grade in the course's Linux container: here a submission can use up the memory."
    return Layer("resource limits", False, "file size, open files and CPU seconds, but not memory", remedy)


def _landlock_layer() -> Layer:
    if abi := landlock.abi_version():
        return Layer("Landlock", True, f"ABI {abi}")
    remedy = (
        "Use a kernel from 5.13 on with Landlock switched on (lsm=landlock), and a container that allows it."
    )
    return Layer("Landlock", False, "files are protected by their owner and mode alone", remedy)


def _seccomp_layer() -> Layer:
    if seccomp.available():
        return Layer("seccomp", True, f"{len(seccomp.SUBMISSION.instructions)} instructions")
    remedy = "Use a 64-bit Linux on x86-64 or Arm whose container lets programs install seccomp filters."
    return Layer("seccomp", False, "student code can reach the network and start programs", remedy)


def _address_space() -> int:
    """Bytes that this process has mapped: the limit on memory counts those too."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _threads_of_this_user() -> int:
    """All threads of all processes that this user runs, as far as /proc tells."""
    count, uid = 0, os.getuid()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == uid:
                count += len(os.listdir(folder / "task"))
    return count


def _go_first_when_memory_is_short() -> None:
    """Several processes within their limits can still use up the machine: then not we are to be ended."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_bytes(_FIRST_TO_GO)


def _set_limit(name: str, value: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError) as error:
        if sys.platform == "linux":
            raise SandboxError(f"cannot set {name} to {value}: {error}") from error


def _require_a_single_thread() -> None:
    """Landlock binds one thread: another one would stay free."""
    tasks = Path("/proc/self/task")
    count = len(list(tasks.iterdir())) if tasks.is_dir() else 1
    if count > 1:
        raise SandboxError(f"confine() needs a process that was just forked; this one has {count} threads")
