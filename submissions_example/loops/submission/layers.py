from builtins import range
import math

import numpy as np

# I wrote everything with explicit loops, slow but I can follow every index.


class Cache:
    """Just a bag of attributes."""

    pass


def matmul(A, B):
    n, k = A.shape
    k2, m = B.shape
    assert k == k2
    C = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            s = 0.0
            for l in range(k):
                s += A[i, l] * B[l, j]
            C[i, j] = s
    return C


def transpose(A):
    B = np.zeros((A.shape[1], A.shape[0]))
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            B[j, i] = A[i, j]
    return B


def softmax(z):
    p = np.zeros(z.shape)
    for n in range(z.shape[0]):
        biggest = max(z[n])
        total = 0.0
        for c in range(z.shape[1]):
            p[n, c] = math.exp(z[n, c] - biggest)
            total += p[n, c]
        for c in range(z.shape[1]):
            p[n, c] /= total
    return p


def row_loss(row, label):
    # -log softmax = log(sum exp) - z_label, with the max pulled out
    biggest = max(row)
    total = 0.0
    for c in range(len(row)):
        total += math.exp(row[c] - biggest)
    return math.log(total) + biggest - row[label]


def cross_entropy(z, y):
    loss = 0.0
    for n in range(len(y)):
        loss += row_loss(z[n], y[n])
    return loss


def softmax_loss(x, y):
    N, C = x.shape
    loss = cross_entropy(x, y) / N
    dx = softmax(x)
    for n in range(N):
        dx[n, y[n]] -= 1.0
        for c in range(C):
            dx[n, c] /= N
    return loss, dx


def affine_forward(x, w, b):
    """
    Computes the forward pass for an affine (fully-connected) layer.

    Inputs:
    - x: A numpy array containing input data, of shape (N, d_1, ..., d_k)
    - w: A numpy array of weights, of shape (D, M)
    - b: A numpy array of biases, of shape (M,)
    """
    N = x.shape[0]
    rows = x.reshape(N, w.shape[0])
    out = matmul(rows, w)
    for n in range(N):
        for m in range(w.shape[1]):
            out[n, m] += b[m]
    cache = {"rows": rows, "shape": x.shape, "w": w}
    return out, cache


def affine_backward(dout, cache):
    rows = cache["rows"]
    w = cache["w"]
    dx = matmul(dout, transpose(w)).reshape(cache["shape"])
    dw = matmul(transpose(rows), dout)
    db = np.zeros(w.shape[1])
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            db[m] += dout[n, m]
    return dx, dw, db


def relu_forward(x):
    out = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        if x[index] > 0:
            out[index] = x[index]
    return out, {"x": x}


def relu_backward(dout, cache):
    x = cache["x"]
    dx = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        if x[index] > 0:
            dx[index] = dout[index]
    return dx


def leaky_relu_forward(x, alpha=0.01):
    out = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        out[index] = max(alpha * x[index], x[index])
    cache = Cache()
    cache.x = x
    cache.alpha = alpha
    return out, cache


def leaky_relu_backward(dout, cache):
    dx = np.zeros(cache.x.shape)
    for index in np.ndindex(*cache.x.shape):
        if cache.x[index] > cache.alpha * cache.x[index]:
            dx[index] = dout[index]
        else:
            dx[index] = cache.alpha * dout[index]
    return dx


def residual_forward(v, w):
    y = matmul(v, w)
    for n in range(v.shape[0]):
        for d in range(v.shape[1]):
            y[n, d] += v[n, d]
    return y, {"v": v, "w": w}


def residual_backward(dy, cache):
    dv = matmul(dy, transpose(cache["w"]))
    for n in range(dy.shape[0]):
        for d in range(dy.shape[1]):
            dv[n, d] += dy[n, d]
    dw = matmul(transpose(cache["v"]), dy)
    return dv, dw


