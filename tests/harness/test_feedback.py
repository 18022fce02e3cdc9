"""feedback: the sentences are right, name the place, and give nothing of the key away."""

from __future__ import annotations

import dataclasses
import re
import typing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import feedback
from autograder.compare import compare
from autograder.difference import (
    Difference,
    Kind,
    Missing,
    MissingKeys,
    NotFinite,
    WrongCount,
    WrongSequence,
    WrongShape,
    WrongText,
    WrongType,
)
from autograder.feedback import describe_difference, describe_failure, differences
from autograder.values import Failure, FailureKind, Frame, Opaque
from autograder.wording import plain

# The same examples on every run, and no clock.
steady = settings(derandomize=True, deadline=None)
HOSTILE = "\x1b[31mred\x00\n\r\u202ebackwards\ud800\u2028" + "x" * 10_000


def told(actual, expected, function="affine_backward", output_name="dw"):
    difference = compare(actual, expected)
    assert difference is not None
    return describe_difference(difference, function=function, output_name=output_name)


# --- plain ---


@steady
@given(st.text(), st.integers(1, 50))
def test_plain_text_is_one_printable_line_within_the_limit(text, limit):
    line = plain(text, limit)
    assert len(line) <= limit
    assert line.isprintable()
    line.encode("utf-8")


def test_plain_removes_escapes_and_direction_marks_and_shows_where_it_cut():
    assert plain(HOSTILE, 20) == "[31mred backwards x…"


def test_plain_leaves_ordinary_text_as_it_is():
    text = "shapes (3,4) and (5,) not aligned: 4 (dim 1) ≠ 5 (dim 0)"
    assert plain(text) == text


# --- Differences ---


@pytest.mark.parametrize(
    ("actual", "expected", "sentence"),
    [
        (
            np.ones((1, 3)),
            np.ones(3),
            "affine_backward: dw has shape (1, 3); it must be (3,). "
            "Drop the axes of length 1, for example with keepdims=False or reshape.",
        ),
        (
            np.ones((2, 3)),
            np.ones((3, 2)),
            "affine_backward: dw has shape (2, 3); it must be (3, 2). Is it transposed?",
        ),
        (
            np.ones((2, 2)),
            np.ones((2, 3)),
            "affine_backward: dw has shape (2, 2); it must be (2, 3).",
        ),
        (
            np.ones(4),
            1.0,
            "affine_backward: dw has shape (4,); it must be a single number. Is a sum or a mean missing?",
        ),
        (
            np.ones(6),
            np.ones((2, 3)),
            "affine_backward: dw has shape (6,); it must be (2, 3). "
            "It has the right number of values: does it need a reshape or a transpose?",
        ),
        (
            np.ones((0, 3)),
            np.ones((2, 3)),
            "affine_backward: dw has shape (0, 3); it must be (2, 3). "
            "Yours is empty: look at the slices, such as [p:-p] with p = 0.",
        ),
        (
            None,
            1.0,
            "affine_backward: dw is None. "
            "Does every way through the function end with a return of this value?",
        ),
        (
            [np.nan, 1.0, np.nan],
            np.ones(3),
            "affine_backward: dw is NaN at 2 of 3 values, first at [0]. "
            "Look for a division by 0, a log of 0, or exp of a large number.",
        ),
        (
            np.inf,
            1.0,
            "affine_backward: dw is infinite. "
            "Look for a division by 0, a log of 0, or exp of a large number.",
        ),
        (
            [np.nan, np.inf],
            np.ones(2),
            "affine_backward: dw is NaN or infinite at 2 of 2 values, first at [0]. "
            "Look for a division by 0, a log of 0, or exp of a large number.",
        ),
        (
            np.array([[1.0, 0.5], [1.25, 0.0]]),
            np.array([[1.0, 0.0], [0.0, 0.0]]),
            "affine_backward: dw is wrong at 2 of 4 values, first at [0, 1]. "
            "The worst is at [1, 0]: yours is 1.25, off by 1.2 (relative: 120%).",
        ),
        (
            np.array([1.0, 2.5]),
            np.array([1.0, 2.0]),
            "affine_backward: dw is wrong at [1] only: yours is 2.5, off by 0.5 (relative: 25%).",
        ),
        (0.0, 0.75, "affine_backward: dw is 0, off by 0.75 (relative: 100%)."),
        (
            1.0004,
            1.0,
            "affine_backward: dw is 1.0004, off by 0.0004 (relative: 0.0004). "
            "That is nearly right, to 4e-4: float32 on the way? "
            "Or a small term, such as eps, missing or misplaced?",
        ),
        (
            np.float16(0.1),
            0.1,
            "affine_backward: dw is 0.0999756, off by 2.4e-05 (relative: 0.00024). "
            "float16 is too coarse: compute in float64.",
        ),
        (
            np.float32(1.005),
            1.0,
            "affine_backward: dw is 1.005, off by 0.005 (relative: 0.005). "
            "That is nearly right, to 5e-3: compute in float64, and look at small terms such as eps.",
        ),
        (50.0, 1.0, "affine_backward: dw is 50, off by 49 (relative: 49 times)."),
        (
            np.array([0, 1]),
            np.array([0.5, 1.0]),
            "affine_backward: dw is wrong at [0] only: yours is 0, off by 0.5 (relative: 50%). "
            "Your values are integers: were the decimals cut off by an integer array?",
        ),
        (0.5, 0.0, "affine_backward: dw is 0.5, off by 0.5."),
        (
            np.array([1.0]),
            np.array([np.inf]),
            "affine_backward: dw is wrong at [0] only: yours is 1, infinitely far off.",
        ),
        (
            (1.0, 2.0),
            (1.0, 2.0, 3.0),
            "affine_backward: dw has 2 values; it must have 3.",
        ),
        (
            {"z": 1.0},
            {"z1": 1.0, "a1": 1.0},
            "affine_backward: dw lacks 'z1', 'a1'. Its keys are: 'z'.",
        ),
        ({}, {"z1": 1.0}, "affine_backward: dw lacks 'z1'. Its keys are: none."),
        (
            Opaque("Tensor"),
            np.ones(2),
            "affine_backward: dw is of type Tensor; it must be an array of numbers.",
        ),
        (
            2.0,
            2,
            "affine_backward: dw is of type float; it must be a whole number (int). "
            "Use // where a division must give a whole number.",
        ),
        (
            np.ones(2),
            np.array([True, False]),
            "affine_backward: dw is of type float64 array; "
            "it must be an array of True and False (dtype bool). "
            "A comparison gives such an array, and so does .astype(bool).",
        ),
        ([1, 2, 4], [1, 2, 3], "affine_backward: dw is wrong from [2] on, where yours has 4."),
        ([1], [1, 2], "affine_backward: dw ends too early, after 1 token."),
        ([1, 2], [1], "affine_backward: dw goes on too long: it should end before [1], where yours has 2."),
        (
            "he lo",
            "hello",
            "affine_backward: dw is wrong from character 2 on (counted from 0): yours goes on ' lo'.",
        ),
        ("he", "hello", "affine_backward: dw ends too early, after 2 characters."),
        (12, 10, "affine_backward: dw is 12, which is too large."),
        (8, 10, "affine_backward: dw is 8, which is too small."),
        (True, False, "affine_backward: dw is True, which is wrong."),
        (
            np.array([[True, True], [True, True]]),
            np.array([[True, False], [True, True]]),
            "affine_backward: dw is wrong at 1 of 4 values, first at [0, 1].",
        ),
    ],
)
def test_each_difference_has_its_sentence(actual, expected, sentence):
    assert told(actual, expected) == sentence


