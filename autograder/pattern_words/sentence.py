"""The whole sentence: the words of the kind, and where they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.pattern.kinds.parts import Pattern
from autograder.pattern.kinds.rules import Overflows
from autograder.pattern_words import axes, places, rules

WORDS: dict[type[Pattern], Callable[[Any, str], str]] = {**rules.WORDS, **axes.WORDS, **places.WORDS}


def describe_pattern(pattern: Pattern) -> str:
    """The sentence for a pattern, with what it may mean where that is certain enough to be of use."""
    words: Callable[[Any, str], str] = WORDS[type(pattern)]
    clause = words(pattern, pattern.output)
    starts_with_name = clause.startswith(f"{pattern.output} ")
    # These say themselves where the answer is right.
    says_where = isinstance(pattern, Overflows) or clause.startswith(f"{pattern.output} is right but")
    if not pattern.always and not says_where:
        rest = f"it{clause[len(pattern.output) :]}" if starts_with_name else clause
        return f"Where {pattern.output} is wrong, {rest}"
    return clause if starts_with_name else clause[0].upper() + clause[1:]
