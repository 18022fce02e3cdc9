"""Exam 5.2: without positions, equal tokens are all the same to self-attention, wherever they stand."""

from typing import Any

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.answer import Answer
from autograder.case import GradedCase

# The exam's sentence, tokenized with the vocabulary of 5.1: both dogs are the token "dog ".
SENTENCE = [2, 3, 5, 1, 6, 1, 7, 1, 3, 9, 1, 10, 11]
REPEATED = ([1, 2, 1], [1, 1, 2, 3, 1], SENTENCE)


def close(one: Any, other: Any) -> bool:
    return np.allclose(one, other, rtol=1e-3, atol=1e-5)


def equal_tokens_agree(out: Any, ids: list[int]) -> bool:
    """Do tokens have the same output exactly where they have the same id?"""
    out = np.asarray(out)
    pairs = [(i, j) for i in range(len(ids)) for j in range(i)]
    return all(close(out[:, i], out[:, j]) == (ids[i] == ids[j]) for i, j in pairs)


class EqualTokens(GradedCase):
    def embedded(self, ids: list[int], size: int = 4) -> np.ndarray:
        """A batch of two (2, T, D) in which every id has a random embedding of its own."""
        return self.normal(2, max(ids) + 1, size)[:, ids]

    def attend(self, x: np.ndarray) -> Answer:
        return self.call("attention_forward", x, x, x)

    def attend_in_heads(self, x: np.ndarray, projections: list[np.ndarray]) -> Answer:
        return self.call("multi_head_attention_forward", x, *projections, 2)

    def projections(self, size: int = 4) -> list[np.ndarray]:
        """Wq, Wk, Wv and Wo."""
        return [self.normal(size, size) for _ in range(4)]

    def claim_equal_tokens_agree(self, answer: Answer, ids: list[int]) -> None:
        answer.satisfies(
            lambda value: equal_tokens_agree(value[0], ids),
            "Equal tokens should have equal outputs, and other tokens other outputs.",
        )

    def claim_permuted(self, answer: Answer, before: Answer, order: np.ndarray) -> None:
        answer.satisfies(
            lambda value: close(value[0], np.asarray(before.actual.value[0])[:, order]),
            "Permuting the tokens should permute the outputs in the same way, and change nothing else.",
        )

    def claim_tokens_count(self, answer: Answer, before: Answer) -> None:
        """Keeps out functions that look at one token at a time, for which permuting is no feat."""
        answer.satisfies(
            lambda value: not close(np.asarray(value[0])[:, 0], np.asarray(before.actual.value[0])[:, 0]),
            "Replacing the last token should change the output of the first token, which attends to it.",
        )

    @weight(1.5)
    @number("5.2.1")
    @tags("attention_forward")
    def test_equal_tokens(self):
        """attention_forward gives both "dog " of the exam's sentence the same output"""
        for ids in REPEATED:
            self.claim_equal_tokens_agree(self.attend(self.embedded(ids)), ids)

    @weight(1.5)
    @number("5.2.2")
    @tags("attention_forward")
    def test_permutation(self):
        """attention_forward permutes its outputs when the tokens are permuted, and sees every token"""
        for ids in REPEATED:
            x, order = self.embedded(ids), self.rng.permutation(len(ids))
            before = self.attend(x)
            self.claim_permuted(self.attend(x[:, order]), before, order)
            self.claim_tokens_count(self.attend(np.append(x[:, :-1], 1 - x[:, -1:], axis=1)), before)

    @weight(0.5)
    @number("5.2.3")
    @tags("multi_head_attention_forward")
    def test_equal_tokens_in_heads(self):
        """multi_head_attention_forward gives both "dog " of the exam's sentence the same output"""
        for ids in REPEATED:
            answer = self.attend_in_heads(self.embedded(ids), self.projections())
            self.claim_equal_tokens_agree(answer, ids)

    @weight(0.5)
    @number("5.2.4")
    @tags("multi_head_attention_forward")
    def test_permutation_in_heads(self):
        """multi_head_attention_forward permutes its outputs when the tokens are permuted"""
        for ids in REPEATED:
            x, order, projections = self.embedded(ids), self.rng.permutation(len(ids)), self.projections()
            before = self.attend_in_heads(x, projections)
            self.claim_permuted(self.attend_in_heads(x[:, order], projections), before, order)
            changed = np.append(x[:, :-1], 1 - x[:, -1:], axis=1)
            self.claim_tokens_count(self.attend_in_heads(changed, projections), before)
