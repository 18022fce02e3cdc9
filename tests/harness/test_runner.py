"""A run gives every declared test exactly one result, in order, whatever its classes and the clock do."""

from __future__ import annotations

import sys
import types
import unittest

import pytest

from autograder import feedback
from autograder.case import GradedCase
from autograder.declared import declared_tests
from autograder.errors import AssignmentError, SandboxError
from autograder.results import NOT_RUN_FAILED, ResultsWriter
from autograder.runner import not_run, run
from tests.harness.results_validator import check
from tests.harness.tiny_assignment import grade, is_our_fault, raising, solution, staff_details, tiny, worth


def passing(name: str = "Passing") -> type[GradedCase]:
    """A class with two tests worth 1 point each."""

    class Passing(GradedCase):
        @worth(1)
        def test_first(self): ...

        @worth(1)
        def test_second(self): ...

    Passing.__qualname__ = name
    return Passing


def test_tests_run_in_the_order_written_and_are_sorted_by_number_in_the_file():
    ran = []

    class Softmax(GradedCase):
        @worth(1, "1.10")
        def test_z(self):
            ran.append("1.10")

        @worth(1, "1.9")
        def test_y(self):
            ran.append("1.9")

        @worth(1, "1.9.1")
        def test_a(self):
            ran.append("1.9.1")

    graded = grade(Softmax)
    assert ran == ["1.10", "1.9", "1.9.1"]
    assert [result.number for result in graded.results] == ["1.10", "1.9", "1.9.1"]
    assert [test["number"] for test in graded.document["tests"]] == ["1.9", "1.9.1", "1.10"]


def test_a_result_says_what_its_test_declares():
    class Softmax(GradedCase):
        @worth(10, "1.1.2")
        def test_rows(self):
            """softmax is right

            on every row"""

    result = grade(Softmax).one
    assert (result.name, result.number, result.tags) == ("softmax is right", "1.1.2", ("softmax",))
    assert (result.score, result.max_score, result.status) == (10, 10, "passed")
    assert (result.visibility, result.output) == ("visible", "")
    assert result.extra_data["seconds"] >= 0


def test_only_some_tests_can_be_run():
    assignment = tiny({"1.1": 4})
    found = run(
        assignment,
        [passing("A"), passing("B")],
        solution(),
        solution(),
        only=lambda test: test.name != "A.test_first",
    )
    names = [result.extra_data["test"] for result in found.results]
    assert names == ["A.test_second", "B.test_first", "B.test_second"]


def test_a_wrong_declaration_is_refused_before_anything_runs():
    ran = []

    class Softmax(GradedCase):
        @worth(1)
        def test_rows(self):
            ran.append(self)

    with pytest.raises(AssignmentError, match="add up to 1"):
        run(tiny({"1.1": 10}), [Softmax], solution(), solution())
    assert not ran


def test_what_a_case_prints_reaches_neither_the_student_nor_the_terminal(capfd):
    class Softmax(GradedCase):
        @worth(1)
        def test_fails(self):
            print("the key's value is 42")
            print("the key's value is 43", file=sys.stderr)
            self.fail("softmax is wrong")

    assert grade(Softmax).one.output == "softmax is wrong"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("error", [RuntimeError("no data"), AssertionError("no data"), SystemExit("no data")])
def test_a_class_whose_setUpClass_fails_is_the_autograders_failure_and_the_others_are_graded(error):
    broken = passing("Broken")
    broken.setUpClass = raising(error)
    graded = grade(passing("Before"), broken, passing("After"))
    assert graded.scores == [1, 1, 0, 0, 1, 1]
    assert all(is_our_fault(result) for result in graded.results[2:4])
    assert "no data" in staff_details(graded.results[2])
    assert "no data" in graded.run.problems[0]


@pytest.mark.parametrize("error", [RuntimeError("still open"), SystemExit("still open")])
def test_a_failing_tearDownClass_costs_no_points_and_is_told_to_staff(error):
    broken = passing("Broken")
    broken.tearDownClass = raising(error)
    graded = grade(broken, passing("After"))
    assert graded.scores == [1, 1, 1, 1]
    assert len(graded.run.problems) == 1
    assert "still open" in graded.run.problems[0]


def test_a_class_that_skips_in_setUpClass_is_left_out():
    skipped = passing("Skipped")
    skipped.setUpClass = raising(unittest.SkipTest("needs torch"))
    graded = grade(skipped, passing("After"))
    assert graded.scores == [0, 0, 1, 1]
    assert graded.results[0].output == "This test was left out: needs torch"
    assert graded.run.problems == ()


@pytest.mark.parametrize("fixture", ["setUpModule", "tearDownModule"])
def test_a_failing_fixture_of_a_module_costs_that_module_only(monkeypatch, fixture):
    module = types.ModuleType("broken_cases")
    setattr(module, fixture, raising(RuntimeError("no data")))
    monkeypatch.setitem(sys.modules, "broken_cases", module)
    broken = passing("Broken")
    broken.__module__ = "broken_cases"
    graded = grade(broken, passing("After"))
    assert graded.scores == ([0, 0, 1, 1] if fixture == "setUpModule" else [1, 1, 1, 1])
    assert "no data" in graded.run.problems[0]


def test_tests_for_which_no_time_is_left_say_so_and_the_results_of_the_others_stand():
    ran = []

    class Slow(GradedCase):
        @worth(1)
        def test_first(self):
            ran.append("first")

        @worth(1)
        def test_second(self):
            ran.append("second")

    class Plain(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            ran.append("fixture")

        @worth(1)
        def test_third(self):
            ran.append("third")

    graded = grade(Slow, Plain, passing(), out_of_time=lambda: "first" in ran)
    assert ran == ["first"]
    assert graded.scores == [1, 0, 0, 0, 0]
    assert {result.output for result in graded.results[1:]} == {feedback.not_run()}
    assert {result.status for result in graded.results[1:]} == {"failed"}


def test_a_keyboard_interrupt_stops_the_run_and_what_was_earned_stands(tmp_path):
    class Interrupted(GradedCase):
        @worth(1)
        def test_interrupted(self):
            raise KeyboardInterrupt

    cases = [passing("Before"), Interrupted, passing("After")]
    assignment = tiny({"1.1": 5})
    writer = ResultsWriter(tmp_path / "results.json", seconds_between_writes=0)
    writer.declare(not_run(declared_tests(assignment, cases)))
    with pytest.raises(KeyboardInterrupt):
        run(assignment, cases, solution(), solution(), on_result=writer.update)
    assert check(writer.path, points=5) == []
    results = writer.autograder_failed("It was interrupted.")
    assert check(writer.path, points=5) == []
    assert [test.score for test in results.tests] == [1, 1, 0, 0, 0]
    assert is_our_fault(results.tests[2])
    assert [test.output for test in results.tests[3:]] == [NOT_RUN_FAILED] * 2


def test_a_sandbox_that_breaks_ends_the_run_and_keeps_what_was_reported():
    reported = []

    class Breaking:
        def session(self, name, seed):
            if name == "B.test_first":
                raise SandboxError("no more processes")
            return solution().session(name, seed)

    with pytest.raises(SandboxError):
        run(tiny({"1.1": 4}), [passing("A"), passing("B")], Breaking(), solution(), on_result=reported.append)
    assert [result.score for result in reported] == [1, 1]


def test_a_case_run_without_the_runner_says_how_to_run_it():
    with pytest.raises(Exception, match="is graded by the runner: python -m autograder grade"):
        passing()("test_first").run()
