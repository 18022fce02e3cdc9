"""Layers for the assignment: every forward pass returns (out, cache), every backward pass takes (dout, cache)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


# ---------------------------------------------------------------- losses


def softmax(z):
    """Row-wise softmax. Subtracting the row maximum keeps exp() from overflowing."""
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def _log_softmax(z):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def cross_entropy(z, y):
    """Summed (not averaged!) cross entropy."""
    return float(-np.sum(_log_softmax(z)[np.arange(z.shape[0]), y]))


def softmax_loss(x, y):
    """
    Inputs:
    - x: scores, shape (N, C)
    - y: labels, shape (N,)

    Returns a tuple of the mean loss and its gradient with respect to x.
    """
    N = x.shape[0]
    log_p = _log_softmax(x)
    loss = -np.sum(log_p[np.arange(N), y]) / N
    dx = np.exp(log_p)
    dx[np.arange(N), y] -= 1
    return loss, dx / N


# ---------------------------------------------------------------- fully connected


def affine_forward(x, w, b):
    """x (N, d_1, ..., d_k) is flattened to (N, D) first."""
    out = x.reshape(x.shape[0], -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def leaky_relu_forward(x, alpha=0.01):
    return np.maximum(alpha * x, x), (x, alpha)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return dout * np.where(x > alpha * x, 1.0, alpha)


def residual_forward(v, w):
    """y = v w + v"""
    return v @ w + v, (v, w)


def residual_backward(dy, cache):
    v, w = cache
    # the skip connection hands dy straight through
    return dy @ w.T + dy, v.T @ dy


def two_layer_forward(x, w1, w2, w3):
    z1 = w1 * x
    a1 = max(z1, 0.0)
    z2 = w2 * x
    a2 = max(z2, 0.0)
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "y_pred": w3 * (a1 + a2)}


def two_layer_backward(x, w1, w2, w3, y_true):
    f = two_layer_forward(x, w1, w2, w3)
    dy = f["y_pred"] - y_true
    loss = 0.5 * dy**2
    dw3 = dy * (f["a1"] + f["a2"])
    dz2 = dy * w3 * (f["z2"] > 0)
    dw2 = dz2 * x
    dw1 = dy * w3 * (f["z1"] > 0) * x
    return loss, (dw1, dw2, dw3)


# ---------------------------------------------------------------- normalisation


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    D = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))

    if mode == "test":
        x_hat = (x - running_mean) / np.sqrt(running_var + eps)
        return gamma * x_hat + beta, None
    if mode != "train":
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

    mean = x.mean(axis=0)
    var = x.var(axis=0)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    return gamma * x_hat + beta, (x_hat, std, gamma)


def batchnorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dx_hat = dout * gamma
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / std
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def layernorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dx_hat = dout * gamma
    row_mean = dx_hat.mean(axis=1, keepdims=True)
    row_proj = (dx_hat * x_hat).mean(axis=1, keepdims=True)
    # statistics are per row, but gamma and beta are still shared over the batch
    return (dx_hat - row_mean - x_hat * row_proj) / std, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


# ---------------------------------------------------------------- convolution


def conv_output_shape(height, width, kernel, stride=1, pad=0):
    kh, kw = (kernel, kernel) if np.isscalar(kernel) else kernel
    room_h = height + 2 * pad - kh
    room_w = width + 2 * pad - kw
    if room_h < 0 or room_w < 0:
        raise ValueError("a %d x %d kernel does not fit" % (kh, kw))
    return int(room_h // stride + 1), int(room_w // stride + 1)


def _windows(x, kh, kw, stride):
    """All windows of x (N, C, H, W) as a view (N, C, H', W', kh, kw)."""
    return sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]


def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = _windows(x_pad, w.shape[2], w.shape[3], stride)
    out = np.einsum("ncijkl,fckl->nfij", windows, w, optimize=True) + b[:, None, None]
    return out, (x_pad, x.shape, w, stride, pad)


def conv_backward(dout, cache):
    x_pad, x_shape, w, stride, pad = cache
    H, W = x_shape[2:]
    kh, kw = w.shape[2:]
    h_out, w_out = dout.shape[2:]

    db = dout.sum(axis=(0, 2, 3))
    dw = np.einsum("nfij,ncijkl->fckl", dout, _windows(x_pad, kh, kw, stride), optimize=True)

    dx_pad = np.zeros(x_pad.shape, dtype=dout.dtype)
    for i in range(kh):
        for j in range(kw):
            # everything that was multiplied by w[:, :, i, j], for all output positions at once
            part = np.einsum("nfij,fc->ncij", dout, w[:, :, i, j])
            dx_pad[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride] += part
    # pad:-pad would be empty for pad = 0
    dx = dx_pad[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db


def max_pool_forward(x, pool_param):
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    windows = _windows(x, ph, pw, stride)
    flat = windows.reshape(windows.shape[:4] + (ph * pw,))
    winner = flat.argmax(axis=-1)
    return flat.max(axis=-1), (x.shape, winner, pw, stride)


def max_pool_backward(dout, cache):
    x_shape, winner, pw, stride = cache
    n, c, i, j = np.indices(winner.shape)
    dx = np.zeros(x_shape, dtype=dout.dtype)
    # add.at and not +=, because one pixel can win in several windows
    np.add.at(dx, (n, c, i * stride + winner // pw, j * stride + winner % pw), dout)
    return dx


# ---------------------------------------------------------------- counting


def conv_num_params(kernel, c_in, c_out, bias=True):
    return c_out * (kernel * kernel * c_in + int(bias))


def fc_num_params(d_in, d_out, bias=True):
    return d_out * (d_in + int(bias))
