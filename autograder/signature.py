"""Signatures of graded functions: what goes in and what comes back, as one line of text.

    x, w, b, conv_param -> out, cache
    x, w1, w2, w3, y_true -> loss, (dw1, dw2, dw3)
    x, alpha? -> out, cache

A parameter with a question mark may be left out. One return name stands for the value itself, several
for a tuple. A return value whose name is or ends in `cache` stays in the process that made it.
"""

from __future__ import annotations

import functools
import keyword
import re
from dataclasses import dataclass
from typing import NoReturn

from autograder.errors import AssignmentError

Returns = str | tuple["Returns", ...]

_TOKEN = re.compile(r"[^\W\d]\w*|->|\S")


@dataclass(frozen=True)
class Signature:
    """Names in the order of the call; `optional` holds the parameters that may be left out.

    `returns` is one name, or a tuple of names and of further tuples: ("loss", ("dw1", "dw2")).
    """

    parameters: tuple[str, ...]
    optional: frozenset[str]
    returns: Returns

    @property
    def returns_one(self) -> bool:
        """Whether the function returns a value itself and not a tuple of values."""
        return isinstance(self.returns, str)

    @property
    def return_count(self) -> int:
        """How many values the function returns at the top level: 2 for "loss, (dw1, dw2)"."""
        return 1 if isinstance(self.returns, str) else len(self.returns)

    @staticmethod
    def stays(name: str) -> bool:
        """Whether a return value of this name stays in the process that made it: a cache does."""
        return name.endswith("cache")

    @functools.cached_property
    def kept(self) -> tuple[int, ...]:
        """The positions of a returned tuple whose values stay in the process that made them."""
        return tuple(path[0] for path, name in self.leaves() if len(path) == 1 and self.stays(name))

    def leaves(self) -> tuple[tuple[tuple[int, ...], str], ...]:
        """Every returned name with its path, in reading order: (((0,), "loss"), ((1, 0), "dw1")).

        The path is () where the function returns one value.
        """
        return _leaves(self.returns, ())

    def __str__(self) -> str:
        parameters = ", ".join(name + "?" * (name in self.optional) for name in self.parameters)
        text = _text(self.returns)
        return f"{parameters} -> {text if self.returns_one else text[1:-1]}".lstrip()


def parse_signature(text: str) -> Signature:
    """Read "x, w, b -> out, cache".

    Raises AssignmentError with the text and the position, counted from 1, of what is wrong in it.
    """
    return _Parser(text).signature()


@functools.cache
def _leaves(returns: Returns, path: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], str], ...]:
    if isinstance(returns, str):
        return ((path, returns),)
    return tuple(leaf for index, child in enumerate(returns) for leaf in _leaves(child, (*path, index)))


def _text(returns: Returns) -> str:
    return returns if isinstance(returns, str) else f"({', '.join(map(_text, returns))})"


class _Parser:
    """Recursive descent over (token, position) pairs; the empty token marks the end of the text."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = [(match[0], match.start() + 1) for match in _TOKEN.finditer(text)]
        self.tokens.append(("", len(text.rstrip()) + 1))
        self.next = 0
        self.returned: set[str] = set()

    def signature(self) -> Signature:
        parameters, optional = self.parameters()
        self.expect("->", "',' or '->'")
        returns = self.group()
        self.expect("", "',' or the end")
        return Signature(tuple(parameters), frozenset(optional), returns)

    def parameters(self) -> tuple[list[str], list[str]]:
        parameters: list[str] = []
        optional: list[str] = []
        while parameters or self.peek() != "->":
            name = self.name("a parameter's name")
            if name in parameters:
                self.fail(f"parameter {name} is listed twice", back=1)
            parameters.append(name)
            if self.take("?"):
                optional.append(name)
            elif optional:
                self.fail(f"{name} must be optional too: it follows {optional[-1]}?", back=1)
            if not self.take(","):
                break
        return parameters, optional

    def group(self) -> Returns:
        children = [self.returned_value()]
        while self.take(","):
            children.append(self.returned_value())
        return children[0] if len(children) == 1 else tuple(children)

    def returned_value(self) -> Returns:
        if self.take("("):
            group = self.group()
            if isinstance(group, str):
                self.fail("a group in parentheses has two names or more", back=1)
            self.expect(")", "',' or ')'")
            return group
        name = self.name("a return value's name")
        if name in self.returned:
            self.fail(f"return value {name} is listed twice", back=1)
        self.returned.add(name)
        return name

    def name(self, wanted: str) -> str:
        token = self.peek()
        if not token.isidentifier() or keyword.iskeyword(token):
            self.fail(f"expected {wanted}, found {token or 'the end'}")
        self.next += 1
        return token

    def peek(self) -> str:
        return self.tokens[self.next][0]

    def take(self, token: str) -> bool:
        taken = self.peek() == token
        self.next += taken
        return taken

    def expect(self, token: str, wanted: str) -> None:
        if not self.take(token):
            self.fail(f"expected {wanted}, found {self.peek() or 'the end'}")

    def fail(self, problem: str, back: int = 0) -> NoReturn:
        position = self.tokens[self.next - back][1]
        raise AssignmentError(f"signature {self.text!r}, position {position}: {problem}")
