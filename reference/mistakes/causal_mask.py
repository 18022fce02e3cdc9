"""Known mistakes in the causal mask."""

import numpy as np

from autograder.mistake import mistake_of


@mistake_of(
    "causal_mask",
    says="the diagonal is excluded, so that a token cannot attend to itself",
    remedy="include the diagonal: a token sees itself and what came before",
)
def causal_mask_without_the_diagonal(T):
    return np.tri(T, k=-1, dtype=bool)


@mistake_of(
    "causal_mask",
    says="the mask is the upper triangle, so that tokens see the future",
    remedy="use the lower triangle: rows are the tokens that ask, columns those that are asked",
)
def causal_mask_of_the_upper_triangle(T):
    return np.tri(T, dtype=bool).T


@mistake_of(
    "causal_mask",
    says="the mask is inverted: True marks what is hidden",
    remedy="write True where a token may attend",
)
def causal_mask_inverted(T):
    return ~np.tri(T, dtype=bool)


@mistake_of(
    "causal_mask",
    says="each token may also see the one after it",
    remedy="end each row at the diagonal",
)
def causal_mask_with_one_token_ahead(T):
    return np.tri(T, k=1, dtype=bool)


@mistake_of(
    "causal_mask",
    says="every token may see every other",
    remedy="allow nothing above the diagonal: those tokens come later",
)
def causal_mask_that_hides_nothing(T):
    return np.ones((T, T), dtype=bool)


@mistake_of(
    "causal_mask",
    says="the mask holds numbers to add to the scores, 0 and a large negative one, rather than booleans",
    remedy="return booleans, True where a token may attend",
)
def causal_mask_to_be_added(T):
    return np.where(np.tri(T, dtype=bool), 0.0, -1e9)
