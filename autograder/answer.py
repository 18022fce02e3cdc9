"""The answer to one call of a graded test, and what a case can claim about it.

A claim that turns out false is recorded, not raised: the test goes on with its other inputs, and the
report can say on which of them the function is right. Only an answer that leaves nothing to go on
with (the function is missing, its process is gone) ends the test.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.closeness import closeness_of
from autograder.compare import compare, precision_of
from autograder.difference import Difference, Tolerance
from autograder.errors import AutograderError
from autograder.findings import CallFailed, ChangedArgument, ClaimFailed, Differs
from autograder.signature import Signature
from autograder.values import Opaque, Part, Reply

if TYPE_CHECKING:
    from autograder.case import GradedCase

FINAL_KINDS = frozenset(
    {"missing", "import", "stub", "forbidden", "exited", "died", "cpu_time", "idle", "wall_time", "protocol"}
)


class StopTest(AssertionError):
    """Nothing more can be learnt in this test: what was found so far is the verdict."""


class Answer:
    """What the submission and the key said to one call. Attributes are named after the signature.

    `answer.cache` stands for that value in later calls, in whichever process made it.
    """

    def __init__(
        self,
        case: GradedCase,
        number: int,
        function: str,
        signature: Signature,
        actual: Reply,
        expected: Reply,
    ) -> None:
        self._case = case
        self._number = number
        self._function = function
        self._signature = signature
        self.actual = actual
        self.expected = expected
        self._paths = {name: path for path, name in signature.leaves()}

    def __getattr__(self, name: str) -> Part:
        """A value of this answer as an argument for a later call; the test ends where there is none."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._paths:
            raise AutograderError(
                f"{self._case.id()}: {self._function} returns no {name!r}; "
                f"it returns {', '.join(self._paths)}"
            )
        path = self._paths[name]
        if self._failed() or self._record_structure():
            raise StopTest
        return Part(self._number, path)

    def equals_reference(self, *names: str, tolerance: Tolerance | None = None) -> Answer:
        """Claim that these outputs (all but caches, if none is named) are the key's."""
        return self._claim_equal(names, self._expected_value(), tolerance)

    def equals(self, expected: Any, *names: str, tolerance: Tolerance | None = None) -> Answer:
        """Claim that the outputs are these values, given in the structure that the function returns."""
        return self._claim_equal(names, expected, tolerance)

    def raises(self, *names: str) -> Answer:
        """Claim that the call raises one of these exceptions, by name, or one derived from it."""
        failure = self.actual.failure
        if failure is None:
            self.claim(
                False, f"{self._function} should raise {' or '.join(names)} here, but returned a value"
            )
        elif failure.kind != "raised":
            self._failed()
        elif not _is_one_of(failure.type_name, names):
            self._case.record(CallFailed(self._function, self._number, failure))
        return self

    def satisfies(self, predicate: Callable[[Any], bool], message: str) -> Answer:
        """Claim something about the returned value; `message` says what was expected of it.

        The value may be anything a student can return: where the predicate raises, the claim is false.
        """
        if self._failed():
            return self
        try:
            holds = bool(predicate(self.actual.value))
        except Exception:
            holds = False
        return self.claim(holds, message)

    def claim(self, holds: bool, message: str) -> Answer:
        """Record a claim under this call: `message` is what the student reads where it does not hold.

        One that holds earns no share of the points beside a wrong value: many a wrong answer has a property.
        """
        if not holds:
            self._case.record(ClaimFailed(self._function, self._number, message))
        return self

    def leaves_argument(self, parameter: str, expected: Any) -> Answer:
        """Claim what the call left in an argument that it may change, such as running averages."""
        if self._failed():
            return self
        index = self._signature.parameters.index(parameter)
        given = self._case.calls[self._number].arguments[index]
        left = self.actual.changed.get(index, given)
        self._compare(left, expected, parameter, (parameter,), None)
        return self

    def leaves_argument_like_reference(self, parameter: str) -> Answer:
        """Claim that the call left an argument as the key does."""
        self._expected_value()
        index = self._signature.parameters.index(parameter)
        given = self._case.calls[self._number].arguments[index]
        return self.leaves_argument(parameter, self.expected.changed.get(index, given))

    def check_arguments(self, may_change: frozenset[str]) -> None:
        """Record each argument that the call changed and may not change."""
        for index in sorted(self.actual.changed):
            names = self._signature.parameters
            parameter = names[index] if index < len(names) else str(index)
            if parameter not in may_change:
                self._case.record(ChangedArgument(self._function, self._number, parameter))

    def _claim_equal(self, names: Sequence[str], expected: Any, tolerance: Tolerance | None) -> Answer:
        names = names or [name for name in self._paths if not self._signature.stays(name)]
        wanted = {name: _at(expected, self._paths[name]) for name in names}
        for name in names:
            self._case.enter(self._function, name)
        if self.actual.failure is not None or self._structure() is not None:
            _check_key(*wanted.values())
        if self._failed() or self._record_structure():
            return self
        for name in names:
            self._compare(_at(self.actual.value, self._paths[name]), wanted[name], name, (), tolerance)
        return self

    def _compare(
        self, actual: Any, expected: Any, name: str, path: tuple, tolerance: Tolerance | None
    ) -> None:
        self._case.enter(self._function, name)
        rules: dict[str, Any] = {"loose_shape": bool(path), "precision": precision_of(self.actual.value)}
        difference = compare(actual, expected, tolerance, path, **rules)
        if self._case.grading is not None and self._case.grading.observer is not None:
            closeness = closeness_of(actual, expected, tolerance, **rules)
            self._case.grading.observer.compared(self._case.name, closeness)
        if difference is not None:
            _check_key(expected)
            follows = self._case.look_closer(self._number, name)
            self._case.record(Differs(self._function, self._number, name, difference, follows))

    def _failed(self) -> bool:
        """Record a call that gave no value; ends the test where no later call can do better."""
        failure = self.actual.failure
        if failure is None:
            return False
        self._case.record(CallFailed(self._function, self._number, failure))
        if failure.kind in FINAL_KINDS:
            raise StopTest
        return True

    def _structure(self) -> Difference | None:
        """Does the answer have as many values as the signature says, at every level?"""
        if self._signature.returns_one:
            return None
        return compare_structure(self.actual.value, self._signature.returns)

    def _record_structure(self) -> bool:
        difference = self._structure()
        if difference is not None:
            self._case.record(Differs(self._function, self._number, "", difference))
        return difference is not None

    def _expected_value(self) -> Any:
        if self.expected.failure is not None:
            failure = self.expected.failure
            raise AutograderError(
                f"{self._case.id()}: the reference's {self._function} failed: "
                f"{failure.type_name} {failure.message}"
            )
        return self.expected.value


def compare_structure(actual: Any, returns: Any) -> Difference | None:
    """Compare the tuples of an answer with the names of a signature, not the values in them."""
    if isinstance(returns, str):
        return None
    if isinstance(actual, np.ndarray) and actual.ndim == 1:
        actual = tuple(actual)
    if not isinstance(actual, (tuple, list)) or len(actual) != len(returns):
        return compare(actual, tuple(Opaque(str(name)) for name in returns))
    inner = (compare_structure(item, names) for item, names in zip(actual, returns, strict=True))
    return next((difference for difference in inner if difference is not None), None)


def _check_key(*expected: Any) -> None:
    """Raise AssignmentError where the key gave what no answer agrees with, before a student is blamed."""
    for value in expected:
        compare(value, value)


def _at(value: Any, path: tuple[int, ...]) -> Any:
    for index in path:
        value = value[index]
    return value


def _is_one_of(type_name: str, names: Sequence[str]) -> bool:
    """Exceptions cross by name: a built-in one counts for each of its ancestors, too."""
    if type_name in names:
        return True
    kind = getattr(builtins, type_name, None)
    ancestors = kind.__mro__ if isinstance(kind, type) else ()
    return any(ancestor.__name__ in names for ancestor in ancestors)
