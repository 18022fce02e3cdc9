"""Known mistakes of softmax."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import _log_softmax, softmax


def softmax_after_shift(z, shift):
    """softmax with the scores shifted by this: without a warning where that overflows or underflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        exponentials = np.exp(z - shift)
        return exponentials / exponentials.sum(axis=-1, keepdims=True)


def log(p):
    """log without a warning where p is 0 or not a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(p)


def at_labels(table, y):
    """Each row's entry at its label: (N, C) and (N,) give (N,)."""
    return table[np.arange(len(y)), y]


@mistake_of(
    "softmax",
    says="the exponential is taken of the scores as they are, which overflows for large ones",
    remedy="subtract each row's maximum before the exponential: the result stays the same",
)
def softmax_without_shift(z):
    return softmax_after_shift(z, 0.0)


@mistake_of(
    "softmax",
    says="all rows are shifted by one maximum, so that a row of much smaller scores underflows to 0 / 0",
    remedy="subtract from each row its own maximum",
)
def softmax_global_maximum(z):
    return softmax_after_shift(z, z.max())


@mistake_of(
    "softmax",
    says="large scores are clipped, which makes different scores equal",
    remedy="subtract each row's maximum in place of clipping: no score is then too large",
)
def softmax_clipped_scores(z):
    return softmax_after_shift(np.clip(z, -500, 500), 0.0)


@mistake_of(
    "softmax",
    says="the scores are divided by their row's maximum, which changes their differences",
    remedy="subtract the maximum in place of dividing by it",
)
def softmax_divided_by_maximum(z):
    with np.errstate(divide="ignore", invalid="ignore"):
        return softmax_after_shift(z / z.max(axis=-1, keepdims=True), 0.0)


@mistake_of(
    "softmax",
    says="the probabilities add up to 1 along each column, not along each row",
    remedy="sum over the classes, the last axis, and keep the dimension so that it broadcasts",
)
def softmax_over_columns(z):
    return softmax(z.T).T


@mistake_of(
    "softmax",
    says="the probabilities of the whole batch add up to 1, not those of each row",
    remedy="divide each row by its own sum: sum over the last axis only",
)
def softmax_over_everything(z):
    return softmax(z.reshape(1, -1)).reshape(z.shape)


@mistake_of(
    "softmax",
    says="the exponentials are not divided by their sum",
    remedy="divide each row of exponentials by its sum, so that it adds up to 1",
)
def softmax_not_normalised(z):
    return np.exp(z - z.max(axis=-1, keepdims=True))


@mistake_of(
    "softmax",
    says="the scores themselves are divided by their sum, without the exponential",
    remedy="take the exponential of the scores before dividing by the sum",
)
def softmax_without_exponential(z):
    with np.errstate(divide="ignore", invalid="ignore"):
        return z / z.sum(axis=-1, keepdims=True)


@mistake_of(
    "softmax",
    says="the result is the logarithm of the probabilities",
    remedy="return the probabilities themselves",
)
def softmax_logarithm(z):
    return _log_softmax(z)


@mistake_of(
    "softmax",
    says="each score goes through a sigmoid by itself, without regard to the other classes",
    remedy="divide the exponential of each score by the sum of the exponentials of its row",
)
def softmax_sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


@mistake_of(
    "softmax",
    says="the scores enter with the wrong sign: the smallest score gets the largest probability",
    remedy="take the score minus the maximum, not the maximum minus the score",
)
def softmax_negative_scores(z):
    return softmax(-z)
