"""Who sees what of a results.json on Gradescope: a student at three points in time, and staff.

`visible` is seen at once, `after_due_date` once the (late) due date has passed, `after_published` once grades
are published, `hidden` by staff alone. While one test is not seen, neither is the total.

What the platform's documents leave open is read cautiously:
- A test that is not seen hides the total whatever it is worth, and also where the file gives a total.
- A visibility that does not exist counts as `hidden`.
- What stands in the place of a hidden total is not known: a dash here.
- Tests keep the order of the file: how the platform sorts by number is not known.
- A test without score and status is failed; so is one with a score and no maximum to compare with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.report.received import number, tests_of
from autograder.result_format import VISIBILITIES

VIEWS = {
    "before": "before the due date",
    "due": "after the due date",
    "published": "after publishing",
    "staff": "course staff",
}
_ORDER = tuple(VIEWS)
_SEEN_FROM = dict(zip(VISIBILITIES, VIEWS, strict=True))


@dataclass(frozen=True)
class Box:
    """One test as the platform shows it. since: the first of VIEWS that has it."""

    title: str
    passed: bool
    output: str
    output_format: str
    since: str
    visibility: str
    score: float | None
    max_score: float | None


@dataclass(frozen=True)
class Layout:
    """A whole document, laid out. total: the points earned; out_of: what they are shown next to.

    stdout_since: the first of VIEWS that shows what run_autograder printed.
    """

    boxes: tuple[Box, ...]
    total: float
    out_of: float | None
    output: str
    output_format: str
    stdout_since: str
    extra_data: Mapping[str, Any]
    leaderboard: tuple[Mapping[str, Any], ...]

    def boxes_in(self, view: str) -> list[Box]:
        """The tests that one of VIEWS shows."""
        return [box for box in self.boxes if seen(box.since, view)]

    def total_in(self, view: str) -> float | None:
        """The total that one of VIEWS shows; None where a test that is not seen hides it."""
        whole = view == "staff" or len(self.boxes_in(view)) == len(self.boxes)
        return self.total if whole else None


def seen(since: str, view: str) -> bool:
    """Is what appears at `since` there in `view`? Both are of VIEWS, each of which shows more."""
    return _ORDER.index(since) <= _ORDER.index(view)


def lay_out(document: Mapping[str, Any], points: float | None = None) -> Layout:
    """A received document. points: the assignment's Autograder Points; else the maxima are added up."""
    tests = tests_of(document)
    boxes = tuple(_box(test, place, document) for place, test in enumerate(tests, 1))
    given = number(document.get("score"))
    maxima = [box.max_score for box in boxes if box.max_score is not None]
    return Layout(
        boxes=boxes,
        total=sum(box.score or 0.0 for box in boxes) if given is None else given,
        out_of=points if points is not None else sum(maxima) if maxima else None,
        output=_text(document.get("output")),
        output_format=_text(document.get("output_format")) or "simple_format",
        stdout_since=_since(document.get("stdout_visibility") or "hidden"),
        extra_data=_extra_data(document, boxes, tests),
        leaderboard=_leaderboard(document.get("leaderboard")),
    )


def shown_points(value: float) -> str:
    """A number of points as the platform writes it: 14.0, 0.25."""
    return str(round(value, 4) + 0.0)


def _box(test: dict[str, Any], place: int, document: Mapping[str, Any]) -> Box:
    score, max_score = number(test.get("score")), number(test.get("max_score"))
    name, label = _text(test.get("name")), _text(test.get("number")) or str(place)
    points = ""
    if score is not None and max_score is not None:
        points = f" ({shown_points(score)}/{shown_points(max_score)})"
    visibility = test.get("visibility") or document.get("visibility") or "visible"
    return Box(
        title=f"{label}) {name}{points}",
        passed=_passed(test.get("status"), score, max_score),
        output=_text(test.get("output")),
        output_format=_text(test.get("output_format") or document.get("test_output_format")) or "text",
        since=_since(visibility),
        visibility=_text(visibility),
        score=score,
        max_score=max_score,
    )


def _passed(status: Any, score: float | None, max_score: float | None) -> bool:
    if status in ("passed", "failed"):
        return bool(status == "passed")
    return score is not None and max_score is not None and score >= max_score


def _since(visibility: Any) -> str:
    return _SEEN_FROM.get(visibility, "staff") if isinstance(visibility, str) else "staff"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _leaderboard(board: Any) -> tuple[dict[str, Any], ...]:
    return tuple(entry for entry in board if isinstance(entry, dict)) if isinstance(board, list) else ()


def _extra_data(
    document: Mapping[str, Any], boxes: tuple[Box, ...], tests: list[dict[str, Any]]
) -> dict[str, Any]:
    """What staff find in exports: the document's own, then each test's by its title."""
    whole = document.get("extra_data")
    own = {"results": whole} if whole else {}
    each = {box.title: test["extra_data"] for box, test in zip(boxes, tests, strict=True)
            if test.get("extra_data")}  # fmt: skip
    return {**own, **each}
