"""docs/feedback.md says what the grader says."""

from __future__ import annotations

import re

import pytest

from tests.harness.feedback_examples import EXAMPLES, PAGE, page, submitted


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "python -m tests.harness.feedback_examples --update"


def test_the_page_has_an_example_for_each_kind_of_help() -> None:
    text = PAGE.read_text()
    kinds = [
        "it looks as if",
        "two things are wrong at once",
        "is wrong as well: mend",
        "is not there yet: mend",
        "are right for your own",
        "That is nearly right",
        "To see it for yourself",
        ". right, x wrong",
        "stopped with ValueError",
        "took too much computing time",
        "when it is called again",
        "Note: np.float",
    ]
    assert len(EXAMPLES) >= 10
    assert [kind for kind in kinds if kind not in text] == []


def test_the_page_holds_no_times_and_no_paths_of_a_machine() -> None:
    assert not re.search(r"\d ?(ms|seconds)\b|/tmp|/home|/usr", PAGE.read_text())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_is_python_that_is_really_changed(example) -> None:
    for name, source in submitted(example).items():
        compile(source, name, "exec")
    assert example.changes
