"""Signatures: what they mean, and where a wrong one is wrong."""

from __future__ import annotations

import pytest

from autograder.errors import AssignmentError
from autograder.signature import Signature, parse_signature


def test_one_return_name_is_the_value_itself():
    signature = parse_signature("z -> p")
    assert signature == Signature(("z",), frozenset(), "p")
    assert signature.returns_one
    assert signature.return_count == 1
    assert signature.leaves() == (((), "p"),)


def test_several_return_names_are_a_tuple():
    signature = parse_signature("x, w, b, conv_param -> out, cache")
    assert signature.parameters == ("x", "w", "b", "conv_param")
    assert signature.returns == ("out", "cache")
    assert not signature.returns_one
    assert signature.leaves() == (((0,), "out"), ((1,), "cache"))


def test_return_values_nest():
    signature = parse_signature("x, w1, w2, w3, y_true -> loss, (dw1, dw2, dw3)")
    assert signature.returns == ("loss", ("dw1", "dw2", "dw3"))
    assert signature.return_count == 2
    assert signature.leaves()[-1] == ((1, 2), "dw3")


def test_a_question_mark_makes_a_parameter_optional():
    signature = parse_signature("height, kernel, stride?, pad? -> h_out, w_out")
    assert signature.optional == {"stride", "pad"}


@pytest.mark.parametrize(
    ("name", "stays"), [("cache", True), ("kv_cache", True), ("cached", False), ("out", False)]
)
def test_what_is_or_ends_in_cache_stays(name, stays):
    assert Signature.stays(name) is stays


@pytest.mark.parametrize("text", ["-> out", "x -> a, b", "x, alpha? -> (a, b), c", "x -> a, (b, (c, d))"])
def test_a_signature_prints_as_it_was_written(text):
    assert str(parse_signature(text)) == text


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 1, "expected a parameter's name, found the end"),
        ("x", 2, "expected ',' or '->', found the end"),
        ("x y -> p", 3, "expected ',' or '->', found y"),
        ("x, -> p", 4, "expected a parameter's name, found ->"),
        ("x ->", 5, "expected a return value's name, found the end"),
        ("x, def -> p", 4, "expected a parameter's name, found def"),
        ("x, x -> p", 4, "parameter x is listed twice"),
        ("x?, y -> p", 5, "y must be optional too: it follows x?"),
        ("x -> p, p", 9, "return value p is listed twice"),
        ("x -> (p)", 7, "a group in parentheses has two names or more"),
        ("x -> (p, q", 11, "expected ',' or ')', found the end"),
        ("x -> p)", 7, "expected ',' or the end, found )"),
        ("1x -> p", 1, "expected a parameter's name, found 1"),
    ],
)
def test_an_error_names_the_text_and_the_position(text, position, problem):
    with pytest.raises(AssignmentError) as caught:
        parse_signature(text)
    assert str(caught.value) == f"signature {text!r}, position {position}: {problem}"
