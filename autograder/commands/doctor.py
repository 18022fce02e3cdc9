"""doctor: what this machine gives to confine student code, and what to do about what is missing."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.errors import AutograderError, SandboxError

DESCRIPTION = """\
Print which layers of confinement this machine has, and what to do about a missing one; then read every
assignment, with warnings where students would not see what you expect; then run a small submission through
the sandbox. Exit status 1 if an assignment or the sandbox does not work.

examples:
  python -m autograder doctor
  python -m autograder doctor --smoke     only the trial run, one line (setup.sh ends with it)
"""

_SUBMISSION = """
import fractions  # loaded lazily from the standard library, which the student user must be able to read

def probe(x):
    return x + fractions.Fraction(1, 2)
"""


def main(arguments: list[str]) -> int:
    """Show the layers, then try the sandbox."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder doctor",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--smoke", action="store_true", help="only the trial run")
    options = parser.parse_args(arguments)
    sound = True
    if not options.smoke:
        _show_layers()
        sound = _show_assignments()
    try:
        layers = trial_run()
    except AutograderError as error:
        print(f"The sandbox does not work here: {error}")
        return 1
    print(f"The sandbox works. In force: {', '.join(layers) or 'nothing but a process of its own'}.")
    return 0 if sound else 1


def trial_run() -> tuple[str, ...]:
    """Load a small submission in the sandbox and call it; gives the layers in force.

    Raises SandboxError with the reason if it does not answer as it should.
    """
    import contextlib

    from autograder.function_spec import FunctionSpec
    from autograder.sandbox.confinement import Limits
    from autograder.sandbox.launch import launch
    from autograder.sandbox.nursery_host import Nursery
    from autograder.sandbox.slots import claimed_user
    from autograder.sandbox.student import Student
    from autograder.sandbox.workspace import Workspace
    from autograder.signature import parse_signature
    from autograder.staging import stage
    from autograder.submission import Wanted, read_submission

    specs = {"probe": FunctionSpec("probe", "probe.py", parse_signature("x -> y"))}
    with contextlib.ExitStack() as stack:
        close: Callable = lambda thing: stack.enter_context(contextlib.closing(thing))  # noqa: E731
        user = stack.enter_context(claimed_user())
        handed_in = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (handed_in / "probe.py").write_text(_SUBMISSION)
        workspace = close(Workspace(user))
        stage(handed_in, workspace.submission)
        submission = read_submission(workspace.submission, {"probe": Wanted("probe.py", ())})
        nursery = close(Nursery(launch(with_torch=False)))
        student = close(Student(nursery, workspace, submission, specs, Limits(), user))
        with student.session("probe", 1) as session:
            reply = session.call("probe", 0.5)
        if reply.value != 1.0:
            raise SandboxError(f"a call that should give 1.0 gave {reply.value!r} ({reply.failure})")
        return student.report.layers


def _show_assignments() -> bool:
    """One line for each assignment, and its warnings; false where one is wrong."""
    from autograder.assignment import load_assignment, load_cases, load_reference
    from autograder.declared import declared_tests
    from autograder.race import load_race
    from autograder.staff_warnings import staff_warnings

    sound = True
    for path in sorted((Path(__file__).resolve().parents[2] / "assignments").glob("*.toml")):
        try:
            assignment = load_assignment(path.stem)
            tests = declared_tests(assignment, load_cases(assignment))
            load_reference(assignment)
            load_race(assignment)
        except AutograderError as error:
            sound = False
            print(f"NO  {error}")
            continue
        print(f"yes {assignment.file}: {len(tests)} tests, {assignment.points:g} points")
        for warning in staff_warnings(assignment, tests):
            print(f"      warning: {warning}")
    print()
    return sound


def _show_layers() -> None:
    from autograder.sandbox.confinement import layers

    for layer in layers():
        print(f"{'yes' if layer.present else 'NO ':<4}{layer.name}: {layer.detail}")
        if layer.remedy:
            print(f"      {layer.remedy}")
    print()
