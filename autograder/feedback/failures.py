"""Why a call gave no value: how it ended, and the student's own lines on the way there."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.values import Failure, FailureKind, Frame
from autograder.wording import NAME_CHARACTERS, SOURCE_CHARACTERS, plain

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
