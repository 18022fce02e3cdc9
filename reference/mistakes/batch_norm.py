"""Known mistakes of batch normalisation's output. Those of its running averages, and those of eps in one mode
only, have files of their own."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import batchnorm_forward
from ._standardising import batch_norm_with_std, eps_of, standardised, unbiased_variance


def _with_statistics(x, gamma, beta, bn_param, mean, var):
    """batchnorm_forward with this mean and variance of the batch, in the output and in the averages."""
    before, momentum = dict(bn_param), bn_param.get("momentum", 0.9)
    right = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return right
    for name, statistic in (("running_mean", mean), ("running_var", var)):
        bn_param[name] = momentum * before.get(name, np.zeros_like(gamma)) + (1 - momentum) * statistic
    return standardised(x, gamma, beta, mean, np.sqrt(var + eps_of(bn_param)))


@mistake_of(
    "batchnorm_forward",
    says="test mode still uses the mean and variance of the batch",
    remedy="use running_mean and running_var in test mode",
)
def batchnorm_forward_test_mode_batch_statistics(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return batchnorm_forward(x, gamma, beta, {**bn_param, "mode": "train"})
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake_of(
    "batchnorm_forward",
    says="test mode does all that train mode does: it uses the batch's statistics and updates the averages",
    remedy="look at bn_param's mode: in test mode, use the running averages and leave them as they are",
)
def batchnorm_forward_mode_ignored(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    bn_param["mode"] = "train"
    result = batchnorm_forward(x, gamma, beta, bn_param)
    bn_param["mode"] = mode
    return result


@mistake_of(
    "batchnorm_forward",
    says="test mode leaves out gamma and beta",
    remedy="scale by gamma and shift by beta in test mode too",
)
def batchnorm_forward_test_mode_without_gamma_and_beta(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return batchnorm_forward(x, np.ones_like(gamma), np.zeros_like(beta), bn_param)
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake_of(
    "batchnorm_forward",
    says="train mode uses the running averages in place of the batch's own statistics",
    remedy="standardise by the mean and variance of the batch in train mode",
)
def batchnorm_forward_train_mode_running_averages(x, gamma, beta, bn_param):
    result = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return result
    std = np.sqrt(bn_param["running_var"] + eps_of(bn_param))
    return standardised(x, gamma, beta, bn_param["running_mean"], std)


@mistake_of(
    "batchnorm_forward",
    says="gamma and beta are left out",
    remedy="scale the standardised inputs by gamma and shift them by beta",
)
def batchnorm_forward_without_gamma_and_beta(x, gamma, beta, bn_param):
    out, cache = batchnorm_forward(x, np.ones_like(gamma), np.zeros_like(beta), bn_param)
    return out, (cache[0], gamma, cache[2]) if cache else ()


@mistake_of(
    "batchnorm_forward",
    says="gamma and beta are swapped",
    remedy="multiply by gamma and add beta",
)
def batchnorm_forward_gamma_and_beta_swapped(x, gamma, beta, bn_param):
    return batchnorm_forward(x, beta, gamma, bn_param)


@mistake_of(
    "batchnorm_forward",
    says="beta is added before the multiplication by gamma",
    remedy="multiply by gamma first, then add beta: mind the parentheses",
)
def batchnorm_forward_beta_scaled_by_gamma(x, gamma, beta, bn_param):
    return batchnorm_forward(x, gamma, gamma * beta, bn_param)


@mistake_of(
    "batchnorm_forward",
    says="the inputs are divided by the variance",
    remedy="divide by the standard deviation: take the root of the variance plus eps",
)
def batchnorm_forward_divided_by_variance(x, gamma, beta, bn_param):
    return batch_norm_with_std(x, gamma, beta, bn_param, lambda var, eps: var + eps)


@mistake_of(
    "batchnorm_forward",
    says="eps is added to the standard deviation",
    remedy="add eps to the variance before its root is taken",
)
def batchnorm_forward_eps_outside_root(x, gamma, beta, bn_param):
    return batch_norm_with_std(x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var) + eps)


@mistake_of(
    "batchnorm_forward",
    says="eps is left out",
    remedy="add eps to the variance before its root is taken, or a constant feature divides by 0",
)
def batchnorm_forward_without_eps(x, gamma, beta, bn_param):
    return batch_norm_with_std(x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var))


@mistake_of(
    "batchnorm_forward",
    says="eps is always 1e-5, whatever bn_param holds",
    remedy="read eps from bn_param",
)
def batchnorm_forward_fixed_eps(x, gamma, beta, bn_param):
    return batch_norm_with_std(x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var + 1e-5))


@mistake_of(
    "batchnorm_forward",
    says="the variance is the unbiased one, divided by N - 1",
    remedy="divide the sum of squares by N",
)
def batchnorm_forward_unbiased_variance(x, gamma, beta, bn_param):
    return _with_statistics(x, gamma, beta, bn_param, x.mean(axis=0), unbiased_variance(x, 0)[0])


@mistake_of(
    "batchnorm_forward",
    says="mean and variance are taken over the features of each example, as in layer normalisation",
    remedy="take them over the batch, the first axis: one for each feature",
)
def batchnorm_forward_statistics_of_each_example(x, gamma, beta, bn_param):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return _with_statistics(x, gamma, beta, bn_param, mean, var)


@mistake_of(
    "batchnorm_forward",
    says="one mean and one variance are taken over all numbers of the batch",
    remedy="take them over the first axis only: one for each feature",
)
def batchnorm_forward_statistics_of_everything(x, gamma, beta, bn_param):
    everything = np.ones(x.shape[1])
    return _with_statistics(x, gamma, beta, bn_param, x.mean() * everything, x.var() * everything)
