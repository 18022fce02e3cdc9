"""Take the pictures of the preview that the documents show. Needs Chromium.

    python -m docs.make_screenshots

They show `submissions_example/half_done`, graded anew, with two questions of the exam kept from students for
a while (in the exam itself every test is visible at once).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.grader import Grader
from autograder.questions import Part
from autograder.report.preview import page as preview
from autograder.report.received import receive
from autograder.report.views import VIEWS
from autograder.results import ResultsWriter
from tests.harness.chromium import Page, chromium, find

DOCS = Path(__file__).resolve().parent
EXAMPLE = DOCS.parent / "submissions_example" / "half_done" / "submission"
KEPT_BACK = {"1.1": "after_due_date", "1.2": "after_published"}
LARGEST = 200_000  # bytes of a picture
WINDOW = (1200, 700)
PHONE = (390, 780)


def kept_back(part: Part) -> Part:
    """A part of the assignment with the visibility of KEPT_BACK."""
    visibility = [KEPT_BACK.get(question.number, question.visibility) for question in part.questions]
    pairs = zip(part.questions, visibility, strict=True)
    return replace(part, questions=tuple(replace(question, visibility=each) for question, each in pairs))


def graded(assignment: Assignment) -> bytes:
    """The results.json of the example."""
    with Grader(assignment) as grader, tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch) / "results.json"
        grader.grade(EXAMPLE, ResultsWriter(results))
        return results.read_bytes()


def take(browser: Page, name: str) -> None:
    """Write docs/preview-NAME.png: the top of the page."""
    browser.evaluate("scrollTo(0, 0)")
    picture = browser.screenshot()
    file = DOCS / f"preview-{name}.png"
    if len(picture) > LARGEST:
        raise SystemExit(f"{file} would have {len(picture):,} bytes, more than {LARGEST:,}: make it smaller")
    file.write_bytes(picture)
    print(f"{file.name}: {len(picture) / 1000:.0f} KB")


def main() -> int:
    program = find()
    if program is None:
        raise SystemExit("There is no Chromium on this machine: install it first.")
    exam = load_assignment("exam")
    assignment = replace(exam, parts=tuple(map(kept_back, exam.parts)))
    received = receive(graded(assignment))
    with tempfile.TemporaryDirectory() as folder, chromium(program) as browser:
        file = Path(folder) / "preview.html"
        title = f"{assignment.title}: half_done"
        file.write_text(preview(received, title, points=assignment.points), encoding="utf-8")
        browser.size(*WINDOW)
        browser.open(file)
        for view in VIEWS:
            browser.click(f"[for=view-{view}]")
            if view == "published":  # one picture with the feedback of a test, which is folded again
                browser.click("details.test summary")
            take(browser, view)
            if view == "published":
                browser.click("details.test summary")
        browser.size(*PHONE, scale=1.5)
        browser.dark(True)
        browser.click("[for=view-due]")
        take(browser, "phone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
