"""Known mistakes of cross-entropy."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import _log_softmax, cross_entropy, softmax
from .softmax import at_labels, log, softmax_after_shift


@mistake_of(
    "cross_entropy",
    says="the loss is the mean over the rows",
    remedy="return the sum over the rows: only softmax_loss averages",
)
def cross_entropy_mean(z, y):
    return cross_entropy(z, y) / len(y)


@mistake_of(
    "cross_entropy",
    says="the minus in front of the logarithm is missing",
    remedy="take the negative log-probability: the loss is never below 0",
)
def cross_entropy_without_minus(z, y):
    return -cross_entropy(z, y)


@mistake_of(
    "cross_entropy",
    says="the losses of the rows are returned one by one",
    remedy="add them up: the loss of a batch is a single number",
)
def cross_entropy_not_summed(z, y):
    return -at_labels(_log_softmax(z), y)


@mistake_of(
    "cross_entropy",
    says="the exponential is taken of the scores as they are, which overflows for large ones",
    remedy="subtract each row's maximum before the exponential: the loss stays the same",
)
def cross_entropy_without_shift(z, y):
    return float(-log(at_labels(softmax_after_shift(z, 0.0), y)).sum())


@mistake_of(
    "cross_entropy",
    says="all rows are shifted by one maximum, so that a row of much smaller scores underflows to 0 / 0",
    remedy="subtract from each row its own maximum",
)
def cross_entropy_global_maximum(z, y):
    return float(-log(at_labels(softmax_after_shift(z, z.max()), y)).sum())


@mistake_of(
    "cross_entropy",
    says="the logarithm is taken of a probability that was rounded to 0, which makes the loss infinite",
    remedy="compute the log-probability directly: the shifted score minus the log of the sum of exponentials",
)
def cross_entropy_log_of_zero(z, y):
    return float(-log(at_labels(softmax(z), y)).sum())


@mistake_of(
    "cross_entropy",
    says="a small number is added to the probabilities, which limits the loss of an unlikely label",
    remedy="compute the log-probability directly: the shifted score minus the log of the sum of exponentials",
)
def cross_entropy_added_epsilon(z, y):
    return float(-log(at_labels(softmax(z), y) + 1e-8).sum())


@mistake_of(
    "cross_entropy",
    says="the log-probabilities of all classes are added up, not only those of the labels",
    remedy="take from each row the entry at its label alone",
)
def cross_entropy_all_classes(z, y):
    return float(-_log_softmax(z).sum())


@mistake_of(
    "cross_entropy",
    says="every row is read at the labels of all rows",
    remedy="index in pairs, row i at y[i]: a colon in place of the row numbers takes every row",
)
def cross_entropy_every_row_at_every_label(z, y):
    return float(-_log_softmax(z)[:, y].sum())


@mistake_of(
    "cross_entropy",
    says="the labels are multiplied with the log-probabilities as if they were one-hot rows",
    remedy="use the labels as column numbers, or turn them into one-hot rows first",
)
def cross_entropy_labels_as_one_hot(z, y):
    return float(-(y * _log_softmax(z)).sum())


@mistake_of(
    "cross_entropy",
    says="the labels are taken to start at 1",
    remedy="use each label as it is: the first class has the label 0",
)
def cross_entropy_labels_from_one(z, y):
    return cross_entropy(z, y - 1)


@mistake_of(
    "cross_entropy",
    says="the label's score itself is taken, without the logarithm of the sum of exponentials",
    remedy="turn the scores into log-probabilities first: subtract the log of the row's sum of exponentials",
)
def cross_entropy_of_raw_scores(z, y):
    return float(-at_labels(z, y).sum())


@mistake_of(
    "cross_entropy",
    says="the probabilities of the labels are added up without their logarithm",
    remedy="take the logarithm of each label's probability before adding up",
)
def cross_entropy_without_logarithm(z, y):
    return float(-at_labels(softmax(z), y).sum())


@mistake_of(
    "cross_entropy",
    says="the logarithm has base 2",
    remedy="use the natural logarithm",
)
def cross_entropy_base_2(z, y):
    return cross_entropy(z, y) / float(np.log(2))


@mistake_of(
    "cross_entropy",
    says="the probabilities add up to 1 along each column, not along each row",
    remedy="normalise over the classes, the last axis",
)
def cross_entropy_over_columns(z, y):
    return float(-at_labels(_log_softmax(z.T).T, y).sum())
