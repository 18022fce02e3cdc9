"""The messages between host, nursery, submission and test process, and how they are framed.

    host       -> nursery      Spawn (+ the submission's end of a socket pair), Sweep
    nursery    -> host         Ready, Spawned, Swept
    host       -> submission   Load, StartTest (+ the test's end of a socket pair, + a pipe for its last
                               words), AwaitEnd
    submission -> host         Confined, Loaded, Ended
    host       -> test         Begin, Call, Finish
    test       -> host         Answer, Finished

A frame is four bytes of length and one MessagePack value. Everything that arrives from a submission
or a test is decoded into exactly the type that is due there; anything else is a WireError.
"""

from __future__ import annotations

import msgspec

from autograder.sandbox.confinement import Limits
from autograder.sandbox.wire import Node
from autograder.values import FailureKind


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Ready(_Message):
    """The nursery has imported what it imports."""

    python: str


class Spawn(_Message, tag=True):
    """Fork a submission process; its end of the control socket comes along as a descriptor."""

    uid: int | None
    gid: int | None
    user: str
    limits: Limits
    readable: list[str]
    writable: list[str]


class Spawned(_Message):
    pid: int


class Sweep(_Message, tag=True):
    """Kill everything that the user owns. Only sent where the nursery may become that user."""

    uid: int
    gid: int


class Swept(_Message):
    pass


NurseryOrder = Spawn | Sweep


class Confined(_Message):
    """The layers now in force, or why there are none. Sent before any code of the student's runs."""

    layers: list[str]
    error: str = ""


class Load(_Message):
    """Import the submission: files as (path, source), functions as API name -> (path, name).

    forbidden: names that no part of it may use; Begin names what one test forbids.
    """

    folder: str
    files: list[tuple[str, str]]
    functions: dict[str, tuple[str, str]]
    definitions_only: bool
    forbidden: list[str] = []


class LoadProblem(_Message):
    """One top-level statement that raised while its file was loading."""

    file: str
    line: int
    source: str
    error: str


class Loaded(_Message):
    """tried: what loading tried that is refused, and how often (attempts.py)."""

    problems: list[LoadProblem]
    notes: list[str]
    tried: list[tuple[str, int]]


class StartTest(_Message, tag=True):
    """Fork a test process; it waits for Begin, so that it may be started ahead of its test."""

    number: int


class AwaitEnd(_Message, tag=True):
    """Wait for the end of a test process that was killed, or is ending, and say how it ended."""

    number: int


SubmissionOrder = StartTest | AwaitEnd


class Ended(_Message):
    """A test process is gone; `status` is what waitpid said. Untrusted: for the wording only."""

    number: int
    status: int


class Begin(_Message, tag=True):
    """The test starts now, with this seed for every random generator."""

    seed: int
    forbidden: list[str] = []


class Call(_Message, tag=True):
    """Call a function; `keep` lists the positions of the returned tuple that stay in the process."""

    function: str
    arguments: list[Node]
    keep: list[int]


class Finish(_Message, tag=True):
    """The test is over: forget its values, and say whether another one could follow."""


TestOrder = Begin | Call | Finish


class Finished(_Message):
    """Whether the process is as it was before its first test. Untrusted: it harms only its own tests."""

    unchanged: bool


class FrameNode(_Message):
    file: str
    line: int
    function: str
    source: str


class FailureNode(_Message):
    kind: FailureKind
    type_name: str
    message: str
    frames: list[FrameNode]


class Answer(_Message):
    value: Node
    failure: FailureNode | None
    printed: str
    changed: list[tuple[int, Node]]
    notes: list[str]
    tried: list[tuple[str, int]]
