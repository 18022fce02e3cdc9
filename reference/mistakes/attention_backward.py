"""Known mistakes in the backward pass of scaled dot-product attention."""

import numpy as np

from autograder.mistake import mistake_of

from ..attention import attention_backward


def _through_softmax(dweights, weights):
    return weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))


def _backward(dout, cache, through_softmax=_through_softmax, scale=np.sqrt):
    q, k, v, weights = cache
    dscores = through_softmax(dout @ v.swapaxes(-1, -2), weights) / scale(q.shape[-1])
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ dout


@mistake_of(
    "attention_backward",
    says="dq and dk are not divided by the root of d_k",
    remedy="divide the gradient of the scores by the scale of the forward pass",
)
def attention_backward_without_scale(dout, cache):
    return _backward(dout, cache, scale=lambda d_k: 1)


@mistake_of(
    "attention_backward",
    says="dq and dk are divided by d_k rather than by its square root",
    remedy="divide by the root of d_k, once",
)
def attention_backward_divided_by_d_k(dout, cache):
    return _backward(dout, cache, scale=lambda d_k: d_k)


@mistake_of(
    "attention_backward",
    says="dk is not divided by the root of d_k, although dq is",
    remedy="apply the scale to dk as well as to dq",
)
def attention_backward_without_scale_in_dk(dout, cache):
    dq, dk, dv = attention_backward(dout, cache)
    return dq, dk * np.sqrt(cache[0].shape[-1]), dv


@mistake_of(
    "attention_backward",
    says="dv is divided by the root of d_k too",
    remedy="leave the scale out of dv: it belongs to the scores, not to the values",
)
def attention_backward_with_scale_in_dv(dout, cache):
    dq, dk, dv = attention_backward(dout, cache)
    return dq, dk, dv / np.sqrt(cache[0].shape[-1])


@mistake_of(
    "attention_backward",
    says="the derivative of the softmax is left out",
    remedy="send the gradient of the weights back through the softmax before dq and dk",
)
def attention_backward_without_softmax_derivative(dout, cache):
    return _backward(dout, cache, lambda dweights, weights: dweights)


@mistake_of(
    "attention_backward",
    says="only the diagonal of the softmax's derivative is used, p (1 - p)",
    remedy="include how each weight depends on the other scores of its row",
)
def attention_backward_with_the_diagonal_of_the_softmax_alone(dout, cache):
    return _backward(dout, cache, lambda dweights, weights: dweights * weights * (1 - weights))


@mistake_of(
    "attention_backward",
    says="the sum over the row is missing in the derivative of the softmax",
    remedy="subtract the row's weighted sum of gradients before you multiply by the weights",
)
def attention_backward_without_the_sum_of_the_softmax(dout, cache):
    return _backward(dout, cache, lambda dweights, weights: dweights * weights)


@mistake_of(
    "attention_backward",
    says="the derivative of the softmax sums over the queries rather than over the keys",
    remedy="sum along the axis of the forward softmax, the last one",
)
def attention_backward_with_the_softmax_over_the_queries(dout, cache):
    def through_softmax(dweights, weights):
        return weights * (dweights - (dweights * weights).sum(axis=-2, keepdims=True))

    return _backward(dout, cache, through_softmax)


@mistake_of(
    "attention_backward",
    says="the derivative of the softmax takes the mean over the keys rather than the sum",
    remedy="sum the weighted gradients of a row: the weights are the average already",
)
def attention_backward_with_a_mean_in_the_softmax(dout, cache):
    def through_softmax(dweights, weights):
        return weights * (dweights - (dweights * weights).mean(axis=-1, keepdims=True))

    return _backward(dout, cache, through_softmax)


@mistake_of(
    "attention_backward",
    says="the row's sum in the derivative of the softmax is not weighted by the weights",
    remedy="multiply the gradients by the weights before you sum them over the row",
)
def attention_backward_with_an_unweighted_sum_in_the_softmax(dout, cache):
    def through_softmax(dweights, weights):
        return weights * (dweights - dweights.sum(axis=-1, keepdims=True))

    return _backward(dout, cache, through_softmax)
