"""check.py as a student uses it, with NumPy and the kit alone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.harness.kits import STARTER_FILES, check, limits, numpy_alone, unpacked, with_code

ABSENT = {"msgspec", "rich", "torch", "tomli", "scipy", "reference", "pytest"}


def test_untouched_starter_files_get_nothing_and_read_that_they_are_not_implemented(tmp_path: Path) -> None:
    checked = check(unpacked(tmp_path))

    assert checked.status == 1
    assert checked.errors == ""
    assert len(checked.verdicts) == 213
    assert set(checked.verdicts.values()) == {(False, 0.0)}
    assert "total 0 / 100   0 of 213 tests passed" in checked.output
    assert all(title.endswith("(not implemented yet)") for title in checked.titles.values())


def test_every_starter_file_is_python_with_nothing_but_stubs(tmp_path: Path) -> None:
    kit = unpacked(tmp_path)
    done = subprocess.run(
        [numpy_alone(), "-c", "import " + ", ".join(Path(name).stem for name in STARTER_FILES)],
        cwd=kit,
        capture_output=True,
        text=True,
    )
    code = [line for name in STARTER_FILES for line in (kit / name).read_text().splitlines()]
    bodies = [line for line in code if line.startswith("    raise ")]

    assert done.stderr == ""
    assert bodies == ["    raise NotImplementedError"] * 47
    assert "def conv_output_shape(height, width, kernel, stride=1, pad=0):" in code


def test_right_code_passes_with_status_0(tmp_path: Path) -> None:
    checked = check(with_code(tmp_path))

    assert checked.status == 0
    assert checked.errors == ""
    assert "total 100 / 100   213 of 213 tests passed" in checked.output


@pytest.mark.parametrize(
    ("numbers", "prefixes"),
    [(["3.2"], ("3.2.",)), (["3"], ("3.",)), (["3.2.1"], ("3.2.1",)), (["1.1", "4.2"], ("1.1.", "4.2."))],
)
def test_q_runs_a_question_a_part_or_a_test(tmp_path: Path, numbers: list[str], prefixes: tuple) -> None:
    checked = check(with_code(tmp_path), *(word for number in numbers for word in ("-q", number)))

    assert checked.status == 0
    assert checked.verdicts
    assert {prefix for number in checked.verdicts for prefix in prefixes if number.startswith(prefix)} == set(
        prefixes
    )
    assert all(number.startswith(prefixes) for number in checked.verdicts)


def test_a_question_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    checked = check(unpacked(tmp_path), "-q", "9.9")

    assert checked.status == 2
    assert "no test is called 9.9; the questions are 1.1, 1.2" in checked.errors


def test_only_numpy_the_standard_library_and_the_kit_are_imported(tmp_path: Path) -> None:
    wanted = {"numpy", "autograder", "gradescope_utils"}
    kit = with_code(
        tmp_path,
        tokenizer=(
            "def tokenize(text, vocab):\n"
            "    import sys\n"
            f"    print('loaded:', *({sorted(ABSENT | wanted)!r} & sys.modules.keys()))\n"
        )
        .replace("[", "{")
        .replace("]", "}"),
    )
    # As in a crowded environment: all these packages could be imported.
    checked = check(kit, "-q", "5.1", python=sys.executable)
    line = next(line for line in checked.output.splitlines() if "loaded:" in line)

    assert set(line.partition("loaded:")[2].split()) == wanted


def test_what_watches_over_the_check_needs_no_numpy(tmp_path: Path) -> None:
    kit = unpacked(tmp_path)
    program = (
        "import sys; sys.path.insert(0, 'check_files')\n"
        "import autograder.check.main\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=kit, capture_output=True, text=True, check=True
    )

    assert not set(done.stdout.split()) & (ABSENT | {"numpy", "gradescope_utils"})


def test_a_python_without_numpy_is_told_how_to_get_it(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    checked = check(unpacked(tmp_path), python=os.fspath(bare / "bin" / "python"))

    assert checked.status == 1
    assert "-m pip install numpy" in checked.errors


def test_files_named_like_pythons_own_hide_nothing(tmp_path: Path) -> None:
    kit = with_code(tmp_path)
    for name in ("random.py", "json.py", "numpy.py", "threading.py", "autograder.py"):
        (kit / name).write_text("raise SystemExit('the wrong file')\n")

    assert check(kit, "-q", "1.1").status == 0


def test_a_test_starts_anew_whatever_an_earlier_one_left(tmp_path: Path) -> None:
    kit = with_code(
        tmp_path,
        layers=(
            "right, calls = softmax, []\n"
            "def softmax(z):\n"
            "    calls.append(z)\n"
            "    return right(z) if len(calls) < 20 else None\n"
        ),
    )

    assert check(kit, "-q", "1.1").status == 0


def test_a_syntax_error_costs_its_own_file_and_is_shown(tmp_path: Path) -> None:
    kit = with_code(tmp_path, optim="def broken(:\n    pass")
    checked = check(kit)

    assert "optim.py line" in checked.output
    assert {number.rpartition(".")[0] for number in checked.lost} >= {"1.2", "2.2", "4.2"}
    assert checked.verdicts["1.1.1"] == (True, 1.0)


def test_check_py_without_its_folder_asks_for_the_whole_zip(tmp_path: Path) -> None:
    kit = unpacked(tmp_path)
    alone = tmp_path / "alone"
    alone.mkdir()
    (kit / "check.py").rename(alone / "check.py")
    checked = check(alone)

    assert checked.status == 1
    assert "unpack the whole zip" in checked.errors
    assert "Traceback" not in checked.errors


# Windows has none of these. SIGKILL and O_NONBLOCK are missing there, too, but here the standard library
# itself uses them.
WITHOUT_UNIX = """
import os, signal, sys

MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty")

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in MODULES:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
for name in ("fork", "forkpty", "killpg", "setsid", "getuid", "geteuid", "chown", "mkfifo", "O_NOFOLLOW"):
    delattr(os, name)
for name in ("SIGALRM", "SIGXCPU", "SIGUSR1", "alarm", "setitimer"):
    delattr(signal, name)
"""


def test_the_check_runs_without_what_only_unix_has(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_UNIX)
    tried = subprocess.run(
        [numpy_alone(), "-c", "import os; print(hasattr(os, 'fork')); import fcntl"],
        env={"PYTHONPATH": os.fspath(tmp_path)},
        capture_output=True,
        text=True,
    )
    crash = "def sgd(w, dw, config=None):\n    import os\n    os._exit(4)"
    checked = check(with_code(tmp_path, optim=crash), PYTHONPATH=os.fspath(tmp_path))

    assert tried.stdout == "False\n"
    assert "No module named 'fcntl'" in tried.stderr
    assert checked.errors == ""
    assert len(checked.verdicts) == 213
    assert "sgd ended the whole Python process" in checked.output
    assert checked.lost
    assert {number.rpartition(".")[0] for number in checked.lost} == {"2.2"}


# --- What does not come back ---


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("while True: pass", "softmax took too much computing time and was stopped."),
        ("import time; time.sleep(1000)", "softmax waited without computing and was stopped."),
        (
            "while True:\n        try: 1 / 0\n        except BaseException: pass",
            "took too much computing time",
        ),
    ],
)
def test_a_function_that_never_returns_is_named_with_its_line(tmp_path: Path, body: str, says: str) -> None:
    kit = limits(
        with_code(tmp_path, layers=f"def softmax(z):\n    {body}"), cpu_seconds=0.5, idle_seconds=1.5
    )
    checked = check(kit, "-q", "1.1")

    assert checked.status == 1
    assert says in checked.told("1.1.1")
    assert re.search(r"layers\.py:\d+, in softmax", checked.told("1.1.1"))
    assert {number for number, (passed, _) in checked.verdicts.items() if passed} == {
        f"1.1.{number}" for number in range(9, 14)
    }


def test_input_finds_nothing_to_read(tmp_path: Path) -> None:
    checked = check(with_code(tmp_path, layers="def softmax(z):\n    return input()"), "-q", "1.1.1")

    assert "EOFError" in checked.told("1.1.1")


def test_a_file_that_ends_python_while_it_loads_is_loaded_for_its_definitions(tmp_path: Path) -> None:
    checked = check(with_code(tmp_path, layers="import os\nos._exit(3)"), "-q", "1.1")

    assert checked.status == 0
    assert (
        "Loading your files ended the process, so only imports and definitions were loaded" in checked.output
    )


def test_a_file_that_never_loads_fails_kindly(tmp_path: Path) -> None:
    kit = with_code(tmp_path, layers="import os\nclass Crash:\n    os._exit(3)")
    checked = check(kit, "-q", "1.1")

    assert checked.status == 1
    assert "Your files could not be loaded: loading your files ended the process." in checked.output


# --- In a terminal ---


def test_ctrl_c_stops_it_at_once_and_says_so(tmp_path: Path) -> None:
    kit = with_code(
        tmp_path, layers="def softmax(z):\n    open('started', 'w').close()\n    while True: pass"
    )
    running = start(kit)
    os.kill(running.pid, signal.SIGSTOP)  # so that the worker is known to be about to run
    os.kill(running.pid, signal.SIGCONT)
    os.kill(running.pid, signal.SIGINT) if wait_for_worker(running.pid) else pytest.fail("no worker")
    output, errors = running.communicate()

    assert running.returncode == 130
    assert output.strip().endswith("Stopped.")
    assert "Traceback" not in errors


def start(kit: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [numpy_alone(), os.fspath(kit / "check.py"), *options],
        env={},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def wait_for_worker(pid: int) -> bool:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while os.path.exists(f"/proc/{pid}"):
        if children.read_text().strip():
            return True
    return False


def read_until(stream: IO[str], words: str) -> str:
    """What comes on the stream, up to a line with these words."""
    lines = []
    for line in stream:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


def test_watch_checks_again_when_a_file_changes(tmp_path: Path) -> None:
    kit = with_code(tmp_path, layers="def softmax(z):\n    return z")
    running = start(kit, "--watch", "-q", "1.1.1")
    assert running.stdout is not None
    first = read_until(running.stdout, "Waiting for you")
    text = (kit / "layers.py").read_text()
    (kit / "layers.py").write_text(text.replace("    return z\n", "    return np.exp(_log_softmax(z))\n"))
    second = read_until(running.stdout, "Waiting for you")
    running.send_signal(signal.SIGINT)
    running.communicate()

    assert "0 of 1 tests passed" in first
    assert "layers.py changed at" in second
    assert "1 of 1 tests passed" in second
    assert running.returncode == 130


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_without_no_color(
    tmp_path: Path, environment: dict[str, str], coloured: bool
) -> None:
    import pty

    kit = with_code(tmp_path)
    ours, theirs = pty.openpty()
    command = [numpy_alone(), os.fspath(kit / "check.py"), "-q", "1.1.1"]
    subprocess.run(command, env=environment, stdout=theirs, check=True)
    os.close(theirs)
    output = os.read(ours, 100_000).decode()
    os.close(ours)

    assert ("\x1b[32mok" in output) is coloured
    assert ("\x1b[" in output) is coloured


def test_output_that_is_piped_has_no_colours_and_no_progress(tmp_path: Path) -> None:
    output = check(with_code(tmp_path), "-q", "1.1.1").output

    assert "\x1b" not in output
    assert "\r" not in output
