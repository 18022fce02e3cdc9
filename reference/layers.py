"""Layers, losses and parameter counts.

N batch, D features in, M features out, C classes or channels, H and W height and width, F filters.
A forward function returns its output and a cache: whatever the matching backward function needs.
A backward function takes the upstream gradient first, then that cache.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# --- Softmax and cross-entropy ---


def softmax(z):
    """Turn each row of scores into probabilities.

    z: (N, C) scores of any size; a score of 1000 must not overflow.
    Returns p (N, C): each row is positive and sums to 1.
    Source: exam 1.1.
    """
    return np.exp(_log_softmax(z))


def cross_entropy(z, y):
    """Cross-entropy loss of a batch: the sum over its N rows of -log softmax(z)[y].

    z: (N, C) scores of any size; y: (N,) integer labels in 0 ... C - 1.
    Returns the loss, a float. A sum: softmax_loss is the one that averages.
    Source: exam 1.1, option C.
    """
    return float(-_log_softmax(z)[np.arange(len(y)), y].sum())


def softmax_loss(x, y):
    """Mean cross-entropy loss over the N rows of a batch, and its gradient.

    x: (N, C) scores of any size; y: (N,) integer labels in 0 ... C - 1.
    Returns loss, a float, and dx (N, C), the gradient of that mean with respect to the scores.
    Source: CS231n, assignment 1.
    """
    rows = np.arange(len(y))
    dx = softmax(x)
    dx[rows, y] -= 1
    return cross_entropy(x, y) / len(y), dx / len(y)


def _log_softmax(z):
    # exp of a large score overflows; a row's softmax stays the same when its maximum is subtracted.
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


# --- Fully connected, activation and residual layers ---


def affine_forward(x, w, b):
    """Fully connected layer: out = x w + b, every example of x flattened to a row first.

    x: (N, d_1, ..., d_k) inputs; w: (D, M) weights with D = d_1 ... d_k; b: (M,) biases.
    Returns out (N, M) and cache.
    Source: CS231n, assignment 1.
    """
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    """Gradients of the fully connected layer.

    dout: (N, M) upstream gradient; cache: from affine_forward.
    Returns dx (N, d_1, ..., d_k), dw (D, M) and db (M,): the shapes of x, w and b.
    Source: CS231n, assignment 1.
    """
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    """ReLU: max(0, x), element by element.

    x: inputs of any shape.
    Returns out, of the same shape, and cache.
    Source: exam 1.3.
    """
    return np.maximum(x, 0), (x,)


def relu_backward(dout, cache):
    """Gradient of ReLU.

    dout: upstream gradient, of x's shape; cache: from relu_forward.
    Returns dx, of x's shape.
    Source: exam 2.1.
    """
    (x,) = cache
    return dout * (x > 0)


def leaky_relu_forward(x, alpha=0.01):
    """Leaky ReLU: max(alpha x, x), element by element.

    x: inputs of any shape; alpha: slope for negative inputs, a number from 0 to 1.
    Returns out, of the same shape, and cache.
    Source: exam 1.3, option B.
    """
    return np.maximum(alpha * x, x), (x, alpha)


def leaky_relu_backward(dout, cache):
    """Gradient of leaky ReLU.

    dout: upstream gradient, of x's shape; cache: from leaky_relu_forward.
    Returns dx, of x's shape.
    Source: exam 1.3, option B.
    """
    x, alpha = cache
    return np.where(x > 0, dout, alpha * dout)


def residual_forward(v, w):
    """Linear layer with a residual connection around it: y = v w + v.

    v: (N, D) activations; w: (D, D) weights.
    Returns y (N, D) and cache.
    Source: quiz 2.1.
    """
    return v @ w + v, (v, w)


def residual_backward(dy, cache):
    """Gradients of the linear layer with its residual connection.

    dy: (N, D) upstream gradient; cache: from residual_forward.
    Returns dv (N, D) and dw (D, D).
    Source: quiz 2.1.
    """
    v, w = cache
    return dy @ w.T + dy, v.T @ dy


def two_layer_forward(x, w1, w2, w3):
    """The two-layer network of the exam, on scalars.

    z1 = w1 x, a1 = relu(z1), z2 = w2 x, a2 = relu(z2), y_pred = w3 (a1 + a2).
    x, w1, w2, w3: numbers.
    Returns a dict of floats with the keys "z1", "a1", "z2", "a2" and "y_pred".
    Source: exam 2.1.
    """
    z1, z2 = float(w1 * x), float(w2 * x)
    a1, a2 = max(0.0, z1), max(0.0, z2)
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "y_pred": float(w3 * (a1 + a2))}


def two_layer_backward(x, w1, w2, w3, y_true):
    """Loss of the exam's two-layer network, (y_pred - y_true)^2 / 2, and its gradients.

    x, w1, w2, w3, y_true: numbers.
    Returns loss, (dw1, dw2, dw3), all floats.
    Source: exam 2.1.
    """
    z1, a1, z2, a2, y_pred = two_layer_forward(x, w1, w2, w3).values()
    dy_pred = y_pred - y_true
    dw1 = dy_pred * w3 * (z1 > 0) * x
    dw2 = dy_pred * w3 * (z2 > 0) * x
    dw3 = dy_pred * (a1 + a2)
    return float(dy_pred**2 / 2), (float(dw1), float(dw2), float(dw3))


# --- Normalisation layers ---


def batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalisation: standardise each feature, then scale it by gamma and shift it by beta.

    x: (N, D) inputs; gamma, beta: (D,) scale and shift.
    bn_param: a dict with
        mode: "train" for the mean and biased variance of the batch, "test" for the running averages;
        eps: added to the variance before its root is taken (1e-5 where it is not given);
        momentum: a number from 0 to 1 (0.9 where it is not given);
        running_mean, running_var: (D,) (zeros where they are not given).
    Train mode stores new running averages in bn_param: r = momentum r + (1 - momentum) (batch statistic).
    Test mode leaves bn_param as it is.
    Returns out (N, D) and cache.
    Raises ValueError where mode is neither "train" nor "test".
    Source: exam 1.3, option D; CS231n, assignment 2.
    """
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros_like(gamma))
    running_var = bn_param.get("running_var", np.zeros_like(gamma))

    if mode == "test":
        return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, ()
    if mode != "train":
        raise ValueError(f'bn_param["mode"] must be "train" or "test", not {mode!r}')

    mean, var = x.mean(axis=0), x.var(axis=0)
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def batchnorm_backward(dout, cache):
    """Gradients of batch normalisation in train mode.

    dout: (N, D) upstream gradient; cache: from batchnorm_forward in train mode.
    Returns dx (N, D), dgamma (D,) and dbeta (D,).
    Source: CS231n, assignment 2.
    """
    x_hat, gamma, std = cache
    dx = _standardise_backward(dout * gamma, x_hat, std, axis=0)
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def layernorm_forward(x, gamma, beta, ln_param):
    """Layer normalisation: standardise each row, then scale its features by gamma and shift them by beta.

    A row is standardised by its own mean and biased variance, in training and in testing alike.
    x: (N, D) inputs; gamma, beta: (D,) scale and shift.
    ln_param: a dict with eps, added to the variance before its root is taken (1e-5 where it is not given).
    Returns out (N, D) and cache.
    Source: exam 1.3, option C; CS231n, assignment 2.
    """
    std = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def layernorm_backward(dout, cache):
    """Gradients of layer normalisation.

    dout: (N, D) upstream gradient; cache: from layernorm_forward.
    Returns dx (N, D), dgamma (D,) and dbeta (D,).
    Source: CS231n, assignment 2.
    """
    x_hat, gamma, std = cache
    dx = _standardise_backward(dout * gamma, x_hat, std, axis=1)
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def _standardise_backward(dx_hat, x_hat, std, axis):
    # The two means are the paths through the mean and through the variance, which depend on every entry.
    through_mean = dx_hat.mean(axis=axis, keepdims=True)
    through_var = x_hat * (dx_hat * x_hat).mean(axis=axis, keepdims=True)
    return (dx_hat - through_mean - through_var) / std


