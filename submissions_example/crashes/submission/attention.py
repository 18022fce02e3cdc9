import numpy as np


def attention_forward(q, k, v, mask=None):
    """softmax(q k^T / sqrt(d_k)) v, any number of leading dimensions."""
    scale = 1.0 / np.sqrt(q.shape[-1])
    scores = (q @ np.swapaxes(k, -1, -2)) * scale
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    p = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p @ v, (q, k, v, p, scale)


def attention_backward(dout, cache):
    q, k, v, p, scale = cache
    dv = np.swapaxes(p, -1, -2) @ dout
    dp = dout @ np.swapaxes(v, -1, -2)
    # softmax backward; masked entries have p = 0, so they get no gradient
    ds = p * (dp - np.sum(dp * p, axis=-1, keepdims=True)) * scale
    return ds @ k, np.swapaxes(ds, -1, -2) @ q, dv


def causal_mask(T):
    return np.tril(np.ones((T, T), dtype=bool))


def _split_heads(a, num_heads):
    N, T, D = a.shape
    return a.reshape(N, T, num_heads, D // num_heads).transpose(0, 2, 1, 3)


def _join_heads(a):
    N, heads, T, d = a.shape
    return a.transpose(0, 2, 1, 3).reshape(N, T, heads * d)


def multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    q, k, v = (_split_heads(x @ W, num_heads) for W in (Wq, Wk, Wv))
    heads, attention_cache = attention_forward(q, k, v, mask)
    joined = _join_heads(heads)
    return joined @ Wo, (x, Wq, Wk, Wv, Wo, num_heads, joined, attention_cache)


def multi_head_attention_backward(dout, cache):
    x, Wq, Wk, Wv, Wo, num_heads, joined, attention_cache = cache
    dWo = np.einsum("ntd,nte->de", joined, dout)
    dheads = _split_heads(dout @ Wo.T, num_heads)
    dq, dk, dv = (_join_heads(g) for g in attention_backward(dheads, attention_cache))
    dWq, dWk, dWv = (np.einsum("ntd,nte->de", x, g) for g in (dq, dk, dv))
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, dWq, dWk, dWv, dWo


def positional_encoding(T, d):
    t = np.arange(T)[:, None]
    i = np.arange(0, d, 2)[None, :]
    angle = t / 10000.0 ** (i / d)
    pe = np.zeros((T, d))
    pe[:, 0::2] = np.sin(angle)
    pe[:, 1::2] = np.cos(angle[:, : d // 2])
    return pe


def decode_step(q_t, k_t, v_t, kv_cache=None):
    """One token of causal attention; kv_cache is the pair (keys so far, values so far)."""
    keys, values = k_t[:, None, :], v_t[:, None, :]
    if kv_cache is not None:
        keys = np.concatenate([kv_cache[0], keys], axis=1)
        values = np.concatenate([kv_cache[1], values], axis=1)
    out, _ = attention_forward(q_t[:, None, :], keys, values)
    return out[:, 0], (keys, values)
