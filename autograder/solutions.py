"""Solutions that answer calls in this process: the key, and whatever stands in for a submission."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.answering import Answerer, CannotAnswer
from autograder.case import Solution
from autograder.function_spec import FunctionSpec
from autograder.mistake import Mistake
from autograder.values import Failure, Reply


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


class Mistaken(Reference):
    """The key with one function replaced by a known mistake.

    Only calls of a graded test reach the mistake: the key's other functions go on using the right one.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        specs: Mapping[str, FunctionSpec],
        mistake: Mistake,
    ) -> None:
        super().__init__({**functions, mistake.function: mistake.variant}, specs)


class Recorder:
    """Another solution, with everything that it answered: `replies` holds (function, reply) by test name."""

    def __init__(self, solution: Solution) -> None:
        self._solution = solution
        self.replies: dict[str, list[tuple[str, Reply]]] = {}

    @contextlib.contextmanager
    def session(self, name: str, seed: int) -> Iterator[Recorder._Session]:
        """Calls of one test, answered by the other solution."""
        replies = self.replies[name] = []
        with self._solution.session(name, seed) as answerer:
            yield self._Session(answerer, replies)

    class _Session:
        def __init__(self, answerer: Any, replies: list[tuple[str, Reply]]) -> None:
            self._answerer = answerer
            self._replies = replies

        def call(self, function: str, *arguments: Any) -> Reply:
            """The other solution's answer, remembered."""
            reply = self._answerer.call(function, *arguments)
            self._replies.append((function, reply))
            return reply
