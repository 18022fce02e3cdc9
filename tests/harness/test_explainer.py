"""What a failed test says once the run is over: the cause, else the misconception, else the pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from gradescope_utils.autograder_utils.decorators import (
    hide_errors,
    number,
    partial_credit,
    tags,
    visibility,
    weight,
)

from autograder.case import GradedCase
from autograder.explainer import Explainer, explained
from autograder.mistake import Mistake
from autograder.test_report import LINES
from tests.harness.test_test_report import Noting
from tests.harness.tiny_assignment import TINY, grade, raising
from tests.harness.tiny_key import KEY, affine_forward, network, running_mean, softmax
from tests.harness.wrong_solutions import (
    KEY as EXAM_KEY,
)
from tests.harness.wrong_solutions import (
    graded,
    printing_its_arguments,
    raising_with_its_arguments,
    spoilt,
)

Z = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])
X, W, B = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([1.0, -2.0])
Body = Callable[[GradedCase], Any]
DOUT = np.array([[1.0, -1.0], [0.5, 2.0]])


def case_for(test_number: str, function: str, body: Body, *extra: Any) -> type[GradedCase]:
    """One graded test of a function, worth 2 points."""

    def test(self: GradedCase) -> None:
        body(self)

    test.__doc__ = f"{function} is right"
    for decorate in (tags(function), number(test_number), weight(2), *extra):
        test = decorate(test)
    return type(f"Case{test_number.replace('.', '_')}", (GradedCase,), {"test": test, "__test__": False})


def call(function: str, *arguments: Any) -> Body:
    return lambda case: case.call(function, *arguments).equals_reference()


def backward(case: GradedCase) -> None:
    forward = case.call("affine_forward", X, W, B)
    case.call("affine_backward", DOUT, forward.cache).equals_reference()


SOFTMAX = case_for("1.1", "softmax", call("softmax", Z))
NETWORK = case_for("1.2", "network", call("network", Z))
FORWARD = case_for("1.3", "affine_forward", call("affine_forward", X, W, B))
BACKWARD = case_for("1.4", "affine_backward", backward)


def known(function: str, variant: Callable[..., Any], says: str = "it is wrong in this way") -> Mistake:
    return Mistake(says.replace(" ", "_"), function, says, "mend it so", variant)


def told(
    *cases: type[GradedCase],
    student: Any,
    mistakes: Sequence[Mistake] = (),
    uses: Mapping[str, frozenset[str]] | None = None,
    key: Mapping[str, Callable[..., Any]] | None = None,
) -> dict[str, str]:
    """The text of each test, by its number, after the run was explained. key: functions to replace."""
    found = grade(*cases, student=student, key=key)
    finished = [(case, test) for case, test in found.run.finished if isinstance(case, GradedCase)]
    explainer = Explainer(finished, {**KEY, **(key or {})}, TINY.functions, mistakes, uses or {})
    texts = {result.number: result.output for result in found.results}
    for result in explained(found.results, finished, explainer, rubric=False):
        texts[result.number] = result.output
    return texts


def first_line(text: str) -> str:
    """The first line as it was before it was wrapped."""
    return text.replace("\n  ", " ").splitlines()[0]


def doubled(z: np.ndarray) -> np.ndarray:
    return 2 * softmax(z)


def network_of_softmax(x: np.ndarray) -> Any:
    return network(x)[0] + 1, network(x)[1]


# --- Causes, misconceptions, patterns ---


def test_a_known_misconception_comes_before_the_facts() -> None:
    text = told(SOFTMAX, student={"softmax": doubled}, mistakes=[known("softmax", doubled)])["1.1"]
    assert text.startswith("softmax: it looks as if it is wrong in this way.\nTo mend it: mend it so.\n\n")
    assert "softmax: p is wrong at" in text
    assert "Each value of p" not in text


def test_without_a_misconception_the_pattern_follows_the_facts() -> None:
    text = told(SOFTMAX, student={"softmax": doubled})["1.1"]
    assert first_line(text).startswith("softmax: p is wrong at 6 of 6 values")
    assert text.split("\n\n")[1] == "Each value of p is 2 times too large."


def test_a_misconception_behind_one_entry_of_a_list_is_said_of_that_entry() -> None:
    def gradients(first: float, second: float) -> Any:
        return lambda z: [first * z, second * z]

    text = told(
        SOFTMAX,
        student={"softmax": gradients(3, 5)},
        key={"softmax": gradients(1, 1)},
        mistakes=[known("softmax", gradients(3, 1))],
    )["1.1"]
    assert first_line(text) == "softmax, p[0]: it looks as if it is wrong in this way."


def test_a_cause_comes_before_a_misconception() -> None:
    texts = told(
        SOFTMAX,
        NETWORK,
        student={"softmax": doubled, "network": network_of_softmax},
        mistakes=[known("network", network_of_softmax), known("softmax", doubled)],
        uses={"network": frozenset({"softmax"})},
    )
    assert first_line(texts["1.2"]) == (
        "Your network uses your softmax, which is wrong as well: mend 1.1 first."
    )
    assert "it looks as if" not in texts["1.2"]
    assert "it looks as if" in texts["1.1"]


def test_a_right_function_is_no_cause() -> None:
    texts = told(
        SOFTMAX,
        NETWORK,
        student={"network": network_of_softmax},
        uses={"network": frozenset({"softmax"})},
    )
    assert "mend" not in texts["1.2"]


def test_a_cause_that_is_not_there_is_told_so() -> None:
    texts = told(
        SOFTMAX,
        NETWORK,
        student={"softmax": None, "network": raising(NameError("name 'softmax' is not defined"))},
        uses={"network": frozenset({"softmax"})},
    )
    assert first_line(texts["1.2"]) == (
        "Your network uses your softmax, which is not there yet: mend 1.1 first."
    )


def test_a_test_that_never_came_to_its_function_says_what_to_mend_first() -> None:
    texts = told(FORWARD, BACKWARD, student={"affine_forward": None})
    assert first_line(texts["1.4"]) == (
        "affine_backward could not be tried here, because it needs affine_forward: mend 1.3 first."
    )


def test_gradients_of_a_wrong_forward_pass_say_first_that_it_is_to_be_mended() -> None:
    def forward(x, w, b):
        return x @ (2 * w) + b, (x, w)

    def derivative(dout, cache):
        x, w = cache
        return dout @ (2 * w).T, 2 * x.T @ dout, dout.sum(axis=0)

    texts = told(FORWARD, BACKWARD, student={"affine_forward": forward, "affine_backward": derivative})
    assert first_line(texts["1.4"]) == (
        "affine_backward: dx and dw are right for your own affine_forward, but that one is wrong: "
        "mend 1.3 first. You keep 50% of their points."
    )
    assert "db is right, dx and dw are not: 1 of 3." in texts["1.4"]


def test_where_two_misconceptions_remain_both_are_told() -> None:
    mistakes = [known("softmax", doubled, "it is doubled"), known("softmax", doubled, "it is added twice")]
    text = told(SOFTMAX, student={"softmax": doubled}, mistakes=mistakes)["1.1"]
    assert first_line(text) == (
        "softmax: it looks as if it is doubled, or as if it is added twice: both give exactly your values."
    )


def test_two_mistakes_at_once_are_told_with_what_to_do_about_each() -> None:
    shifted = known("affine_forward", lambda x, w, b: (x @ w, (x, w)), "the bias is left out")
    scaled = known("affine_forward", lambda x, w, b: (affine_forward(x, w, b)[0] + X, (x, w)), "x is added")
    text = told(
        FORWARD,
        student={"affine_forward": lambda x, w, b: (x @ w + x, (x, w))},
        mistakes=[shifted, scaled],
    )["1.3"]
    assert first_line(text) == (
        "affine_forward: it looks as if two things are wrong at once: the bias is left out; and x is added."
    )


def test_an_output_is_named_where_only_some_are_explained() -> None:
    def half_wrong(dout, cache):
        dx, dw, db = KEY["affine_backward"](dout, cache)
        return dx, dw, db / len(dout)

    mistakes = [known("affine_backward", half_wrong)]
    text = told(BACKWARD, student={"affine_backward": half_wrong}, mistakes=mistakes)["1.4"]
    assert first_line(text) == "affine_backward, db: it looks as if it is wrong in this way."


def test_a_mistake_that_does_not_give_every_value_is_not_named() -> None:
    nearly = known("softmax", lambda z: 2 * softmax(z) + (z.shape[0] > 1))
    assert "it looks as if" not in told(SOFTMAX, student={"softmax": doubled}, mistakes=[nearly])["1.1"]


def test_a_near_miss_is_told_once() -> None:
    def forward(x, w, b):
        return (x + 1e-3 * np.array([[1.0, 0.2], [0.7, -0.4]])) @ w + b, (x, w)

    text = told(FORWARD, student={"affine_forward": forward})["1.3"]
    assert text.count("nearly right") == 1


# --- Texts that stay as they are ---


def test_a_hidden_error_and_an_assertion_of_the_case_keep_their_text() -> None:
    def failing(case: GradedCase) -> None:
        call("softmax", Z)(case)
        case.fail("the loss should fall")

    right = call("softmax", Z)
    cases = [
        case_for("1.1", "softmax", lambda case: right(case), hide_errors("Look at the lecture.")),
        case_for("1.2", "softmax", failing),
    ]
    texts = told(*cases, student={"softmax": doubled}, mistakes=[known("softmax", doubled)])
    assert texts["1.1"] == "Look at the lecture."
    assert first_line(texts["1.2"]) == "the loss should fall"


def test_a_test_that_students_cannot_see_is_told_the_misconception_but_no_number() -> None:
    def hidden(test_number: str) -> type[GradedCase]:
        body = call("softmax", Z)
        return case_for(test_number, "softmax", lambda case: body(case), visibility("after_published"))

    with_name = told(hidden("1.1"), student={"softmax": doubled}, mistakes=[known("softmax", doubled)])["1.1"]
    assert with_name.startswith("softmax: it looks as if it is wrong in this way.")
    assert with_name.endswith("softmax: p is wrong.")
    assert told(hidden("1.1"), student={"softmax": doubled})["1.1"] == "softmax: p is wrong."
    assert told(hidden("1.1"), student={"softmax": lambda z: -softmax(z)})["1.1"] == (
        "softmax: p is wrong.\n\np has the wrong sign, and is right otherwise."
    )


# --- Form ---


def test_notes_are_told_once() -> None:
    class NotingAndWrong(Noting):
        def call(self, function: str, *arguments: Any) -> Any:
            return super().call(function, *(argument + 1 for argument in arguments))

    texts = told(
        case_for("1.1", "network", lambda case: [call("network", Z)(case), call("network", 2 * Z)(case)]),
        student=NotingAndWrong(),
        mistakes=[known("network", lambda x: network(x + 1))],
    )
    assert "it looks as if" in texts["1.1"]
    assert texts["1.1"].count("Note:") == 1


def many_claims(case: GradedCase) -> None:
    for index in range(100):
        with case.subTest(index):
            case.fail(f"claim {index}")


def test_many_assertions_of_a_case_leave_room_for_the_facts() -> None:
    def body(case: GradedCase) -> None:
        call("softmax", Z)(case)
        many_claims(case)

    text = told(case_for("1.1", "softmax", body), student={"softmax": doubled})["1.1"]
    assert first_line(text) == "claim 0"
    assert "softmax: p is wrong" in text


@pytest.mark.parametrize("student", [2.0, -1.0, 1.0001])
def test_prose_is_wrapped_and_code_is_not(student: float) -> None:
    texts = graded(spoilt(lambda value: value * student)).texts().values()
    for text in texts:
        prose, _, code = text.partition("To see it for yourself:")
        assert max(map(len, prose.splitlines())) <= 88, text
        python = "\n".join(line for line in code.splitlines() if not line.startswith("  |"))
        compile(python.partition("It printed:")[0].partition("\nNote: ")[0], "<example>", "exec")


def deep_recursion(z: Any) -> Any:
    return deep_recursion(z)


@pytest.mark.parametrize(
    ("body", "student"),
    [
        (many_claims, {}),
        (call("softmax", Z), {"softmax": deep_recursion}),
        (call("softmax", Z), {"softmax": raising(ValueError("\n".join("line" * 99)))}),
        (call("softmax", Z), {"softmax": lambda z: print("line\n" * 500) or z}),
        (call("network", Z), {"network": lambda x: (0.0, (x + 1, x, x))}),
        (call("running_mean", Z, {"mean": Z[0]}), {"running_mean": lambda x, state: running_mean(-x, state)}),
    ],
    ids=["claims", "recursion", "message", "printed", "outputs", "state"],
)
def test_a_text_is_no_longer_than_a_page(body: Body, student: dict[str, Any]) -> None:
    (text,) = told(case_for("1.1", "softmax", body), student=student).values()
    assert 0 < len(text.splitlines()) <= LINES


EXAM_STUDENTS = {
    "too large": spoilt(lambda value: value * 1.37 + 0.61),
    "negative": spoilt(np.negative),
    "text": spoilt(lambda value: "a text"),
    "printing": {name: printing_its_arguments(each) for name, each in spoilt(np.square).items()},
    "raising": dict.fromkeys(EXAM_KEY, raising_with_its_arguments),
}


@pytest.mark.parametrize("student", EXAM_STUDENTS)
def test_every_text_of_the_exam_is_short_and_plain(student: str) -> None:
    texts = graded(EXAM_STUDENTS[student]).texts()
    assert len(texts) > 150
    for text in texts.values():
        assert 0 < len(text.splitlines()) <= LINES
        assert all(line.isprintable() for line in text.splitlines())
        assert not re.search(r"</?(a|b|br|code|div|i|li|p|pre|span|ul)\b|&[a-z]+;", text)


def test_the_score_is_left_alone_without_a_rubric() -> None:
    @partial_credit(2)
    def scored(self: GradedCase, set_score: Any = None) -> None:
        """softmax is right"""
        set_score(1.5)
        self.call("softmax", Z).equals_reference()

    case = type("Scored", (GradedCase,), {"test": tags("softmax")(number("1.1")(scored))})
    found = grade(case, student={"softmax": doubled})
    finished = [(each, test) for each, test in found.run.finished if isinstance(each, GradedCase)]
    mistake = Mistake("doubled", "softmax", "it is doubled", "halve it", doubled, credit=0.5)
    explainer = Explainer(finished, KEY, TINY.functions, [mistake], {})
    for rubric in (False, True):
        (result,) = explained(found.results, finished, explainer, rubric=rubric)
        assert result.score == 1.5
        assert "common slip" not in result.output
