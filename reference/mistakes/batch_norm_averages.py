"""Known mistakes of batch normalisation's running averages: what is stored, how, and when."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import batchnorm_forward
from ._standardising import eps_of, unbiased_variance


def _with_param(x, gamma, beta, bn_param, store=("running_mean", "running_var"), **changed):
    """batchnorm_forward with a changed bn_param, of which these running averages are stored."""
    used = {**bn_param, **changed}
    result = batchnorm_forward(x, gamma, beta, used)
    bn_param.update({name: used[name] for name in store if name in used})
    return result


def _with_running_variance(x, gamma, beta, bn_param, variance):
    """batchnorm_forward that averages this in place of the batch's variance."""
    before, momentum = bn_param.get("running_var", np.zeros_like(gamma)), bn_param.get("momentum", 0.9)
    result = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_var"] = momentum * before + (1 - momentum) * variance
    return result


@mistake_of(
    "batchnorm_forward",
    says="test mode updates the running averages",
    remedy="leave running_mean and running_var as they are in test mode",
)
def batchnorm_forward_test_mode_updates_averages(x, gamma, beta, bn_param):
    result = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        _with_param(x, gamma, beta, bn_param, mode="train")
    return result


@mistake_of(
    "batchnorm_forward",
    says="the new running averages are not stored in bn_param",
    remedy="write running_mean and running_var back into bn_param after the update",
)
def batchnorm_forward_averages_not_stored(x, gamma, beta, bn_param):
    return batchnorm_forward(x, gamma, beta, dict(bn_param))


@mistake_of(
    "batchnorm_forward",
    says="the running variance is not updated",
    remedy="update running_var in the same way as running_mean",
)
def batchnorm_forward_running_variance_not_updated(x, gamma, beta, bn_param):
    return _with_param(x, gamma, beta, bn_param, store=("running_mean",))


@mistake_of(
    "batchnorm_forward",
    says="momentum is the share of the new statistic, as in other libraries",
    remedy="multiply the old average by momentum, and the batch's statistic by 1 - momentum",
)
def batchnorm_forward_momentum_reversed(x, gamma, beta, bn_param):
    return _with_param(x, gamma, beta, bn_param, momentum=1 - bn_param.get("momentum", 0.9))


@mistake_of(
    "batchnorm_forward",
    says="momentum is always 0.9, whatever bn_param holds",
    remedy="read momentum from bn_param",
)
def batchnorm_forward_fixed_momentum(x, gamma, beta, bn_param):
    return _with_param(x, gamma, beta, bn_param, momentum=0.9)


@mistake_of(
    "batchnorm_forward",
    says="the running averages are replaced by the statistics of the last batch",
    remedy="average: keep the share momentum of the old value",
)
def batchnorm_forward_averages_replaced(x, gamma, beta, bn_param):
    return _with_param(x, gamma, beta, bn_param, momentum=0.0)


@mistake_of(
    "batchnorm_forward",
    says="the running averages start from 0 at every call",
    remedy="start from the running_mean and running_var that bn_param holds, from 0 only where it holds none",
)
def batchnorm_forward_averages_start_again(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return batchnorm_forward(x, gamma, beta, bn_param)
    zeros = np.zeros_like(gamma)
    return _with_param(x, gamma, beta, bn_param, running_mean=zeros, running_var=zeros)


@mistake_of(
    "batchnorm_forward",
    says="the running variance averages the standard deviation",
    remedy="average the variance, without its root",
)
def batchnorm_forward_running_variance_of_std(x, gamma, beta, bn_param):
    return _with_running_variance(x, gamma, beta, bn_param, x.std(axis=0))


@mistake_of(
    "batchnorm_forward",
    says="the running variance contains eps",
    remedy="average the variance alone: add eps only where the root is taken",
)
def batchnorm_forward_running_variance_with_eps(x, gamma, beta, bn_param):
    return _with_running_variance(x, gamma, beta, bn_param, x.var(axis=0) + eps_of(bn_param))


@mistake_of(
    "batchnorm_forward",
    says="the running variance averages the unbiased variance, divided by N - 1",
    remedy="average the same variance that the batch is standardised by, divided by N",
)
def batchnorm_forward_running_variance_unbiased(x, gamma, beta, bn_param):
    return _with_running_variance(x, gamma, beta, bn_param, unbiased_variance(x, 0)[0])
