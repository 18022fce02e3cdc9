"""The process that loads a student's files and runs the cases: told by a supervisor what to do."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, NoReturn

from autograder.assignment import Assignment, assignment_of, load_cases
from autograder.call_graph import used_functions
from autograder.case import GradedCase
from autograder.check.in_process import InProcess, KnownLosses
from autograder.check.job import Job, decoded_job
from autograder.check.watchdog import Watchdog, frames_of
from autograder.declared import DeclaredTest, declared_tests
from autograder.explainer import Explainer, explained
from autograder.findings import CallFailed
from autograder.forbidden import Forbidden
from autograder.overview import overview
from autograder.recorded import Recorded
from autograder.result_format import TestResult
from autograder.runner import Run, run
from autograder.staging import StagedSubmission
from autograder.submission import Submission, Wanted, read_submission
from autograder.toml_table import Table
from autograder.values import FailureKind

EXPIRED = 86  # any status will do: the supervisor has been told why


def main() -> NoReturn:
    """Do the job on standard input, say on standard output what happens, and end this process."""
    say = _speaker()
    job = decoded_job(sys.stdin.readline())
    _keep_to_ourselves()
    try:
        with open(job.last_words, "w") as last_words:
            faulthandler.enable(file=last_words, all_threads=False)
            say(_Check(job, say).outcome())
    except Exception:
        say({"broken": traceback.format_exc()})
    # Threads and exit handlers that student code left have no say in when this ends.
    os._exit(0)


class _Check:
    def __init__(self, job: Job, say: Callable[[dict[str, Any]], None]) -> None:
        self._job = job
        self._say = say
        entries = json.loads((job.files / "assignment.json").read_text(encoding="utf-8"))
        self._assignment: Assignment = assignment_of(Table(entries, "assignment.json"), "check", job.files)
        self._cases = load_cases(self._assignment)
        self._tests = declared_tests(self._assignment, self._cases)

    def outcome(self) -> dict[str, Any]:
        """Run everything; gives the last message."""
        chosen = [test for test in self._tests if self._is_chosen(test)]
        if not chosen:
            numbers = ", ".join(question.number for question in self._assignment.questions)
            return {"usage": f"no test is called {' or '.join(self._job.only)}; the questions are {numbers}"}
        self._say({"total": len(chosen)})
        specs = self._assignment.functions
        wanted = {name: Wanted(spec.file, spec.aliases) for name, spec in specs.items()}
        submission = read_submission(self._job.folder, wanted)
        student = self._student(submission)
        outcome = run(
            self._assignment,
            self._cases,
            student,
            Recorded(self._job.files / "expected.npz"),
            on_result=lambda result: self._say({"done": result.extra_data["test"]}),
            only=lambda test: self._is_chosen(test) and test.name not in self._job.skip,
        )
        staged = StagedSubmission(self._job.folder, (), self._job.skipped)
        declared = {test.name: test for test in chosen}
        results = _results(outcome, self._assignment, submission)
        return {
            "title": self._assignment.title,
            "tests": [_entry(result, declared[name]) for name, result in results.items()],
            "overview": overview(self._assignment, submission, staged, student.report),
            "unfinished": _unfinished(outcome),
        }

    def _is_chosen(self, test: DeclaredTest) -> bool:
        only = self._job.only
        return not only or any(f"{test.number}.".startswith(f"{number.rstrip('.')}.") for number in only)

    def _student(self, submission: Submission) -> InProcess:
        job, main_thread = self._job, threading.get_ident()
        student: InProcess | None = None

        def expired(kind: FailureKind) -> None:
            frames = frames_of(main_thread, student.own_file) if student is not None else ()
            self._say({"expired": kind, "frames": [asdict(frame) for frame in frames]})
            os._exit(EXPIRED)

        student = InProcess(
            job.folder,
            submission,
            self._assignment.functions,
            self._assignment.limits,
            Watchdog(expired, lambda: self._say({"alive": True})),
            lambda *place: self._say({"at": place}),
            KnownLosses(job.calls, job.first_load, job.second_load),
            Forbidden(self._assignment, self._tests, submission),
        )
        return student


def _results(outcome: Run, assignment: Assignment, submission: Submission) -> dict[str, TestResult]:
    """The results by test name, with what only the whole run can tell, as far as that needs no key."""
    results = {str(result.extra_data["test"]): result for result in outcome.results}
    finished = [(case, test) for case, test in outcome.finished if isinstance(case, GradedCase)]
    uses = used_functions(submission.files, submission.functions)
    explainer = Explainer(finished, {}, assignment.functions, [], uses)
    for result in explained(outcome.results, finished, explainer, rubric=False):
        results[str(result.extra_data["test"])] = result
    return results


def _entry(result: TestResult, test: DeclaredTest) -> dict[str, Any]:
    """A test as the supervisor shows it. Where something of ours failed, the reason is shown as well."""
    ours = str(result.extra_data.get("autograder_failed", "")).strip().splitlines()
    return {
        "test": test.name,
        "number": test.number,
        "title": test.title,
        "function": test.tags[0] if test.tags else "",
        "passed": result.status == "passed",
        "points": result.points,
        "output": "\n".join([result.output, *ours[-1:]]),
    }


def _unfinished(outcome: Run) -> dict[str, str]:
    """The function that is a stub, by the name of each test that ended there."""
    return {
        test.name: finding.function
        for case, test in outcome.finished
        if isinstance(case, GradedCase)
        for finding in case.findings
        if isinstance(finding, CallFailed) and finding.failure.kind == "stub"
    }


def _speaker() -> Callable[[dict[str, Any]], None]:
    """Gives the function that tells the supervisor something, from any thread."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    lock = threading.Lock()

    def say(message: dict[str, Any]) -> None:
        with lock:
            channel.write(json.dumps(message) + "\n")
            channel.flush()

    return say


def _keep_to_ourselves() -> None:
    """What student code prints outside of its functions goes nowhere; input() finds nothing to read."""
    warnings.simplefilter("ignore")  # as where submissions are graded
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    sys.stdin = os.fdopen(nowhere, encoding="utf-8")
    sys.stdout = sys.stderr = os.fdopen(os.dup(nowhere), "w", encoding="utf-8")