def test_every_kind_of_difference_and_of_value_has_words():
    assert set(differences._DIFFERENCES) == set(Difference.__subclasses__())
    assert set(differences.KINDS) == set(typing.get_args(Kind))


@pytest.mark.parametrize(
    ("path", "output_name", "place"),
    [
        ((), "dw", "dw"),
        ((), "", "the result"),
        ((0,), "", "the result[0]"),
        (("dw",), "", "dw"),
        ((0,), "grads", "grads[0]"),
        (("running_mean",), "bn_param", "bn_param['running_mean']"),
        (("bn_param", "running_mean"), "bn_param", "bn_param['running_mean']"),
    ],
)
def test_a_place_reads_as_it_is_typed(path, output_name, place):
    sentence = describe_difference(Missing(path), function="f", output_name=output_name)
    assert sentence.startswith(f"f: {place} is None.")


@steady
@given(st.lists(st.floats(1.0, 1e3), min_size=2, max_size=6, unique=True))
def test_the_keys_numbers_are_never_printed(numbers):
    expected = np.array(numbers) + 0.123456789
    for actual, wanted in ((np.zeros_like(expected), expected), (0.0, expected[0])):
        sentence = told(actual, wanted)
        shown = {float(found) for found in re.findall(r"(?<![\w\[])\d+\.\d+(?:e[+-]?\d+)?", sentence)}
        assert all(abs(value - right) > 1e-6 * right for value in shown for right in expected)


def test_a_difference_gives_at_most_two_digits_away():
    assert "0.123457" not in told(0.0, 0.123456789)
    assert "off by 0.12 " in told(0.0, 0.123456789)


