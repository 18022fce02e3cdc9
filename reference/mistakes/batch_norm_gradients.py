"""Known mistakes of batch normalisation's backward pass."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import batchnorm_backward
from ._standardising import gradients


@mistake_of(
    "batchnorm_backward",
    says="the path through the mean is missing in dx",
    remedy="add the gradient through the mean: it depends on every example of the batch",
)
def batchnorm_backward_without_mean_path(dout, cache):
    return gradients(dout, cache, 0, mean_path=0)


@mistake_of(
    "batchnorm_backward",
    says="the path through the variance is missing in dx",
    remedy="add the gradient through the variance: it depends on every example of the batch",
)
def batchnorm_backward_without_variance_path(dout, cache):
    return gradients(dout, cache, 0, variance_path=0)


@mistake_of(
    "batchnorm_backward",
    says="mean and variance are treated as constants in dx",
    remedy="add the gradients through the mean and through the variance",
)
def batchnorm_backward_constant_statistics(dout, cache):
    return gradients(dout, cache, 0, mean_path=0, variance_path=0)


@mistake_of(
    "batchnorm_backward",
    says="dx is divided by D, the number of features, where it should be N",
    remedy="average over the N examples of the batch",
)
def batchnorm_backward_divided_by_features(dout, cache):
    factor = dout.shape[0] / dout.shape[1]
    return gradients(dout, cache, 0, mean_path=factor, variance_path=factor)


@mistake_of(
    "batchnorm_backward",
    says="the gradients through the mean and the variance are not divided by N",
    remedy="average over the batch, as mean and variance are averages themselves",
)
def batchnorm_backward_paths_not_averaged(dout, cache):
    return gradients(dout, cache, 0, mean_path=len(dout), variance_path=len(dout))


@mistake_of(
    "batchnorm_backward",
    says="the averages in dx run over the features of each example, as in layer normalisation",
    remedy="average over the batch, the first axis",
)
def batchnorm_backward_averages_over_features(dout, cache):
    return gradients(dout, cache, 1)


@mistake_of(
    "batchnorm_backward",
    says="the gradient through the variance is half as large as it should be",
    remedy="mind the 2 that the derivative of a square brings: it cancels the 1/2 of the root",
)
def batchnorm_backward_variance_path_halved(dout, cache):
    return gradients(dout, cache, 0, variance_path=0.5)


@mistake_of(
    "batchnorm_backward",
    says="the gradient through the variance has the power -1/2 of the variance where it should have -3/2",
    remedy="differentiate (var + eps) to the power -1/2: the power falls by 1",
)
def batchnorm_backward_variance_path_power(dout, cache):
    return gradients(dout, cache, 0, variance_path=cache[2] ** 2)


@mistake_of(
    "batchnorm_backward",
    says="the gradient through the variance has the wrong sign",
    remedy="subtract it: the derivative of 1 / std is negative",
)
def batchnorm_backward_variance_path_sign(dout, cache):
    return gradients(dout, cache, 0, variance_path=-1)


@mistake_of(
    "batchnorm_backward",
    says="gamma is left out of dx",
    remedy="multiply dout by gamma before going back through the standardisation",
)
def batchnorm_backward_dx_without_gamma(dout, cache):
    x_hat, gamma, std = cache
    return batchnorm_backward(dout, (x_hat, np.ones_like(gamma), std))


@mistake_of(
    "batchnorm_backward",
    says="dx is not divided by the standard deviation",
    remedy="divide by the root of the variance plus eps, as the forward pass does",
)
def batchnorm_backward_dx_without_std(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx * cache[2], dgamma, dbeta


@mistake_of(
    "batchnorm_backward",
    says="dgamma is computed from the centred inputs, before their division by the standard deviation",
    remedy="multiply dout by the standardised inputs, as gamma does in the forward pass",
)
def batchnorm_backward_dgamma_from_centred_inputs(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma * cache[2], dbeta


@mistake_of(
    "batchnorm_backward",
    says="dgamma contains gamma itself",
    remedy="multiply the standardised inputs by dout alone",
)
def batchnorm_backward_dgamma_with_gamma(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma * cache[1], dbeta


@mistake_of(
    "batchnorm_backward",
    says="dgamma and dbeta are means over the batch",
    remedy="sum over the batch: every example uses the same gamma and beta",
)
def batchnorm_backward_parameter_gradients_averaged(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@mistake_of(
    "batchnorm_backward",
    says="dgamma and dbeta are summed over the features",
    remedy="sum over the batch, the first axis: gamma and beta have one number for each feature",
)
def batchnorm_backward_parameter_gradients_over_features(dout, cache):
    return batchnorm_backward(dout, cache)[0], (dout * cache[0]).sum(axis=1), dout.sum(axis=1)


@mistake_of(
    "batchnorm_backward",
    says="dgamma and dbeta are returned in the wrong order",
    remedy="give dgamma before dbeta",
)
def batchnorm_backward_parameter_gradients_swapped(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dbeta, dgamma
