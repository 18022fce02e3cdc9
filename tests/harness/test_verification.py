"""The parts of a verification: measuring, advice, what a bare root borrows, comparing verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import LimitSettings
from autograder.errors import AutograderError
from autograder.examples import SHOWN, differences, find_examples
from autograder.verification import bare_root, network
from autograder.verification.containers import CONTAINERS, Container, Load, advise
from autograder.verification.measured import Measured, measure
from tests.harness.red_team import is_alive


def started(program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program])


def load(cpu: float = 1.0, waiting: float = 0.0, peak: float | None = 70.0, limit: int = 512) -> Load:
    return Load("an example", Measured(0, cpu + waiting, cpu, peak), limit)


# Measuring


def test_the_computing_of_children_is_counted() -> None:
    burn = "import os\nif os.fork() == 0:\n while os.times().user < 0.5: pass\nelse: os.wait()"
    measured = measure(started(burn), 60)

    assert measured.status == 0
    assert measured.cpu_seconds >= 0.5


def test_waiting_is_not_computing() -> None:
    measured = measure(started("import time; time.sleep(1)"), 60)

    assert measured.seconds >= 1
    assert measured.waiting >= measured.seconds - measured.cpu_seconds > 0


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system has no smaps_rollup")
def test_memory_is_that_of_all_processes_together() -> None:
    hold = "x = bytearray(b'x') * (50 << 20); time.sleep(0.5)"
    measured = measure(
        started(f"import os, time\nif os.fork() == 0:\n {hold}\nelse:\n {hold}\n os.wait()"), 60
    )

    assert measured.peak_mb is not None
    assert 100 < measured.peak_mb < 160


def test_what_takes_too_long_is_ended_with_all_below_it(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    child = f"open({str(told)!r}, 'w').write(str(os.getpid()))"
    measured = measure(started(f"import os, time\nif os.fork() == 0: {child}\ntime.sleep(600)"), 2.0)
    # Killed, but whoever inherited the child may still have to bury it.
    looks = (is_alive(int(told.read_text())) for _ in range(200))

    assert measured.status is None
    assert not all(looks)


# Advice


def test_a_small_load_gets_the_smallest_container_and_the_default_timeout() -> None:
    advice = advise([load()], LimitSettings())

    assert (advice.container, advice.minutes) == (Container(0.5, 768), 10)


def test_memory_that_a_submission_may_take_counts() -> None:
    assert advise([load(peak=400, limit=2048)], LimitSettings()).container == Container(2, 3072)


def test_half_a_processor_takes_twice_as_long() -> None:
    half, whole = CONTAINERS[:2]

    assert load(cpu=10, waiting=3).seconds_in(half) - 3 == 2 * (load(cpu=10, waiting=3).seconds_in(whole) - 3)


def test_a_load_too_slow_for_half_a_processor_gets_a_whole_one() -> None:
    assert advise([load(cpu=200)], LimitSettings(timeout_seconds=600)).container == Container(1, 1536)


def test_more_processors_do_not_speed_up_what_runs_in_one() -> None:
    assert advise([load(cpu=400)], LimitSettings(timeout_seconds=600)).container is None


def test_the_timeout_is_no_shorter_than_the_assignments() -> None:
    assert advise([load()], LimitSettings(timeout_seconds=601)).minutes == 20


def test_what_no_container_holds_gets_none() -> None:
    assert advise([load(limit=8000)], LimitSettings()).container is None


def test_the_example_that_decides_is_named() -> None:
    slow, large = load(cpu=9), load(peak=200)
    advice = advise([load(), slow, large], LimitSettings())

    assert (advice.slowest, advice.largest) == (slow, large)


# What a bare root borrows


def test_settings_of_pip_become_variables() -> None:
    listing = (
        "global.extra-index-url='file:///a/simple file:///b/simple'\ninstall.no-binary='x'\n"
        ":env:.cert='/c'\nlist.format='json'\nWARNING: no setting\n"
    )

    assert network.pip_settings(listing) == {
        "PIP_EXTRA_INDEX_URL": "file:///a/simple file:///b/simple",
        "PIP_NO_BINARY": "x",
    }


def test_files_that_a_setting_names_are_lent_and_renamed(tmp_path: Path) -> None:
    wheels, index = tmp_path / "wheels", tmp_path / "index" / "simple"
    wheels.mkdir()
    index.mkdir(parents=True)
    lent = network.moved(
        {"PIP_FIND_LINKS": str(wheels), "PIP_INDEX_URL": f"file://{index}", "PIP_TIMEOUT": "5"}
    )

    assert lent.environment == {
        "PIP_FIND_LINKS": f"{network.MOUNTED}{wheels}",
        "PIP_INDEX_URL": f"file://{network.MOUNTED}{index}",
        "PIP_TIMEOUT": "5",
    }
    assert set(lent.paths) == {wheels, index.parent}  # the index, with the files beside it


def test_the_whole_machine_is_never_lent() -> None:
    assert network.moved({"PIP_TARGET": "/", "PIP_SRC": "/no/such/folder"}).paths == ()


def test_why_a_bare_root_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "root" in bare_root.missing()

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda tool: None if tool == "debootstrap" else f"/usr/bin/{tool}")
    assert "debootstrap" in bare_root.missing()


# Verdicts


def document(**scores: float) -> dict[str, object]:
    tests = [
        {
            "number": number.strip("t").replace("_", "."),
            "score": score,
            "max_score": 2.0,
            "status": "passed" if score == 2 else "failed",
            "output": "the axis is wrong",
        }
        for number, score in scores.items()
    ]
    return {"score": sum(scores.values()), "tests": tests}


EXPECTED = {"score": 3.0, "max_score": 4.0, "lost": {"1.2": 1.0}, "says": {"1.2": "axis"}}


def test_the_expected_verdict_differs_in_nothing() -> None:
    assert differences(EXPECTED, document(t1_1=2, t1_2=1)) == []


def test_a_test_that_gains_or_loses_is_told_with_both_points() -> None:
    assert differences(EXPECTED, document(t1_1=1, t1_2=2)) == [
        "test 1.2 gets full points, expected 1 points",
        "test 1.1 gets 1 points, expected full points",
    ]


def test_a_phrase_that_feedback_must_contain_is_missed() -> None:
    wanted = {**EXPECTED, "says": {"1.2": "the rows"}}

    assert differences(wanted, document(t1_1=2, t1_2=1)) == ["test 1.2 does not say 'the rows'"]


def test_many_differences_are_cut_short() -> None:
    wanted = {"score": 0, "max_score": 40, "lost": {}}
    told = differences(wanted, document(**{f"t1_{number}": 0 for number in range(20)}))

    assert len(told) == SHOWN + 1
    assert told[-1] == f"and {20 - SHOWN} more"


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", json.dumps({"score": 1, "max_score": 2})])
def test_an_example_without_a_whole_verdict_is_an_error_that_names_it(
    tmp_path: Path, text: str | None
) -> None:
    (tmp_path / "story" / "submission").mkdir(parents=True)
    if text is not None:
        (tmp_path / "story" / "expected.json").write_text(text)

    with pytest.raises(AutograderError, match=r"story/expected\.json"):
        find_examples(tmp_path)


def test_an_example_without_a_submission_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "story").mkdir()

    with pytest.raises(AutograderError, match="story/submission"):
        find_examples(tmp_path)
