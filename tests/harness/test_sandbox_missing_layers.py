"""A machine that lacks a layer of confinement: grading works, the report says which layers there are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import launch, processes
from autograder.sandbox.nursery_host import Nursery
from tests.harness.forks import needs_linux, needs_root
from tests.harness.red_team import assert_nobody_else_is_harmed, failure_of_call
from tests.harness.sandboxed import Sandboxed, sandbox

WITHOUT = {
    "seccomp": "seccomp.available = lambda: False",
    "landlock": "landlock.abi_version = lambda: 0",
    "both": "seccomp.available = lambda: False; landlock.abi_version = lambda: 0",
}


@pytest.fixture(params=WITHOUT)
def poorer(request, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Sandboxed, str]]:
    """A sandbox whose nursery believes that the kernel lacks a layer."""
    unaware = f"from autograder.sandbox import landlock, seccomp; {WITHOUT[request.param]}\nmain("
    with monkeypatch.context() as patched:
        patched.setattr(launch, "_PROGRAM", launch._PROGRAM.replace("\nmain(", f"\n{unaware}"))
        launched = launch.launch(with_torch=False)
    with contextlib.closing(Nursery(launched)) as nursery, sandbox(nursery, tmp_path) as box:
        yield box, request.param


def test_grading_works_and_names_the_layers_in_force(poorer: tuple[Sandboxed, str]) -> None:
    box, missing = poorer
    student = box.student("import numpy as np\ndef f(x=None): return float(np.ones(3).sum())\n")
    with student.session("a", 1) as test:
        reply = test.call("f")
    layers = " ".join(student.report.layers)

    assert reply.value == 3.0
    assert "limits" in layers
    assert ("seccomp" in layers) == (missing == "landlock")
    assert ("landlock" in layers) == (missing == "seccomp")


@needs_linux
@pytest.mark.parametrize("moment", ["while loading", "in a call"])
def test_a_process_that_leaves_its_group_is_still_found(poorer: tuple[Sandboxed, str], moment: str) -> None:
    box, _ = poorer
    source = """
    import os, time
    def leave():
        if os.fork() == 0:
            try: os.setsid()
            except OSError: pass
            if os.fork() == 0: time.sleep(600)
            os._exit(0)
        return 1
    """
    source += "    leave()\n    def f(x=None): return 1" if moment == "while loading" else "    f = leave"
    student = box.student(source.replace("f = leave", "def f(x=None): return leave()"))
    failure_of_call(student)
    student.close()

    assert_nobody_else_is_harmed(box)


@needs_root
def test_even_a_process_that_hops_from_fork_to_fork_is_ended_with_its_user(
    poorer: tuple[Sandboxed, str],
) -> None:
    box, _ = poorer
    student = box.student("""
    import os
    def f(x=None):
        if os.fork() == 0:
            os.setsid()
            while True:
                if os.fork() != 0: os._exit(0)
        return 1
    """)
    failure_of_call(student)
    student.close()

    assert processes.descendants(box.nursery.pid) == set()
    assert_nobody_else_is_harmed(box)
