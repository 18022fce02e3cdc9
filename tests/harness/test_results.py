"""results.json is never missing and never broken, whatever is put into it and whenever we stop."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import AutograderError
from autograder.result_format import NO_SCORE, Results, TestResult, natural_order
from autograder.results import AUTOGRADER_FAILED, NOT_RUN_FAILED, NOT_RUN_YET, UNFINISHED, ResultsWriter
from tests.harness.results_validator import check

ANYTHING = st.characters(exclude_categories=[])  # lone surrogates, NUL and control characters included
TEXT = st.text(ANYTHING, max_size=60)
NUMBERS = st.one_of(
    st.floats(),
    st.integers(),
    st.floats(width=32).map(np.float32),
    st.booleans().map(np.bool_),
    st.none(),
    TEXT,
)
VALUES = st.recursive(
    st.none() | NUMBERS | st.binary(max_size=5) | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3) | st.tuples(inner),
    max_leaves=10,
)
TESTS = st.builds(
    TestResult,
    name=TEXT,
    number=st.sampled_from(["1.1", "1.10", "2.9", "1.2.3", ""]) | TEXT,
    score=NUMBERS,
    max_score=NUMBERS,
    status=st.sampled_from(["passed", "failed", None, "broken"]),
    output=TEXT | st.integers(0, 50_000).map("ü".__mul__),
    visibility=st.sampled_from(["visible", "hidden", None, "hiden", 3]),
    tags=st.lists(TEXT, max_size=3).map(tuple),
    extra_data=st.dictionaries(TEXT, VALUES, max_size=3),
)
RESULTS = st.builds(
    Results,
    tests=st.lists(TESTS, max_size=5).map(tuple),
    output=TEXT,
    output_format=st.sampled_from(["text", "ansi", "md", "rtf", None]),
    extra_data=st.dictionaries(TEXT, VALUES, max_size=3),
    stdout_visibility=st.sampled_from(["visible", "everyone"]),
    visibility=st.sampled_from(["visible", "after_due_date", ""]),
    leaderboard=st.lists(st.fixed_dictionaries({"name": TEXT, "value": VALUES}), max_size=2).map(tuple),
    execution_time=NUMBERS,
)


def declared(count=3):
    return [TestResult(f"claim {n}", f"2.{n}", 0, 1.5, visibility="visible") for n in range(1, count + 1)]


def passed(test, output=""):
    return dataclasses.replace(test, score=test.max_score, output=output)


def one(**changes):
    """The entry of one test, changed."""
    return dataclasses.replace(TestResult("a claim", "1.1", 1, 2), **changes).to_json()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "results" / "results.json"


@pytest.fixture
def writer(file):
    return ResultsWriter(file, seconds_between_writes=0)


def read(file):
    assert check(file) == []
    return json.loads(file.read_bytes())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(RESULTS)
def test_nothing_hostile_gets_through(results):
    document = results.to_json()
    assert check(document) == []
    assert results.score == document["score"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(TESTS, min_size=1, max_size=4), st.data())
def test_the_file_is_valid_after_every_step(tests, data):
    with tempfile.TemporaryDirectory() as folder:
        writer = ResultsWriter(Path(folder) / "results.json")
        writer.declare(tests)
        assert check(writer.path) == []
        for test in tests:
            writer.update(dataclasses.replace(test, score=data.draw(NUMBERS)))
            assert check(writer.path, writer.results.max_score) == []
        writer.finish(data.draw(TEXT))
        assert check(writer.path, writer.results.max_score) == []


@pytest.mark.parametrize("score", [math.nan, math.inf, None, "2", 1j, np.array([1.0, 2.0]), object()])
def test_a_score_that_is_no_number_counts_as_0_and_says_so(score):
    entry = one(score=score, status="passed", output="details")
    assert (entry["score"], entry["max_score"], entry["status"]) == (0.0, 2.0, "failed")
    assert entry["output"] == f"{NO_SCORE}\n\ndetails"


@pytest.mark.parametrize("score", [np.float32(1.5), np.float64(1.5), np.array(1.5)])
def test_numpy_scalars_become_python_numbers(score):
    entry = one(
        score=score, max_score=np.int64(2), extra_data={"count": np.int64(3), "loss": np.float32(0.5)}
    )
    assert [type(entry[key]) for key in ("score", "max_score")] == [float, float]
    assert entry["score"] == 1.5
    assert entry["extra_data"] == {"count": 3, "loss": 0.5}
    assert [type(value) for value in entry["extra_data"].values()] == [int, float]


def test_a_score_stays_between_0_and_the_maximum():
    assert one(score=15)["score"] == 2.0
    assert one(score=-3)["score"] == 0.0


def test_scores_are_hundredths_whose_sum_is_exact():
    tests = tuple(TestResult(f"t{n}", f"1.{n}", 0.1 + 1e-9, 0.1) for n in range(3))
    assert Results(tests).to_json()["score"] == 0.3
    assert Results((TestResult("t", "1.1", 2 / 3, 1),)).score == 0.67


def test_full_points_pass_and_less_fails_unless_the_status_says_otherwise():
    assert one(score=2)["status"] == "passed"
    assert one(score=1.99)["status"] == "failed"
    assert one(score=1, status="passed")["status"] == "passed"


def test_control_characters_go_and_lines_end_in_newlines():
    entry = one(name="a\tb\n\0c", output="1\r\n2\r3\x00\x07\x1b[31m\x7f\x85\ttab \ud800")
    assert entry["output"] == "1\n2\n3[31m\ttab \ufffd"
    assert entry["name"] == "a b c"


def test_an_output_that_is_too_long_loses_its_middle_and_says_so():
    output = one(output="start" + "x" * 100_000 + "end")["output"]
    assert len(output) <= 20_000
    assert output.startswith("start")
    assert output.endswith("end")
    assert "[... 80,068 characters left out here ...]" in output


def test_an_output_of_just_the_allowed_length_is_kept():
    assert one(output="x" * 20_000)["output"] == "x" * 20_000


def test_many_long_outputs_together_stay_below_a_megabyte():
    tests = tuple(TestResult(f"t{n}", f"1.{n}", 1, 1, output="\U0001f600" * 20_000) for n in range(100))
    data = Results(tests).to_bytes()
    assert len(data) < 1_000_000
    assert "characters left out" in json.loads(data)["tests"][99]["output"]


def test_extra_data_that_is_too_large_is_left_out():
    document = Results((TestResult("t", "1", 1, 1),), extra_data={"log": ["x" * 4000] * 1000}).to_json()
    assert check(document) == []
    assert document["extra_data"] == {}


def test_a_whole_number_too_large_for_a_database_is_described():
    entry = one(extra_data={"seed": 2**70, "huge": 10**5000, "fine": -(2**53)})
    assert entry["extra_data"]["seed"] == "a whole number of 71 bits"
    assert entry["extra_data"]["huge"].startswith("a whole number of")
    assert entry["extra_data"]["fine"] == -(2**53)


def test_extra_data_that_holds_itself_is_no_problem():
    loop = {}
    loop["again"] = loop
    assert check(Results((TestResult("t", "1", 1, 1),), extra_data=loop).to_json()) == []


def test_an_unknown_visibility_shows_nothing_before_it_is_published():
    assert one(visibility="hiden")["visibility"] == "after_published"
    assert "visibility" not in one(visibility=None)


def test_tests_stand_in_the_natural_order_of_their_numbers():
    numbers = ["2.10", "10.1", "", "2.9", "2.9.1", "A", "2.9"]
    document = Results(tuple(TestResult(f"t{n}", n, 0, 1) for n in numbers)).to_json()
    assert [test["number"] for test in document["tests"]] == ["2.9", "2.9", "2.9.1", "2.10", "10.1", "A", ""]


def test_a_sort_key_takes_only_plain_digits_for_a_number():
    assert natural_order("2.9") < natural_order("2.10") < natural_order("²") < natural_order("")


def test_from_the_declaration_on_every_test_is_there(file, writer):
    writer.declare([passed(test) for test in declared()])
    document = read(file)
    assert document["score"] == 0
    assert document["output"] == UNFINISHED
    assert [test["output"] for test in document["tests"]] == [NOT_RUN_YET] * 3
    assert {test["status"] for test in document["tests"]} == {"failed"}
    assert check(file, points=4.5) == []


def test_an_update_is_in_the_file_at_once(file, writer):
    writer.declare(declared())
    writer.update(passed(declared()[1], "well done"))
    assert [test["score"] for test in read(file)["tests"]] == [0, 1.5, 0]


def test_a_killed_autograder_leaves_a_valid_file_with_what_was_earned(file):
    script = (
        "import os, signal, sys\n"
        "from autograder.results import ResultsWriter, TestResult\n"
        "writer = ResultsWriter(sys.argv[1], seconds_between_writes=0)\n"
        "writer.declare([TestResult(f'claim {n}', f'2.{n}', 0, 1.5) for n in (1, 2, 3)])\n"
        "writer.update(TestResult('claim 1', '2.1', 1.5, 1.5))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", script, file], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert check(file, points=4.5) == []
    assert read(file)["score"] == 1.5


def test_an_update_keeps_the_declared_maximum(file, writer):
    writer.declare(declared())
    writer.update(dataclasses.replace(declared()[0], score=9, max_score=9))
    assert check(file, points=4.5) == []
    assert read(file)["score"] == 1.5


def test_two_tests_of_one_name_both_keep_their_result(file, writer):
    twins = [declared()[0]] * 2
    writer.declare(twins)
    for twin in twins:
        writer.update(passed(twin))
    assert read(file)["score"] == 3


def test_a_result_of_an_undeclared_test_is_refused(writer):
    writer.declare(declared())
    with pytest.raises(AutograderError, match=r"test 9\.9 'new' was never declared"):
        writer.update(TestResult("new", "9.9", 1, 1))


def test_finish_writes_everything_and_leaves_nothing_else_behind(file, writer):
    writer.declare(declared())
    for test in declared():
        writer.update(passed(test))
    board = [{"name": "loss", "value": np.float32(0.5), "order": "asc"}]
    results = writer.finish(
        "All done", extra_data={"python": "3.11"}, leaderboard=board, execution_time=1.234
    )
    document = read(file)
    assert document == results.to_json()
    assert (document["output"], document["score"], document["execution_time"]) == ("All done", 4.5, 1.23)
    assert document["leaderboard"] == [{"name": "loss", "value": 0.5, "order": "asc"}]
    assert os.listdir(file.parent) == ["results.json"]


def test_only_the_owner_may_read_the_file_before_it_is_final(file, writer):
    writer.declare(declared())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    writer.finish()
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_link_in_the_files_place_is_replaced_and_not_followed(file, writer, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    file.parent.mkdir()
    file.symlink_to(secret)
    writer.declare(declared())
    writer.finish()
    assert secret.read_text() == "untouched"
    assert read(file)["score"] == 0


def test_a_read_only_file_from_before_is_replaced(file, writer):
    file.parent.mkdir()
    file.write_text("old")
    file.chmod(0o400)
    writer.declare(declared())
    assert len(read(file)["tests"]) == 3


def test_a_file_that_cannot_be_written_is_named_with_the_remedy(file, writer):
    file.mkdir(parents=True)
    with pytest.raises(
        AutograderError, match=r"results\.json: cannot be written: .*; make its folder writable"
    ):
        writer.declare(declared())
    assert os.listdir(file.parent) == ["results.json"]


def test_a_disk_that_is_full_for_a_while_does_not_end_the_grading(file, writer, monkeypatch):
    writer.declare(declared())
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _no_space)
        writer.update(passed(declared()[0]))
        with pytest.raises(AutograderError, match="No space left"):
            writer.finish()
    assert read(file)["score"] == 0
    writer.finish()
    assert read(file)["score"] == 1.5


def test_a_file_that_something_else_changes_is_noticed(writer, monkeypatch):
    writer.declare(declared())
    monkeypatch.setattr(Path, "read_bytes", lambda path: b'{"score": 100}')
    with pytest.raises(AutograderError, match="was changed by another program"):
        writer.finish()


def test_when_the_autograder_fails_points_earned_stay_and_the_student_reads_whose_fault_it_is(file, writer):
    writer.declare(declared())
    writer.update(passed(declared()[0], "correct"))
    writer.autograder_failed("The sandbox did not start.", details="OSError: /secret/path")
    document = read(file)
    assert document["score"] == 1.5
    assert [test["output"] for test in document["tests"]] == ["correct", NOT_RUN_FAILED, NOT_RUN_FAILED]
    assert document["output"] == f"{AUTOGRADER_FAILED}\n\nThe sandbox did not start."
    shown = json.dumps([document["output"], document["tests"]])
    assert "not your fault" in document["output"]
    assert "/secret/path" not in shown
    assert document["extra_data"]["autograder_failed"]["details"] == "OSError: /secret/path"


def test_the_autograder_may_fail_before_it_knows_its_tests(file, writer):
    writer.autograder_failed("The assignment could not be read.")
    assert read(file)["score"] == 0


def _no_space(*_):
    raise OSError(28, "No space left on device")
