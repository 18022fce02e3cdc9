"""A results.json as one HTML page, laid out as Gradescope shows it, with a switch between four viewers.

The page is a single file without scripts: the switch is radio buttons and CSS, a test opens as <details>.
Whatever a student wrote is escaped text, and a content security policy forbids every script and request.
What is read cautiously, because the platform's documents leave it open, stands in `views` and `received`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

from autograder.errors import AutograderError
from autograder.report.html_text import escaped, line, pre
from autograder.report.preview_columns import aside, results, score
from autograder.report.received import FOR_STAFF, Received
from autograder.report.views import VIEWS, Layout, lay_out

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TABS = {
    "before": ("Student", "before the due date"),
    "due": ("Student", "after the due date"),
    "published": ("Student", "after publishing"),
    "staff": ("Staff", "at any time"),
}

_STYLE = Path(__file__).with_name("preview.css")

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Preview: $title</title>
<style>
$style</style>
</head>
<body>
$switches
<input type="checkbox" id="open-all" aria-label="Open every test">
<header class="bar">
<p class="brand"><b>Preview</b> <span>$title</span></p>
<div class="tabs" role="presentation">$tabs</div>
</header>
<main>
$notes
<div class="columns">
<section class="results">
$results
</section>
<aside>
$aside
</aside>
</div>
</main>
<footer>Made by the autograder. A preview: Gradescope's own page may look different.</footer>
</body>
</html>
""")


def page(received: Received, title: str, *, points: float | None = None, stdout: str = "",
         view: str = "before") -> str:  # fmt: skip
    """The whole page. view: the one of VIEWS that is shown first.

    points: the assignment's Autograder Points; else the tests' maxima are added up, and the page says so.
    stdout: what run_autograder printed, where it is known.
    """
    layout = lay_out(received.document, points)
    return _PAGE.substitute(
        policy=POLICY,
        title=line(title),
        style=_style(),
        switches="\n".join(_switch(name, name == view) for name in VIEWS),
        tabs="".join(_tab(name) for name in VIEWS),
        notes=_violations(received.violations) + "".join(_told(layout, received, name) for name in VIEWS),
        results=_refusal(received) if received.refusal else results(layout, stdout),
        aside=_refused_score(layout) if received.refusal else aside(layout, points is None),
    )


def _style() -> str:
    try:
        return _STYLE.read_text(encoding="utf-8")
    except OSError as error:
        raise AutograderError(
            f"{_STYLE} is missing: run preview in the project's folder, not in an unpacked zip"
        ) from error


def _switch(view: str, checked: bool) -> str:
    who, when = TABS[view]
    return (
        f'<input type="radio" name="view" id="view-{view}" aria-label="{who}, {when}"'
        f"{' checked' if checked else ''}>"
    )


def _tab(view: str) -> str:
    who, when = TABS[view]
    return f'<label class="tab" for="view-{view}"><b>{who}</b> <span>{when}</span></label>'


def _violations(violations: Sequence[str]) -> str:
    if not violations:
        return ""
    listed = "".join(f"<li>{line(violation)}</li>" for violation in violations)
    count = "1 problem" if len(violations) == 1 else f"{len(violations)} problems"
    return f'<section class="violations"><h2>{count} in this results.json</h2><ul>{listed}</ul></section>\n'


def _told(layout: Layout, received: Received, view: str) -> str:
    """What is particular to a view, in a sentence."""
    missing = len(layout.boxes) - len(layout.boxes_in(view))
    if received.refusal:
        text = "Gradescope shows its failure page: nothing of this file counts."
    elif view == "staff":
        secret = sum(box.since != "before" for box in layout.boxes)
        text = "Staff see every test and the total at any time."
        text += f" {_tests(secret)} kept from students at first, as marked." if secret else ""
    elif missing:
        text = f"{_tests(missing)} not shown, so Gradescope hides the total as well."
        for_ever = sum(box.since == "staff" for box in layout.boxes)
        if view == "published" and for_ever:
            text += " That never changes: use after_published in place of hidden."
    else:
        text = "Every test is shown, and so is the total."
    return f'<p class="told only-{view}">{text}</p>\n'


def _tests(count: int) -> str:
    return "1 test is" if count == 1 else f"{count} tests are"


def _refusal(received: Received) -> str:
    raw = pre(received.raw) if received.raw.strip() else '<p class="quiet">The file is empty.</p>'
    return (
        "<h1>Autograder Results</h1>\n"
        f'<div class="refusal">{escaped(received.refusal)}</div>\n'
        f'<div class="panel only-staff"><h2>{FOR_STAFF}</h2>'
        f'<p class="quiet">The contents of results.json:</p>{raw}</div>'
    )


def _refused_score(layout: Layout) -> str:
    shown = score(0.0, layout.out_of)
    return f'<section class="total"><h2>Autograder Score</h2><p class="score">{shown}</p></section>'
