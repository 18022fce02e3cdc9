"""One crash of a student's function, with everything about it that an explanation may rest on.

Only what is certain is offered: the arguments of the call by name, and the names on the line that
raised. A student may have bound a parameter's name anew, so whoever says that an argument is to blame
checks its shape, or its keys, against the message first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.signature import Signature
from autograder.values import Failure, Part
from autograder.wording import NAME_CHARACTERS, plain

MESSAGE_CHARACTERS = 1_000
SHOWN_KEYS = 12

Shape = tuple[int, ...]

# The first = that is no part of ==, <=, += and the like.
_ASSIGNMENT = re.compile(r"^(?P<left>[^=()]*?)(?<![=!<>+\-*/@%&|^:])=(?!=)\s*(?P<right>.+)$")


@dataclass(frozen=True)
class Crash:
    """`arguments` are those of the call that failed; a Part among them is something of the student's own."""

    failure: Failure
    function: str
    signature: Signature
    arguments: tuple[Any, ...]

    @cached_property
    def message(self) -> str:
        return self.failure.message[:MESSAGE_CHARACTERS]

    @property
    def source(self) -> str:
        """The line of the student's code that raised, or ""."""
        return self.failure.frames[-1].source.strip() if self.failure.frames else ""

    @property
    def at_the_call(self) -> bool:
        """Did the function not even start, because its def line takes other arguments?"""
        return self.failure.kind == "raised" and not self.failure.frames

    @property
    def in_function(self) -> bool:
        """Was the line that raised in the called function itself, where its parameters' names hold?"""
        return len(self.failure.frames) == 1

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The arguments that the call passed, by the signature's names."""
        return dict(zip(self.signature.parameters, self.arguments, strict=False))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names on the line that raised, each once."""
        return tuple(dict.fromkeys(re.findall(r"(?<![\w.])[^\W\d]\w*", self.source)))

    @property
    def mentioned(self) -> dict[str, Any]:
        """The parameters that the line that raised mentions."""
        return {name: self.parameters[name] for name in self.names if self._holds(name)}

    def _holds(self, name: str) -> bool:
        return self.in_function and name in self.parameters

    @property
    def right_side(self) -> str:
        """What the line that raised assigns or loops over, or ""."""
        loop = re.match(r"^(?:async )?for\s.+?\sin\s(?P<right>.+):", self.source)
        found = loop or _ASSIGNMENT.match(self.source)
        return found["right"].strip() if found else ""

    @property
    def call(self) -> str:
        """The call as the signature names it: conv_forward(x, w, b, conv_param)."""
        return f"{self.function}({', '.join(self.parameters)})"

    @property
    def has_part(self) -> bool:
        return any(isinstance(argument, Part) for argument in self.arguments)

    def dictionaries(self) -> dict[str, Mapping]:
        """The dictionaries of the call; those that the line mentions alone, where it mentions any."""
        found = {name: value for name, value in self.parameters.items() if isinstance(value, Mapping)}
        return {name: found[name] for name in self.mentioned if name in found} or found

    def shapes(self, *wanted: Shape) -> str:
        """Which arguments have these shapes: " (in this call x has shape (2, 3))", or nothing."""
        found = [
            f"{name} has shape {value.shape}"
            for name, value in self.parameters.items()
            if isinstance(value, np.ndarray) and value.ndim and value.shape in wanted
        ]
        return f" (in this call {' and '.join(found)})" if found else ""

    def settings(self) -> Iterator[tuple[str, Any]]:
        """Single numbers among the arguments and in their dictionaries: ("pad", 0)."""
        for name, value in self.parameters.items():
            entries = value.items() if isinstance(value, Mapping) else [(name, value)]
            yield from ((str(key), entry) for key, entry in entries if type(entry) in (int, float))

    def is_about(self, *words: str) -> bool:
        return any(word in self.function for word in words)


Meaning = str | Callable[[Crash, re.Match[str]], str]


@dataclass(frozen=True)
class Rule:
    """`types`: exception names, space-separated, empty for any. `pattern`: searched in the message.

    `meaning`: a sentence in which {0}, {1} ... stand for the pattern's groups, or a function that gives one,
    or "" where it cannot be sure.
    """

    types: str
    pattern: str
    meaning: Meaning

    def explain(self, crash: Crash) -> str:
        if self.types and crash.failure.type_name not in self.types.split():
            return ""
        match = re.search(self.pattern, crash.message)
        if match is None:
            return ""
        if callable(self.meaning):
            return self.meaning(crash, match)
        return self.meaning.format(*(named(group) for group in match.groups()))


def named(text: Any) -> str:
    """A name out of a message, fit to print."""
    return plain(text, NAME_CHARACTERS)


def listed(items: Iterable[Any]) -> str:
    """The first few keys or names as typed in Python."""
    all_of_them = list(items)
    shown = ", ".join(named(repr(item)) for item in all_of_them[:SHOWN_KEYS])
    return shown + ", ..." * (len(all_of_them) > SHOWN_KEYS)


def shape_in(text: str) -> Shape:
    """The shape in "(2,3)", "2x3" or "[2, 3]"."""
    return tuple(int(digits) for digits in re.findall(r"\d{1,9}", text))


OUTPUT_SIZE = "The output has (H + 2 pad - kernel) // stride + 1 rows, and row i starts at i * stride."


def empty_slice(crash: Crash, what: str) -> str:
    """An array without entries: by far most often [pad:-pad] with pad = 0."""
    if any(name.startswith("pad") and value == 0 for name, value in crash.settings()):
        return f"{what}, and pad is 0 in this call: [pad:-pad] is empty then, [pad:pad + H] is not."
    return f"{what}: usually it starts past the end of the array, or ends where it starts."
