"""How long grading `perfect` takes from the command line to results.json, and how much memory.

    python -m benchmarks.start_to_finish [--runs 7]

Times are compared with the least that a grader without any isolation needs,
`python -c "import numpy, gradescope_utils"`, measured in turn with ours in the same run. The student's own
computing (the same calls, made in this process) is taken off first. Memory is the largest sum, over all
our processes, of what each has for itself and its share of what it shares (PSS).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from autograder.one_thread import ONE_THREAD

os.environ.update(ONE_THREAD)

from autograder.assignment import load_assignment, load_cases, load_reference
from autograder.content import load_functions_from
from autograder.runner import run
from autograder.sandbox.processes import descendants
from autograder.solutions import Reference
from benchmarks.machine import machine

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "submissions_example" / "perfect"
LEAST = [sys.executable, "-c", "import numpy, gradescope_utils"]
TIMES_ALLOWED = 4.0
MEGABYTES_ALLOWED = 300


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def student_seconds() -> float:
    """The time that the student's functions take for all calls of all tests, in this process."""
    assignment = load_assignment("exam")
    files: dict[str, list[str]] = {}
    for spec in assignment.functions.values():
        files.setdefault(spec.file, []).append(spec.name)
    functions = load_functions_from(EXAMPLE / "submission", "perfect", files)
    solution = Reference(functions, assignment.functions)
    key = Reference(load_reference(assignment), assignment.functions)
    cases = load_cases(assignment)
    run(assignment, cases, solution, key)
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


def peak_megabytes(command: list[str]) -> float:
    """The largest total PSS of a command and everything below it, looked at every 5 ms."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    largest = 0.0
    while process.poll() is None:
        family = {process.pid, *descendants(process.pid)}
        largest = max(largest, sum(map(_pss, family)))
        threading.Event().wait(0.005)
    return largest / 1024


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith("Pss:")), 0.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "results.json")
        ours = [sys.executable, "-m", "autograder", "grade", str(EXAMPLE), "--output", output]
        seconds(ours), seconds(LEAST)
        pairs = [(seconds(LEAST), seconds(ours)) for _ in range(runs)]
        memory = peak_megabytes(ours)
    student = student_seconds()
    least = statistics.median(pair[0] for pair in pairs)
    whole = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median((pair[1] - student) / pair[0] for pair in pairs)
    print(f"machine: {machine()}")
    print(
        f"least: {least:.2f} s   grading: {whole:.2f} s, "
        f"of which the student's own computing: {student:.2f} s"
    )
    print(f"ratio: {ratio:.1f} (aim: at most {TIMES_ALLOWED:g})")
    print(f"peak memory: {memory:.0f} MB (aim: below {MEGABYTES_ALLOWED})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
