"""A call that gave no value, or did more than it should, in words; and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.values import Failure, FailureKind, Frame
from autograder.wording import NAME_CHARACTERS, SOURCE_CHARACTERS, listed, plain, quantity

SHOWN_FRAMES = 5


def describe_failure(failure: Failure, *, function: str, hint: str = "") -> str:
    """Why a call gave no value; then the hint, if any; then the student's own lines, innermost first."""
    error = plain(": ".join(filter(None, (failure.type_name, failure.message))))
    headline = FAILURES[failure.kind].format(function=function, error=error)
    if failure.kind == "stub" and failure.frames and failure.frames[-1].function != function:
        headline = f"{function} came to code that is not written yet."
    told = "{error}" in FAILURES[failure.kind] or error in ("", "NotImplementedError")
    remark = () if told else (error,)
    shown = failure.frames[::-1][:SHOWN_FRAMES]
    return "\n".join([headline, *remark, *filter(None, [hint]), *map(describe_frame, shown)])


FAILURES: dict[FailureKind, str] = {
    "missing": "{function} is not defined in any Python file you handed in.",
    "import": "{function} could not be loaded, because its file stops before it: {error}",
    "stub": "{function} is not implemented yet.",
    "forbidden": "{function} uses what this question asks you to do without: {error}. "
    "Write that part yourself.",
    "raised": "{function} stopped with {error}",
    "exited": "{function} ended the whole Python process. Leave out exit(), quit() and sys.exit().",
    "died": "{function} crashed the Python process ({error}).",
    "cpu_time": "{function} took too much computing time and was stopped. Does a loop never end, or run over "
    "single numbers where one NumPy operation does them all?",
    "idle": "{function} waited without computing and was stopped. Leave out input() and sleep().",
    "wall_time": "{function} was stopped, because the time for the whole submission was over.",
    "memory": "{function} asked for more memory than there is. Is an array larger than it needs to be?",
    "too_big": "{function} returned more than can be read. Is the result larger than it should be?",
    "protocol": "{function} gave an answer that cannot be read. Leave out what opens, closes or forks "
    "processes, files and sockets.",
}


def describe_frame(frame: Frame) -> str:
    """One line of the student's own code: where it is, and what it says."""
    where = (
        f"  {plain(frame.file, SOURCE_CHARACTERS)}:{frame.line}, in {plain(frame.function, NAME_CHARACTERS)}"
    )
    source = plain(frame.source, SOURCE_CHARACTERS)
    return f"{where}\n    {source}" if source else where


def describe_missing(function: str, file: str, aliases: Sequence[str] = (), similar: str = "") -> str:
    """A function that no file defines; `file` is where it is looked for first."""
    names = " or ".join((function, *aliases))
    found = f" Yours has {plain(similar, NAME_CHARACTERS)}: is it that one?" if similar else ""
    return (
        f"No Python file you handed in defines {names}.{found}\n"
        f"It is looked for in {file} first, then in every other .py file, in any folder."
    )


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
