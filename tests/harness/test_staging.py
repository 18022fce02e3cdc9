"""Promises about copying what was handed in: plain files only, and never more than is sensible."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from autograder import staging
from autograder.errors import UsageError
from autograder.staging import stage
from autograder.submission import read_submission
from tests.harness.handed_in import SOFTMAX, WANTED, write


def staged(tmp_path: Path, files: dict[str, str | bytes]) -> staging.StagedSubmission:
    return stage(write(tmp_path / "source", files), tmp_path / "target")


def test_staging_copies_plain_files_readable_for_all(tmp_path):
    result = staged(tmp_path, {"a/b/layers.py": SOFTMAX, "data.npz": b"\0"})
    assert set(result.files) == {"a/b/layers.py", "data.npz"}
    assert (result.folder / "a/b/layers.py").read_text() == SOFTMAX
    assert stat.S_IMODE((result.folder / "data.npz").stat().st_mode) == 0o644
    assert stat.S_IMODE((result.folder / "a/b").stat().st_mode) == 0o755
    assert result.skipped == ()


def test_staging_leaves_out_what_tools_left_behind(tmp_path):
    junk = ["__MACOSX/._layers.py", ".DS_Store", ".git/config", "a/__pycache__/x.pyc", "old.pyc"]
    junk += [".ipynb_checkpoints/hw.ipynb", "env/pyvenv.cfg", "env/lib/numpy.py"]
    result = staged(tmp_path, dict.fromkeys([*junk, "layers.py"], "x"))
    assert result.files == ("layers.py",)
    assert result.skipped == ("env is a virtual environment, which is not part of a submission.",)


def test_staging_never_follows_a_link(tmp_path):
    secret = write(tmp_path / "secret", {"key.py": "answer = 42"})
    source = write(tmp_path / "source", {"layers.py": SOFTMAX})
    (source / "file.py").symlink_to(secret / "key.py")
    (source / "folder").symlink_to(secret)
    (source / "dangling").symlink_to("/nowhere")
    result = stage(source, tmp_path / "target")
    assert result.files == ("layers.py",)
    assert sorted(os.listdir(result.folder)) == ["layers.py"]
    assert len(result.skipped) == 3
    assert all("a link" in sentence for sentence in result.skipped)


def test_staging_leaves_out_pipes(tmp_path):
    source = write(tmp_path / "source", {"layers.py": SOFTMAX})
    os.mkfifo(source / "pipe.py")
    assert stage(source, tmp_path / "target").skipped == ("pipe.py is not a plain file.",)


def test_staging_keeps_code_where_the_limits_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "LARGEST_TOTAL", 1_000)
    monkeypatch.setattr(staging, "MOST_FILES", 3)
    files = {
        "a.bin": b"x" * 900,
        "b.bin": b"x" * 900,
        "z/layers.py": SOFTMAX,
        "z/1": "x",
        "z/2": "x",
        "z/3": "x",
    }
    result = staged(tmp_path, files)
    assert result.files == ("z/layers.py", "a.bin", "z/1")
    assert len(result.skipped) == 3


def test_staging_names_a_few_skipped_files_and_counts_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "MOST_FILES", 1)
    result = staged(tmp_path, {f"{number}.txt": "x" for number in range(50)})
    assert len(result.skipped) == staging.NAMED + 1
    assert result.skipped[-1] == "29 more files or folders were left out."


def test_staging_gives_odd_names_a_readable_form(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in (b"lay\xffers.py", b"lay\xfeers.py", b"new\nline.py", "ünïcode.py".encode()):
        (Path(os.fsdecode(os.fsencode(source) + b"/" + name))).write_text("def softmax(z): return z\n")
    result = stage(source, tmp_path / "target")
    assert set(result.files) == {"lay\ufffders.py", "lay\ufffders_2.py", "new_line.py", "ünïcode.py"}
    assert sum("was renamed" in sentence for sentence in result.skipped) == 3
    assert read_submission(result.folder, WANTED).functions["softmax"].file in result.files


def test_reading_a_folder_with_an_undecodable_name_says_so(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/lay\xffers.py"))).write_text(SOFTMAX)
    submission = read_submission(tmp_path, WANTED)
    assert submission.files == ()
    assert "plain letters" in submission.notes[0]


def test_staging_takes_a_single_file(tmp_path):
    write(tmp_path, {"layers.py": SOFTMAX})
    assert stage(tmp_path / "layers.py", tmp_path / "target").files == ("layers.py",)


def test_staging_refuses_what_is_not_there_and_a_target_in_use(tmp_path):
    with pytest.raises(UsageError, match="neither a folder nor a file"):
        stage(tmp_path / "nowhere", tmp_path / "target")
    write(tmp_path, {"source/a.py": "", "target/b.py": ""})
    with pytest.raises(FileExistsError, match="not empty"):
        stage(tmp_path / "source", tmp_path / "target")
