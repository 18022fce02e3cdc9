"""What goes into a call and what comes back: the few types that every answerer shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

FailureKind = Literal[
    "missing",  # no file of the submission defines the function
    "import",  # a file defines it, but loading the file did not get that far
    "stub",  # it is defined, but left as the template had it
    "forbidden",  # it uses what the question asks to do without
    "raised",  # the call raised an exception
    "exited",  # the call ended the process
    "died",  # a signal ended the process
    "cpu_time",  # the call used up its CPU seconds
    "idle",  # the call slept or waited without computing
    "wall_time",  # the run's own deadline came first
    "memory",  # the call asked for more memory than allowed
    "too_big",  # the answer is larger than the wire takes
    "protocol",  # the process answered something that is no answer
]


@dataclass(frozen=True)
class Opaque:
    """A value that stayed in the process that made it: a cache, a model, an unsupported type."""

    type_name: str


@dataclass(frozen=True)
class Part:
    """An argument that stands for what an earlier call returned, in whichever process answers.

    `call` counts the calls of one session from 0; `path` walks into nested tuples: () is the whole
    value, (1,) its second element.
    """

    call: int
    path: tuple[int, ...] = ()


@dataclass(frozen=True)
class Frame:
    """One line of the student's own code in a traceback; `file` is relative to the submission."""

    file: str
    line: int
    function: str
    source: str


@dataclass(frozen=True)
class Failure:
    """Why a call gave no value. `type_name` and `message` are the exception's, where there was one."""

    kind: FailureKind
    type_name: str = ""
    message: str = ""
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Reply:
    """The answer to one call: a value or a failure, and what happened on the way.

    `changed` holds, by position, the arguments that the call left different from how it got them.
    `notes` are remarks for the student that cost nothing ("np.float is gone from NumPy").
    """

    value: Any = None
    failure: Failure | None = None
    printed: str = ""
    changed: dict[int, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
