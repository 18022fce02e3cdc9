"""Who may import whom: downwards only, no cycles, no content in the harness, nothing heavy on the way."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# From the ground up. A module imports from its own line and from the lines above it.
FLOORS = [
    "errors values one_thread json_safe capture mistake",
    "portable difference toml_table signature",
    "wording answering compare result_format feedback literals picture",
    "settings closeness findings function_spec questions content results metadata",
    "crash_rules crash_help observation examples",
    "assignment staging decoding safe_parse notebook stubs syntax_help outline source_files near_misses",
    "submission snippet discreet pattern pattern_words evidence recorded closer_look call_graph progress",
    "source_uses",
    "mistakes_loader diagnosis case answer forbidden",
    "sandbox",
    "solutions declared staff_warnings rate_limit race same_crash test_report",
    "explainer verdict runner proof overview",
    "grader package report check",
    "rehearsal",
    "kit verification",
    "commands",
    "__main__",
]
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names.split()}
HEAVY = {"torch", "rich", "jinja2", "matplotlib", "scipy", "pytest", "autograder.report"}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name without `autograder.`."""
    found = {}
    for path in (ROOT / "autograder").rglob("*.py"):
        relative = path.relative_to(ROOT / "autograder").with_suffix("")
        name = ".".join(part for part in relative.parts if part != "__init__")
        if name:
            found[name] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of ours that a file imports while it runs, wherever in the file."""
    found = set()
    tree = ast.parse(path.read_text())
    tree.body = [node for node in tree.body if not _is_for_type_checkers(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "autograder":
            module = (node.module or "").removeprefix("autograder").lstrip(".")
            for alias in node.names:
                longer = f"{module}.{alias.name}".lstrip(".")
                found.add(longer if longer in known else module)
        if isinstance(node, ast.Import):
            found.update(
                a.name.removeprefix("autograder.") for a in node.names if a.name.startswith("autograder.")
            )
    return found - {""}


def _is_for_type_checkers(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def test_every_module_has_its_floor() -> None:
    unknown = {name.split(".")[0] for name in modules()} - set(LEVEL)

    assert unknown == set(), "add them to FLOORS"


def test_imports_run_downwards() -> None:
    known = modules()
    upwards = [
        f"{name} imports {other}"
        for name, path in known.items()
        for other in imported(path, known)
        if LEVEL[other.split(".")[0]] > LEVEL[name.split(".")[0]]
    ]

    assert upwards == []


def test_there_is_no_import_cycle() -> None:
    known = modules()
    graph = {name: imported(path, known) for name, path in known.items()}
    while leaves := [name for name, needs in graph.items() if not needs & graph.keys()]:
        for leaf in leaves:
            del graph[leaf]

    assert graph == {}


@pytest.mark.parametrize("folder", ["autograder", "tests/graded"])
def test_the_harness_and_the_cases_never_import_the_key(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            tops = {name.split(".")[0] for name in names}
            assert not tops & {"reference", "tests", "submissions_example"}, path


def test_nothing_heavy_is_imported_on_the_way_to_a_grade(tmp_path: Path) -> None:
    program = (
        "import sys; from autograder.__main__ import main\n"
        "status = main(['gradescope', '--assignment', 'exam'])\n"
        "print(*sorted(sys.modules)); sys.exit(status)"
    )
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "layers.py").write_text("def softmax(z): return z\n")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"AUTOGRADER_ROOT": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.splitlines()[-1].split()

    assert [name for name in loaded if name in HEAVY or name.split(".")[0] in HEAVY] == []
    assert "numpy" in loaded
