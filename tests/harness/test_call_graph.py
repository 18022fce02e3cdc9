"""Which graded functions a submission's functions use."""

from __future__ import annotations

from pathlib import Path

from autograder.call_graph import used_functions
from autograder.submission import Wanted, read_submission


def used(folder: Path, source: str, *names: str) -> dict[str, frozenset[str]]:
    (folder / "layers.py").write_text(source)
    submission = read_submission(folder, {name: Wanted("layers.py") for name in names})
    return used_functions(submission.files, submission.functions)


def test_a_direct_call_counts(tmp_path: Path) -> None:
    source = "def softmax(z): return z\ndef softmax_loss(x, y): return softmax(x)\n"

    assert used(tmp_path, source, "softmax", "softmax_loss") == {
        "softmax": frozenset(),
        "softmax_loss": frozenset({"softmax"}),
    }


def test_a_call_through_a_helper_counts(tmp_path: Path) -> None:
    source = (
        "def softmax(z): return z\ndef help(x): return softmax(x)\ndef softmax_loss(x, y): return help(x)\n"
    )

    assert used(tmp_path, source, "softmax", "softmax_loss")["softmax_loss"] == {"softmax"}


def test_functions_that_call_each_other_end(tmp_path: Path) -> None:
    source = "def a(x): return b(x)\ndef b(x): return a(x)\n"

    assert used(tmp_path, source, "a", "b") == {"a": frozenset({"b"}), "b": frozenset({"a"})}


def test_a_file_that_cannot_be_parsed_contributes_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def softmax(:\n")

    assert used(tmp_path, "def a(x): return softmax(x)\n", "a") == {"a": frozenset()}
