import math

import numpy as np


class KVCache(object):
    def __init__(self):
        self.keys = []
        self.values = []


def attend(q, k, v, mask):
    """Plain attention for 2-d q (T, d_k), k (S, d_k), v (S, d_v). Returns out and the weights."""
    T, S = q.shape[0], k.shape[0]
    p = np.zeros((T, S))
    out = np.zeros((T, v.shape[1]))
    for t in range(T):
        allowed = [s for s in range(S) if mask is None or mask[t, s]]
        scores = {}
        for s in allowed:
            score = 0.0
            for d in range(q.shape[1]):
                score += q[t, d] * k[s, d]
            scores[s] = score / math.sqrt(q.shape[1])
        biggest = max(scores.values())
        total = sum(math.exp(scores[s] - biggest) for s in allowed)
        for s in allowed:
            p[t, s] = math.exp(scores[s] - biggest) / total
            for d in range(v.shape[1]):
                out[t, d] += p[t, s] * v[s, d]
    return out, p


def attend_backward(dout, q, k, v, p):
    T, S = p.shape
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    scale = 1 / math.sqrt(q.shape[1])
    for t in range(T):
        dp = np.zeros(S)
        weighted = 0.0
        for s in range(S):
            for d in range(v.shape[1]):
                dp[s] += dout[t, d] * v[s, d]
                dv[s, d] += dout[t, d] * p[t, s]
            weighted += dp[s] * p[t, s]
        for s in range(S):
            dscore = p[t, s] * (dp[s] - weighted) * scale
            for d in range(q.shape[1]):
                dq[t, d] += dscore * k[s, d]
                dk[s, d] += dscore * q[t, d]
    return dq, dk, dv


def attention_forward(q, k, v, mask=None):
    lead = q.shape[:-2]
    T, S = q.shape[-2], k.shape[-2]
    out = np.zeros(lead + (T, v.shape[-1]))
    p = np.zeros(lead + (T, S))
    if mask is not None:
        mask = np.broadcast_to(mask, lead + (T, S))
    for index in np.ndindex(*lead):
        m = None if mask is None else mask[index]
        out[index], p[index] = attend(q[index], k[index], v[index], m)
    return out, {"q": q, "k": k, "v": v, "p": p}


def attention_backward(dout, cache):
    q, k, v, p = cache["q"], cache["k"], cache["v"], cache["p"]
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for index in np.ndindex(*q.shape[:-2]):
        dq[index], dk[index], dv[index] = attend_backward(dout[index], q[index], k[index], v[index], p[index])
    return dq, dk, dv


def causal_mask(T):
    mask = np.zeros((T, T), dtype=bool)
    for i in range(T):
        for j in range(T):
            mask[i, j] = j <= i
    return mask


def multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    N, T, D = x.shape
    size = D // num_heads
    q, k, v = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)
    for n in range(N):
        q[n] = x[n] @ Wq
        k[n] = x[n] @ Wk
        v[n] = x[n] @ Wv
    joined = np.zeros(x.shape)
    heads = []
    for h in range(num_heads):
        columns = slice(h * size, (h + 1) * size)
        # a mask with a head axis: give every head its own part
        m = mask
        if mask is not None and np.ndim(mask) == 4:
            m = mask[:, h] if mask.shape[1] == num_heads else mask[:, 0]
        joined[:, :, columns], head_cache = attention_forward(q[:, :, columns], k[:, :, columns], v[:, :, columns], m)
        heads.append(head_cache)
    out = np.zeros(x.shape)
    for n in range(N):
        out[n] = joined[n] @ Wo
    cache = {"x": x, "Wq": Wq, "Wk": Wk, "Wv": Wv, "Wo": Wo, "heads": heads, "joined": joined, "size": size}
    return out, cache


def multi_head_attention_backward(dout, cache):
    x = cache["x"]
    size = cache["size"]
    djoined = np.zeros(x.shape)
    dWo = np.zeros(cache["Wo"].shape)
    for n in range(x.shape[0]):
        djoined[n] = dout[n] @ cache["Wo"].T
        dWo += cache["joined"][n].T @ dout[n]

    dq, dk, dv = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)
    for h, head_cache in enumerate(cache["heads"]):
        columns = slice(h * size, (h + 1) * size)
        dq[:, :, columns], dk[:, :, columns], dv[:, :, columns] = attention_backward(
            djoined[:, :, columns], head_cache
        )

    dx = np.zeros(x.shape)
    grads = []
    for name, d in (("Wq", dq), ("Wk", dk), ("Wv", dv)):
        dW = np.zeros(cache[name].shape)
        for n in range(x.shape[0]):
            dW += x[n].T @ d[n]
            dx[n] += d[n] @ cache[name].T
        grads.append(dW)
    return dx, grads[0], grads[1], grads[2], dWo


def positional_encoding(T, d):
    pe = np.zeros((T, d))
    for t in range(T):
        for i in range(0, d, 2):
            angle = t / math.pow(10000, i / d)
            pe[t, i] = math.sin(angle)
            if i + 1 < d:
                pe[t, i + 1] = math.cos(angle)
    return pe


def decode_step(q_t, k_t, v_t, kv_cache=None):
    if kv_cache is None:
        kv_cache = KVCache()
    kv_cache.keys.append(k_t)
    kv_cache.values.append(v_t)
    out = np.zeros(v_t.shape)
    for n in range(q_t.shape[0]):
        keys = np.array([k[n] for k in kv_cache.keys])
        values = np.array([v[n] for v in kv_cache.values])
        result, _ = attend(q_t[n : n + 1], keys, values, None)
        out[n] = result[0]
    return out, kv_cache
