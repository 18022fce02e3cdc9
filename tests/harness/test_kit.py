"""The student kit as a zip: what is in it, and above all what is not."""

from __future__ import annotations

import ast
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load_assignment, load_cases, load_reference
from autograder.case import GradedCase
from autograder.commands import kit as command
from autograder.errors import AssignmentError, UsageError
from autograder.kit.package import make_kit, write_kit
from autograder.mistakes_loader import load_mistakes
from autograder.runner import run
from autograder.solutions import Reference
from tests.harness.kits import STARTER_FILES, exam_kit

ROOT = Path(__file__).resolve().parents[2]
# Every file of this kind has these, and the shape formula of a convolution stands in the tests as well.
COMMONPLACE = {
    "except ValueError as error:",
    "dx, dw, db = affine_backward(dout, cache)",
    'with np.errstate(all="ignore"):',
    "height, width = (",
}
TELLING = 16  # characters: a shorter line of code may stand anywhere by chance
UNIX_ONLY = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty"}
STANDARD_OR_OURS = {"autograder", "gradescope_utils", "numpy"}


def python_files() -> dict[str, str]:
    return {name: data.decode() for name, data in exam_kit().files.items() if name.endswith(".py")}


def all_texts() -> str:
    """Everything in the kit that can be read, the texts of expected.npz included."""
    readable = [data.decode() for name, data in exam_kit().files.items() if not name.endswith(".npz")]
    return "\n".join([*readable, recorded()["replies"].tobytes().decode()])


def recorded() -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(exam_kit().files["check_files/expected.npz"]), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def test_the_kit_holds_a_starter_file_for_each_file_of_the_key_and_what_checks_it() -> None:
    tops = {name.split("/")[0] for name in exam_kit().files}

    assert tops == {*STARTER_FILES, "check.py", "README.md", "check_files"}
    assert len(exam_kit().tests) == 213
    assert exam_kit().left_out == ()


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    write_kit(exam_kit(), tmp_path / "kit.zip")
    first = (tmp_path / "kit.zip").read_bytes()
    write_kit(make_kit(load_assignment("exam")), tmp_path / "kit.zip")

    assert (tmp_path / "kit.zip").read_bytes() == first


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (".", "is a folder: name the file as well"),
        ("kit", "does not end in .zip"),
        ("no_such/kit.zip", "no_such is no folder: make it first"),
    ],
)
def test_an_output_that_cannot_be_is_refused_with_the_remedy(output: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=says):
        command.main(["--output", str(tmp_path / output)])
    assert list(tmp_path.iterdir()) == []


