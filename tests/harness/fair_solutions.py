"""Correct functions written otherwise than in the answer key: none of them may cost a point.

Each class is a way of writing; its static methods are the functions that this way changes. Caches are
those of the answer key, so that its backward functions go with them, unless the class brings its own.
"""

from __future__ import annotations

import numpy as np
import scipy.linalg
import scipy.signal
import scipy.special
from numpy.lib.stride_tricks import as_strided

from reference import attention, layers, rnn_layers


class Scipy:
    """Special functions, correlation and eigenvalues from SciPy."""

    @staticmethod
    def softmax(z):
        return scipy.special.softmax(z, axis=1)

    @staticmethod
    def cross_entropy(z, y):
        return np.sum(scipy.special.logsumexp(z, axis=1) - z[np.arange(len(y)), y])

    @staticmethod
    def softmax_loss(x, y):
        log_p = scipy.special.log_softmax(x, axis=1)
        one_hot = np.eye(x.shape[1])[y]
        return -(log_p * one_hot).sum() / len(x), (np.exp(log_p) - one_hot) / len(x)

    @staticmethod
    def conv_forward(x, w, b, conv_param):
        out, cache = layers.conv_forward(x, w, b, conv_param)
        padded, _, stride, _ = cache
        for n, f in np.ndindex(out.shape[:2]):
            channels = (
                scipy.signal.correlate(image, kernel, "valid")
                for image, kernel in zip(padded[n], w[f], strict=True)
            )
            out[n, f] = sum(channels)[::stride, ::stride] + b[f]
        return out, cache

    @staticmethod
    def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
        scores = x @ Wx + prev_h @ Wh + b
        H = prev_h.shape[1]
        i, f, o = (scipy.special.expit(scores[:, k * H : (k + 1) * H]) for k in range(3))
        g = np.tanh(scores[:, 3 * H :])
        next_c = f * prev_c + i * g
        tanh_c = np.tanh(next_c)
        return o * tanh_c, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)

    @staticmethod
    def lstm_forward(x, h0, Wx, Wh, b):
        h, c, states, caches = h0, np.zeros_like(h0), [], []
        for t in range(x.shape[1]):
            h, c, cache = Scipy.lstm_step_forward(x[:, t, :], h, c, Wx, Wh, b)
            states.append(h)
            caches.append(cache)
        return np.stack(states, axis=1), caches

    @staticmethod
    def attention_forward(q, k, v, mask=None):
        scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])
        weights = scipy.special.softmax(scores if mask is None else np.where(mask, scores, -np.inf), axis=-1)
        return weights @ v, (q, k, v, weights)

    @staticmethod
    def largest_stable_learning_rate(A):
        return 2 / scipy.linalg.eigvalsh(A)[-1]


