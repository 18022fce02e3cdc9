"""Loading a submission in a forked process, because loading changes the import system."""

from __future__ import annotations

import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.answering import CannotAnswer
from autograder.sandbox.loading import Loaded, load
from autograder.submission import Wanted, read_submission
from autograder.values import Failure
from tests.harness.handed_in import write


def load_and(
    folder: Path,
    files: Mapping[str, str | bytes],
    then: Callable[[Loaded], Any],
    *,
    wanted: str = "f g",
    definitions_only: bool = False,
) -> Any:
    """Write, find and load files in a child process; gives what `then` returns there, through JSON.

    wanted: the functions to look for, in layers.py first.
    """

    def work() -> Any:
        submission = read_submission(
            write(folder, dict(files)), {name: Wanted("layers.py") for name in wanted.split()}
        )
        sources = [(file.path, file.source) for file in submission.files]
        functions = {name: (at.file, at.name) for name, at in submission.functions.items()}
        return then(load(str(folder), sources, functions, definitions_only))

    return in_child(work)


def failure_of(loaded: Loaded, function: str = "f") -> str:
    """The message of the failure that looking a function up or calling it gives."""
    try:
        loaded.lookup(function)()
    except CannotAnswer as missing:
        failure: Failure = missing.failure
        return f"{failure.kind}: {failure.message}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing failed"


def in_child(work: Callable[[], Any]) -> Any:
    """Do something in a fork of this process; fails here if it raises or dies there."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's idle threads make Python wary of forking
        pid = os.fork()
    if pid == 0:
        _answer(writer, work)
    os.close(writer)
    with open(reader, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    assert status == 0, f"the child ended with status {status}"
    outcome, value = json.loads(answer)
    assert outcome == "done", value
    return value


def _answer(writer: int, work: Callable[[], Any]) -> None:
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    try:
        answer = ["done", work()]
    except BaseException:
        answer = ["raised", traceback.format_exc()]
    with open(writer, "w") as pipe:
        json.dump(answer, pipe)
    sys.stdout.flush()
    os._exit(0)
