"""The preview in a real browser: the switch, folding, links, sizes, colours, scripts that do not run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.report.preview import page as preview
from autograder.report.received import receive
from autograder.report.views import VIEWS
from tests.harness import chromium
from tests.harness.hostile import TAKES_OVER, hostile_results

PROGRAM = chromium.find()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: apt-get install chromium")

DOCUMENT: dict[str, Any] = {
    "output": "Read before grading.",
    "output_format": "text",
    "extra_data": {"confinement": ["landlock", "seccomp"]},
    "tests": [
        {"name": "right", "number": "1", "score": 0.75, "max_score": 0.75},
        {"name": "wrong", "number": "2", "score": 0, "max_score": 1, "output": "dx is wrong"},
        {
            "name": "late",
            "number": "3",
            "score": 1,
            "max_score": 1,
            "output": "all fine",
            "visibility": "after_due_date",
        },
        {
            "name": "secret",
            "number": "4",
            "score": 0,
            "max_score": 2,
            "output": "near miss",
            "visibility": "after_published",
        },
    ],
}

# The least contrast of a text with what is behind it, over all elements that show text of their own.
CONTRAST = """
(() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = element => {
    const layers = []
    for (let at = element; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor)
    const over = (below, [r, g, b, a = 1]) => below.map((c, i) => c * (1 - a) + [r, g, b][i] * a)
    return layers.map(channels).reduce(over, [255, 255, 255])
  }
  const own = element => [...element.childNodes].some(node => node.nodeType == 3 && node.data.trim())
  const ratios = [...document.querySelectorAll('body *')].filter(each => own(each) && each.checkVisibility())
    .map(each => {
      const [a, b] = [light(channels(getComputedStyle(each).color)), light(behind(each))]
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), each.outerHTML.slice(0, 80)]
    })
  return ratios.sort((a, b) => a[0] - b[0])[0]
})()
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[chromium.Page]:
    assert PROGRAM is not None
    with chromium.chromium(PROGRAM) as page:
        yield page


@pytest.fixture
def window(browser: chromium.Page, tmp_path: Path) -> chromium.Page:
    """The browser with DOCUMENT's preview open."""
    browser.size(1280, 900)
    browser.dark(False)
    show(browser, tmp_path, json.dumps(DOCUMENT).encode())
    return browser


def show(browser: chromium.Page, folder: Path, data: bytes, fragment: str = "", **options: Any) -> None:
    file = folder / "preview.html"
    file.write_text(preview(receive(data), "half_done", **options), encoding="utf-8")
    browser.open(file, fragment)


def score(window: chromium.Page) -> str:
    return window.text(".total").split("\n\n")[1]


@pytest.mark.parametrize(
    ("view", "total", "shown", "folded_lists"),
    [
        ("before", "– / 4.75", 2, 2),
        ("due", "– / 4.75", 3, 3),
        ("published", "1.75 / 4.75", 4, 4),
        ("staff", "1.75 / 4.75", 4, 4),
    ],
)
def test_a_click_switches_to_what_a_view_shows(
    window: chromium.Page, view: str, total: str, shown: int, folded_lists: int
) -> None:
    window.click(f"[for=view-{view}]")
    visible = "each => each.checkVisibility()"

    assert score(window) == total
    assert window.evaluate(f"[...document.querySelectorAll('.test')].filter({visible}).length") == shown
    assert (
        window.evaluate(f"[...document.querySelectorAll('aside a')].filter({visible}).length") == folded_lists
    )
    assert ("Extra data" in window.text()) == (view == "staff")
    assert ("after published" in window.text("main")) == (view == "staff")


def test_the_page_opens_as_a_student_sees_it_before_the_due_date(window: chromium.Page) -> None:
    assert score(window) == "– / 4.75"
    assert "secret" not in window.text()
    assert "Read before grading." in window.text()


