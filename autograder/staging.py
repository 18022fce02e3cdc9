"""Copying what a student handed in to where it is graded: plain files only, within limits."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError

MEGABYTE = 1_000_000
LARGEST_TOTAL = 50 * MEGABYTE
MOST_FILES = 2_000
MOST_ENTRIES = 50_000  # looked at, so that a zip of a million empty folders ends
DEEPEST = 40
NAMED = 20  # skipped files named one by one
CODE = (".py", ".ipynb")
JUNK_FOLDERS = {
    "__MACOSX",
    ".git",
    "__pycache__",
    ".ipynb_checkpoints",
    ".venv",
    "site-packages",
    "node_modules",
}
JUNK_FILES = {".DS_Store"}
# Neither following a link nor waiting for a pipe: what was listed may have been replaced since. Windows knows
# none of these, but would change line ends.
_PLAIN = ("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
_OPEN = sum(getattr(os, name, 0) for name in _PLAIN)


@dataclass(frozen=True)
class StagedSubmission:
    """A copy of a submission. `skipped` says, for students, what was left out and why."""

    folder: Path
    files: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A plain file of the source; `parts` are its folders and its name, undecodable bytes escaped."""

    parts: tuple[str, ...]
    path: str

    @property
    def order(self) -> tuple:
        """Code before data and shallow before deep: where a limit cuts, it cuts data."""
        return not self.parts[-1].endswith(CODE), len(self.parts), self.parts


def stage(source: Path, target: Path, leave_out: Collection[str] = ()) -> StagedSubmission:
    """Copy the plain files of a folder (or one file) into the new folder `target`.

    leave_out: files and folders at the top of `source` that are not the student's.
    Links are never followed. Names that are no valid text are replaced. Raises UsageError where there
    is nothing to copy from, and FileExistsError where the target holds something already.
    """
    skipped: list[str] = []
    if source.is_file():
        found = [_Found((source.name,), os.fspath(source))]
    elif source.is_dir():
        found = sorted(_walk(source, skipped, leave_out), key=lambda item: item.order)
    else:
        raise UsageError(f"{source} is neither a folder nor a file: name the folder that was handed in.")
    target.mkdir(mode=0o755, parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise FileExistsError(f"{target} is not empty")
    target.chmod(0o755)
    files = _copy_all(found, target, skipped)
    return StagedSubmission(target, tuple(files), _shortened(skipped))


def shown(path: str) -> str:
    """A path as text that can be printed: undecodable bytes and control characters replaced."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "_" for character in text)


def _walk(source: Path, skipped: list[str], leave_out: Collection[str]) -> Iterator[_Found]:
    waiting: list[tuple[str, ...]] = [()]
    seen = 0
    while waiting:
        parts = waiting.pop()
        try:
            with os.scandir(os.path.join(source, *parts)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
            if not parts:
                listed = [entry for entry in listed if entry.name not in leave_out]
        except OSError as error:
            skipped.append(f"{_name(parts)} cannot be opened ({error.strerror}).")
            continue
        for entry in listed:
            seen += 1
            if seen > MOST_ENTRIES:
                skipped.append(
                    f"There are more than {MOST_ENTRIES} files and folders; the rest was left out."
                )
                return
            inner = (*parts, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if _is_wanted_folder(entry, inner, skipped):
                    waiting.append(inner)
            elif entry.is_file(follow_symlinks=False):
                if entry.name not in JUNK_FILES and not entry.name.endswith(".pyc"):
                    yield _Found(inner, entry.path)
            else:
                kind = "a link: hand in the file itself" if entry.is_symlink() else "not a plain file"
                skipped.append(f"{_name(inner)} is {kind}.")


def _is_wanted_folder(entry: os.DirEntry, parts: tuple[str, ...], skipped: list[str]) -> bool:
    if entry.name in JUNK_FOLDERS:
        return False
    if os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
        skipped.append(f"{_name(parts)} is a virtual environment, which is not part of a submission.")
        return False
    if len(parts) > DEEPEST:
        skipped.append(f"{_name(parts)} lies more than {DEEPEST} folders deep.")
        return False
    return True


def _copy_all(found: Iterable[_Found], target: Path, skipped: list[str]) -> list[str]:
    copied: list[str] = []
    taken: set[str] = set()
    left = LARGEST_TOTAL
    for item in found:
        if len(copied) == MOST_FILES:
            skipped.append(f"{_name(item.parts)} was left out: more than {MOST_FILES} files were handed in.")
            continue
        name = _free_name("/".join(map(shown, item.parts)), taken)
        try:
            size = _copy(item.path, target / name, left)
        except OSError as error:
            skipped.append(f"{_name(item.parts)} cannot be read ({error.strerror}).")
            continue
        if size is None:
            limit = LARGEST_TOTAL // MEGABYTE
            skipped.append(f"{_name(item.parts)} was left out: all files together may have {limit} MB.")
            continue
        if name != "/".join(item.parts):
            skipped.append(f"{name} was renamed: its name had characters that are no text.")
        left -= size
        taken.add(name)
        copied.append(name)
    return copied


def _copy(path: str, target: Path, limit: int) -> int | None:
    """Copy one file; gives its size, or None where it is larger than the limit."""
    source = os.open(path, _OPEN)
    with open(source, "rb") as reader:
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is not a plain file")
        if status.st_size > limit:
            return None
        content = reader.read(limit + 1)
    if len(content) > limit:
        return None
    _make_folders(target.parent)
    with open(target, "xb") as writer:
        writer.write(content)
    target.chmod(0o644)
    return len(content)


def _make_folders(folder: Path) -> None:
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        with contextlib.suppress(FileExistsError):
            new.mkdir()
        new.chmod(0o755)


def _free_name(name: str, taken: set[str]) -> str:
    """Two names can become the same text once their odd bytes are replaced."""
    stem, suffix = os.path.splitext(name)
    number = 2
    while name in taken:
        name = f"{stem}_{number}{suffix}"
        number += 1
    return name


def _name(parts: tuple[str, ...]) -> str:
    return shown("/".join(parts)) or "The folder"


def _shortened(skipped: list[str]) -> tuple[str, ...]:
    if len(skipped) <= NAMED:
        return tuple(skipped)
    return (*skipped[:NAMED], f"{len(skipped) - NAMED} more files or folders were left out.")
