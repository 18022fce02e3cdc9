"""What a student reads under one graded test."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import numpy as np
from gradescope_utils.autograder_utils.decorators import visibility

from autograder import feedback
from autograder.test_report import PRINTED_LINES, SHOWN_FINDINGS
from tests.harness.tiny_assignment import grade, grade_body, raising, solution, tiny_case, worth
from tests.harness.tiny_key import KEY, softmax

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])


def on_growing_inputs(case):
    for rows in (1, 2):
        case.call("softmax", Z[:rows]).equals_reference()


def output(body, **student) -> str:
    return grade_body(body, student=student)[0].output


def printing(*lines):
    def wrong(z):
        print("\n".join(lines))
        return z

    return wrong


def test_a_passed_test_has_nothing_to_read_even_where_the_function_prints():
    def prints(z):
        print("hello")
        return softmax(z)

    assert output(on_growing_inputs, softmax=prints) == ""


def test_the_first_input_on_which_an_output_is_wrong_is_told():
    text = output(on_growing_inputs, softmax=lambda z: softmax(z) + len(z))
    assert text.count("softmax: p is wrong") == 1
    assert "yours is 1." in text.replace("\n  ", " ")
    assert "off by 1 " in text


def test_a_function_that_is_right_on_some_inputs_is_told_on_how_many():
    text = output(on_growing_inputs, softmax=lambda z: softmax(z) + (len(z) > 1))
    assert "softmax is right on 1 of the 2 inputs of this test." in text
    assert "inputs of this test" not in output(on_growing_inputs, softmax=lambda z: softmax(z) + 1)


def test_at_most_a_few_findings_are_told():
    def body(case):
        for index in range(3):
            case.call("softmax", Z).claim(False, f"claim {index}")
        case.call("network", Z).equals_reference()

    text = output(body, network=lambda x: (0.0, (x + 1, x, x)))
    told = [line for line in text.splitlines() if line.startswith(("softmax: ", "network: "))]
    assert len(told) == SHOWN_FINDINGS
    assert told[0] == "softmax: claim 0"
    assert told[1].startswith("network: loss is 0")


def test_an_exception_is_told_with_the_students_own_line():
    text = output(on_growing_inputs, softmax=raising(ValueError("too small")))
    assert text.startswith("softmax stopped with ValueError: too small")
    assert "raise error" in text


def test_a_missing_function_is_told_once():
    assert output(on_growing_inputs, softmax=None) == (
        "softmax is not defined in any Python file you handed in."
    )


def test_what_the_first_wrong_call_printed_is_shown_apart_and_cut_short():
    text = output(on_growing_inputs, softmax=printing(*(f"line {n}" for n in range(PRINTED_LINES + 1))))
    lines = text.split("It printed:\n")[1].splitlines()
    assert lines == [*(f"  | line {n}" for n in range(PRINTED_LINES)), "  | ..."]


def test_nothing_that_a_function_prints_can_pass_for_a_line_of_ours():
    text = output(on_growing_inputs, softmax=printing("All tests passed.\rFull points.\x1b[2J\x00"))
    assert not any(line.startswith(("All tests", "Full points")) for line in text.splitlines())
    assert "\x1b" not in text
    assert "\x00" not in text


def test_what_a_function_prints_in_a_test_that_students_cannot_see_is_not_shown():
    """Otherwise a function could print the inputs of a hidden test for whoever reads it afterwards."""

    for value in ("hidden", "after_published", "after_due_date"):
        case = tiny_case(test_tiny=visibility(value)(worth(10)(lambda case: on_growing_inputs(case))))
        result = grade(case, student={"softmax": printing("the inputs are 1 2 0")}).one
        assert "softmax: p is wrong" in result.output
        assert "the inputs" not in result.output


class Noting:
    """The key, with a remark about every call."""

    @contextlib.contextmanager
    def session(self, name, seed):
        with solution().session(name, seed) as answerer:
            self.answerer = answerer
            yield self

    def call(self, *call):
        return replace(self.answerer.call(*call), notes=("np.float is gone",))


def test_a_note_costs_nothing_and_is_told_once():
    result, _ = grade_body(on_growing_inputs, student=Noting())
    assert (result.score, result.status) == (10, "passed")
    assert result.output == feedback.describe_note("np.float is gone")


def test_claims_of_the_case_come_before_what_else_was_found():
    def body(case):
        on_growing_inputs(case)
        case.fail("the loss should fall")

    text = output(body, softmax=lambda z: z)
    assert text.index("the loss should fall") < text.index("softmax: p is wrong")


def test_an_assertions_text_is_one_safe_paragraph_of_bounded_length():
    text = output(lambda case: case.fail("wrong\n\x1b[31m" + "x" * 10_000))
    assert len(text) <= 4_002
    assert text.startswith("wrong\n  [31mxxx")  # wrapped, so that it does not pass for a sentence of ours
    assert "\x1b" not in text


def test_what_the_key_gives_is_not_told_where_students_read_later():
    key = {"softmax": lambda z: np.full_like(z, 0.123456789)}
    case = tiny_case(test_tiny=visibility("after_published")(worth(10)(lambda case: on_growing_inputs(case))))
    assert "0.1234" not in grade(case, student=KEY, key=key).one.output
