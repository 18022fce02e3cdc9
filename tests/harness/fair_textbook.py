"""Correct functions by other formulas than the answer key's: none of them may cost a point."""

from __future__ import annotations

import numpy as np

from reference import attention, rnn_layers


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
