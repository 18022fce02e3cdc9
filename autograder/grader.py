"""Grading submissions of one assignment: each one staged, confined, run, and written down.

A Grader lives through as many submissions as wanted: NumPy is imported once, not once a student.
"""

from __future__ import annotations

import contextlib
import time
import unittest
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, load_cases, load_reference
from autograder.call_graph import used_functions
from autograder.case import GradedCase, Observer
from autograder.declared import DeclaredTest, declared_tests
from autograder.forbidden import Forbidden
from autograder.metadata import PreviousSubmission
from autograder.mistake import Mistake
from autograder.mistakes_loader import load_mistakes
from autograder.overview import overview
from autograder.progress import progress
from autograder.race import load_race, run_race
from autograder.result_format import Results, TestResult
from autograder.results import ResultsWriter
from autograder.runner import Run, not_run, run
from autograder.sandbox.confinement import Limits, User
from autograder.sandbox.launch import Launched, launch
from autograder.sandbox.load_report import LoadReport
from autograder.sandbox.nursery_host import Nursery
from autograder.sandbox.slots import claimed_user
from autograder.sandbox.student import Student
from autograder.sandbox.workspace import Workspace
from autograder.settings import LimitSettings
from autograder.solutions import Reference
from autograder.staging import stage
from autograder.submission import Submission, Wanted, read_submission

WRITE_SECONDS = 5.0  # kept back for the last write, whatever the tests take


@dataclass(frozen=True)
class Graded:
    """One graded submission: the results, and what only staff are told."""

    results: Results
    submission: Submission
    report: LoadReport
    tried: Mapping[str, int]


