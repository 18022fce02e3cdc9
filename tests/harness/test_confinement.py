"""What student code cannot do once it is confined, and what it still can: each promise in a fork."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import confinement, interpreter_paths, landlock, seccomp
from autograder.sandbox.confinement import Limits
from tests.harness.forks import (
    exit_of_fork,
    in_child,
    is_refused,
    needs_landlock,
    needs_linux,
    needs_reachable_python,
    needs_root,
    needs_seccomp,
    outcome,
)


@pytest.fixture
def project() -> Iterator[Path]:
    """A folder that every user can enter, with a key that every user may read and a scratch folder."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ("submission", "scratch"):
        (folder / name).mkdir()
    (folder / "scratch").chmod(0o777)
    (folder / "key.py").write_text("secret")
    (folder / "submission" / "layers.py").write_text("answer = 42")
    yield folder
    shutil.rmtree(folder)


def confined(project: Path, act: Callable[[], object]) -> object:
    def confine_and_act() -> object:
        confinement.confine(
            user=confinement.student_user(),
            limits=Limits(),
            readable=[project / "submission"],
            writable=[project / "scratch"],
        )
        return act()

    return in_child(confine_and_act)


@needs_root
@needs_reachable_python
@needs_landlock
@needs_seccomp
def test_confine_names_the_layers_in_force(project):
    user = confinement.student_user()
    names = in_child(lambda: confinement.confine(user=user, limits=Limits(), readable=[], writable=[project]))
    assert names == [f"user {user.name}", "limits", f"landlock {landlock.abi_version()}", "seccomp"]


@needs_root
@needs_reachable_python
def test_student_code_runs_as_the_student_user(project):
    assert confined(project, lambda: [*os.getresuid()]) == [confinement.student_user().uid] * 3


@needs_linux
@needs_reachable_python
def test_student_code_cannot_use_up_the_memory(project):
    assert confined(project, lambda: len(bytearray(600 << 20))).startswith("MemoryError")


@needs_reachable_python
def test_the_submission_can_be_read_and_imported(project):
    def act():
        sys.path.insert(0, str(project / "submission"))
        sys.modules.pop("layers", None)
        return __import__("layers").answer

    assert confined(project, act) == 42


@needs_reachable_python
@needs_landlock
def test_the_key_cannot_be_read_even_if_its_mode_lets_everyone(project):
    assert is_refused(confined(project, (project / "key.py").read_text))
    assert is_refused(confined(project, lambda: os.listdir(project)))


@needs_reachable_python
@needs_landlock
def test_a_link_to_the_key_opens_nothing(project):
    (project / "submission" / "link.py").symlink_to(project / "key.py")
    assert is_refused(confined(project, (project / "submission" / "link.py").read_text))


@needs_reachable_python
def test_only_the_scratch_folder_can_be_written(project):
    def write(folder: str) -> Callable[[], object]:
        return lambda: (project / folder / "new.txt").write_text("hello")

    assert confined(project, write("scratch")) == 5
    assert is_refused(confined(project, write("submission")))
    assert is_refused(confined(project, write(".")))


@needs_reachable_python
@needs_landlock
def test_nothing_about_other_processes_can_be_read(project):
    parent = os.getpid()
    assert is_refused(confined(project, Path(f"/proc/{parent}/environ").read_bytes))
    assert is_refused(confined(project, Path(f"/proc/{parent}/cmdline").read_bytes))


@needs_reachable_python
def test_the_standard_library_still_imports_and_output_can_be_discarded(project):
    def act():
        import colorsys  # never imported before: it has to be found on disk

        Path(os.devnull).write_text("discarded")
        return [
            colorsys.rgb_to_hsv(1, 1, 1),
            len(os.urandom(4)),
            len(Path("/dev/urandom").open("rb").read(4)),
        ]

    assert confined(project, act) == [[0.0, 0.0, 1], 4, 4]


@needs_reachable_python
@needs_seccomp
def test_a_listening_port_of_this_machine_cannot_be_reached(project):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert in_child(lambda: socket.create_connection(address, 5).close()) is None
        assert is_refused(confined(project, lambda: socket.create_connection(address, 5).close()))


