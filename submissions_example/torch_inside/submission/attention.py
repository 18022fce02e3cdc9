import torch
import torch.nn.functional as F


def leaf(a):
    return torch.as_tensor(a).detach().clone().double().requires_grad_()


def attend(q, k, v, mask):
    if mask is not None:
        mask = torch.as_tensor(mask)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def attention_forward(q, k, v, mask=None):
    q, k, v = leaf(q), leaf(k), leaf(v)
    out = attend(q, k, v, mask)
    # closure as cache
    return out.detach(), lambda dout: torch.autograd.grad(out, (q, k, v), dout)


def attention_backward(dout, cache):
    return cache(torch.as_tensor(dout).double())


def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).tril()


def multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    leaves = [leaf(a) for a in (x, Wq, Wk, Wv, Wo)]
    x, Wq, Wk, Wv, Wo = leaves
    # (N, T, D) -> (N, heads, T, D / heads)
    q, k, v = ((x @ W).unflatten(-1, (num_heads, -1)).transpose(1, 2) for W in (Wq, Wk, Wv))
    out = attend(q, k, v, mask).transpose(1, 2).flatten(2) @ Wo

    def backward(dout):
        return torch.autograd.grad(out, leaves, dout)

    return out.detach(), backward


def multi_head_attention_backward(dout, cache):
    return cache(torch.as_tensor(dout).double())


def positional_encoding(T, d):
    t = torch.arange(T, dtype=torch.float64)[:, None]
    column = torch.arange(d)
    angle = t / 10000 ** ((column - column % 2).double() / d)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos())


class KVCache:
    def __init__(self):
        self.keys = None
        self.values = None

    def append(self, k, v):
        if self.keys is None:
            self.keys, self.values = k, v
        else:
            self.keys = torch.cat([self.keys, k], dim=1)
            self.values = torch.cat([self.values, v], dim=1)


def decode_step(q_t, k_t, v_t, kv_cache=None):
    q, k, v = (torch.as_tensor(a).double().clone().unsqueeze(1) for a in (q_t, k_t, v_t))
    if kv_cache is None:
        kv_cache = KVCache()
    kv_cache.append(k, v)
    return attend(q, kv_cache.keys, kv_cache.values, None)[:, 0], kv_cache
