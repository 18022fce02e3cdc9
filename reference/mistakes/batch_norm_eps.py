"""Known mistakes about the eps of batch normalisation in one of its two modes, the other being right."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import batchnorm_forward
from ._standardising import batch_norm_with_std


def _in_mode(mode, x, gamma, beta, bn_param, std):
    """batchnorm_forward with the standard deviation std(variance, eps) in this mode alone."""
    if bn_param["mode"] == mode:
        return batch_norm_with_std(x, gamma, beta, bn_param, std)
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake_of(
    "batchnorm_forward",
    says="test mode leaves out eps",
    remedy="add eps to the running variance before its root is taken, as in train mode",
)
def batchnorm_forward_test_mode_without_eps(x, gamma, beta, bn_param):
    return _in_mode("test", x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var))


@mistake_of(
    "batchnorm_forward",
    says="train mode leaves out eps",
    remedy="add eps to the batch's variance before its root is taken, as in test mode",
)
def batchnorm_forward_train_mode_without_eps(x, gamma, beta, bn_param):
    return _in_mode("train", x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var))


@mistake_of(
    "batchnorm_forward",
    says="test mode adds eps to the standard deviation",
    remedy="add eps to the running variance before its root is taken, as in train mode",
)
def batchnorm_forward_test_mode_eps_outside_root(x, gamma, beta, bn_param):
    return _in_mode("test", x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var) + eps)


@mistake_of(
    "batchnorm_forward",
    says="train mode adds eps to the standard deviation",
    remedy="add eps to the batch's variance before its root is taken, as in test mode",
)
def batchnorm_forward_train_mode_eps_outside_root(x, gamma, beta, bn_param):
    return _in_mode("train", x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var) + eps)


@mistake_of(
    "batchnorm_forward",
    says="eps is always 1e-5 in test mode, whatever bn_param holds",
    remedy="read eps from bn_param in test mode too",
)
def batchnorm_forward_test_mode_fixed_eps(x, gamma, beta, bn_param):
    return _in_mode("test", x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var + 1e-5))


@mistake_of(
    "batchnorm_forward",
    says="eps is always 1e-5 in train mode, whatever bn_param holds",
    remedy="read eps from bn_param in train mode too",
)
def batchnorm_forward_train_mode_fixed_eps(x, gamma, beta, bn_param):
    return _in_mode("train", x, gamma, beta, bn_param, lambda var, eps: np.sqrt(var + 1e-5))
