"""Landlock by itself, without another user and without seccomp."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable

import pytest

from autograder.sandbox import confinement, landlock
from tests.harness.forks import in_child, is_refused, needs_landlock, needs_root, outcome


def restricted(act: Callable[[], object], readable: list, writable: list) -> object:
    return in_child(lambda: [landlock.restrict(readable, writable), act()][1])


@needs_landlock
def test_a_readable_file_is_just_that_file(tmp_path):
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("2")

    def act():
        return [(tmp_path / "one").read_text(), *map(outcome, ((tmp_path / "two").read_text, append))]

    def append():
        with (tmp_path / "one").open("a") as file:
            file.write("more")

    one, two, appended = restricted(act, [tmp_path / "one"], [])
    assert one == "1"
    assert is_refused(two)
    assert is_refused(appended)


@needs_landlock
def test_a_writable_folder_takes_every_ordinary_operation(tmp_path):
    def act():
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "a" / "file").write_text("text")
        os.truncate(tmp_path / "a" / "file", 2)
        os.rename(tmp_path / "a" / "file", tmp_path / "a" / "b" / "moved")
        os.symlink("b", tmp_path / "a" / "link")
        content = (tmp_path / "a" / "link" / "moved").read_text()
        shutil.rmtree(tmp_path / "a")
        return [content, os.listdir(tmp_path)]

    assert restricted(act, [], [tmp_path]) == ["te", []]


@needs_landlock
def test_truncating_is_writing(tmp_path):
    if landlock.abi_version() < 3:
        pytest.skip("Landlock controls truncation from ABI 3 on")
    (tmp_path / "file").write_text("text")
    assert is_refused(restricted(lambda: os.truncate(tmp_path / "file", 0), [tmp_path], []))


@needs_landlock
def test_paths_that_do_not_exist_are_left_out(tmp_path):
    (tmp_path / "file").touch()
    paths = [tmp_path / "absent", tmp_path / "absent" / "deeper", tmp_path / "file" / "deeper"]
    assert in_child(lambda: landlock.restrict(paths, paths)) == landlock.abi_version()


@needs_root
@needs_landlock
def test_a_path_the_student_user_cannot_reach_is_told_with_its_remedy(tmp_path):
    (tmp_path / "closed" / "submission").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)

    def act():
        confinement.drop_privileges(confinement.student_user())
        landlock.restrict([tmp_path / "closed" / "submission"], [])

    message = in_child(act)
    assert message.startswith("SandboxError: user ")
    assert f"cannot reach {tmp_path}/closed/submission: let others enter" in message


@needs_landlock
def test_tcp_is_refused_on_sockets_that_seccomp_never_saw(tmp_path):
    if landlock.abi_version() < 4:
        pytest.skip("Landlock controls TCP from ABI 4 on")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as made_before:
        address = server.getsockname()
        assert is_refused(restricted(lambda: made_before.connect(address), [], []))
        assert is_refused(restricted(lambda: made_before.bind(("127.0.0.1", 0)), [], []))


@needs_landlock
def test_processes_outside_cannot_be_signalled_without_seccomp_either():
    if landlock.abi_version() < 6:
        pytest.skip("Landlock controls signals from ABI 6 on")
    parent = os.getpid()
    assert is_refused(restricted(lambda: os.kill(parent, 0), [], []))
    assert restricted(lambda: os.kill(os.getpid(), 0), [], []) is None


@needs_landlock
def test_an_abstract_socket_outside_cannot_be_reached():
    if landlock.abi_version() < 6:
        pytest.skip("Landlock controls abstract sockets from ABI 6 on")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(f"\0confinement{os.getpid()}")
        server.listen()
        assert is_refused(restricted(lambda: client.connect(server.getsockname()), [], []))
