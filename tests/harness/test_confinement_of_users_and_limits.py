"""Another user and resource limits: what each of the two layers promises by itself."""

from __future__ import annotations

import errno
import mmap
import os
import resource
import signal
import time
from collections.abc import Callable

import pytest

from autograder.sandbox import confinement
from autograder.sandbox.confinement import Limits, User
from tests.harness.forks import Died, in_child, is_refused, needs_linux, needs_root, outcome

MEGABYTE = 1 << 20


@needs_root
def test_the_student_user_cannot_become_root_again():
    def act():
        os.setgroups([0, 4])
        confinement.drop_privileges(confinement.student_user())
        attempts = (
            lambda: os.setuid(0),
            lambda: os.seteuid(0),
            lambda: os.setgid(0),
            lambda: os.setgroups([0]),
        )
        return [outcome(attempt) for attempt in attempts] + [
            os.getgroups(),
            [*os.getresuid()],
            [*os.getresgid()],
        ]

    user = confinement.student_user()
    *attempts, groups, uids, gids = in_child(act)
    assert all(map(is_refused, attempts))
    assert groups == []
    assert (uids, gids) == ([user.uid] * 3, [user.gid] * 3)


@needs_root
def test_root_is_no_student_user():
    result = in_child(lambda: confinement.drop_privileges(User(0, 0, "root")))
    assert result.startswith("SandboxError: user root has root's uid or gid")


@needs_root
def test_only_root_can_change_the_user():
    def act():
        confinement.drop_privileges(User(61000, 61000, "first"))
        confinement.drop_privileges(User(61001, 61001, "second"))

    assert in_child(act) == "SandboxError: only root can run student code as second: run as root"


@needs_root
def test_every_slot_has_a_user_of_its_own():
    users = [confinement.student_user(slot) for slot in range(5)]
    assert len({user.uid for user in users}) == 5
    assert 0 not in {user.uid for user in users}


def test_the_accounts_of_the_course_image_are_preferred(monkeypatch):
    accounts = {"student": (1001, 1002), "student2": (1003, 1004)}

    def getpwnam(name: str):
        uid, gid = accounts[name]
        return type("Account", (), {"pw_uid": uid, "pw_gid": gid})

    monkeypatch.setattr(confinement.pwd, "getpwnam", getpwnam)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    found = [confinement.student_user(slot) for slot in range(3)]
    assert found == [
        User(1001, 1002, "student"),
        User(1003, 1004, "student2"),
        User(61002, 61002, "uid 61002"),
    ]


def test_without_root_there_is_no_other_user(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert confinement.student_user() is None


def limited(act: Callable[[], object], *, own_user: bool = False, hard_cpu_seconds: int = 60, **limits: int):
    def limit_and_act() -> object:
        confinement.set_resource_limits(
            Limits(**limits), own_user=own_user, hard_cpu_seconds=hard_cpu_seconds
        )
        return act()

    return in_child(limit_and_act)


@needs_linux
def test_memory_beyond_the_limit_is_a_memory_error_and_memory_below_is_not():
    assert limited(lambda: len(bytearray(150 * MEGABYTE)), memory_mb=200) == 150 * MEGABYTE
    assert limited(lambda: len(bytearray(250 * MEGABYTE)), memory_mb=200).startswith("MemoryError")


@needs_linux
def test_what_was_mapped_before_does_not_count():
    before = mmap.mmap(-1, 400 * MEGABYTE)
    assert limited(lambda: len(bytearray(150 * MEGABYTE)), memory_mb=200) == 150 * MEGABYTE
    before.close()


def test_a_file_stops_growing_at_its_limit(tmp_path):
    result = limited(lambda: (tmp_path / "big").write_bytes(bytes(3 * MEGABYTE)), file_mb=1)
    assert result.startswith(f"OSError: [Errno {errno.EFBIG}]")
    assert (tmp_path / "big").stat().st_size == MEGABYTE


def test_descriptors_run_out_at_their_limit():
    def act():
        for _ in range(40):
            os.dup(0)

    assert limited(act, open_files=30).startswith(f"OSError: [Errno {errno.EMFILE}]")


def test_a_process_that_only_computes_is_killed_by_the_backstop():
    def act():
        while time.process_time() < 10:
            pass

    with pytest.raises(Died, match="SIGKILL"):
        limited(act, hard_cpu_seconds=1)


@needs_root
def test_the_processes_of_the_student_user_are_counted():
    def act():
        confinement.drop_privileges(User(61017, 61017, "crowd"))
        children = []
        try:
            while len(children) < 20:
                children.append(os.fork())
                if children[-1] == 0:
                    time.sleep(60)
                    os._exit(0)
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)

    assert limited(act, own_user=True, processes=5).startswith("BlockingIOError")


@needs_linux
def test_where_others_share_the_user_some_more_processes_than_there_are_may_start():
    before = resource.getrlimit(resource.RLIMIT_NPROC)
    soft, hard = limited(lambda: resource.getrlimit(resource.RLIMIT_NPROC), processes=5)
    assert soft == hard > 40
    assert before[1] == resource.RLIM_INFINITY or hard < before[1]


def test_a_limit_that_is_already_tighter_stays():
    def act():
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
        confinement.set_resource_limits(Limits(open_files=64), own_user=False)
        return resource.getrlimit(resource.RLIMIT_NOFILE)

    assert in_child(act) == [20, 20]
