"""Known mistakes of layer normalisation's forward pass."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import layernorm_forward
from ._standardising import eps_of, standardised, unbiased_variance


def _row_mean(x):
    return x.mean(axis=1, keepdims=True)


def _row_variance(x):
    return x.var(axis=1, keepdims=True)


@mistake_of(
    "layernorm_forward",
    says="mean and variance are taken over the batch, as in batch normalisation",
    remedy="take them over the features of each row, the last axis, and keep the dimension",
)
def layernorm_forward_statistics_of_batch(x, gamma, beta, ln_param):
    std = np.sqrt(x.var(axis=0, keepdims=True) + eps_of(ln_param))
    return standardised(x, gamma, beta, x.mean(axis=0), std)


@mistake_of(
    "layernorm_forward",
    says="the variance is taken over the batch, as in batch normalisation",
    remedy="take the variance over the features of each row, like the mean",
)
def layernorm_forward_variance_of_batch(x, gamma, beta, ln_param):
    std = np.sqrt(x.var(axis=0, keepdims=True) + eps_of(ln_param))
    return standardised(x, gamma, beta, _row_mean(x), std)


@mistake_of(
    "layernorm_forward",
    says="the mean is taken over the batch, as in batch normalisation",
    remedy="take the mean over the features of each row, like the variance",
)
def layernorm_forward_mean_of_batch(x, gamma, beta, ln_param):
    return standardised(x, gamma, beta, x.mean(axis=0), np.sqrt(_row_variance(x) + eps_of(ln_param)))


@mistake_of(
    "layernorm_forward",
    says="one mean and one variance are taken over all numbers of the batch",
    remedy="standardise each row by its own mean and variance",
)
def layernorm_forward_statistics_of_everything(x, gamma, beta, ln_param):
    std = np.full((len(x), 1), np.sqrt(x.var() + eps_of(ln_param)))
    return standardised(x, gamma, beta, x.mean(), std)


@mistake_of(
    "layernorm_forward",
    says="the mean is not subtracted, as in RMS normalisation",
    remedy="subtract each row's mean before you divide by its standard deviation",
)
def layernorm_forward_root_mean_square(x, gamma, beta, ln_param):
    mean_square = (x**2).mean(axis=1, keepdims=True)
    return standardised(x, gamma, beta, 0.0, np.sqrt(mean_square + eps_of(ln_param)))


@mistake_of(
    "layernorm_forward",
    says="the rows are divided by their variance",
    remedy="divide by the standard deviation: take the root of the variance plus eps",
)
def layernorm_forward_divided_by_variance(x, gamma, beta, ln_param):
    return standardised(x, gamma, beta, _row_mean(x), _row_variance(x) + eps_of(ln_param))


@mistake_of(
    "layernorm_forward",
    says="the variance is the unbiased one, divided by D - 1",
    remedy="divide the sum of squares by D, the number of features",
)
def layernorm_forward_unbiased_variance(x, gamma, beta, ln_param):
    std = np.sqrt(unbiased_variance(x, 1) + eps_of(ln_param))
    return standardised(x, gamma, beta, _row_mean(x), std)


@mistake_of(
    "layernorm_forward",
    says="eps is added to the standard deviation",
    remedy="add eps to the variance before its root is taken",
)
def layernorm_forward_eps_outside_root(x, gamma, beta, ln_param):
    return standardised(x, gamma, beta, _row_mean(x), np.sqrt(_row_variance(x)) + eps_of(ln_param))


@mistake_of(
    "layernorm_forward",
    says="eps is left out",
    remedy="add eps to the variance before its root is taken, or a constant row divides by 0",
)
def layernorm_forward_without_eps(x, gamma, beta, ln_param):
    return standardised(x, gamma, beta, _row_mean(x), np.sqrt(_row_variance(x)))


@mistake_of(
    "layernorm_forward",
    says="eps is always 1e-5, whatever ln_param holds",
    remedy="read eps from ln_param",
)
def layernorm_forward_fixed_eps(x, gamma, beta, ln_param):
    return layernorm_forward(x, gamma, beta, {"eps": 1e-5})


@mistake_of(
    "layernorm_forward",
    says="gamma and beta are left out",
    remedy="scale the standardised features by gamma and shift them by beta",
)
def layernorm_forward_without_gamma_and_beta(x, gamma, beta, ln_param):
    _, cache = layernorm_forward(x, gamma, beta, ln_param)
    return cache[0], cache


@mistake_of(
    "layernorm_forward",
    says="gamma and beta are swapped",
    remedy="multiply by gamma and add beta",
)
def layernorm_forward_gamma_and_beta_swapped(x, gamma, beta, ln_param):
    return layernorm_forward(x, beta, gamma, ln_param)


@mistake_of(
    "layernorm_forward",
    says="beta is added before the multiplication by gamma",
    remedy="multiply by gamma first, then add beta: mind the parentheses",
)
def layernorm_forward_beta_scaled_by_gamma(x, gamma, beta, ln_param):
    return layernorm_forward(x, gamma, gamma * beta, ln_param)
