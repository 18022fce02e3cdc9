"""How much of its tolerance an answer needs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.closeness import closeness_of
from autograder.difference import Tolerance

TENTH = Tolerance(rtol=0.0, atol=0.1)  # of the largest value expected
ONE_TWO = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("actual", "expected", "share"),
    [
        (ONE_TWO, ONE_TWO, 0.0),
        (ONE_TWO + np.array([0.1, 0.0]), ONE_TWO, 0.5),
        (ONE_TWO + np.array([0.1, -0.4]), ONE_TWO, 2.0),
        ([1.1, 2.0], ONE_TWO, 0.5),
        ((ONE_TWO, ONE_TWO + 0.1), (ONE_TWO, ONE_TWO), 0.5),
        ({"a": ONE_TWO + 0.1, "b": 1}, {"a": ONE_TWO}, 0.5),
        (np.array([[2.2]]), 2.0, 1.0),
        (np.array([np.inf, 2.0]), np.array([np.inf, 2.0]), 0.0),
        ([1, 2], [1, 2], 0.0),
        (None, None, 0.0),
        ("ab", "ab", 0.0),
    ],
)
def test_the_largest_error_counts_as_a_share_of_what_is_allowed(
    actual: Any, expected: Any, share: float
) -> None:
    assert closeness_of(actual, expected, TENTH, precision="float64") == pytest.approx(share)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (ONE_TWO, np.array([[1.0, 2.0]])),
        (None, ONE_TWO),
        (np.array([np.nan, 2.0]), ONE_TWO),
        ([1, 3], [1, 2]),
        (3, 2),
        ((ONE_TWO + 1, ONE_TWO[:1]), (ONE_TWO, ONE_TWO)),
        ((ONE_TWO + 1, np.array([np.nan, 2.0])), (ONE_TWO, ONE_TWO)),
        ((ONE_TWO + 1, "text"), (ONE_TWO, ONE_TWO)),
        ("ab", "abc"),
    ],
)
def test_what_differs_in_another_way_than_by_numbers_is_infinitely_far(actual: Any, expected: Any) -> None:
    assert closeness_of(actual, expected, TENTH, precision="float64") == math.inf
