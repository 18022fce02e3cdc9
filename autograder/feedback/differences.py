"""How a value differs from what it should be, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.difference import (
    Difference,
    Index,
    Kind,
    Missing,
    MissingKeys,
    NotFinite,
    WrongCount,
    WrongSequence,
    WrongShape,
    WrongText,
    WrongType,
    WrongValues,
)
from autograder.wording import (
    NAME_CHARACTERS,
    SOURCE_CHARACTERS,
    amount,
    at,
    digits,
    number,
    place,
    plain,
    quantity,
)

SHOWN_KEYS = 12
FLOAT32_REACHES = 1e-3  # a relative error that float32 can cause in a layer; a larger one it does not


def describe_difference(difference: Difference, *, function: str, output_name: str = "") -> str:
    """What is wrong with one output of a call. `difference.path` leads on from `output_name`."""
    words: Callable[[Any, str], str] = _DIFFERENCES[type(difference)]
    return f"{function}: {words(difference, place(output_name, difference.path))}"


def _missing(difference: Missing, where: str) -> str:
    return f"{where} is None. Does every way through the function end with a return of this value?"


def _wrong_type(difference: WrongType, where: str) -> str:
    found, wanted = plain(difference.actual_type, NAME_CHARACTERS), KINDS[difference.expected_kind]
    return f"{where} is of type {found}; it must be {wanted}.{KIND_ADVICE.get(difference.expected_kind, '')}"


def _wrong_count(difference: WrongCount, where: str) -> str:
    return f"{where} has {quantity(difference.actual, 'value')}; it must have {difference.expected}."


def _missing_keys(difference: MissingKeys, where: str) -> str:
    keys = ", ".join(plain(repr(key), NAME_CHARACTERS) for key in difference.missing)
    found = ", ".join(plain(repr(key), NAME_CHARACTERS) for key in difference.actual[:SHOWN_KEYS])
    return f"{where} lacks {keys}. Its keys are: {found or 'none'}."


def _wrong_shape(difference: WrongShape, where: str) -> str:
    advice = shape_advice(difference.actual, difference.expected)
    if not difference.expected:
        return f"{where} has shape {difference.actual}; it must be a single number.{advice}"
    return f"{where} has shape {difference.actual}; it must be {difference.expected}.{advice}"


def _not_finite(difference: NotFinite, where: str) -> str:
    kind = {0: "infinite", difference.count: "NaN"}.get(difference.nans, "NaN or infinite")
    cause = "Look for a division by 0, a log of 0, or exp of a large number."
    if not difference.first_index:
        return f"{where} is {kind}. {cause}"
    how_many = f"{difference.count} of {quantity(difference.total, 'value')}"
    return f"{where} is {kind} at {how_many}, first {at(difference.first_index)}. {cause}"


def _wrong_values(difference: WrongValues, where: str) -> str:
    facts = _exact_facts if difference.precision == "exact" else _number_facts
    return facts(difference, where) + precision_advice(difference)


def _exact_facts(difference: WrongValues, where: str) -> str:
    found = number(difference.actual_at_worst)
    if not difference.worst_index:
        too = "too large" if difference.actual_at_worst > difference.expected_at_worst else "too small"
        return f"{where} is {found}, which is {'wrong' if found in ('True', 'False') else too}."
    return f"{where} is {_how_many_wrong(difference)}, first {at(difference.first_index)}."


def _number_facts(difference: WrongValues, where: str) -> str:
    found, off = number(difference.actual_at_worst), amount(difference.max_abs, difference.relative)
    if not difference.worst_index:
        return f"{where} is {found}, {off}."
    if difference.count == 1:
        return f"{where} is wrong {at(difference.worst_index)} only: yours is {found}, {off}."
    worst = f"The worst is {at(difference.worst_index)}: yours is {found}, {off}."
    return f"{where} is {_how_many_wrong(difference)}, first {at(difference.first_index)}. {worst}"


def _how_many_wrong(difference: WrongValues) -> str:
    return f"wrong at {difference.count} of {quantity(difference.total, 'value')}"


def _wrong_sequence(difference: WrongSequence, where: str) -> str:
    index, length = difference.index, difference.actual_length
    if index == length:
        return f"{where} ends too early, after {quantity(length, 'token')}."
    found = number(difference.actual_at_index)
    if index == difference.expected_length:
        return f"{where} goes on too long: it should end before [{index}], where yours has {found}."
    return f"{where} is wrong from [{index}] on, where yours has {found}."


def _wrong_text(difference: WrongText, where: str) -> str:
    index, text = difference.index, difference.actual
    if index == len(text):
        return f"{where} ends too early, after {quantity(index, 'character')}."
    rest = plain(repr(text[index : index + SOURCE_CHARACTERS]), SOURCE_CHARACTERS)
    return f"{where} is wrong from character {index} on (counted from 0): yours goes on {rest}."


_DIFFERENCES: dict[type[Difference], Callable[[Any, str], str]] = {
    Missing: _missing,
    WrongType: _wrong_type,
    WrongCount: _wrong_count,
    MissingKeys: _missing_keys,
    WrongShape: _wrong_shape,
    NotFinite: _not_finite,
    WrongValues: _wrong_values,
    WrongSequence: _wrong_sequence,
    WrongText: _wrong_text,
}

KINDS: dict[Kind, str] = {
    "array": "an array of numbers",
    "number": "a single number",
    "integer array": "an array of integers",
    "integer": "a whole number (int)",
    "mask": "an array of True and False (dtype bool)",
    "truth value": "True or False",
    "dict": "a dict",
    "list": "a list",
    "text": "a string",
    "None": "None",
}

KIND_ADVICE: dict[Kind, str] = {
    "integer": " Use // where a division must give a whole number.",
    "mask": " A comparison gives such an array, and so does .astype(bool).",
}


def shape_advice(actual: Index, expected: Index) -> str:
    """What often lies behind a wrong shape: one sentence with a space before it, or nothing."""
    if 0 in actual:
        return " Yours is empty: look at the slices, such as [p:-p] with p = 0."
    if len(actual) > len(expected) and tuple(n for n in actual if n != 1) == expected:
        return " Drop the axes of length 1, for example with keepdims=False or reshape."
    if actual != expected and actual[::-1] == expected:
        return " Is it transposed?"
    if not expected:
        return " Is a sum or a mean missing?"
    if np.prod(actual, dtype=object) == np.prod(expected, dtype=object):
        return " It has the right number of values: does it need a reshape or a transpose?"
    return ""


def precision_advice(difference: WrongValues) -> str:
    """What lies behind a value that is nearly right, or whole: a sentence after a space, or nothing."""
    if difference.precision == "integer":
        return " Your values are integers: were the decimals cut off by an integer array?"
    if not difference.is_close_miss:
        return ""
    nearly = f"That is nearly right, to {digits(difference.relative)}"
    single = "float32 on the way? Or a" if difference.relative < FLOAT32_REACHES else "is a"
    return {
        "float16": " float16 is too coarse: compute in float64.",
        "float32": f" {nearly}: compute in float64, and look at small terms such as eps.",
        "float64": f" {nearly}: {single} small term, such as eps, missing or misplaced?",
    }[difference.precision]
