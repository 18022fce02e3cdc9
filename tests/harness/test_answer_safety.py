"""Messages never give the key away: its values stand in the smallest example alone, where that is allowed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from autograder.case import GradedCase
from tests.harness.wrong_solutions import (
    KEY,
    GradedRun,
    graded,
    numbers_in,
    printing_its_arguments,
    raising_with_its_arguments,
    spoilt,
)

TELLING_DIGITS = 5  # a number of fewer digits can be no copy of a value
NUMBER = re.compile(r"\d+\.?\d*(?:e[-+]?\d+)?")
EXPECTED = re.compile(r"# expected: .*(?:\n#  .*)*")
VALUES = re.compile(r"expected:|yours is|array\(|import |printed|\d\.\d")
SENTINEL = 0.123456789
AVERAGES = ("running_mean", "running_var")

STUDENTS = {
    "all outputs too large": spoilt(lambda value: value * 1.37 + 0.61),
    "all outputs negative": spoilt(np.negative),
    "all outputs nearly right": spoilt(lambda value: value * 1.0007),
    "the last output of each function wrong": spoilt(lambda value: value + 1.7, every_output=False),
    "zeros": spoilt(np.zeros_like),
    "NaN": spoilt(lambda value: np.full(np.shape(value), np.nan)),
    "another shape": spoilt(lambda value: np.repeat(np.atleast_1d(value), 2, axis=0)),
    "texts": spoilt(lambda value: "a text"),
    "prints its inputs": {name: printing_its_arguments(each) for name, each in spoilt(np.square).items()},
    "raises with its inputs": dict.fromkeys(KEY, raising_with_its_arguments),
}


@pytest.fixture(scope="module", params=STUDENTS)
def wrong(request) -> GradedRun:
    return graded(STUDENTS[request.param])


def copies(text: str, secrets: np.ndarray) -> list[str]:
    """The numbers in a text, of five digits or more, that are one of the secrets as far as they go."""
    found = []
    for token in NUMBER.findall(text):
        number = Decimal(token)
        unit = 10.0 ** int(number.as_tuple().exponent)
        if _digits(token) >= TELLING_DIGITS and (np.abs(secrets - float(number)) <= 0.501 * unit).any():
            found.append(token)
    return found


def _digits(token: str) -> int:
    return len(Decimal(token).normalize().as_tuple().digits)


def secrets_of(case: GradedCase) -> np.ndarray:
    """What the key gave in a test, but for what the test or the student had as well."""
    expected = numbers_in([[call.expected.value, call.expected.changed] for call in case.calls])
    students = numbers_in([[call.actual.value, call.actual.changed] for call in case.calls])
    known = np.concatenate([students, inputs_of(case), [np.inf]])
    known.sort()
    above = np.searchsorted(known, expected * (1 - 1e-5))
    return expected[known[above] > expected * (1 + 1e-5)]


def inputs_of(case: GradedCase) -> np.ndarray:
    return numbers_in([list(call.arguments) for call in case.calls])


@pytest.mark.parametrize(
    ("secret", "found"),
    [(SENTINEL, ["0.123457"]), (1.234567e-5, ["1.23457e-05"]), (12345.0, ["12345"]), (0.12, []), (0.2, [])],
)
def test_a_copy_is_found_however_it_is_rounded(secret: float, found: list[str]) -> None:
    text = "yours is 0.123457, off by 0.12, at [12345], 1.23457e-05"
    assert copies(text, np.array([secret])) == found


def own_words(text: str) -> str:
    """A text without what may stand in it: right values in the example, and what a student prints."""
    return EXPECTED.sub("", text).partition("It printed:")[0]


def test_no_input_is_made_from_what_the_key_answers() -> None:
    """Else the smallest example shows the key's value as an input, whatever the assignment allows."""
    right, other = graded(KEY).cases, graded(KEY, another_key()).cases
    assert len(right) > 200
    for name, case in right.items():
        for one, another in zip(inputs_by_call(case), inputs_by_call(other[name]), strict=False):
            assert np.array_equal(one, another), name


def another_key() -> dict[str, Any]:
    """A key that answers otherwise and leaves other running averages in its arguments."""

    def leaving_other_averages(function: Any) -> Any:
        def call(*arguments: Any) -> Any:
            answer = function(*arguments)
            for argument in arguments:
                if isinstance(argument, dict):
                    argument.update({key: off(each) for key, each in argument.items() if key in AVERAGES})
            return answer

        return call

    def off(value: Any) -> Any:
        return 1.37 * value + 0.61

    return {name: leaving_other_averages(function) for name, function in spoilt(off).items()}


def inputs_by_call(case: GradedCase) -> list[np.ndarray]:
    return [numbers_in(list(call.arguments)) for call in case.calls if not call.probe]


def test_there_is_something_to_keep_secret() -> None:
    failed = graded(STUDENTS["all outputs too large"]).failed
    assert sum(secrets_of(case).size > 0 for case, _ in failed) > len(failed) / 2


def test_right_values_stand_in_the_smallest_example_alone(wrong: GradedRun) -> None:
    texts = wrong.texts()
    for case, declared in wrong.failed:
        text = own_words(texts[declared.number])
        assert copies(text, secrets_of(case)) == [], text


def test_the_examples_do_show_right_values_where_nothing_forbids_it() -> None:
    texts = graded(STUDENTS["zeros"]).texts().values()
    assert sum("# expected:" in text for text in texts) > 50


def test_no_right_value_is_told_where_the_assignment_says_so(wrong: GradedRun) -> None:
    texts = wrong.texts(show_expected=False)
    for case, declared in wrong.failed:
        text = texts[declared.number]
        assert "expected:" not in text
        assert copies(own_words(text), secrets_of(case)) == [], text


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date", "after_published"])
def test_a_test_that_students_cannot_see_tells_neither_right_values_nor_inputs(
    wrong: GradedRun, visibility: str
) -> None:
    texts = wrong.texts(visibility)
    for case, declared in wrong.failed:
        text = texts[declared.number]
        assert copies(text, np.concatenate([secrets_of(case), inputs_of(case)])) == [], text
        assert not VALUES.search(without_test_numbers(text)), text


def without_test_numbers(text: str) -> str:
    """A text without the "mend 1.5.1 first" that may stand in it."""
    return re.sub(r"mend [\d.]+ first", "", text)


def test_a_test_that_students_cannot_see_still_says_what_kind_of_failure_it_is(wrong: GradedRun) -> None:
    texts = wrong.texts("after_published")
    for case, declared in wrong.failed:
        assert case.findings[0].function in texts[declared.number]


def test_a_right_submission_learns_nothing_from_a_key_that_is_a_sentinel() -> None:
    """Every graded value is made of one number: wherever it turns up, it came from the key."""
    key = spoilt(lambda value: value * 0 + SENTINEL if isinstance(value, float | np.ndarray) else value)
    run = graded(KEY, key)
    shown, secret = run.texts(), run.texts(show_expected=False)
    hidden = run.texts("after_published")

    assert sum("0.123457" in text for text in shown.values()) > 30
    for case, declared in run.failed:
        number = declared.number
        assert SENTINEL not in inputs_of(case)
        assert "0.1234" not in EXPECTED.sub("", shown[number])
        assert "0.1234" not in secret[number]
        assert "0.1234" not in hidden[number]


def test_how_far_off_a_value_is_is_told_to_two_digits() -> None:
    for text in graded(STUDENTS["all outputs too large"]).texts().values():
        for amount in re.findall(r"off by ([\d.e+-]+)", text):
            assert _digits(amount.rstrip(".")) <= 2
