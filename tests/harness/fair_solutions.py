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

from reference import layers
from tests.harness.fair_textbook import Textbook


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


WAYS = (Scipy, Einsum, Im2col, StrideTricks, Textbook)
