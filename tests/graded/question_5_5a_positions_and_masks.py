"""Exam 5.5: positional encoding, and masks that say which tokens may be attended to."""

from typing import Any

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


def depends_on_distance_alone(pe: Any) -> bool:
    """Is the dot product of two positions a matter of their distance, and largest with themselves?"""
    pe = np.asarray(pe, dtype=float)
    products = pe @ pe.T
    distances = range(1, len(pe))
    return all(
        np.allclose(np.diagonal(products, k), products[0, k], rtol=1e-3, atol=1e-3)
        and products[0, k] < 0.999 * products[0, 0]
        for k in distances
    )


class PositionalEncoding(GradedCase):
    @weight(0.4)
    @number("5.5.1")
    @tags("positional_encoding")
    def test_values(self):
        """positional_encoding alternates sine and cosine, with a frequency for each pair of columns"""
        for T, d in [(2, 4), (5, 6), (3, 16)]:
            self.call("positional_encoding", T, d).equals_reference()

    @weight(0.1)
    @number("5.5.2")
    @tags("positional_encoding")
    def test_first_pair(self):
        """positional_encoding of two columns is sin(t) and cos(t), with t counted from 0"""
        for T in (1, 2, 5):
            positions = np.arange(T)
            expected = np.stack([np.sin(positions), np.cos(positions)], axis=1)
            self.call("positional_encoding", T, 2).equals(expected)

    @weight(0.1)
    @number("5.5.3")
    @tags("positional_encoding")
    def test_odd_number_of_columns(self):
        """positional_encoding ends with a sine where the number of columns is odd"""
        for T, d in [(2, 1), (3, 3), (4, 7)]:
            self.call("positional_encoding", T, d).equals_reference()

    @weight(0.2)
    @number("5.5.4")
    @tags("positional_encoding")
    def test_distances(self):
        """positional_encoding tells positions apart by their distance: so do the dot products of its rows"""
        for T, d in [(3, 2), (8, 4), (20, 8)]:
            self.call("positional_encoding", T, d).satisfies(
                depends_on_distance_alone,
                "The dot product of two rows should depend on the distance of their positions alone.",
            )


class Masks(GradedCase):
    def inputs(self, queries: int, keys: int) -> list[np.ndarray]:
        """q, k and v for a batch of two; keys of size 1 leave the scale of the scores without effect."""
        return [self.normal(2, queries, 1), self.normal(2, keys, 1), self.normal(2, keys, 4)]

    @weight(0.3)
    @number("5.5.5")
    @tags("causal_mask")
    def test_causal_mask(self):
        """causal_mask lets each token attend to itself and to earlier tokens"""
        for T in (1, 2, 3, 6):
            self.call("causal_mask", T).equals(np.tril(np.ones((T, T), dtype=bool)))

    @weight(0.3)
    @number("5.5.6")
    @tags("attention_forward")
    def test_causal_attention(self):
        """attention_forward attends only where the causal mask is True"""
        for tokens in (2, 3, 5):
            mask = np.tril(np.ones((tokens, tokens), dtype=bool))
            self.call("attention_forward", *self.inputs(tokens, tokens), mask).equals_reference()

    @weight(0.15)
    @number("5.5.7")
    @tags("attention_forward")
    def test_masks_that_broadcast(self):
        """attention_forward takes masks that broadcast: one row for all queries, or one mask per example"""
        for queries, keys, shape in [(2, 2, (1, 2)), (2, 3, (1, 3)), (3, 4, (2, 1, 4)), (3, 2, (2, 3, 2))]:
            mask = self.rng.random(shape) < 0.5
            mask[..., 0] = True
            self.call("attention_forward", *self.inputs(queries, keys), mask).equals_reference()

    @weight(0.1)
    @number("5.5.8")
    @tags("attention_forward")
    def test_masked_keys_have_no_influence(self):
        """attention_forward gives masked keys no weight at all, however large their scores and values"""
        for tokens in (2, 4):
            q, k, v = self.inputs(tokens, tokens)
            mask = np.ones((tokens, tokens), dtype=bool)
            mask[:, -1] = False
            k[:, -1] = 50 * q[:, 0]
            v[:, -1] = 1000
            self.call("attention_forward", q, k, v, mask).equals_reference()

    @weight(0.15)
    @number("5.5.9")
    @tags("attention_backward", "attention_forward")
    def test_backward(self):
        """attention_backward passes no gradient to where the causal mask is False"""
        for tokens in (2, 3, 5):
            mask = np.tril(np.ones((tokens, tokens), dtype=bool))
            forward = self.call("attention_forward", *self.inputs(tokens, tokens), mask)
            dout = self.normal(2, tokens, 4)
            self.call("attention_backward", dout, forward.cache).equals_reference()
