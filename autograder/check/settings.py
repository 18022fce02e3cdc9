"""Process-wide settings that student code may change, kept apart from ours."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np


class StudentSettings:
    """NumPy's error and print settings and Python's warning filters, as the student's code left them.

    `np.seterr(all="raise")` in a student's file must hold in the student's functions, and not where their
    answers are compared.
    """

    def __init__(self) -> None:
        self._ours = self._theirs = _current()

    @contextlib.contextmanager
    def apply(self) -> Iterator[None]:
        """While the block runs, the student's settings are in force."""
        _set(self._theirs, self._ours)
        try:
            yield
        finally:
            self._theirs = _current()
            _set(self._ours, self._theirs)

    def forget(self) -> None:
        """The student's code starts anew."""
        self._theirs = self._ours


_Settings = tuple[dict[str, Any], dict[str, Any], list[Any]]


def _current() -> _Settings:
    return np.geterr(), np.get_printoptions(), list(warnings.filters)


def _set(wanted: _Settings, now: _Settings) -> None:
    np.seterr(**wanted[0])
    if wanted[1] != now[1]:
        np.set_printoptions(**wanted[1])
    if wanted[2] != now[2]:  # a change makes Python repeat warnings that it has shown already
        warnings.resetwarnings()
        warnings.filters[:] = wanted[2]  # type: ignore[index]
