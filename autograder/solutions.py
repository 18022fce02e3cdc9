"""Solutions that answer calls in this process: the key, and whatever stands in for a submission."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.answering import Answerer, CannotAnswer
from autograder.function_spec import FunctionSpec
from autograder.values import Failure


class Reference:
    """Functions called where we are, by API name. Only for code that we trust."""

    def __init__(
        self, functions: Mapping[str, Callable[..., Any]], specs: Mapping[str, FunctionSpec]
    ) -> None:
        self._functions = functions
        self._specs = specs

    @contextlib.contextmanager
    def session(self, name: str, seed: int) -> Iterator[Answerer]:
        """Calls of one test; nothing is kept between sessions but what the functions keep themselves."""
        yield Answerer(self._lookup, keep=self._keep)

    def _lookup(self, function: str) -> Callable[..., Any]:
        if function not in self._functions:
            raise CannotAnswer(Failure("missing"))
        return self._functions[function]

    def _keep(self, function: str) -> tuple[int, ...]:
        return self._specs[function].signature.kept
