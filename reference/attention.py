"""Attention: scaled dot products, causal masks, several heads, positions, and decoding one token at a time.

N batch, T tokens that ask (queries), S tokens that are asked (keys, values), D features of a token, d_k key
size, d_v value size; "..." stands for any number of leading dimensions, also none.
A forward function returns its output and a cache: whatever the matching backward function needs.
A backward function takes the upstream gradient first, then that cache.
"""

import numpy as np

from .layers import softmax


def attention_forward(q, k, v, mask=None):
    """Scaled dot-product attention: softmax(q k' / sqrt(d_k)) v.

    q: (..., T, d_k) queries; k: (..., S, d_k) keys; v: (..., S, d_v) values;
    mask: booleans, (T, S) or broadcastable to (..., T, S), True where a query may attend to a key, with at
    least one True for every query; None where every query may attend to every key.
    Returns out (..., T, d_v) and cache.
    Source: exam 1.6.
    """
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    """Gradients of scaled dot-product attention.

    dout: (..., T, d_v) upstream gradient; cache: from attention_forward.
    Returns dq (..., T, d_k), dk (..., S, d_k) and dv (..., S, d_v).
    Source: exam 1.6.
    """
    q, k, v, weights = cache
    dweights = dout @ v.swapaxes(-1, -2)
    dscores = weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[-1])
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ dout


def causal_mask(T):
    """The mask with which a token attends to itself and to earlier tokens only.

    T: number of tokens.
    Returns mask (T, T), booleans: row t is True where token t may attend.
    Source: quiz 1.6.
    """
    return np.tril(np.ones((T, T), dtype=bool))


def multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    """Multi-head self-attention, without biases.

    x: (N, T, D) inputs; Wq, Wk, Wv: (D, D) weights of the queries, keys and values; Wo: (D, D) weights of
    the output projection, which follows on the heads' outputs, side by side;
    num_heads: a divisor of D: head h takes columns h D/num_heads up to (h + 1) D/num_heads;
    mask: booleans, (T, T) or broadcastable to (N, num_heads, T, T), as for attention_forward.
    Returns out (N, T, D) and cache.
    Source: exam 1.6 and quiz 1.5.
    """
    q, k, v = (_split_heads(x @ W, num_heads) for W in (Wq, Wk, Wv))
    heads, attention_cache = attention_forward(q, k, v, mask)
    heads = _merge_heads(heads)
    return heads @ Wo, (x, Wq, Wk, Wv, Wo, heads, num_heads, attention_cache)


def multi_head_attention_backward(dout, cache):
    """Gradients of multi-head self-attention.

    dout: (N, T, D) upstream gradient; cache: from multi_head_attention_forward.
    Returns dx (N, T, D) and dWq, dWk, dWv, dWo, each (D, D).
    Source: exam 1.6 and quiz 1.5.
    """
    x, Wq, Wk, Wv, Wo, heads, num_heads, attention_cache = cache
    dheads = _split_heads(dout @ Wo.T, num_heads)
    dq, dk, dv = map(_merge_heads, attention_backward(dheads, attention_cache))
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    dWq, dWk, dWv = (_weight_gradient(x, dprojection) for dprojection in (dq, dk, dv))
    return dx, dWq, dWk, dWv, _weight_gradient(heads, dout)


def positional_encoding(T, d):
    """Sinusoidal positional encoding.

    Row t holds sin(t / 10000^(i/d)), in radians, in every even column i, and the cosine of the same angle in
    column i + 1; an odd d ends with a sine.
    T: number of positions, the first of which is 0; d: number of columns.
    Returns pe (T, d).
    Source: exam 5.5.
    """
    column = np.arange(d)
    even_index = column - column % 2
    angles = np.arange(T)[:, None] / 10000 ** (even_index / d)
    return np.where(column == even_index, np.sin(angles), np.cos(angles))


def decode_step(q_t, k_t, v_t, kv_cache=None):
    """One step of autoregressive decoding: the newest token attends to itself and to all earlier ones.

    q_t: (N, d_k) query, k_t: (N, d_k) key and v_t: (N, d_v) value of the newest token;
    kv_cache: what the previous step returned, or None at the first step.
    Returns out (N, d_v), which equals row t of causal attention over the whole sequence, and kv_cache for
    the next step, any object.
    Source: quiz 2.4, option C.
    """
    keys, values = np.array(k_t)[:, None], np.array(v_t)[:, None]
    if kv_cache is not None:
        past_keys, past_values = kv_cache
        keys = np.concatenate((past_keys, keys), axis=1)
        values = np.concatenate((past_values, values), axis=1)
    out, _ = attention_forward(q_t[:, None], keys, values)
    return out[:, 0], (keys, values)


def _split_heads(x, num_heads):
    """(N, T, D) -> (N, num_heads, T, D / num_heads)"""
    N, T, D = x.shape
    return x.reshape(N, T, num_heads, D // num_heads).swapaxes(1, 2)


def _merge_heads(x):
    """(N, num_heads, T, D / num_heads) -> (N, T, D)"""
    N, num_heads, T, width = x.shape
    return x.swapaxes(1, 2).reshape(N, T, num_heads * width)


def _weight_gradient(x, dout):
    """The gradient of W (D, D) in out = x W, summed over sequences and tokens."""
    return np.einsum("ntd,nte->de", x, dout)