def two_layer_forward(x, w1, w2, w3):
    values = {}
    values["z1"] = w1 * x
    values["a1"] = values["z1"] if values["z1"] > 0 else 0.0
    values["z2"] = w2 * x
    values["a2"] = values["z2"] if values["z2"] > 0 else 0.0
    values["y_pred"] = w3 * (values["a1"] + values["a2"])
    return values


def two_layer_backward(x, w1, w2, w3, y_true):
    values = two_layer_forward(x, w1, w2, w3)
    diff = values["y_pred"] - y_true
    loss = diff * diff / 2

    dw3 = diff * (values["a1"] + values["a2"])
    da1 = diff * w3
    da2 = diff * w3
    dw2 = 0.0
    if values["z2"] > 0:
        dw2 = da2 * x
    dw1 = 0.0
    if values["z1"] > 0:
        dw1 = da1 * x
    return loss, (dw1, dw2, dw3)


def normalize_line(line, eps):
    """Mean, variance and normalised values of a 1-d array."""
    n = len(line)
    mean = 0.0
    for value in line:
        mean += value
    mean /= n
    var = 0.0
    for value in line:
        var += (value - mean) ** 2
    var /= n
    xhat = np.zeros(n)
    for i in range(n):
        xhat[i] = (line[i] - mean) / math.sqrt(var + eps)
    return mean, var, xhat


def normalize_line_backward(dxhat, xhat, var, eps):
    n = len(xhat)
    sum_d = 0.0
    sum_dx = 0.0
    for i in range(n):
        sum_d += dxhat[i]
        sum_dx += dxhat[i] * xhat[i]
    dline = np.zeros(n)
    for i in range(n):
        dline[i] = (dxhat[i] - sum_d / n - xhat[i] * sum_dx / n) / math.sqrt(var + eps)
    return dline


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)

    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D))
    running_var = bn_param.get("running_var", np.zeros(D))

    out = np.zeros((N, D))
    if mode == "train":
        cache = Cache()
        cache.xhat = np.zeros((N, D))
        cache.var = np.zeros(D)
        cache.gamma = gamma
        cache.eps = eps
        new_mean = np.zeros(D)
        new_var = np.zeros(D)
        for d in range(D):
            mean, var, xhat = normalize_line(x[:, d], eps)
            cache.xhat[:, d] = xhat
            cache.var[d] = var
            new_mean[d] = momentum * running_mean[d] + (1 - momentum) * mean
            new_var[d] = momentum * running_var[d] + (1 - momentum) * var
            for n in range(N):
                out[n, d] = gamma[d] * xhat[n] + beta[d]
        bn_param["running_mean"] = new_mean
        bn_param["running_var"] = new_var
        return out, cache
    elif mode == "test":
        for d in range(D):
            for n in range(N):
                xhat = (x[n, d] - running_mean[d]) / math.sqrt(running_var[d] + eps)
                out[n, d] = gamma[d] * xhat + beta[d]
        return out, None
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)


def batchnorm_backward(dout, cache):
    N, D = dout.shape
    dx = np.zeros((N, D))
    dgamma = np.zeros(D)
    dbeta = np.zeros(D)
    for d in range(D):
        dxhat = np.zeros(N)
        for n in range(N):
            dgamma[d] += dout[n, d] * cache.xhat[n, d]
            dbeta[d] += dout[n, d]
            dxhat[n] = dout[n, d] * cache.gamma[d]
        dx[:, d] = normalize_line_backward(dxhat, cache.xhat[:, d], cache.var[d], cache.eps)
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    N, D = x.shape
    cache = Cache()
    cache.xhat = np.zeros((N, D))
    cache.var = np.zeros(N)
    cache.gamma = gamma
    cache.eps = eps
    out = np.zeros((N, D))
    for n in range(N):
        _, cache.var[n], cache.xhat[n] = normalize_line(x[n], eps)
        for d in range(D):
            out[n, d] = gamma[d] * cache.xhat[n, d] + beta[d]
    return out, cache


