"""What stands above all tests, or in the place of a test that could not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.wording import SOURCE_CHARACTERS, plain, wrapped


def empty_submission(title: str, files: Mapping[str, Sequence[str]], has_code: bool) -> str:
    """Directions for a submission with nothing to grade. files: function names by file name."""
    expected = "\n".join(f"  {file}: {', '.join(functions)}" for file, functions in files.items())
    found = "none of the functions of" if has_code else "no Python file in what you handed in for"
    return (
        f"Nothing to grade yet: there is {found} {title}.\n"
        f"Hand in these files with these functions:\n{expected}\n"
        "Select the .py files themselves, or one zip of them; folders and notebooks are fine.\n"
        "You need not finish first: every function is graded on its own."
    )


def describe_unread(place: str, message: str, source_line: str) -> str:
    """A file that could not be read as Python; it costs its own functions only."""
    shown = f"\n    {plain(source_line, SOURCE_CHARACTERS)}" if source_line.strip() else ""
    return f"{plain(place, SOURCE_CHARACTERS)}: {plain(message)}{shown}"


def describe_load_problem(place: str, source: str, error: str) -> str:
    """A top-level statement that raised; the rest of its file was loaded all the same."""
    return (
        f"{plain(place, SOURCE_CHARACTERS)} did not run: {plain(error)}\n"
        f"    {plain(source, SOURCE_CHARACTERS)}"
    )


def describe_not_loaded(reason: str) -> str:
    """Nothing of the submission could be loaded."""
    return (
        f"Your files could not be loaded: {plain(reason)}. Move code that runs on its own, such as training, "
        'below `if __name__ == "__main__":`.'
    )


def autograder_failed() -> str:
    return wrapped(
        "The autograder failed, not you. Nothing you handed in is at fault, and course staff can see what "
        "went wrong. The scores earned before the failure are kept; the rest was not graded yet."
    )


def autograder_failed_here() -> str:
    return wrapped(
        "The autograder failed in this test, not you: it counts as 0 until the course staff have looked at "
        "it. Every other test is graded as usual."
    )


def not_scored() -> str:
    return wrapped(
        "This test did not say how many points you get. That is a mistake in the autograder, not in your "
        "code: it counts as 0 until the course staff have looked at it."
    )


def left_out(reason: str) -> str:
    return wrapped(f"This test was left out: {plain(reason)}")


def not_run() -> str:
    return wrapped(
        "Not run: the time for the whole submission was over before this test. "
        "If another test says that a function took too long, start with that function."
    )