class Einsum:
    """Every sum of products as np.einsum."""

    @staticmethod
    def affine_forward(x, w, b):
        return np.einsum("nd,dm->nm", x.reshape(x.shape[0], -1), w) + b, (x, w)

    @staticmethod
    def affine_backward(dout, cache):
        x, w = cache
        dx = np.einsum("nm,dm->nd", dout, w).reshape(x.shape)
        return dx, np.einsum("nd,nm->dm", x.reshape(x.shape[0], -1), dout), np.einsum("nm->m", dout)

    @staticmethod
    def attention_forward(q, k, v, mask=None):
        scores = np.einsum("...td,...sd->...ts", q, k) / q.shape[-1] ** 0.5
        # The largest weight that this leaves is exp(-1e9), which is 0.
        weights = layers.softmax(scores if mask is None else np.where(mask, scores, -1e9))
        return np.einsum("...ts,...sv->...tv", weights, v), (q, k, v, weights)

    @staticmethod
    def multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
        N, T, D = x.shape
        q, k, v = (
            np.einsum("ntd,dhe->nhte", x, W.reshape(D, num_heads, D // num_heads)) for W in (Wq, Wk, Wv)
        )
        out, attention_cache = Einsum.attention_forward(q, k, v, mask)
        heads = np.einsum("nhte->nthe", out).reshape(N, T, D)
        return np.einsum("ntd,de->nte", heads, Wo), (x, Wq, Wk, Wv, Wo, heads, num_heads, attention_cache)

    @staticmethod
    def rnn_step_forward(x, prev_h, Wx, Wh, b):
        next_h = np.tanh(np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", prev_h, Wh) + b)
        return next_h, (x, prev_h, Wx, Wh, next_h)

    @staticmethod
    def residual_backward(dy, cache):
        v, w = cache
        return dy + np.einsum("ne,de->nd", dy, w), np.einsum("nd,ne->de", v, dy)


class Im2col:
    """Convolution as one product of matrices, with CS231n's index arrays."""

    @staticmethod
    def _indices(channels, kernel_height, kernel_width, h_out, w_out, stride):
        i0 = np.tile(np.repeat(np.arange(kernel_height), kernel_width), channels)
        j0 = np.tile(np.arange(kernel_width), kernel_height * channels)
        i1, j1 = stride * np.repeat(np.arange(h_out), w_out), stride * np.tile(np.arange(w_out), h_out)
        k = np.repeat(np.arange(channels), kernel_height * kernel_width)[:, None]
        return k, i0[:, None] + i1, j0[:, None] + j1

    @staticmethod
    def conv_forward(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        N, C, H, W = x.shape
        F, _, kernel_height, kernel_width = w.shape
        h_out, w_out = (H + 2 * pad - kernel_height) // stride + 1, (W + 2 * pad - kernel_width) // stride + 1
        indices = Im2col._indices(C, kernel_height, kernel_width, h_out, w_out, stride)
        padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
        columns = (
            padded[:, indices[0], indices[1], indices[2]].transpose(1, 2, 0).reshape(len(indices[0]), -1)
        )
        out = (w.reshape(F, -1) @ columns + b.reshape(-1, 1)).reshape(F, h_out, w_out, N)
        return out.transpose(3, 0, 1, 2), (padded.shape, w, b, conv_param, columns, indices)

    @staticmethod
    def conv_backward(dout, cache):
        padded_shape, w, _, conv_param, columns, (k, i, j) = cache
        F, pad = len(w), conv_param["pad"]
        flat = dout.transpose(1, 2, 3, 0).reshape(F, -1)
        dcolumns = (w.reshape(F, -1).T @ flat).reshape(len(k), -1, padded_shape[0]).transpose(2, 0, 1)
        dpadded = np.zeros(padded_shape)
        np.add.at(dpadded, (slice(None), k, i, j), dcolumns)
        dx = dpadded if pad == 0 else dpadded[:, :, pad:-pad, pad:-pad]
        return dx, (flat @ columns.T).reshape(w.shape), np.sum(dout, axis=(0, 2, 3))


class StrideTricks:
    """Windows as views made by as_strided."""

    @staticmethod
    def _windows(x, height, width, stride):
        N, C, H, W = x.shape
        shape = N, C, (H - height) // stride + 1, (W - width) // stride + 1, height, width
        n, c, h, w = x.strides
        return as_strided(x, shape, (n, c, h * stride, w * stride, h, w), writeable=False)

    @staticmethod
    def conv_forward(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        windows = StrideTricks._windows(padded, *w.shape[2:], stride)
        out = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
        return out + b.reshape(1, -1, 1, 1), (padded, w, stride, pad)

    @staticmethod
    def max_pool_forward(x, pool_param):
        height, width, stride = (pool_param[name] for name in ("pool_height", "pool_width", "stride"))
        windows = StrideTricks._windows(np.ascontiguousarray(x), height, width, stride)
        return windows.max(axis=-1).max(axis=-1), (x, height, width, stride)


class Textbook:
    """Other formulas for the same thing: staged gradients, moments, logarithms, functions of exp."""

    @staticmethod
    def batchnorm_forward(x, gamma, beta, bn_param):
        if bn_param["mode"] == "test":
            scale = gamma / np.sqrt(bn_param["running_var"] + bn_param["eps"])
            return x * scale + (beta - bn_param["running_mean"] * scale), None
        momentum, mean = bn_param["momentum"], np.mean(x, axis=0)
        centred = x - mean
        var = np.sum(centred**2, axis=0) / len(x)
        bn_param["running_mean"] = bn_param["running_mean"] * momentum + mean * (1 - momentum)
        bn_param["running_var"] = bn_param["running_var"] * momentum + var * (1 - momentum)
        root = (var + bn_param["eps"]) ** 0.5
        inverse = 1.0 / root
        return centred * inverse * gamma + beta, (centred, inverse, root, gamma)

    @staticmethod
    def batchnorm_backward(dout, cache):
        """Backwards through each step of the forward pass."""
        centred, inverse, root, gamma = cache
        N = len(dout)
        dx_hat = dout * gamma
        dinverse = (dx_hat * centred).sum(axis=0)
        dvar = 0.5 / root * -1.0 / root**2 * dinverse
        dcentred = dx_hat * inverse + 2 * centred * np.ones(dout.shape) / N * dvar
        dmean = -1 * dcentred.sum(axis=0)
        dx = dcentred + 1.0 / N * np.ones(dout.shape) * dmean
        return dx, (dout * centred * inverse).sum(axis=0), dout.sum(axis=0)

    @staticmethod
    def layernorm_forward(x, gamma, beta, ln_param):
        mean, square = x.mean(axis=1, keepdims=True), (x**2).mean(axis=1, keepdims=True)
        std = np.sqrt(square - mean**2 + ln_param["eps"])
        x_hat = (x - mean) / std
        return gamma * x_hat + beta, (x_hat, gamma, std)

    @staticmethod
    def layernorm_backward(dout, cache):
        x_hat, gamma, std = cache
        D, dx_hat = dout.shape[1], dout * gamma
        total, projected = dx_hat.sum(axis=1, keepdims=True), (dx_hat * x_hat).sum(axis=1, keepdims=True)
        return (D * dx_hat - total - x_hat * projected) / (D * std), (dout * x_hat).sum(0), dout.sum(0)

    @staticmethod
    def positional_encoding(T, d):
        pe = np.zeros((T, d))
        position = np.arange(T)[:, None]
        frequency = np.exp(np.arange(0, d, 2) * -(np.log(10000.0) / d))
        pe[:, 0::2] = np.sin(position * frequency)
        pe[:, 1::2] = np.cos(position * frequency[: d // 2])
        return pe

    @staticmethod
    def rnn_step_forward(x, prev_h, Wx, Wh, b):
        scores = np.hstack((x, prev_h)) @ np.vstack((Wx, Wh)) + b
        next_h = 2 / (1 + np.exp(-2 * scores)) - 1
        return next_h, (x, prev_h, Wx, Wh, next_h)

    @staticmethod
    def clip_grad_norm(grads, max_norm):
        """As in torch, which adds 1e-6 to the norm."""
        total_norm = np.linalg.norm([np.linalg.norm(grad) for grad in grads])
        return [grad * min(1.0, max_norm / (total_norm + 1e-6)) for grad in grads], total_norm

    @staticmethod
    def gradient_descent(A, w0, learning_rate, steps):
        path = np.zeros((steps + 1, len(w0)))
        path[0] = w0
        for step in range(steps):
            path[step + 1] = (np.eye(len(w0)) - learning_rate * A).dot(path[step])
        return path

    @staticmethod
    def hidden_grad_norms(x, h0, Wx, Wh, b, dh_last):
        h, _ = rnn_layers.rnn_forward(x, h0, Wx, Wh, b)
        norms, gradient = np.zeros(h.shape[1]), dh_last
        for t in range(h.shape[1] - 1, -1, -1):
            norms[t] = np.sqrt((gradient**2).sum())
            gradient = (gradient * (1 - h[:, t] ** 2)).dot(Wh.T)
        return norms

    @staticmethod
    def decode_step(q_t, k_t, v_t, kv_cache=None):
        """Keeps lists that grow in place."""
        kv_cache = {"k": [], "v": []} if kv_cache is None else kv_cache
        kv_cache["k"].append(k_t)
        kv_cache["v"].append(v_t)
        keys, values = np.stack(kv_cache["k"], axis=1), np.stack(kv_cache["v"], axis=1)
        return attention.attention_forward(q_t[:, None, :], keys, values)[0].squeeze(1), kv_cache

    @staticmethod
    def detokenize(ids, vocab):
        tokens, known = list(vocab.keys()), list(vocab.values())
        text = ""
        for token_id in ids:
            if token_id not in known:
                raise KeyError(token_id)
            text += tokens[known.index(token_id)]
        return text


WAYS = (Scipy, Einsum, Im2col, StrideTricks, Textbook)
