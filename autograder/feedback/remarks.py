"""What else a test has to say about its calls: what is right in them, and what they should not do."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.wording import SOURCE_CHARACTERS, listed, plain, quantity


def describe_count(function: str, actual: int, names: Sequence[str]) -> str:
    """Another number of values than the function returns."""
    return (
        f"{function} returned {quantity(actual, 'value')}; it must return {len(names)}: {', '.join(names)}."
    )


def describe_changed_argument(function: str, parameter: str) -> str:
    return (
        f"{function} changes its argument {parameter}, which its caller may still need. Work on a copy: "
        f"{parameter}.copy() before the first {parameter}[...] = or {parameter} += ."
    )


def describe_claim(function: str, message: str) -> str:
    """A claim of the case that does not hold; the message is the case's own words."""
    return f"{function}: {message}"


def withheld_claims(count: int) -> str:
    """Assertions of a test that students cannot see yet: their texts hold what was compared."""
    return f"{quantity(count, 'check')} of this test failed. What was compared is not told here."


def describe_share(right: Sequence[str], wrong: Sequence[str]) -> str:
    """Which outputs are right and which are not."""
    is_are = "is" if len(right) == 1 else "are"
    is_not = "is not" if len(wrong) == 1 else "are not"
    total = len(right) + len(wrong)
    return f"{listed(right)} {is_are} right, {listed(wrong)} {is_not}: {len(right)} of {total}."


def describe_inputs(function: str, right: int, total: int) -> str:
    """On how many of the test's inputs the function is right."""
    return f"{function} is right on {right} of the {total} inputs of this test."


def describe_printed(lines: Sequence[str], more: bool) -> str:
    """What the function printed, each line apart, so that nothing in it can pass for a line of ours."""
    shown = [f"  | {plain(line, SOURCE_CHARACTERS)}" for line in lines]
    return "\n".join(["It printed:", *shown, *(["  | ..."] if more else [])])


def describe_unsteady(function: str) -> str:
    """The same call gave two different answers."""
    return (
        f"{function} gives another answer when it is called again with the same arguments. Does it keep "
        "something from call to call, or use random numbers?"
    )


def describe_example(code: str) -> str:
    """The smallest failing input, as code."""
    return f"To see it for yourself:\n\n{code}"


def describe_note(note: str) -> str:
    """A remark that costs nothing."""
    return f"Note: {plain(note)}"
