import json
import math
import os

import numpy as np

from .layers import *

HERE = os.path.dirname(os.path.abspath(__file__))


def attention_forward(q, k, v, mask=None):
    kT = np.moveaxis(k, -1, -2)
    scores = np.matmul(q, kT) / math.sqrt(k.shape[-1])
    if mask is not None:
        # exp(-inf) = 0
        scores = scores + np.where(mask, 0.0, -np.inf)
    probs = softmax(scores.reshape(-1, scores.shape[-1])).reshape(scores.shape)
    out = np.matmul(probs, v)
    return out, [q, k, v, probs]


def attention_backward(dout, cache):
    q, k, v, probs = cache
    dv = np.einsum("...ts,...td->...sd", probs, dout)
    dprobs = np.einsum("...td,...sd->...ts", dout, v)
    dscores = probs * dprobs
    dscores -= probs * dscores.sum(axis=-1, keepdims=True)
    dscores /= math.sqrt(k.shape[-1])
    dq = np.einsum("...ts,...sd->...td", dscores, k)
    dk = np.einsum("...ts,...td->...sd", dscores, q)
    return dq, dk, dv


def causal_mask(T):
    return np.arange(T)[:, None] >= np.arange(T)[None, :]


def multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    N, T, D = x.shape
    H = num_heads
    q = x.dot(Wq).reshape(N, T, H, D // H).transpose(0, 2, 1, 3)
    k = x.dot(Wk).reshape(N, T, H, D // H).transpose(0, 2, 1, 3)
    v = x.dot(Wv).reshape(N, T, H, D // H).transpose(0, 2, 1, 3)
    heads, attn_cache = attention_forward(q, k, v, mask)
    concat = heads.transpose(0, 2, 1, 3).reshape(N, T, D)
    out = concat.dot(Wo)
    cache = {"x": x, "W": (Wq, Wk, Wv, Wo), "H": H, "concat": concat, "attn": attn_cache}
    return out, cache


def multi_head_attention_backward(dout, cache):
    x, H, concat = cache["x"], cache["H"], cache["concat"]
    Wq, Wk, Wv, Wo = cache["W"]
    N, T, D = x.shape
    flat_x = x.reshape(N * T, D)

    dWo = concat.reshape(N * T, D).T.dot(dout.reshape(N * T, D))
    dheads = dout.dot(Wo.T).reshape(N, T, H, D // H).transpose(0, 2, 1, 3)
    dq, dk, dv = attention_backward(dheads, cache["attn"])
    dq = dq.transpose(0, 2, 1, 3).reshape(N * T, D)
    dk = dk.transpose(0, 2, 1, 3).reshape(N * T, D)
    dv = dv.transpose(0, 2, 1, 3).reshape(N * T, D)

    dWq = flat_x.T.dot(dq)
    dWk = flat_x.T.dot(dk)
    dWv = flat_x.T.dot(dv)
    dx = (dq.dot(Wq.T) + dk.dot(Wk.T) + dv.dot(Wv.T)).reshape(N, T, D)
    return dx, dWq, dWk, dWv, dWo


def positional_encoding(T, d):
    # the constants of the paper are kept in one place
    with open(os.path.join(HERE, "datasets", "transformer.json")) as f:
        base = json.load(f)["positional_encoding_base"]
    pe = np.zeros((T, d))
    for i in range(0, d, 2):
        angle = np.arange(T) / base ** (i / d)
        pe[:, i] = np.sin(angle)
        if i + 1 < d:
            pe[:, i + 1] = np.cos(angle)
    return pe


def decode_step(q_t, k_t, v_t, kv_cache=None):
    if kv_cache is None:
        kv_cache = {"k": [], "v": []}
    kv_cache["k"].append(k_t)
    kv_cache["v"].append(v_t)
    K = np.stack(kv_cache["k"], axis=1)
    V = np.stack(kv_cache["v"], axis=1)
    out, _ = attention_forward(q_t[:, np.newaxis], K, V)
    return np.squeeze(out, axis=1), kv_cache