# --- Convolution and pooling ---


def conv_output_shape(height, width, kernel, stride=1, pad=0):
    """Height and width of a convolution's output.

    height, width: of the image; kernel: its size, an int for a square or a pair (kh, kw);
    stride: step of the kernel, at least 1; pad: zeros added on each of the four sides, at least 0.
    A last step that would leave the padded image is not taken.
    Returns (h_out, w_out), two ints.
    Raises ValueError where the kernel does not fit in the padded image, and for sizes below those stated.
    Source: exam 3.1 and 3.2.
    """
    kernel_height, kernel_width = (kernel, kernel) if np.ndim(kernel) == 0 else kernel
    if min(kernel_height, kernel_width, stride) < 1 or pad < 0:
        raise ValueError(f"kernel {kernel} and stride {stride} must be at least 1, and pad {pad} at least 0")
    free_height, free_width = height + 2 * pad - kernel_height, width + 2 * pad - kernel_width
    if min(free_height, free_width) < 0:
        raise ValueError(f"kernel {kernel} does not fit in a {height} x {width} image with padding {pad}")
    return int(free_height // stride + 1), int(free_width // stride + 1)


def conv_forward(x, w, b, conv_param):
    """Convolution layer. As usual in deep learning this is cross-correlation: filters are not flipped.

    x: (N, C, H, W) images; w: (F, C, kh, kw) filters; b: (F,) biases.
    conv_param: a dict with stride, the step of the filter, at least 1, in both directions, and
    pad, the number of zeros added on each of the four sides of an image, at least 0.
    Returns out (N, F, h_out, w_out), with the sizes of conv_output_shape, and cache.
    Raises ValueError where the filter does not fit in the padded image.
    Source: exam 3.1; CS231n, assignment 2.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = _windows(padded, *w.shape[2:], stride)
    out = np.einsum("nchwij,fcij->nfhw", windows, w, optimize=True) + b[:, None, None]
    return out, (padded, w, stride, pad)


def conv_backward(dout, cache):
    """Gradients of the convolution layer.

    dout: (N, F, h_out, w_out) upstream gradient; cache: from conv_forward.
    Returns dx (N, C, H, W), dw (F, C, kh, kw) and db (F,).
    Source: CS231n, assignment 2.
    """
    padded, w, stride, pad = cache
    windows = _windows(padded, *w.shape[2:], stride)
    dwindows = np.einsum("nfhw,fcij->nchwij", dout, w, optimize=True)
    dpadded = _windows_backward(dwindows, padded.shape, stride)
    height, width = padded.shape[2:]
    dx = dpadded[:, :, pad : height - pad, pad : width - pad]
    return dx, np.einsum("nchwij,nfhw->fcij", windows, dout, optimize=True), dout.sum(axis=(0, 2, 3))


def max_pool_forward(x, pool_param):
    """Max-pooling layer: the maximum of each window, channel by channel, without padding.

    x: (N, C, H, W) images.
    pool_param: a dict with pool_height and pool_width, the size of the window, and
    stride, the step of the window in both directions, which may be smaller or larger than the window.
    Returns out (N, C, h_out, w_out), with the sizes of conv_output_shape, and cache.
    Raises ValueError where the window does not fit in the image.
    Source: exam 3.3; CS231n, assignment 2.
    """
    window = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    return _windows(x, *window).max(axis=(4, 5)), (x, *window)


def max_pool_backward(dout, cache):
    """Gradient of the max-pooling layer.

    dout: (N, C, h_out, w_out) upstream gradient; cache: from max_pool_forward.
    Returns dx (N, C, H, W). Where windows overlap, their gradients add up.
    Source: CS231n, assignment 2.
    """
    x, pool_height, pool_width, stride = cache
    windows = _windows(x, pool_height, pool_width, stride)
    # A tie goes to the window's first maximum, as in torch: the gradient must not be counted twice.
    first_maximum = windows.reshape(*dout.shape, -1).argmax(axis=-1)[..., None]
    dwindows = dout[..., None] * (np.arange(pool_height * pool_width) == first_maximum)
    return _windows_backward(dwindows.reshape(windows.shape), x.shape, stride)


def _windows(x, window_height, window_width, stride):
    """Every window of x (N, C, H, W), as a view (N, C, h_out, w_out, window_height, window_width)."""
    size = window_height, window_width
    conv_output_shape(*x.shape[2:], size, stride)  # raises where the window does not fit
    return sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]


def _windows_backward(dwindows, shape, stride):
    """Gradient of _windows: every entry of an array of this shape collects from all windows that hold it."""
    h_out, w_out, window_height, window_width = dwindows.shape[2:]
    dx = np.zeros(shape, dwindows.dtype)
    for i, j in np.ndindex(window_height, window_width):
        dx[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride] += dwindows[..., i, j]
    return dx


# --- Parameter counts ---


def conv_num_params(kernel, c_in, c_out, bias=True):
    """Number of learnable parameters of a convolution layer.

    kernel: side of the square kernel; c_in, c_out: channels in and out; bias: whether it has biases.
    Returns an int.
    Source: quiz 1.1; exam 1.4.
    """
    return (kernel * kernel * c_in + bool(bias)) * c_out


def fc_num_params(d_in, d_out, bias=True):
    """Number of learnable parameters of a fully connected layer.

    d_in, d_out: features in and out; bias: whether it has biases.
    Returns an int.
    Source: quiz 1.7; exam 1.4.
    """
    return (d_in + bool(bias)) * d_out
