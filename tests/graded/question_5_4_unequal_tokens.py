"""Exam 5.4: tokens with embeddings of their own are told apart by self-attention, even without positions."""

from typing import Any

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.answer import Answer
from autograder.case import GradedCase

# The exam's sentence, tokenized with the vocabulary of 5.3: one dog is "dog " (3), the other " dog" (4).
SENTENCE = [2, 3, 5, 1, 6, 1, 7, 4, 1, 9, 1, 10, 11]
FIRST_DOG, SECOND_DOG = 1, 7


def differ(one: Any, other: Any) -> bool:
    return bool(np.isfinite(one).all()) and not np.allclose(one, other, rtol=1e-2, atol=1e-4)


def averages(out: Any, v: np.ndarray) -> bool:
    """Does every number of `out` lie between the smallest and the largest value of its column?"""
    low, high = v.min(axis=1, keepdims=True), v.max(axis=1, keepdims=True)
    return bool(np.all((np.asarray(out) > low - 1e-4) & (np.asarray(out) < high + 1e-4)))


class UnequalTokens(GradedCase):
    # Token ids, and the places of two tokens that are not equal.
    SEQUENCES = (([0, 1], 0, 1), ([0, 1, 0, 2], 1, 3), (SENTENCE, FIRST_DOG, SECOND_DOG))

    def embedded(self, ids: list[int], size: int = 4) -> np.ndarray:
        """A batch of two (2, T, D) in which every id has a random embedding of its own."""
        return self.normal(2, max(ids) + 1, size)[:, ids]

    def in_heads(self, x: np.ndarray) -> Answer:
        projections = [self.normal(4, 4) for _ in range(4)]
        return self.call("multi_head_attention_forward", x, *projections, 2)

    def claim_told_apart(self, answer: Answer, x: np.ndarray, i: int, j: int) -> None:
        answer.satisfies(
            lambda value: differ(np.asarray(value[0])[:, i], np.asarray(value[0])[:, j]),
            f"Tokens {i} and {j} have different embeddings: their outputs should differ.",
        )
        answer.satisfies(
            lambda value: np.shape(value[0]) == x.shape and differ(value[0], x),
            "Each output should mix the values of all tokens, not be the token itself.",
        )

    @weight(2.5)
    @number("5.4.1")
    @tags("attention_forward")
    def test_told_apart(self):
        """attention_forward gives "dog " and " dog" of the exam's sentence different outputs"""
        for ids, i, j in self.SEQUENCES:
            x = self.embedded(ids)
            answer = self.call("attention_forward", x, x, x)
            self.claim_told_apart(answer, x, i, j)
            answer.satisfies(
                lambda value, x=x: averages(value[0], x),
                "Each output should be a weighted average of the values: no weight is negative, and the "
                "weights add up to 1.",
            )

    @weight(1.5)
    @number("5.4.2")
    @tags("multi_head_attention_forward")
    def test_told_apart_in_heads(self):
        """multi_head_attention_forward gives "dog " and " dog" of the exam's sentence different outputs"""
        for ids, i, j in self.SEQUENCES:
            x = self.embedded(ids)
            self.claim_told_apart(self.in_heads(x), x, i, j)
