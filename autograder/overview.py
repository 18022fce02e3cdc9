"""The text above the tests: what the grader made of the submission as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from autograder import feedback
from autograder.assignment import Assignment
from autograder.sandbox.load_report import LoadReport
from autograder.staging import StagedSubmission
from autograder.submission import Submission
from autograder.wording import wrapped

SHOWN = 8  # of each kind


def overview(
    assignment: Assignment, submission: Submission, staged: StagedSubmission, report: LoadReport
) -> str:
    """Directions where nothing could be graded; else what could not be read or loaded, and the notes."""
    if not submission.functions and not submission.problems:
        text = feedback.empty_submission(assignment.title, _files(assignment), bool(submission.files))
        return wrapped(text)
    unread = [
        feedback.describe_unread(problem.place or problem.file, problem.message, problem.source_line)
        for problem in submission.problems
    ]
    failed = [
        feedback.describe_load_problem(submission.place(each.file, each.line), each.source, each.error)
        for each in report.problems
    ]
    notes = [feedback.describe_note(note) for note in (*submission.notes, *report.notes, *staged.skipped)]
    paragraphs = [_shortened(unread), _shortened(failed), _shortened(notes)]
    if report.failure is not None:
        paragraphs.insert(0, feedback.describe_not_loaded(report.failure.message))
    return "\n\n".join(wrapped(paragraph) for paragraph in paragraphs if paragraph)


def _files(assignment: Assignment) -> dict[str, list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for function in assignment.functions.values():
        files[function.file].append(function.name)
    return files


def _shortened(lines: Sequence[str]) -> str:
    more = [f"... and {len(lines) - SHOWN} more of this kind"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more])
