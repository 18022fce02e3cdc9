"""Prose in lines that fit the results page."""

from __future__ import annotations

import pytest

from autograder.wording import wrapped

LONG = "softmax: p is wrong at 6 of 6 values, first at [0, 0]. The worst is at [1, 0]: yours is 1."


def test_a_long_sentence_goes_on_indented() -> None:
    assert wrapped(LONG) == (
        "softmax: p is wrong at 6 of 6 values, first at [0, 0]. The worst is at [1, 0]: yours is\n  1."
    )


def test_a_short_line_and_an_indented_one_stay_as_they_are() -> None:
    text = f"Two lines.\n    x = {'1 + ' * 40}1\nThe end."
    assert wrapped(text) == text
    assert wrapped("") == ""


@pytest.mark.parametrize("word", ["(2, 3, 4)", "[0, 1]", "[p: -p]", "`except Exception`", "mend 1.1.1 first"])
def test_what_is_read_as_one_word_is_not_torn_apart(word: str) -> None:
    for length in range(60, 90):
        assert word in wrapped(f"{'a' * length} {word} and more")


def test_what_is_wrapped_is_wrapped_once() -> None:
    assert wrapped(wrapped(LONG)) == wrapped(LONG)
