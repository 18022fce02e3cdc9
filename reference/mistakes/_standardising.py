"""What the mistakes of batch and layer normalisation share. A cache is (x_hat, gamma, std) in both."""

import numpy as np

from ..layers import batchnorm_forward


def eps_of(param):
    """The eps of a bn_param or ln_param."""
    return param.get("eps", 1e-5)


def standardised(x, gamma, beta, mean, std):
    """Output and cache, from whatever a variant takes for mean and standard deviation."""
    with np.errstate(divide="ignore", invalid="ignore"):
        x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def unbiased_variance(x, axis):
    """Variance with one less in the denominator, keeping dimensions: NaN without a warning for one number."""
    with np.errstate(invalid="ignore"):
        squares = ((x - x.mean(axis=axis, keepdims=True)) ** 2).sum(axis=axis, keepdims=True)
        return squares / np.float64(x.shape[axis] - 1)


def gradients(dout, cache, axis, *, mean_path=1.0, variance_path=1.0, mean_axis=None, variance_axis=None):
    """The gradients dx, dgamma and dbeta of a layer that standardises along `axis`.

    mean_path, variance_path: what the two indirect paths are multiplied by; mean_axis, variance_axis: what
    they are averaged over, in place of `axis`.
    """
    x_hat, gamma, std = cache
    dx_hat = dout * gamma
    through_mean = dx_hat.mean(axis=axis if mean_axis is None else mean_axis, keepdims=True)
    covariance = (dx_hat * x_hat).mean(axis=axis if variance_axis is None else variance_axis, keepdims=True)
    dx = (dx_hat - mean_path * through_mean - variance_path * x_hat * covariance) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def batch_norm_with_std(x, gamma, beta, bn_param, std):
    """batchnorm_forward with the standard deviation std(variance, eps), in train and test mode alike."""
    before = dict(bn_param)
    batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        mean, var = (before.get(name, np.zeros_like(gamma)) for name in ("running_mean", "running_var"))
    else:
        mean, var = x.mean(axis=0), x.var(axis=0)
    return standardised(x, gamma, beta, mean, std(var, eps_of(bn_param)))
