"""picture.py: the maps and bars show what the numbers say, and nothing where that would be no help."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.compare import TOLERANCES, compare
from autograder.difference import NotFinite, WrongValues
from autograder.picture import bars, map_of

TOLERANCE = TOLERANCES["float64"]
steady = settings(derandomize=True, deadline=None)


def picture(shape, *wrong, value=9.0):
    actual = np.ones(shape)
    for index in wrong:
        actual[index] = value
    return map_of(actual, np.ones(shape), TOLERANCE)


# --- Maps ---


def test_a_vector_is_one_line():
    assert picture(6, 2, 5) == ". right, x wrong:\n  ..x..x"


def test_a_matrix_has_a_labelled_row_for_each_of_its_rows():
    assert picture((3, 4), (0, 1), (2, slice(None))) == (
        ". right, x wrong:\n  row 0       .x..\n  row 1       ....\n  row 2       xxxx"
    )


def test_equal_rows_share_a_line():
    assert picture((9, 3), (slice(1, 8), 0)) == (
        ". right, x wrong:\n  row 0       ...\n  rows 1-7    x..\n  row 8       ..."
    )


def test_matrices_of_an_image_stand_beside_each_other():
    border = np.ones((2, 2, 3, 4))
    border[0, :, 0] = border[0, :, -1] = 2
    border[1, 1] = 2
    assert map_of(border, np.ones((2, 2, 3, 4)), TOLERANCE) == (
        ". right, x wrong:\n"
        "  all right: [1, 0]\n"
        "  all wrong: [1, 1]\n"
        "  [0, 0]   [0, 1]\n"
        "  xxxx     xxxx\n"
        "  ....     ....\n"
        "  xxxx     xxxx"
    )


def test_a_whole_wrong_sample_is_told_in_words():
    assert picture((2, 3, 2), 1) == ". right, x wrong:\n  all right: [0]\n  all wrong: [1]"


def test_nan_and_infinity_have_marks_of_their_own():
    actual = np.array([1.0, 2.0, np.nan, np.inf, -np.inf])
    assert map_of(actual, np.ones(5), TOLERANCE) == ". right, x wrong, n NaN, i infinite:\n  .xnii"


def test_an_infinity_that_is_expected_is_right():
    infinite = np.array([np.inf, 1.0])
    assert map_of(np.array([np.inf, 2.0]), infinite, TOLERANCE) == ". right, x wrong:\n  .x"


def test_a_long_vector_is_broken_with_the_index_of_each_line():
    lines = picture(300, 100).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["[0]", "[80]", "[160]", "[240]"]
    assert "".join(line.split()[1] for line in lines[1:]).index("x") == 100


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.ones(4), np.ones(4)),
        (np.zeros(4), np.ones(4)),
        (np.full(4, np.nan), np.ones(4)),
        (np.ones(1), np.zeros(1)),
        (np.float64(1), np.float64(2)),
        (np.ones(3), np.ones(4)),
        (np.r_[0, np.ones(300)], np.ones(301)),
        ("text", np.ones(4)),
        ([[1], [1, 2]], np.ones(2)),
        (None, np.ones(4)),
        (np.array(["a", "b"]), np.ones(2)),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.ones(2) * 1j, np.ones(2)),
    ],
)
def test_nothing_is_drawn_where_it_would_tell_nothing(actual, expected):
    assert map_of(actual, expected, TOLERANCE) == ""


@steady
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_a_map_is_small_and_marks_what_comparison_finds_wrong(shape, seed, share):
    rng = np.random.default_rng(seed)
    expected = rng.normal(size=shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = rng.choice([1e-9, 1e-3, 5.0, np.nan, np.inf], size=shape)
    actual = np.where(rng.random(shape) < share, expected + off, expected)
    drawn = map_of(actual, expected, TOLERANCE)
    assert len(drawn.splitlines()) <= 15
    assert all(len(line) <= 110 for line in drawn.splitlines())
    if len(shape) == 1 and drawn:
        marks = drawn.splitlines()[1].strip()
        difference = compare(actual, expected)
        if isinstance(difference, WrongValues):
            assert marks.count("x") == difference.count
        elif isinstance(difference, NotFinite):
            assert marks.count("n") + marks.count("i") == difference.count


# --- Bars ---


def test_bars_rise_with_the_logarithm():
    assert bars(10.0 ** np.arange(-7, 1)) == "step 0 ▁▂▃▄▅▆▇█ step 7 (1e-07 to 1, log scale)"


def test_equal_numbers_have_equal_bars():
    assert bars([2.0, 2.0, 2.0], "t =") == "t = 0 ███ t = 2 (2 to 2, log scale)"


def test_zero_nan_and_infinity_have_signs_of_their_own():
    assert bars([0.0, 1.0, np.nan, 10.0, np.inf, -1.0]).startswith("step 0 _▁n█!! step 5")


def test_more_than_fifty_steps_are_thinned_out_but_keep_both_ends():
    drawn = bars(np.r_[1e-5, np.ones(998), 1e5])
    assert drawn.startswith("step 0 ▁")
    assert "█ step 999" in drawn
    assert len(drawn) < 100


@pytest.mark.parametrize(
    "values", [[], [1.0], [0.0, 0.0], [np.nan, np.nan], np.ones((2, 2)), None, "text", [[1], [1, 2]], 3.0]
)
def test_no_bars_are_drawn_where_there_is_nothing_to_show(values):
    assert bars(values) == ""