def test_everything_lies_in_one_folder(tmp_path: Path) -> None:
    assert command.main(["--output", str(tmp_path / "spring.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "spring.zip") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"spring"}


# --- What must not be in it ---


def code_lines(folder: str) -> Iterator[str]:
    """The lines of all function bodies below a folder, docstrings left out."""
    for path in (ROOT / folder).rglob("*.py"):
        source = path.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body:
                    lines = source.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
                    yield from (line.strip() for line in lines)


def test_no_line_of_the_keys_code_or_of_its_mistakes_is_in_the_kit() -> None:
    kit = {line.strip() for text in python_files().values() for line in text.splitlines()}
    telling = {line for line in code_lines("reference") if len(line) >= TELLING}

    assert len(telling) > 1000
    assert telling & kit <= COMMONPLACE


def test_no_known_mistake_is_told() -> None:
    mistakes = load_mistakes(load_assignment("exam"))
    text = all_texts()
    told = [
        mistake.name
        for mistake in mistakes
        if any(each in text for each in (mistake.says, mistake.remedy, mistake.name))
    ]

    assert len(mistakes) > 100
    assert told == []


def test_the_graded_seed_is_not_told() -> None:
    assignment = load_assignment("exam")
    entries = json.loads(exam_kit().files["check_files/assignment.json"])

    assert entries["seed"] == assignment.public_seed
    assert "public_seed" not in entries
    assert str(assignment.seed) not in all_texts().replace(assignment.title, "")


def answers(seed: int) -> set[float]:
    """Every number that the key answers with, of those that nobody could guess."""
    assignment = load_assignment("exam")
    key = Reference(load_reference(assignment), assignment.functions)
    outcome = run(assignment, load_cases(assignment), key, key, seed=seed)
    cases = [case for case, _ in outcome.finished if isinstance(case, GradedCase)]
    return {number for case in cases for call in case.calls for number in telling(call.expected.value)}


def telling(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield from telling(np.array(value))
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        yield from (number for number in value.ravel().tolist() if number != round(number, 3))
    elif isinstance(value, (tuple, list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from telling(item)


def plain_numbers(node: Any) -> Iterator[float]:
    if isinstance(node, float):
        yield node
    elif isinstance(node, (list, dict)):
        for item in node.values() if isinstance(node, dict) else node:
            yield from plain_numbers(item)


def test_the_recorded_answers_are_those_to_the_public_inputs_and_no_others() -> None:
    assignment = load_assignment("exam")
    public, graded = answers(assignment.public_seed), answers(assignment.seed)
    stored = recorded()
    held = {*stored["float64"].tolist(), *plain_numbers(json.loads(stored["replies"].tobytes()))}

    assert len(graded - public) > 1000
    assert held & (graded - public) == set()
    assert public - held == set()


def test_nothing_is_pickled() -> None:
    assert {array.dtype.kind for array in recorded().values()} <= set("biuf")


# --- Where it runs ---


def test_the_kit_imports_the_standard_library_numpy_and_itself() -> None:
    import sys

    allowed = STANDARD_OR_OURS | sys.stdlib_module_names
    found = set()
    for text in python_files().values():
        for node in ast.walk(ast.parse(text)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[0] for name in names}

    # Only where a submission imports torch, and where TOML is read, which the kit never does.
    assert found - allowed - {"tomllib"} == {"torch", "tomli"}


def test_nothing_in_the_kit_needs_unix() -> None:
    for name, text in python_files().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                assert not UNIX_ONLY & {alias.name for alias in node.names}, name
            if isinstance(node, ast.ImportFrom):
                assert node.module not in UNIX_ONLY, name
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("fork", "forkpty", "setsid", "SIGKILL", "SIGALRM", "alarm"), name


def test_the_sandboxs_own_machinery_stays_at_home() -> None:
    names = {Path(name).stem for name in exam_kit().files if "/sandbox/" in name}

    assert not names & {"nursery", "seccomp", "landlock", "confinement", "wire", "student", "session"}


# --- What an instructor reads ---


def project(folder: Path) -> Path:
    """A copy of the project that may be changed."""
    for name in ("reference", "tests/graded", "assignments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_question_that_students_may_not_see_stays_out(tmp_path: Path) -> None:
    root = project(tmp_path)
    edit(root / "assignments/exam.toml", 'number = "1.2"', 'number = "1.2"\nvisibility = "after_published"')
    kit = make_kit(load_assignment("exam", root))
    entries = json.loads(kit.files["check_files/assignment.json"])
    hidden = {test.number for test in kit.left_out}

    assert hidden
    assert all(number.startswith("1.2.") for number in hidden)
    assert "check_files/cases/question_1_2_gradient_descent.py" not in kit.files
    assert "1.2" not in [question["number"] for question in entries["questions"]]
    assert entries["points"] == 100 - sum(test.points for test in kit.left_out)


def test_what_gradescope_alone_is_told_stays_out(tmp_path: Path) -> None:
    root = project(tmp_path)
    edit(root / "assignments/exam.toml", "on = false", "on = true")
    edit(
        root / "assignments/exam.toml",
        "[leaderboard]",
        "[rate_limit]\nsubmissions = 5\nhours = 24\n\n[leaderboard]",
    )
    kit = make_kit(load_assignment("exam", root))
    entries = json.loads(kit.files["check_files/assignment.json"])

    assert not {"rate_limit", "leaderboard"} & entries.keys()


def test_a_case_file_with_visible_and_secret_tests_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path)
    file = root / "tests/graded/question_1_1_softmax.py"
    edit(file, "import number, tags, weight", "import number, tags, visibility, weight")
    edit(file, "    @weight(0.3)", '    @visibility("hidden")\n    @weight(0.3)')

    with pytest.raises(AssignmentError, match=r"question_1_1_softmax\.py: some of its tests are visible"):
        make_kit(load_assignment("exam", root))


def test_a_key_that_fails_its_own_tests_makes_no_kit(tmp_path: Path) -> None:
    root = project(tmp_path)
    edit(root / "reference/layers.py", "return np.exp(_log_softmax(z))", "return np.exp(z)")

    with pytest.raises(AssignmentError, match=r"the key fails 1\.1\."):
        make_kit(load_assignment("exam", root))