def test_the_arrow_keys_switch_the_view(window: chromium.Page) -> None:
    window.click("[for=view-due]")
    key = {"key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39}
    for kind in ("rawKeyDown", "keyUp"):
        window.send("Input.dispatchKeyEvent", {"type": kind, **key})

    assert window.evaluate("document.querySelector('input:checked').id") == "view-published"
    assert score(window) == "1.75 / 4.75"


def test_choosing_a_view_does_not_scroll(window: chromium.Page) -> None:
    window.size(400, 300)
    window.evaluate("scrollTo(0, 150)")
    window.click("[for=view-before]")

    assert window.evaluate("scrollY") == 150


def test_a_test_opens_and_closes(window: chromium.Page) -> None:
    assert "dx is wrong" not in window.text()
    window.click("details.test summary")
    assert "dx is wrong" in window.text()
    window.click("details.test summary")
    assert "dx is wrong" not in window.text()


def test_every_test_opens_at_once(window: chromium.Page) -> None:
    pre = "[...document.querySelectorAll('.test pre')].map(each => each.checkVisibility())"
    window.click("[for=view-staff]")
    folded = window.evaluate(pre)
    window.click("[for=open-all]")

    assert (folded, window.evaluate(pre)) == ([False] * 3, [True] * 3)
    assert "Close them again" in window.text(".heading")


def test_a_link_of_the_list_opens_its_test(window: chromium.Page) -> None:
    window.click("aside a")

    assert "dx is wrong" in window.text("details.test[open]")


def test_the_page_works_with_scripts_turned_off(browser: chromium.Page, tmp_path: Path) -> None:
    browser.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, tmp_path, json.dumps(DOCUMENT).encode())
        browser.click("[for=view-staff]")
        browser.click("details.test summary")

        assert score(browser) == "1.75 / 4.75"
        assert "dx is wrong" in browser.text()
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("view", VIEWS)
def test_no_script_from_student_text_runs(browser: chromium.Page, tmp_path: Path, view: str) -> None:
    show(browser, tmp_path, hostile_results(), view=view)
    browser.click("[for=open-all]")

    assert browser.evaluate("document.title") == "Preview: half_done"
    assert browser.evaluate("document.scripts.length + document.images.length + frames.length") == 0
    assert "<script>" in browser.text("main")
    assert requests(browser) == []


def test_a_script_that_got_into_the_page_would_not_run_either(browser: chromium.Page, tmp_path: Path) -> None:
    whole = preview(receive(json.dumps(DOCUMENT).encode()), "half_done")
    planted = f'<script>{TAKES_OVER}</script><img src="x.png" onerror="{TAKES_OVER}"><main>'
    titles = []
    for text in (whole, whole.replace("Content-Security-Policy", "Nothing")):
        file = tmp_path / "planted.html"
        file.write_text(text.replace("<main>", planted), encoding="utf-8")
        browser.open(file)
        titles.append(browser.evaluate("document.title"))

    assert titles == ["Preview: half_done", "taken over"], "without the policy it runs: the test can fail"


def test_nothing_is_fetched_and_nothing_is_complained_about(window: chromium.Page) -> None:
    assert requests(window) == []
    complaints = [
        event for event in window.events if event["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")
    ]
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_sticks_out_at_any_width(browser: chromium.Page, tmp_path: Path, width: int) -> None:
    wide = {**DOCUMENT["tests"][1], "name": "w" * 300, "output": "w" * 300}
    show(browser, tmp_path, json.dumps({**DOCUMENT, "tests": [wide], "oops" * 50: 1}).encode())
    browser.size(width, 800)
    browser.click("details.test summary")

    assert browser.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("data", [json.dumps({**DOCUMENT, "oops": 1}).encode(), b"<not JSON>"])
def test_every_text_stands_out_from_what_is_behind_it(
    browser: chromium.Page, tmp_path: Path, dark: bool, data: bytes
) -> None:
    browser.dark(dark)
    show(browser, tmp_path, data, stdout="printed", view="staff")
    if data != b"<not JSON>":
        browser.click("[for=open-all]")
    ratio, element = browser.evaluate(CONTRAST)

    assert ratio >= 4.5, element


def test_dark_colours_are_dark(window: chromium.Page) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = window.evaluate(colour)
    window.dark(True)

    assert (light, window.evaluate(colour)) == ("rgb(244, 245, 247)", "rgb(17, 22, 28)")


def test_a_refused_file_is_shown_to_staff_alone(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, tmp_path, b"<not JSON>", points=10.0)
    student = browser.text(".columns")
    browser.click("[for=view-staff]")

    assert "failed to execute correctly" in student
    assert "<not JSON>" not in student
    assert "<not JSON>" in browser.text(".columns")


def requests(browser: chromium.Page) -> list[str]:
    """What the last page asked for, itself left out."""
    asked = [event["params"]["request"]["url"] for event in browser.events
             if event["method"] == "Network.requestWillBeSent"]  # fmt: skip
    return [url for url in asked if not url.endswith("/preview.html")]