class Grader:
    """Grades submissions of one assignment. Use as a context manager; `launched` may come from earlier.

    Raises AssignmentError at once if the assignment, its cases or its key are wrong.
    """

    def __init__(self, assignment: Assignment, launched: Launched | None = None) -> None:
        self.assignment = assignment
        self._nurseries = {False: Nursery(launched or launch(with_torch=False))}
        try:
            self.cases: Sequence[type[unittest.TestCase]] = load_cases(assignment)
            self.tests: list[DeclaredTest] = declared_tests(assignment, self.cases)
            self._reference = load_reference(assignment)
            self._key = Reference(self._reference, assignment.functions)
            self._mistakes: list[Mistake] | None = None
            self._race = load_race(assignment)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for nursery in self._nurseries.values():
            nursery.close()

    def cpu_seconds(self) -> float:
        """Used so far, by this process and by the submissions that are done."""
        return time.process_time() + sum(nursery.cpu_seconds() for nursery in self._nurseries.values())

    def grade(
        self,
        source: Path,
        writer: ResultsWriter,
        *,
        seconds: float | None = None,
        previous: Sequence[PreviousSubmission] = (),
        on_result: Callable[[TestResult], None] = lambda result: None,
        seed: int | None = None,
        observer: Observer | None = None,
    ) -> Graded:
        """Grade what lies in the folder `source`; `writer` has every result as soon as it is known.

        seconds: for everything, else the assignment's timeout_seconds. previous: the student's earlier
        submissions, the latest last: the first line says what changed since. seed, observer: as `run` takes
        them. Raises AutograderError where the autograder itself fails; what was earned until then stands in
        the writer's file.
        """
        started = time.monotonic()
        deadline = started + (seconds or self.assignment.limits.timeout_seconds) - WRITE_SECONDS
        writer.declare(not_run(self.tests))

        with claimed_user() as user, self._workspace(user) as workspace:
            staged = stage(source, workspace.submission)
            submission = read_submission(workspace.submission, wanted(self.assignment))
            student = self._student(workspace, submission, user, deadline)
            with contextlib.closing(student):
                report = student.start()
                outcome = self._run(student, writer, deadline, on_result, seed=seed, observer=observer)
                placed = self._placed(student, deadline)
            self._explain(outcome, submission, writer)
        since = progress(previous, writer.results.tests)
        whole = overview(self.assignment, submission, staged, report)
        results = writer.finish(
            output="\n\n".join(filter(None, [since, whole])),
            extra_data=_for_staff(submission, report, outcome, student.tried),
            leaderboard=(*outcome.leaderboard, *placed),
            execution_time=time.monotonic() - started,
        )
        return Graded(results, submission, report, student.tried)

    def _run(
        self,
        student: Student,
        writer: ResultsWriter,
        deadline: float,
        on_result: Callable[[TestResult], None],
        **options: Any,
    ) -> Run:
        """All tests, each written down as soon as it is over."""

        def settle(result: TestResult) -> None:
            writer.update(result)
            on_result(result)

        return run(
            self.assignment,
            self.cases,
            student,
            self._key,
            out_of_time=lambda: time.monotonic() > deadline,
            on_result=settle,
            tests=self.tests,
            **options,
        )

    def _placed(self, student: Student, deadline: float) -> list[dict[str, Any]]:
        """The student's entry in the leaderboard, where the assignment has one."""
        if self._race is None:
            return []
        late = lambda: time.monotonic() > deadline  # noqa: E731
        return run_race(self._race, student, self.assignment, self.tests, late)

    def _explain(self, outcome: Run, submission: Submission, writer: ResultsWriter) -> None:
        """Tell, in each failed test, what only the whole run can tell."""
        finished = [(case, test) for case, test in outcome.finished if isinstance(case, GradedCase)]
        if not any(case.findings for case, _ in finished):
            return
        # Imported only where something failed: right submissions need not wait for it.
        from autograder.explainer import Explainer, explained

        explainer = Explainer(
            finished,
            self._reference,
            self.assignment.functions,
            self._known_mistakes(),
            used_functions(submission.files, submission.functions),
        )
        rubric = self.assignment.grading.rubric
        for result in explained(outcome.results, finished, explainer, rubric=rubric):
            writer.update(result)

    def _known_mistakes(self) -> list[Mistake]:
        if self._mistakes is None:
            self._mistakes = load_mistakes(self.assignment)
        return self._mistakes

    def _student(
        self, workspace: Workspace, submission: Submission, user: User | None, deadline: float
    ) -> Student:
        torch = submission.imports_torch
        if torch not in self._nurseries:
            self._nurseries[torch] = Nursery(launch(with_torch=torch))
        return Student(
            self._nurseries[torch],
            workspace,
            submission,
            self.assignment.functions,
            limits_of(self.assignment.limits, torch),
            user,
            deadline,
            Forbidden(self.assignment, self.tests, submission),
        )

    @contextlib.contextmanager
    def _workspace(self, user: User | None) -> Iterator[Workspace]:
        with contextlib.closing(Workspace(user)) as workspace:
            yield workspace


def wanted(assignment: Assignment) -> dict[str, Wanted]:
    """What to look for in a submission."""
    return {name: Wanted(spec.file, spec.aliases) for name, spec in assignment.functions.items()}


def limits_of(settings: LimitSettings, torch: bool) -> Limits:
    """The sandbox's limits as the assignment sets them; torch maps more memory than NumPy."""
    limits = Limits(
        cpu_seconds=settings.cpu_seconds,
        idle_seconds=settings.idle_seconds,
        import_cpu_seconds=settings.import_cpu_seconds,
        memory_mb=settings.memory_mb,
        printed_characters=settings.printed_characters,
        answer_mb=settings.answer_mb,
    )
    return replace(limits, memory_mb=settings.torch_memory_mb) if torch else limits


def _for_staff(
    submission: Submission, report: LoadReport, outcome: Run, tried: Mapping[str, int]
) -> dict[str, Any]:
    problems = {"case_problems": list(outcome.problems)} if outcome.problems else {}
    refused = {"tried_and_refused": dict(tried)} if tried else {}
    return {
        **problems,
        **refused,
        "confinement": list(report.layers),
        "functions": {name: f"{at.file}:{at.line}" for name, at in submission.functions.items()},
    }
