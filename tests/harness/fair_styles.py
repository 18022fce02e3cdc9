"""Correct solutions of the exam, in every style that a fair grader must give all points.

A style is a complete set of functions by API name: the answer key with a habit (fair_decorators.py), or with
functions written in another way (fair_solutions.py). Plain loops, PyTorch inside, CS231n's layout, a
notebook and megabytes of printing are example submissions, which test_examples.py grades.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from autograder.assignment import load_assignment, load_reference
from tests.harness import fair_decorators as habits
from tests.harness.fair_solutions import WAYS

Functions = dict[str, Callable[..., Any]]
EXAM = load_assignment("exam")
KEY = load_reference(EXAM)
HABITS = (
    habits.python_lists,
    habits.numpy_scalars,
    habits.zero_dimensional_arrays,
    habits.one_element_arrays,
    habits.fortran_order,
    habits.views_with_gaps,
    habits.read_only,
    habits.broadcast_views,
    habits.lists_for_tuples,
    habits.float32_throughout,
    habits.float32_inside,
    habits.float32_returned_as_float64,
    habits.cache_in_a_tuple,
    habits.cache_in_a_dict,
    habits.cache_in_an_object,
    habits.cache_in_a_closure,
    habits.cache_in_a_list_that_is_emptied,
    habits.cache_in_a_generator,
    habits.cache_in_a_global,
    habits.in_place,
    habits.noisy,
    habits.slow,
)


def tensor(value: Any) -> Any:
    return torch.tensor(value, requires_grad=True) if _is_float_array(value) else value


def single_tensor(value: Any) -> Any:
    return torch.tensor(value, dtype=torch.float32) if _is_float_array(value) else value


def _is_float_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _styles() -> Iterator[tuple[str, Functions]]:
    yield "as the answer key", KEY
    for habit in (*HABITS, habits.returning(tensor), habits.returning(single_tensor)):
        yield habit.__name__, {name: habit(function) for name, function in KEY.items()}
    for way in WAYS:
        changed = {name: function for name in KEY if (function := getattr(way, name, None))}
        yield way.__name__, {**KEY, **changed}


STYLES = dict(_styles())
