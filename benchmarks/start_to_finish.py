"""How long grading `perfect` takes from the command line to results.json, and how much memory.

    python -m benchmarks.start_to_finish [--runs 7]

Grading is what `run_autograder` does on Gradescope. It is compared with two others, measured in turn with it
in the same run: the least that any grader needs, `python -c "import numpy, gradescope_utils"`, where the
student's own computing is taken off first; and the same tests with the submission in the grader's own
process, with no isolation at all. Memory is the largest sum, over all our processes, of what each has for
itself and its share of what it shares (PSS).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.one_thread import ONE_THREAD

os.environ.update(ONE_THREAD)

from autograder.assignment import Assignment, load_assignment, load_cases, load_reference
from autograder.case import GradedCase
from autograder.content import load_functions_from
from autograder.runner import run
from autograder.sandbox.processes import descendants
from autograder.solutions import Reference
from autograder.verification.measured import memory_mb
from benchmarks.machine import machine

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "submissions_example" / "perfect"
UNISOLATED = [sys.executable, "-m", "benchmarks.start_to_finish", "--unisolated"]
LEAST = [sys.executable, "-c", "import numpy, gradescope_utils"]
FULL_MARKS = 100.0
TIMES_ALLOWED = 4.0
MEGABYTES_ALLOWED = 300


def seconds(command: list[str], root: Path | None = None) -> float:
    environment = {**os.environ, **({"AUTOGRADER_ROOT": str(root)} if root else {})}
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - started


def platform_root(folder: Path) -> Path:
    """The folders that Gradescope gives, with the example as what was handed in."""
    shutil.copytree(EXAMPLE / "submission", folder / "submission")
    (folder / "results").mkdir()
    (folder / "submission_metadata.json").write_text("{}")
    folder.chmod(0o755)
    return folder


def run_in_this_process() -> tuple[Assignment, list[type[GradedCase]], Reference, Reference]:
    """Grade the example with its functions loaded here; gives what that took to do again."""
    assignment = load_assignment("exam")
    files: dict[str, list[str]] = {}
    for spec in assignment.functions.values():
        files.setdefault(spec.file, []).append(spec.name)
    functions = load_functions_from(EXAMPLE / "submission", "perfect", files)
    solution = Reference(functions, assignment.functions)
    key = Reference(load_reference(assignment), assignment.functions)
    cases = load_cases(assignment)
    run(assignment, cases, solution, key)
    return assignment, cases, solution, key


def student_seconds() -> float:
    """The time that the student's functions take for all calls of all tests, in this process."""
    assignment, cases, solution, key = run_in_this_process()
    spent = []
    for case in cases:
        original = case.call

        def call(self, function, *arguments, original=original):  # type: ignore[no-untyped-def]
            answer = original(self, function, *arguments)
            spent.append(answer.actual.seconds)
            return answer

        case.call = call  # type: ignore[method-assign]
    run(assignment, cases, solution, key)
    return sum(spent)


def peak_megabytes(command: list[str], root: Path) -> float:
    """The largest total PSS of a command and everything below it, looked at every 5 ms."""
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root)}
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=environment)
    largest = 0.0
    while process.poll() is None:
        largest = max(largest, memory_mb({process.pid, *descendants(process.pid)}))
        time.sleep(0.005)
    return largest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--unisolated", action="store_true", help="only grade, without isolation or a report")
    options = parser.parse_args()
    if options.unisolated:
        run_in_this_process()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        root = platform_root(Path(folder))
        ours = [sys.executable, "-m", "autograder", "gradescope"]
        seconds(ours, root), seconds(LEAST), seconds(UNISOLATED)
        rounds = [(seconds(LEAST), seconds(ours, root), seconds(UNISOLATED)) for _ in range(options.runs)]
        memory = peak_megabytes(ours, root)
        score = json.loads((root / "results" / "results.json").read_text())["score"]
    student = student_seconds()
    least, whole, unisolated = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median((ours - student) / least for least, ours, _ in rounds)
    price = statistics.median(ours / unisolated for _, ours, unisolated in rounds)
    print(f"machine: {machine()}")
    if score != FULL_MARKS:
        print(f"perfect scored {score:g}, not {FULL_MARKS:g}: these times mean nothing", file=sys.stderr)
        return 1
    print(
        f"least: {least:.2f} s   grading: {whole:.2f} s   grading without isolation: {unisolated:.2f} s   "
        f"the student's own computing: {student:.2f} s"
    )
    print(f"against the least: {ratio:.1f} times (aim: at most {TIMES_ALLOWED:g})")
    print(f"against the same tests without isolation: {price:.2f} times")
    print(f"peak memory: {memory:.0f} MB (aim: below {MEGABYTES_ALLOWED})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
