"""Known mistakes of layer normalisation's backward pass."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import layernorm_backward
from ._standardising import gradients


def _without_gamma(cache):
    x_hat, gamma, std = cache
    return x_hat, np.ones_like(gamma), std


@mistake_of(
    "layernorm_backward",
    says="the averages in dx run over the batch, as in batch normalisation",
    remedy="average over the features of each row, the last axis, and keep the dimension",
)
def layernorm_backward_averages_over_batch(dout, cache):
    return gradients(dout, cache, 0)


@mistake_of(
    "layernorm_backward",
    says="the gradient through the mean is averaged over the batch, as in batch normalisation",
    remedy="average it over the features of each row, like the gradient through the variance",
)
def layernorm_backward_mean_path_over_batch(dout, cache):
    return gradients(dout, cache, 1, mean_axis=0)


@mistake_of(
    "layernorm_backward",
    says="the gradient through the variance is averaged over the batch, as in batch normalisation",
    remedy="average it over the features of each row, like the gradient through the mean",
)
def layernorm_backward_variance_path_over_batch(dout, cache):
    return gradients(dout, cache, 1, variance_axis=0)


@mistake_of(
    "layernorm_backward",
    says="dx is divided by N, the number of rows, where it should be D",
    remedy="average over the D features of each row",
)
def layernorm_backward_divided_by_rows(dout, cache):
    factor = dout.shape[1] / dout.shape[0]
    return gradients(dout, cache, 1, mean_path=factor, variance_path=factor)


@mistake_of(
    "layernorm_backward",
    says="the gradients through the mean and the variance are not divided by D",
    remedy="average over the features, as mean and variance are averages themselves",
)
def layernorm_backward_paths_not_averaged(dout, cache):
    return gradients(dout, cache, 1, mean_path=dout.shape[1], variance_path=dout.shape[1])


@mistake_of(
    "layernorm_backward",
    says="the path through the mean is missing in dx",
    remedy="add the gradient through the mean: it depends on every feature of the row",
)
def layernorm_backward_without_mean_path(dout, cache):
    return gradients(dout, cache, 1, mean_path=0)


@mistake_of(
    "layernorm_backward",
    says="the path through the variance is missing in dx",
    remedy="add the gradient through the variance: it depends on every feature of the row",
)
def layernorm_backward_without_variance_path(dout, cache):
    return gradients(dout, cache, 1, variance_path=0)


@mistake_of(
    "layernorm_backward",
    says="mean and variance are treated as constants in dx",
    remedy="add the gradients through the mean and through the variance",
)
def layernorm_backward_constant_statistics(dout, cache):
    return gradients(dout, cache, 1, mean_path=0, variance_path=0)


@mistake_of(
    "layernorm_backward",
    says="gamma is left out of dx",
    remedy="multiply dout by gamma before going back through the standardisation",
)
def layernorm_backward_dx_without_gamma(dout, cache):
    return layernorm_backward(dout, _without_gamma(cache))


@mistake_of(
    "layernorm_backward",
    says="dx is multiplied by gamma at the end, which is right for batch normalisation alone",
    remedy="multiply dout by gamma first: the averages run over features that have different gammas",
)
def layernorm_backward_gamma_at_the_end(dout, cache):
    dx, dgamma, dbeta = layernorm_backward(dout, _without_gamma(cache))
    return dx * cache[1], dgamma, dbeta


@mistake_of(
    "layernorm_backward",
    says="dx is not divided by the standard deviation",
    remedy="divide by the root of the variance plus eps, as the forward pass does",
)
def layernorm_backward_dx_without_std(dout, cache):
    dx, dgamma, dbeta = layernorm_backward(dout, cache)
    return dx * cache[2], dgamma, dbeta


@mistake_of(
    "layernorm_backward",
    says="dgamma and dbeta are summed over the features",
    remedy="sum over the rows, the first axis: gamma and beta have one number for each feature",
)
def layernorm_backward_parameter_gradients_over_features(dout, cache):
    return layernorm_backward(dout, cache)[0], (dout * cache[0]).sum(axis=1), dout.sum(axis=1)


@mistake_of(
    "layernorm_backward",
    says="dgamma and dbeta are means over the rows",
    remedy="sum over the rows: every row uses the same gamma and beta",
)
def layernorm_backward_parameter_gradients_averaged(dout, cache):
    dx, dgamma, dbeta = layernorm_backward(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@mistake_of(
    "layernorm_backward",
    says="dgamma is computed from the centred inputs, before their division by the standard deviation",
    remedy="multiply dout by the standardised inputs, as gamma does in the forward pass",
)
def layernorm_backward_dgamma_from_centred_inputs(dout, cache):
    x_hat, _, std = cache
    dx, _, dbeta = layernorm_backward(dout, cache)
    return dx, (dout * x_hat * std).sum(axis=0), dbeta


@mistake_of(
    "layernorm_backward",
    says="dgamma contains gamma itself",
    remedy="multiply the standardised inputs by dout alone",
)
def layernorm_backward_dgamma_with_gamma(dout, cache):
    dx, dgamma, dbeta = layernorm_backward(dout, cache)
    return dx, dgamma * cache[1], dbeta
