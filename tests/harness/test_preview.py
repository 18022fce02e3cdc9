"""The preview as HTML: who sees what, the layout, and student text that stays text."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from autograder.report.preview import POLICY, page
from autograder.report.received import LONGEST_OUTPUT, receive
from autograder.report.views import VIEWS
from autograder.result_format import Results, TestResult
from tests.harness.hostile import HOSTILE, hostile_results
from tests.harness.page_reader import Element, in_view, read_page

ORDER = tuple(VIEWS)
STUDENT = ("before", "due", "published")


def a_test(number: str, score: float = 1.0, **entries: Any) -> dict[str, Any]:
    return {"name": f"test {number}", "number": number, "score": score, "max_score": 1.0, **entries}


def tree(tests: list[Any], stdout: str = "", points: float | None = None, **entries: Any) -> Element:
    document = json.dumps({"tests": tests, **entries}).encode()
    return read_page(page(receive(document), "a title", stdout=stdout, points=points))


def total(root: Element, view: str) -> str:
    return in_view(root, view, ORDER).find(of_class="score")[0].text


def boxes(root: Element, view: str) -> list[str]:
    return [box.find("h3")[0].text for box in in_view(root, view, ORDER).find(of_class="test")]


EACH_VISIBILITY = [
    a_test("1", 0.5),
    a_test("2", visibility="after_due_date"),
    a_test("3", visibility="after_published"),
]


def test_a_test_appears_when_its_visibility_says_so() -> None:
    root = tree([*EACH_VISIBILITY, a_test("4", visibility="hidden")])

    assert [len(boxes(root, view)) for view in ORDER] == [1, 2, 3, 4]


def test_the_total_appears_when_the_last_test_does() -> None:
    root = tree(EACH_VISIBILITY)

    assert [total(root, view) for view in ORDER] == ["– / 3.0", "– / 3.0", "2.5 / 3.0", "2.5 / 3.0"]


def test_a_hidden_test_hides_the_total_from_students_for_ever() -> None:
    root = tree([a_test("1"), {**a_test("2", 0.0, visibility="hidden"), "max_score": 0}], score=1)

    assert [total(root, view) for view in ORDER] == ["– / 1.0"] * 3 + ["1.0 / 1.0"]
    assert "That never changes" in in_view(root, "published", ORDER).find(of_class="told")[0].text


def test_the_document_sets_a_visibility_that_tests_override() -> None:
    root = tree([a_test("1"), a_test("2", visibility="visible")], visibility="after_published")

    assert [len(boxes(root, view)) for view in ORDER] == [1, 1, 2, 2]


def test_a_visibility_that_does_not_exist_counts_as_hidden_and_is_named() -> None:
    root = tree([a_test("1", visibility="secret")])

    assert [len(boxes(root, view)) for view in ORDER] == [0, 0, 0, 1]
    assert 'tests[0].visibility is "secret"' in root.find(of_class="violations")[0].text


def test_each_view_says_what_is_particular_to_it() -> None:
    root = tree(EACH_VISIBILITY)
    told = [in_view(root, view, ORDER).find(of_class="told") for view in ORDER]

    assert [len(each) for each in told] == [1, 1, 1, 1]
    assert told[0][0].text.startswith("2 tests are not shown")
    assert told[1][0].text.startswith("1 test is not shown")
    assert told[2][0].text.startswith("Every test is shown")


def test_extra_data_and_what_was_printed_are_for_staff() -> None:
    root = tree(
        [a_test("1", extra_data={"seconds": 1})], stdout="printed", extra_data={"confinement": ["seccomp"]}
    )
    seen = [in_view(root, view, ORDER).text for view in ORDER]

    for secret in ("seccomp", "seconds", "printed"):
        assert [secret in text for text in seen] == [False, False, False, True], secret


def test_what_was_printed_appears_when_stdout_visibility_says_so() -> None:
    root = tree([a_test("1")], stdout="printed", stdout_visibility="after_due_date")
    students = in_view(root, "due", ORDER)

    assert ["printed" in in_view(root, view, ORDER).text for view in ORDER] == [False, True, True, True]
    assert "hidden from students" not in students.text


def test_a_title_has_number_name_and_points() -> None:
    assert boxes(tree([a_test("2.10", 0.25)]), "before") == ["failed: 2.10) test 2.10 (0.25/1.0)"]


def test_tests_without_a_number_are_counted() -> None:
    tests = [{"name": "a", "score": 1, "max_score": 1}, {"name": "b", "status": "passed"}]

    assert boxes(tree(tests), "before") == ["passed: 1) a (1.0/1.0)", "passed: 2) b"]


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ({"score": 2, "max_score": 2}, "passed"),
        ({"score": 1, "max_score": 2}, "failed"),
        ({"score": 1, "max_score": 2, "status": "passed"}, "passed"),
        ({"score": 2, "max_score": 2, "status": "failed"}, "failed"),
        ({"status": "passed"}, "passed"),
        ({}, "failed"),
        ({"score": 2}, "failed"),
    ],
)
def test_status_goes_before_points(entries: dict[str, Any], kind: str) -> None:
    root = tree([{"name": "a", **entries}], score=1)

    assert kind in root.find(of_class="test")[0].classes
    assert [kind in each.classes for each in root.find("section", "list")] == [True]


def test_the_lists_name_the_tests_and_lead_to_them() -> None:
    root = tree([a_test("1"), a_test("2", 0.0, output="wrong"), a_test("3")])
    ids = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
    failed, passed = root.find("section", "list")

    assert [link.text for link in failed.find("a")] == ["2) test 2 (0.0/1.0)"]
    assert [link.text for link in passed.find("a")] == ["1) test 1 (1.0/1.0)", "3) test 3 (1.0/1.0)"]
    assert {link.attributes["href"] for link in root.find("a")} <= {f"#{each}" for each in ids}
    assert len(ids) == len(set(ids))


def test_a_list_without_a_test_in_a_view_is_left_out_with_its_heading() -> None:
    root = tree([a_test("1"), a_test("2", 0.0, visibility="after_published")])

    assert "Failed Tests" not in in_view(root, "due", ORDER).text
    assert "Failed Tests" in in_view(root, "published", ORDER).text


def test_outputs_are_folded_and_keep_their_layout() -> None:
    text = "\n  first\n\tsecond\n"
    details = tree([a_test("1", output=text)]).find("details", "test")[0]

    assert "open" not in details.attributes
    assert details.find("pre")[0].text == f"\n{text}", "a browser drops the first newline"


def test_a_test_without_output_is_a_title_alone() -> None:
    root = tree([a_test("1")])

    assert root.find("details") == []
    assert len(root.find("div", "test")) == 1


def test_the_output_above_the_tests_is_shown_to_everybody() -> None:
    root = tree([a_test("1")], output="For all", output_format="text")

    assert all("For all" in in_view(root, view, ORDER).text for view in ORDER)


@pytest.mark.parametrize("output_format", ["html", "md", "simple_format", "ansi"])
def test_what_gradescope_would_render_is_shown_as_its_source(output_format: str) -> None:
    root = tree([a_test("1", output="<b>x</b>", output_format=output_format)])
    test = root.find("details", "test")[0]

    assert f"renders this as {output_format}" in test.text
    assert "<b>x</b>" in test.find("pre")[0].text


def test_an_output_without_a_format_is_rendered_above_the_tests_only() -> None:
    root = tree([a_test("1", output="below")], output="above")

    assert "simple_format" in root.find("div", "panel")[0].text
    assert "renders this" not in root.find("details", "test")[0].text


def test_a_huge_output_loses_its_middle_as_on_the_platform() -> None:
    kept = "a" * 49_990 + "[...(truncated)...]" + "b" * 49_990
    longer = tree([a_test("1", output="a" * LONGEST_OUTPUT + "b" * LONGEST_OUTPUT)])
    exact = tree([a_test("1", output="a" * LONGEST_OUTPUT)])

    assert longer.find("pre")[0].text.strip() == kept
    assert exact.find("pre")[0].text.strip() == "a" * LONGEST_OUTPUT


def test_the_total_is_out_of_the_assignments_points() -> None:
    assert total(tree([a_test("1")], points=20.0), "staff") == "1.0 / 20.0"
    assert total(tree([a_test("1")]), "staff") == "1.0 / 1.0"
    assert "Gradescope takes the assignment's Autograder Points" in tree([a_test("1")]).text


def test_a_given_score_is_the_total() -> None:
    assert total(tree([a_test("1")], score=14), "before") == "14.0 / 1.0"


def test_the_leaderboard_is_shown() -> None:
    root = tree([a_test("1")], leaderboard=[{"name": "speed", "value": 3.5}])

    assert [cell.text for cell in root.find("table")[0].find("td")] == ["3.5"]


def test_our_own_results_have_no_violations() -> None:
    results = Results(tests=(TestResult("a", "1", 0, 1, output="x"), TestResult("b", "2", 1, 1)), output="y")
    root = read_page(page(receive(results.to_bytes()), "ours"))

    assert root.find(of_class="violations") == []
    assert total(root, "before") == "1.0 / 2.0"


@pytest.mark.parametrize("view", ORDER)
def test_any_view_can_be_the_first(view: str) -> None:
    root = read_page(page(receive(b'{"score": 1}'), "a title", view=view))
    checked = [each.attributes["id"] for each in root.find("input") if "checked" in each.attributes]

    assert checked == [f"view-{view}"]


def test_hostile_text_makes_no_element_and_no_attribute() -> None:
    root = read_page(page(receive(hostile_results()), HOSTILE, stdout=HOSTILE))
    harmless = read_page(page(receive(hostile_results().replace(b"<", b"(")), "a title", stdout="x"))

    assert {each.tag for each in root.walk()} == {each.tag for each in harmless.walk()}
    assert not {"script", "img", "svg", "iframe", "base"} & {each.tag for each in root.walk()}
    allowed = {"class", "id", "href", "for", "type", "name", "checked", "content", "charset", "http-equiv",
               "lang", "role", "scope", "title", "aria-label"}  # fmt: skip
    assert {name for each in root.walk() for name in each.attributes} <= allowed
    assert all(re.fullmatch(r"#test-\d+", link.attributes["href"]) for link in root.find("a"))


def test_hostile_text_is_shown_letter_for_letter_where_it_is_visible() -> None:
    shown = read_page(page(receive(hostile_results()), "a title")).find("pre")[1].text

    for line in HOSTILE.splitlines()[:8]:
        assert line in shown


def test_no_character_that_acts_is_left() -> None:
    text = page(receive(hostile_results()), HOSTILE, stdout=HOSTILE)

    assert (
        re.findall(
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", text
        )
        == []
    )
    assert "[U+202E]" in text
    assert "\u241b[31mred" in text
    text.encode()


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    text = page(receive(hostile_results()), "a title")
    root = read_page(text)
    policies = [meta for meta in root.find("meta") if "http-equiv" in meta.attributes]

    assert [meta.attributes["content"] for meta in policies] == [POLICY]
    assert POLICY.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "url(" not in root.find("style")[0].text
    assert "@import" not in root.find("style")[0].text


def test_a_refused_file_shows_the_failure_page_and_staff_its_contents() -> None:
    root = read_page(page(receive(b"<oops>"), "broken", points=10.0))
    student, staff = (in_view(root, view, ORDER) for view in ("published", "staff"))

    assert "The autograder failed to execute correctly." in student.text
    assert "<oops>" not in student.find("main")[0].find("div", "columns")[0].text
    assert "<oops>" in staff.find("pre")[0].text
    assert "the file is not JSON" in root.find(of_class="violations")[0].text
    assert [total(root, view) for view in ORDER] == ["0.0 / 10.0"] * 4