def layernorm_backward(dout, cache):
    N, D = dout.shape
    dx = np.zeros((N, D))
    dgamma = np.zeros(D)
    dbeta = np.zeros(D)
    for n in range(N):
        dxhat = np.zeros(D)
        for d in range(D):
            dgamma[d] += dout[n, d] * cache.xhat[n, d]
            dbeta[d] += dout[n, d]
            dxhat[d] = dout[n, d] * cache.gamma[d]
        dx[n] = normalize_line_backward(dxhat, cache.xhat[n], cache.var[n], cache.eps)
    return dx, dgamma, dbeta


def conv_output_shape(height, width, kernel, stride=1, pad=0):
    try:
        kh, kw = kernel
    except TypeError:
        kh = kw = kernel
    if kh > height + 2 * pad or kw > width + 2 * pad:
        raise ValueError("kernel is larger than the padded image")
    # count the positions one after the other
    h_out = 0
    top = 0
    while top + kh <= height + 2 * pad:
        h_out += 1
        top += stride
    w_out = 0
    left = 0
    while left + kw <= width + 2 * pad:
        w_out += 1
        left += stride
    return h_out, w_out


def conv_forward_naive(x, w, b, conv_param):
    """
    A naive implementation of the forward pass for a convolutional layer.

    Instead of padding the image I skip the positions that lie outside of it.
    """
    stride = conv_param["stride"]
    pad = conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    h_out, w_out = conv_output_shape(H, W, (HH, WW), stride, pad)
    out = np.zeros((N, F, h_out, w_out))
    for n in range(N):
        for f in range(F):
            for i in range(h_out):
                for j in range(w_out):
                    s = b[f]
                    for r in range(HH):
                        for q in range(WW):
                            row = i * stride + r - pad
                            col = j * stride + q - pad
                            if 0 <= row < H and 0 <= col < W:
                                for c in range(C):
                                    s += x[n, c, row, col] * w[f, c, r, q]
                    out[n, f, i, j] = s
    cache = {"x": x, "w": w, "conv_param": conv_param}
    return out, cache


def conv_backward_naive(dout, cache):
    x, w = cache["x"], cache["w"]
    stride = cache["conv_param"]["stride"]
    pad = cache["conv_param"]["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, h_out, w_out = dout.shape

    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(h_out):
                for j in range(w_out):
                    d = dout[n, f, i, j]
                    db[f] += d
                    for r in range(HH):
                        for q in range(WW):
                            row = i * stride + r - pad
                            col = j * stride + q - pad
                            if 0 <= row < H and 0 <= col < W:
                                for c in range(C):
                                    dx[n, c, row, col] += d * w[f, c, r, q]
                                    dw[f, c, r, q] += d * x[n, c, row, col]
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    ph = pool_param["pool_height"]
    pw = pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H, W = x.shape
    h_out = (H - ph) // stride + 1
    w_out = (W - pw) // stride + 1
    out = np.zeros((N, C, h_out, w_out))
    where = {}
    for n in range(N):
        for c in range(C):
            for i in range(h_out):
                for j in range(w_out):
                    best = -np.inf
                    for r in range(i * stride, i * stride + ph):
                        for q in range(j * stride, j * stride + pw):
                            if x[n, c, r, q] > best:
                                best = x[n, c, r, q]
                                where[n, c, i, j] = (n, c, r, q)
                    out[n, c, i, j] = best
    return out, {"shape": x.shape, "where": where}


def max_pool_backward_naive(dout, cache):
    dx = np.zeros(cache["shape"])
    for position, winner in cache["where"].items():
        dx[winner] += dout[position]
    return dx


def conv_num_params(kernel, c_in, c_out, bias=True):
    count = 0
    for f in range(c_out):
        count += kernel * kernel * c_in
        if bias:
            count += 1
    return count


def fc_num_params(d_in, d_out, bias=True):
    count = d_in * d_out
    if bias:
        count += d_out
    return count
