"""The two columns of the preview: the boxes of the tests, and the score with the lists of tests.

An element of class `from-due` is shown from the view `due` on, one of class `only-due` in that view alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.json_safe import safe_value
from autograder.report.html_text import line, pre
from autograder.report.received import cut
from autograder.report.views import VIEWS, Box, Layout, shown_points

LATER = {
    "after_due_date": "Students see it after the due date",
    "after_published": "Students see it after publishing",
}
_HIDDEN_TOTAL = "\N{EN DASH}"


def results(layout: Layout, stdout: str) -> str:
    """The left column: what there is to read above the tests, a box for each test, staff's extra data."""
    pieces = [
        '<div class="heading"><h1>Autograder Results</h1>'
        '<label class="open-all" for="open-all"><span class="to-open">Open every test</span>'
        '<span class="to-close">Close them again</span></label></div>',
        _output(layout),
        _stdout(layout, stdout),
        *(_test(index, box) for index, box in enumerate(layout.boxes, 1)),
        _extra_data(layout.extra_data),
    ]
    return "\n".join(piece for piece in pieces if piece)


def _output(layout: Layout) -> str:
    if not layout.output:
        return ""
    note = _format_note(layout.output_format)
    return f'<div class="panel"><h2>Autograder Output</h2>{note}{pre(layout.output)}</div>'


def _stdout(layout: Layout, stdout: str) -> str:
    if not stdout:
        return ""
    note = (
        ""
        if layout.stdout_since == "before"
        else ' <span class="badge only-staff">hidden from students</span>'
    )
    return (
        f'<details class="panel from-{layout.stdout_since}"><summary><h2>Standard Output{note}</h2></summary>'
        f"{pre(cut(stdout))}</details>"
    )


def _test(index: int, box: Box) -> str:
    """A box: a title that opens its output; where there is none, the title alone."""
    kind = "passed" if box.passed else "failed"
    classes = f"test {kind} from-{box.since}"
    title = f'<h3><span class="verdict">{kind}: </span>{line(box.title)}{_badge(box)}</h3>'
    if not box.output:
        return f'<div class="{classes}" id="test-{index}"><div class="title">{title}</div></div>'
    # The anchor is inside, because a browser opens what holds the target of a link.
    inside = f'<div class="output" id="test-{index}">{_format_note(box.output_format)}{pre(box.output)}</div>'
    return f'<details class="{classes}"><summary class="title">{title}</summary>{inside}</details>'


def _badge(box: Box) -> str:
    if box.since == "before":
        return ""
    told = LATER.get(box.visibility, "Students never see it")
    return f' <span class="badge only-staff" title="{told}">{line(box.visibility.replace("_", " "))}</span>'


def _format_note(output_format: str) -> str:
    if output_format == "text":
        return ""
    return f'<p class="quiet">Gradescope renders this as {line(output_format)}; here is its source.</p>'


def _extra_data(extra_data: Any) -> str:
    if not extra_data:
        return ""
    text = json.dumps(safe_value(extra_data), indent=2, ensure_ascii=False)
    return (
        '<details class="panel only-staff" id="extra-data"><summary><h2>Extra data '
        '<span class="badge">hidden from students</span></h2></summary>'
        '<p class="quiet">Gradescope keeps it for exports and does not show it on its page.</p>'
        f"{pre(text)}</details>"
    )


def aside(layout: Layout, added_up: bool) -> str:
    """The right column. added_up: the total that it names is only what the tests add up to."""
    scores = "".join(
        f'<p class="score only-{view}">{score(layout.total_in(view), layout.out_of)}</p>' for view in VIEWS
    )
    note = "Out of what the tests add up to; Gradescope takes the assignment's Autograder Points."
    quiet = f'<p class="quiet only-staff">{note}</p>' if added_up and layout.out_of is not None else ""
    numbered = list(enumerate(layout.boxes, 1))
    return "\n".join(
        [
            f'<section class="total"><h2>Autograder Score</h2>{scores}{quiet}</section>',
            _list("Failed Tests", "failed", [(i, box) for i, box in numbered if not box.passed]),
            _list("Passed Tests", "passed", [(i, box) for i, box in numbered if box.passed]),
            _leaderboard(layout.leaderboard),
        ]
    )


def score(total: float | None, out_of: float | None) -> str:
    """The total as the platform writes it; None: it is hidden."""
    shown = _HIDDEN_TOTAL if total is None else shown_points(total)
    return f"{shown} / {shown_points(out_of)}" if out_of is not None else shown


def _list(heading: str, kind: str, boxes: Iterable[tuple[int, Box]]) -> str:
    boxes = list(boxes)
    if not boxes:
        return ""
    first = min((box.since for _, box in boxes), key=list(VIEWS).index)
    items = "".join(
        f'<li class="from-{box.since}"><a href="#test-{index}">{line(box.title)}</a></li>'
        for index, box in boxes
    )
    return f'<section class="list {kind} from-{first}"><h2>{heading}</h2><ul>{items}</ul></section>'


def _leaderboard(entries: Sequence[Any]) -> str:
    if not entries:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{_cell(entry, 'name')}</th><td>{_cell(entry, 'value')}</td></tr>"
        for entry in entries
    )
    return f'<section class="list leaderboard"><h2>Leaderboard</h2><table>{rows}</table></section>'


def _cell(entry: Mapping[str, Any], key: str) -> str:
    return line(str(entry.get(key, "")))
