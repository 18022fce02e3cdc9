"""new-assignment: files to start an assignment of one's own from."""

from __future__ import annotations

import argparse
import re
import secrets
from pathlib import Path

from autograder.errors import UsageError

DESCRIPTION = """\
Write an assignment of one question that can be graded at once: assignments/NAME.toml, in which every entry is
explained, an answer key of one function with three known mistakes, a case file with two graded tests, and two
submissions as students may hand them in, each with the verdict that it must get.
Change them into yours; CONTRIBUTING.md adds a second question step by step. No file is overwritten.

NAME is what you later give to --assignment: lower-case letters, digits, - and _, such as quiz or homework-2.

examples:
  python -m autograder new-assignment quiz
  python -m autograder prove --assignment quiz
  python -m autograder grade assignments/quiz/submissions_example/half_done --assignment quiz
"""

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
FILES = {
    "assignment.toml": "assignments/{NAME}.toml",
    "reference.py": "assignments/{NAME}/reference/losses.py",
    "mistakes.py": "assignments/{NAME}/reference/mistakes/losses.py",
    "case.py": "assignments/{NAME}/cases/question_1_1.py",
    "perfect.py": "assignments/{NAME}/submissions_example/perfect/submission/losses.py",
    "perfect.json": "assignments/{NAME}/submissions_example/perfect/expected.json",
    "half_done.py": "assignments/{NAME}/submissions_example/half_done/submission/losses.py",
    "half_done.json": "assignments/{NAME}/submissions_example/half_done/expected.json",
}
LONGEST_NAME = 60


def main(arguments: list[str]) -> int:
    """Write the files and say what to do next; exit status 2 for a name that is wrong or taken."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder new-assignment",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--title", metavar="TEXT", help="shown to students; made from NAME where left out")
    options = parser.parse_args(arguments)
    name, title = options.name, options.title or options.name.replace("-", " ").replace("_", " ").capitalize()
    _check_name(name)
    _check_title(title)
    for path, text in new_files(ROOT, name, title).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        print(path.relative_to(ROOT).as_posix())
    print(
        f"\nNext:\n  python -m autograder prove --assignment {name}"
        f"\n  python -m autograder grade assignments/{name}/submissions_example/half_done --assignment {name}"
        f"\n  python -m autograder rehearse --assignment {name}"
    )
    return 0


def new_files(root: Path, name: str, title: str) -> dict[Path, str]:
    """The texts of a new assignment's files by their paths. Raises UsageError where one is there already."""
    values = {"{NAME}": name, "{TITLE}": title, "{SEED}": str(secrets.randbelow(1_000_000) + 2)}
    files = {}
    for template, place in FILES.items():
        text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
        path = root / place.replace("{NAME}", name)
        if path.exists():
            raise UsageError(f"{path} exists: choose another NAME, or move it away first")
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        files[path] = text
    return files


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name) or len(name) > LONGEST_NAME:
        raise UsageError(
            f"{name!r} cannot be the name of an assignment: use lower-case letters, digits, - and _, at most "
            f"{LONGEST_NAME} of them, a letter first, such as homework-2"
        )


def _check_title(title: str) -> None:
    if not title.strip() or not title.isprintable() or re.search(r'["\\{}]', title):
        raise UsageError(f'{title!r} cannot be a title: leave out ", \\, braces and line ends')
