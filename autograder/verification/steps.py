"""A zip unpacked, set up and used in a root of the platform's: every example, every known mistake."""

from __future__ import annotations

import filecmp
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.assignment import Assignment
from autograder.errors import AutograderError
from autograder.examples import Example, differences
from autograder.package import write_package
from autograder.report.received import receive
from autograder.submission import read_submission
from autograder.verification.containers import Advice, Load, advise, timeout_minutes
from autograder.verification.measured import Measured, measure
from autograder.verification.root import Root, hand_in, unpack

SETUP_SECONDS = 1800.0
PROOF_SECONDS = 1800.0
SAID = 12  # lines of what a command said that are told where it failed
PYTHON = "./.venv/bin/python"
HAS_TORCH = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
Step = Callable[[str], AbstractContextManager[None]]  # around a step, with what it is called


@dataclass(frozen=True)
class Tried:
    """One example as it was graded. layers: of confinement, as staff are told. problems: none if all is well.

    torch: whether the example imports it.
    """

    example: Example
    measured: Measured
    layers: tuple[str, ...]
    problems: tuple[str, ...]
    torch: bool = False


@dataclass(frozen=True)
class Findings:
    """What a verification found. left_out: what was not tried, each with the reason.

    mistakes: the proof in one line. problems: everything that must be mended, each with its place.
    """

    setup: Measured
    tried: tuple[Tried, ...]
    mistakes: str
    advice: Advice | None
    left_out: tuple[str, ...]
    problems: tuple[str, ...]


def verify(
    package: Path, assignment: Assignment, examples: Sequence[Example], root: Root, step: Step
) -> Findings:
    """Install the package in an empty root, grade every example there, and run every known mistake.

    Raises AutograderError where it cannot even be installed.
    """
    unpack(package, root)
    with step("setup.sh"):
        setup = _set_up(root)
    torch = _status(root, [PYTHON, "-c", HAS_TORCH]) == 0
    tried, left_out = [], []
    for example in examples:
        needs_torch = read_submission(example.submission, {}).imports_torch
        if needs_torch and not torch:
            left_out.append(f"example {example.name}: requirements.txt installs no torch")
            continue
        with step(f"example {example.name}"):
            tried.append(_try(example, assignment, root, needs_torch))
    with step("known mistakes"):
        mistakes, holes = _prove(assignment, root)
    advice = _advice(tried, assignment)
    problems = [
        *_not_reproducible(package, assignment),
        *(f"example {one.example.name}: {problem}" for one in tried for problem in one.problems),
        *holes,
        *_about_user(root, tried),
        *_no_container(advice),
    ]
    return Findings(setup, tuple(tried), mistakes, advice, (*left_out, *root.untried), tuple(problems))


def _set_up(root: Root) -> Measured:
    with tempfile.TemporaryFile() as output:
        measured = measure(root.start(root.setup, "", root.setup_environment, output), SETUP_SECONDS)
        if measured.status == 0:
            return measured
        raise AutograderError(
            f"setup.sh {_ended(measured, SETUP_SECONDS)}; it said:\n{_tail(output)}\n"
            "It needs a package index that pip can reach: `python -m pip download numpy` shows whether this "
            "machine reaches one. Without a network, --no-verify builds a zip that nothing was tried with."
        )


def _try(example: Example, assignment: Assignment, root: Root, torch: bool) -> Tried:
    """Grade an example the way the platform does, and compare."""
    hand_in(example.submission, root)
    seconds = timeout_minutes(assignment.limits) * 60
    environment = {**root.run_environment, "TIMEOUT_SECONDS": f"{seconds}"}
    with tempfile.TemporaryFile() as output:
        measured = measure(root.start(["./run_autograder"], "", environment, output), seconds)
        document, problems = _results(root, measured, seconds)
        if not problems:
            problems = differences(example.expected, document)
        failed = document.get("extra_data", {}).get("autograder_failed", {}).get("details")
        if failed or (problems and not document):
            problems.append(f"run_autograder said:\n{_tail(output)}")
    layers = document.get("extra_data", {}).get("confinement", [])
    return Tried(example, measured, tuple(layers), tuple(problems), torch)


def _results(root: Root, measured: Measured, seconds: float) -> tuple[dict[str, Any], list[str]]:
    """The results.json of the run, and why the platform would not show it."""
    if measured.status != 0:
        return {}, [f"run_autograder {_ended(measured, seconds)}"]
    try:
        data = (root.folder / "results" / "results.json").read_bytes()
    except OSError as error:
        return {}, [f"run_autograder left no results.json ({error.strerror})"]
    received = receive(data)
    if received.refusal or received.violations:
        return {}, [f"Gradescope does not take its results.json: {each}" for each in received.violations]
    return dict(json.loads(data)), []


def _prove(assignment: Assignment, root: Root) -> tuple[str, list[str]]:
    """Whether each known mistake loses points, with the cases and the key that the package holds."""
    command = [PYTHON, "-m", "autograder", "prove", "--assignment", assignment.name, "--points"]
    with tempfile.TemporaryFile() as output:
        process = root.start(command, "source", root.run_environment, output)
        measured = measure(process, PROOF_SECONDS)
        said = _text(output).strip().splitlines() or ["nothing"]
        if measured.status == 0:
            return said[0], []
        found = [line.strip().removeprefix("- ") for line in said if line.startswith("  - ")]
        return said[0], found or [f"`prove` {_ended(measured, PROOF_SECONDS)}; it said:\n{_tail(output)}"]


def _advice(tried: Sequence[Tried], assignment: Assignment) -> Advice | None:
    """None where something failed: what stopped early says nothing about how long it takes."""
    if not tried or any(one.problems for one in tried):
        return None
    limits = assignment.limits
    loads = [
        Load(one.example.name, one.measured, limits.torch_memory_mb if one.torch else limits.memory_mb)
        for one in tried
    ]
    return advise(loads, limits)


def _not_reproducible(package: Path, assignment: Assignment) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / package.name
        write_package(assignment, again)
        if not filecmp.cmp(package, again, shallow=False):
            yield "the zip built a second time is another one: is something changing the project's files?"


def _about_user(root: Root, tried: Sequence[Tried]) -> Iterator[str]:
    """Whether student code ran as the user that setup.sh made for it."""
    if not root.user or not tried:
        return
    wrong = [one for one in tried if one.layers and f"user {root.user}" not in one.layers]
    if wrong or not any(one.layers for one in tried):
        layers = ", ".join(wrong[0].layers) if wrong else "none"
        yield f"student code did not run as the user {root.user}: the layers in force were {layers}"


def _no_container(advice: Advice | None) -> Iterator[str]:
    if advice is not None and advice.container is None:
        slowest, largest = advice.slowest, advice.largest
        yield (
            f"no container of Gradescope's suffices: {slowest.name} takes {slowest.measured.cpu_seconds:.0f} "
            f"s of computing, and {largest.name} {largest.needed_mb:.0f} MB, its limit included: shorten the "
            "tests, or change [limits] in the assignment"
        )


def _status(root: Root, command: Sequence[str]) -> int | None:
    process = root.start(command, "source", root.run_environment, subprocess.DEVNULL)
    return measure(process, SETUP_SECONDS).status


def _ended(measured: Measured, seconds: float) -> str:
    if measured.status is None:
        return f"was ended after {seconds:.0f} seconds"
    return f"ended with status {measured.status}"


def _text(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode("utf-8", "replace")


def _tail(output: IO[bytes]) -> str:
    lines = _text(output).strip().splitlines()[-SAID:]
    return "\n".join(f"    {line}" for line in lines or ["(nothing)"])
