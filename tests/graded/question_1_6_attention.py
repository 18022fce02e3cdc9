"""Exam 1.6: scaled dot-product attention, forwards and backwards."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class Attention(GradedCase):
    """Inputs have one leading axis, for the batch, and keys of size 1 where the scale is not the point."""

    def inputs(
        self, queries: int, keys: int, d_k: int, d_v: int, leading: tuple[int, ...] = (2,)
    ) -> tuple[np.ndarray, ...]:
        """q, k and v."""
        return (
            self.normal(*leading, queries, d_k),
            self.normal(*leading, keys, d_k),
            self.normal(*leading, keys, d_v),
        )

    def backward(self, *sizes: int, leading: tuple[int, ...] = (2,)) -> None:
        q, k, v = self.inputs(*sizes, leading)
        forward = self.call("attention_forward", q, k, v)
        dout = self.normal(*q.shape[:-1], v.shape[-1])
        self.call("attention_backward", dout, forward.cache).equals_reference()

    @weight(0.5)
    @number("1.6.1")
    @tags("attention_forward")
    def test_equal_keys(self):
        """attention_forward gives every query the mean of the values where all keys are equal"""
        for tokens, size in [(2, 2), (3, 4), (5, 3)]:
            q, k, v = self.inputs(tokens, tokens, size, size)
            self.call("attention_forward", q, np.repeat(k[:, :1], tokens, axis=1), v).equals_reference()

    @weight(0.8)
    @number("1.6.2")
    @tags("attention_forward")
    def test_key_size_1(self):
        """attention_forward weights the values by softmax(q k'): keys of size 1, which need no scale"""
        for tokens in (2, 3, 5):
            self.call("attention_forward", *self.inputs(tokens, tokens, 1, 1)).equals_reference()

    @weight(1)
    @number("1.6.3")
    @tags("attention_forward")
    def test_scale(self):
        """attention_forward divides the scores by the root of the key size"""
        for tokens, size in [(2, 4), (3, 2), (5, 6)]:
            self.call("attention_forward", *self.inputs(tokens, tokens, size, size)).equals_reference()

    @weight(0.35)
    @number("1.6.4")
    @tags("attention_forward")
    def test_value_size(self):
        """attention_forward is right for values of another size than the keys"""
        for tokens, d_v in [(2, 2), (3, 4), (4, 3)]:
            self.call("attention_forward", *self.inputs(tokens, tokens, 1, d_v)).equals_reference()

    @weight(0.35)
    @number("1.6.5")
    @tags("attention_forward")
    def test_number_of_keys(self):
        """attention_forward is right for more or fewer keys than queries"""
        for queries, keys in [(1, 2), (2, 1), (3, 5), (5, 3)]:
            self.call("attention_forward", *self.inputs(queries, keys, 1, 1)).equals_reference()

    @weight(0.4)
    @number("1.6.6")
    @tags("attention_forward")
    def test_leading_axes(self):
        """attention_forward takes any number of leading axes: none, or one for the batch and one for heads"""
        for leading in [(), (1,), (2, 3), (1, 2)]:
            self.call("attention_forward", *self.inputs(3, 3, 1, 1, leading)).equals_reference()

    @weight(0.3)
    @number("1.6.7")
    @tags("attention_forward")
    def test_large_scores(self):
        """attention_forward stays finite where scores are as large as 1000"""
        # Numbers that float32 holds exactly, and scores that are large but close to each other.
        for tokens, size in [(2, 1), (3, 4)]:
            q = self.rng.integers(1000, 1010, (2, tokens, size)).astype(float)
            k = 1 + self.rng.integers(-2, 3, (2, tokens, size)) / 1024
            self.call("attention_forward", q, k, self.normal(2, tokens, size)).equals_reference()

    @weight(0.8)
    @number("1.6.8")
    @tags("attention_backward", "attention_forward")
    def test_backward(self):
        """attention_backward gives the gradients of q, k and v"""
        for tokens, size in [(2, 2), (3, 4), (4, 3)]:
            self.backward(tokens, tokens, size, size)

    @weight(0.25)
    @number("1.6.9")
    @tags("attention_backward", "attention_forward")
    def test_backward_sizes(self):
        """attention_backward is right for other numbers of keys than queries, and values of another size"""
        for sizes in [(1, 2, 2, 2), (2, 3, 2, 2), (3, 3, 2, 4), (4, 2, 3, 1)]:
            self.backward(*sizes)

    @weight(0.25)
    @number("1.6.10")
    @tags("attention_backward", "attention_forward")
    def test_backward_leading_axes(self):
        """attention_backward takes any number of leading axes"""
        for leading in [(), (1,), (2, 3)]:
            self.backward(3, 3, 4, 4, leading=leading)