@needs_reachable_python
@needs_seccomp
def test_no_socket_can_be_made_and_no_program_started(project):
    assert is_refused(confined(project, lambda: socket.socket(type=socket.SOCK_DGRAM).close()))
    assert is_refused(confined(project, lambda: subprocess.run([sys.executable, "-c", ""], check=True)))


@needs_reachable_python
@needs_seccomp
def test_the_parent_cannot_be_signalled(project):
    parent = os.getpid()
    assert is_refused(confined(project, lambda: os.kill(parent, 0)))


@needs_reachable_python
def test_a_channel_that_was_open_before_still_works_both_ways(project):
    ours, theirs = socket.socketpair()
    ours.sendmsg([b"ping"])

    def act():
        question = theirs.recvmsg(4)[0]
        theirs.sendmsg([question + b" pong"])
        return question.decode()

    with ours, theirs:
        assert confined(project, act) == "ping"
        assert ours.recv(100) == b"ping pong"


@needs_reachable_python
@needs_seccomp
def test_a_test_process_is_forked_first_and_forks_no_more(project):
    def in_the_test_process() -> int:
        assert confinement.forbid_processes()
        return 7 if is_refused(outcome(os.fork)) else 8

    assert confined(project, lambda: exit_of_fork(in_the_test_process)) == 7


@needs_reachable_python
def test_numpy_computes_under_every_layer(project):
    def act():
        confinement.forbid_processes()
        import numpy as np

        return float((np.ones((300, 300)) @ np.ones((300, 300))).sum())

    assert confined(project, act) == 300.0**3


@needs_root
def test_root_without_a_user_is_not_confined_but_told():
    result = in_child(lambda: confinement.confine(user=None, limits=Limits(), readable=[], writable=[]))
    assert result.startswith("SandboxError: confine() needs a user")


@needs_linux
def test_a_process_with_a_second_thread_is_not_confined_but_told():
    def act():
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        confinement.confine(user=None, limits=Limits(), readable=[], writable=[])

    assert "this one has 2 threads" in in_child(act)


# Machines that lack a layer


def test_a_system_without_the_layers_says_so_and_raises_nothing(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.abi_version() == 0
    assert landlock.restrict([], []) == 0
    assert seccomp.available() is False
    assert seccomp.install(seccomp.TEST) is False
    assert confinement.forbid_processes() is False
    absent = [layer for layer in confinement.layers() if not layer.present]
    assert {"platform", "Landlock", "seccomp", "resource limits"} <= {layer.name for layer in absent}
    assert all(layer.remedy.endswith(".") for layer in absent)


def test_an_unknown_processor_has_no_seccomp(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seccomp.available() is False


def test_an_interpreter_behind_a_closed_folder_is_named_with_its_remedy(monkeypatch, project):
    closed = project / "closed"
    (closed / "python").mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(confinement, "interpreter_prefixes", lambda: (closed / "python",))
    (layer,) = (layer for layer in confinement.layers() if layer.name == "interpreter")
    assert not layer.present
    assert f"chmod o+x {closed}" in layer.remedy


def test_a_folder_that_everyone_can_enter_is_reachable():
    assert interpreter_paths.unreachable_folder(Path("/usr")) is None


def test_of_a_shared_prefix_only_pythons_folders_are_granted(monkeypatch):
    monkeypatch.setattr(interpreter_paths, "interpreter_prefixes", lambda: (Path("/usr"),))
    granted = interpreter_paths.system_paths.__wrapped__()
    assert Path("/usr") not in granted
    assert Path("/usr/bin").resolve() in granted
    assert Path("/usr/lib").resolve() in granted


def test_a_prefix_of_pythons_own_is_granted_whole(monkeypatch, tmp_path):
    monkeypatch.setattr(interpreter_paths, "interpreter_prefixes", lambda: (tmp_path,))
    assert tmp_path.resolve() in interpreter_paths.system_paths.__wrapped__()


@needs_landlock
def test_a_failing_layer_is_an_error_of_ours_and_not_ignored(monkeypatch):
    monkeypatch.setattr(landlock, "_RESTRICT_SELF", 100000)
    with pytest.raises(SandboxError, match="Landlock is there but did not restrict the process"):
        landlock.restrict([], [])