@pytest.mark.parametrize(
    "difference",
    [
        WrongType((), HOSTILE, "array"),
        MissingKeys((), ("z1",), (HOSTILE,) * 1000),
        WrongSequence((), 1, 3, 3, HOSTILE),
        WrongText((), 0, HOSTILE, 5),
    ],
)
def test_what_a_student_wrote_is_cleaned_and_cut(difference):
    sentence = describe_difference(difference, function="f")
    assert sentence.isprintable()
    assert len(sentence) < 1500


@pytest.mark.parametrize(
    "difference",
    [WrongCount((), 1, 3), WrongShape((), (), (2,)), NotFinite((), 1, 1, (0,), 1)],
)
def test_a_sentence_ends_like_one(difference):
    assert describe_difference(difference, function="f").endswith(".")


# --- Failures ---


@pytest.mark.parametrize("kind", typing.get_args(FailureKind))
@pytest.mark.parametrize("filled", [True, False])
def test_every_kind_of_failure_names_the_function_and_shows_what_is_known(kind, filled):
    frame = Frame("layers.py", 12, "conv_forward", "out = x @ w")
    failure = Failure(kind, "ValueError", "bad shape", (frame,)) if filled else Failure(kind)
    text = describe_failure(failure, function="conv_forward")
    assert text.splitlines()[0].startswith("conv_forward ")
    assert ("ValueError: bad shape" in text) == filled
    assert ("layers.py:12, in conv_forward\n    out = x @ w" in text) == filled
    assert "{" not in text


def test_an_exception_shows_its_hint_before_the_students_lines_innermost_first():
    frames = (Frame("a.py", 1, "outer", "inner(x)"), Frame("b.py", 2, "inner", "x[9]"))
    failure = Failure("raised", "IndexError", "index 9 is out of bounds", frames)
    assert describe_failure(failure, function="outer", hint="Python counts from 0.").splitlines() == [
        "outer stopped with IndexError: index 9 is out of bounds",
        "Python counts from 0.",
        "  b.py:2, in inner",
        "    x[9]",
        "  a.py:1, in outer",
        "    inner(x)",
    ]


def test_a_deep_recursion_shows_its_last_lines_only():
    frames = tuple(Frame("a.py", line, "f", "f()") for line in range(1, 21))
    text = describe_failure(Failure("raised", "RecursionError", "", frames), function="f")
    assert re.findall(r"a\.py:(\d+)", text) == ["20", "19", "18", "17", "16"]


def test_a_hostile_exception_is_cleaned_and_cut():
    frame = Frame(HOSTILE, 1, HOSTILE, HOSTILE)
    text = describe_failure(Failure("raised", HOSTILE, "{function} {0}" + HOSTILE, (frame,)), function="f")
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text.split("\n")) == 3
    assert len(text) < 1000


def test_braces_in_a_message_stay_braces():
    text = describe_failure(Failure("raised", "KeyError", "{function}"), function="f")
    assert text == "f stopped with KeyError: {function}"


# --- The other sentences ---


def test_a_missing_function_names_the_file_and_the_other_names():
    text = feedback.describe_missing(
        "conv_forward", "layers.py", aliases=["conv_forward_naive"], similar="conv_foward"
    )
    assert text.splitlines() == [
        "No Python file you handed in defines conv_forward or conv_forward_naive. "
        "Yours has conv_foward: is it that one?",
        "It is looked for in layers.py first, then in every other .py file, in any folder.",
    ]


def test_a_wrong_number_of_values_names_the_right_ones():
    text = feedback.describe_count("affine_backward", 1, ["dx", "dw", "db"])
    assert text == "affine_backward returned 1 value; it must return 3: dx, dw, db."


def test_a_changed_argument_is_named_with_a_way_out():
    text = feedback.describe_changed_argument("relu_forward", "x")
    assert text.startswith("relu_forward changes its argument x,")
    assert "x.copy()" in text


def test_a_note_is_marked_as_one():
    assert feedback.describe_note("np.float is gone\nfrom NumPy") == "Note: np.float is gone from NumPy"


@pytest.mark.parametrize(
    ("has_code", "reason"),
    [(False, "there is no Python file in what you handed in"), (True, "there is none of the functions")],
)
def test_an_empty_submission_is_told_every_file_and_function(has_code, reason):
    files = {"layers.py": ["softmax", "cross_entropy"], "optim.py": ["sgd"]}
    text = feedback.empty_submission("Exam", files, has_code)
    assert text.startswith(f"Nothing to grade yet: {reason}")
    assert "  layers.py: softmax, cross_entropy\n  optim.py: sgd\n" in text


def test_a_failure_of_ours_says_whose_fault_it_is():
    assert feedback.autograder_failed().startswith("The autograder failed, not you.")


def test_a_test_not_run_says_why():
    assert feedback.not_run().startswith("Not run: the time")


def test_differences_are_facts_that_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Missing(()).path = ("dw",)  # type: ignore[misc]
