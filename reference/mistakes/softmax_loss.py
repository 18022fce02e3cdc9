"""Known mistakes of the softmax loss and its gradient."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import cross_entropy, softmax, softmax_loss
from .softmax import at_labels, log, softmax_after_shift


def _loss_and_gradient(p, y):
    """The mean loss and its gradient, from whatever a variant takes for probabilities."""
    return float(-log(at_labels(p, y)).mean()), (p - np.eye(p.shape[1])[y]) / len(y)


@mistake_of(
    "softmax_loss",
    says="the exponential is taken of the scores as they are, which overflows for large ones",
    remedy="subtract each row's maximum before the exponential: loss and gradient stay the same",
)
def softmax_loss_without_shift(x, y):
    return _loss_and_gradient(softmax_after_shift(x, 0.0), y)


@mistake_of(
    "softmax_loss",
    says="all rows are shifted by one maximum, so that a row of much smaller scores underflows to 0 / 0",
    remedy="subtract from each row its own maximum",
)
def softmax_loss_global_maximum(x, y):
    return _loss_and_gradient(softmax_after_shift(x, x.max()), y)


@mistake_of(
    "softmax_loss",
    says="the logarithm is taken of a probability that was rounded to 0, which makes the loss infinite",
    remedy="compute the log-probability directly: the shifted score minus the log of the sum of exponentials",
)
def softmax_loss_log_of_zero(x, y):
    return _loss_and_gradient(softmax(x), y)


@mistake_of(
    "softmax_loss",
    says="a small number is added to the probabilities, which limits the loss of an unlikely label",
    remedy="compute the log-probability directly: the shifted score minus the log of the sum of exponentials",
)
def softmax_loss_added_epsilon(x, y):
    return float(-log(at_labels(softmax(x), y) + 1e-8).mean()), softmax_loss(x, y)[1]


@mistake_of(
    "softmax_loss",
    says="the probabilities add up to 1 along each column, not along each row",
    remedy="normalise over the classes, the last axis",
)
def softmax_loss_over_columns(x, y):
    return _loss_and_gradient(softmax(x.T).T, y)


@mistake_of(
    "softmax_loss",
    says="the loss is the sum over the rows, while its gradient is that of the mean",
    remedy="divide the loss by the number of rows as well",
)
def softmax_loss_summed_loss(x, y):
    return cross_entropy(x, y), softmax_loss(x, y)[1]


@mistake_of(
    "softmax_loss",
    says="the gradient is not divided by N",
    remedy="divide dx by the number of rows, as the loss is a mean",
)
def softmax_loss_summed_gradient(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, dx * len(y)


@mistake_of(
    "softmax_loss",
    says="loss and gradient are those of the sum over the rows",
    remedy="divide both by the number of rows: the loss is the mean",
)
def softmax_loss_summed_both(x, y):
    loss, dx = softmax_loss(x, y)
    return loss * len(y), dx * len(y)


@mistake_of(
    "softmax_loss",
    says="the gradient is divided by N twice",
    remedy="divide dx by the number of rows once",
)
def softmax_loss_gradient_averaged_twice(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, dx / len(y)


@mistake_of(
    "softmax_loss",
    says="loss and gradient are divided by the number of classes in place of the number of rows",
    remedy="divide by the number of rows, the first axis of x",
)
def softmax_loss_divided_by_classes(x, y):
    loss, dx = softmax_loss(x, y)
    factor = len(y) / x.shape[1]
    return loss * factor, dx * factor


@mistake_of(
    "softmax_loss",
    says="the loss is averaged over the classes too",
    remedy="divide the summed loss by the number of rows only: each row has one label",
)
def softmax_loss_averaged_over_classes_too(x, y):
    loss, dx = softmax_loss(x, y)
    return loss / x.shape[1], dx


@mistake_of(
    "softmax_loss",
    says="the minus in front of the logarithm is missing",
    remedy="take the negative log-probability: the loss is never below 0",
)
def softmax_loss_without_minus(x, y):
    loss, dx = softmax_loss(x, y)
    return -loss, dx


@mistake_of(
    "softmax_loss",
    says="the gradient has the wrong sign",
    remedy="take the probability minus the one-hot label, not the other way round",
)
def softmax_loss_gradient_sign(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, -dx


@mistake_of(
    "softmax_loss",
    says="the gradient is the probabilities alone, without the label",
    remedy="subtract 1 from each row's probability at its label",
)
def softmax_loss_gradient_without_label(x, y):
    return softmax_loss(x, y)[0], softmax(x) / len(y)


@mistake_of(
    "softmax_loss",
    says="1 is subtracted in every row at the labels of all rows",
    remedy="index in pairs, row i at y[i]: a colon in place of the row numbers takes every row",
)
def softmax_loss_every_row_at_every_label(x, y):
    dx = softmax(x)
    dx[:, y] -= 1
    return softmax_loss(x, y)[0], dx / len(y)


@mistake_of(
    "softmax_loss",
    says="the gradient is that with respect to the probabilities, not to the scores",
    remedy="go on through the softmax by the chain rule, until the gradient belongs to the scores",
)
def softmax_loss_gradient_of_probabilities(x, y):
    with np.errstate(divide="ignore", over="ignore"):
        reciprocals = 1 / at_labels(softmax(x), y)
    dx = np.zeros(x.shape)
    dx[np.arange(len(y)), y] = -reciprocals / len(y)
    return softmax_loss(x, y)[0], dx


@mistake_of(
    "softmax_loss",
    says="this is the multi-class SVM loss with its margin of 1",
    remedy="compute the cross-entropy of the softmax probabilities in place of the hinge loss",
)
def softmax_loss_svm(x, y):
    margins = x - at_labels(x, y)[:, None] + 1
    dx = (margins > 0).astype(float)
    dx[np.arange(len(y)), y] -= dx.sum(axis=1)
    return float((np.maximum(margins, 0).sum() - len(y)) / len(y)), dx / len(y)
