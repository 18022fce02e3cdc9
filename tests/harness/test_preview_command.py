"""The preview command: what it takes, where it writes, and what it says to a path that it cannot show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.__main__ import main
from tests.harness.page_reader import read_page

HALF_DONE = Path(__file__).resolve().parents[2] / "submissions_example" / "half_done"
RESULTS = {"score": 1, "tests": [{"name": "a", "number": "1", "score": 1, "max_score": 1}]}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(RESULTS))
    return file


def test_a_results_file_becomes_a_page(results: Path, tmp_path: Path, capsys: Any) -> None:
    page = tmp_path / "page.html"

    assert main(["preview", str(results), "--output", str(page), "--points", "20"]) == 0
    assert capsys.readouterr().out == f"{page}: open it in a browser\n"
    root = read_page(page.read_text())
    assert root.find(of_class="score")[0].text == "1.0 / 20.0"
    assert root.find("title")[0].text == "Preview: results.json"


def test_what_lies_beside_the_results_as_stdout_is_shown(results: Path, tmp_path: Path) -> None:
    (tmp_path / "stdout").write_bytes(b"printed \xff\n")
    page = tmp_path / "page.html"
    main(["preview", str(results), "--output", str(page)])

    assert "printed \ufffd" in page.read_text()


def test_a_submission_is_graded_and_shown(tmp_path: Path, capsys: Any) -> None:
    page = tmp_path / "page.html"

    assert main(["preview", str(HALF_DONE), "--output", str(page)]) == 0
    assert "open it in a browser" in capsys.readouterr().out
    root = read_page(page.read_text())
    expected = json.loads((HALF_DONE / "expected.json").read_text())
    assert root.find(of_class="score")[0].text == f"{float(expected['score'])} / 100.0"
    assert "half_done" in root.find("title")[0].text
    assert root.find(of_class="violations") == []


def test_a_refused_file_is_shown_and_its_violations_are_printed(
    results: Path, tmp_path: Path, capsys: Any
) -> None:
    results.write_text('{"score": NaN}')
    page = tmp_path / "page.html"

    assert main(["preview", str(results), "--output", str(page)]) == 0
    assert f"{results}: score is NaN" in capsys.readouterr().out
    assert "failed to execute correctly" in page.read_text()


def test_the_browser_is_opened_on_request(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    page = tmp_path / "page.html"
    main(["preview", str(results), "--output", str(page)])
    assert opened == []
    main(["preview", str(results), "--output", str(page), "--open"])

    assert opened == [page.as_uri()]


@pytest.mark.parametrize(
    ("path", "options", "told"),
    [
        ("none", [], "none does not exist. Give a results.json"),
        ("layers.py", [], "is no .json file. Give a results.json"),
        ("results.json", ["--output", "none/page.html"], "none is no folder: make it first"),
        ("results.json", ["--output", "folder"], "is a folder: name a file"),
        ("results.json", ["--output", "results.json"], "choose another --output"),
        ("results.json", ["--points", "nan"], "is no number of points"),
        ("results.json", ["--points", "-1"], "is no number of points"),
    ],
)
def test_what_cannot_be_shown_is_a_usage_error_with_a_remedy(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, path: str, options: list[str], told: str
) -> None:
    monkeypatch.chdir(results.parent)
    Path("layers.py").touch()
    Path("folder").mkdir()

    assert main(["preview", path, *options]) == 2
    assert told in capsys.readouterr().err
    assert json.loads(results.read_text()) == RESULTS
    assert not Path("preview.html").exists()
