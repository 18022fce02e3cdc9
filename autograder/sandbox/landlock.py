"""Landlock: the files, TCP ports and signals that a process can reach, narrowed by itself, without root.

Once restricted, a process and whatever it forks can open only what was granted, and it never gets more.
Files that are already open stay usable. Sources: landlock(7), linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.seccomp import no_new_privileges

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on x86-64 and aarch64
_VERSION_FLAG, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_MAKE_CHAR, _MAKE_SOCK, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_NEVER_GRANTED = _MAKE_CHAR | _MAKE_SOCK | _MAKE_BLOCK
_MEANT_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def abi_version() -> int:
    """The version of Landlock that the kernel speaks; 0 if it has none or keeps it switched off."""
    if sys.platform != "linux":
        return 0
    return max(_syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG), 0)


def restrict(readable: Sequence[Path | str], writable: Sequence[Path | str]) -> int:
    """Let this thread, and all that it forks, reach the given paths and nothing else.

    `readable` folders and files can be read and executed, `writable` ones changed in every way as well;
    paths that do not exist are left out. From ABI 4 on all TCP is refused, from ABI 6 on also signals
    and abstract Unix sockets to processes outside. Returns the ABI in force, 0 where there is none.

    Raises SandboxError if a path cannot be reached by the present user or a call fails unexpectedly.
    """
    abi = abi_version()
    if abi == 0:
        return 0
    handled = _handled_rights(abi)
    ruleset = _create_ruleset(abi, handled)
    try:
        for path in readable:
            _grant(ruleset, path, handled & _READ)
        for path in writable:
            _grant(ruleset, path, handled & ~_NEVER_GRANTED)
        no_new_privileges()
        _checked(_syscall(_RESTRICT_SELF, ruleset, 0), "restrict the process")
    finally:
        os.close(ruleset)
    return abi


def _handled_rights(abi: int) -> int:
    """Every right on files that the ABI knows: what is handled and not granted is refused."""
    rights = _REFER - 1
    for first_abi, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        if abi >= first_abi:
            rights |= right
    return rights


def _create_ruleset(abi: int, handled: int) -> int:
    # An older kernel refuses fields it does not know unless they are zero: send only what it has.
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    attributes = struct.pack("=QQQ", handled, _TCP_BIND_AND_CONNECT, _ABSTRACT_SOCKETS_AND_SIGNALS)
    return _checked(_syscall(_CREATE_RULESET, attributes, size, 0), "create a ruleset")


def _grant(ruleset: int, path: Path | str, rights: int) -> None:
    descriptor = _open(path)
    if descriptor is None:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _MEANT_FOR_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        _checked(_syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), f"grant {path}")
    finally:
        os.close(descriptor)


def _open(path: Path | str) -> int | None:
    """A descriptor that stands for the path, or None if there is no such path."""
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise SandboxError(
            f"user {os.getuid()}, who runs the student's code, cannot reach {path}: "
            "let others enter its parent folders (chmod o+x), or move it to where they can"
        ) from None


def _syscall(number: int, *arguments: object) -> int:
    numbers_widened = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    return _libc.syscall(ctypes.c_long(number), *numbers_widened)


def _checked(result: int, action: str) -> int:
    if result < 0:
        raise SandboxError(f"Landlock is there but did not {action}: {os.strerror(ctypes.get_errno())}")
    return result
