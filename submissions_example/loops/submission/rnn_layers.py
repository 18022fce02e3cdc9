from builtins import range
import math

import numpy as np


class StepCache:
    def __init__(self, **values):
        for name in values:
            setattr(self, name, values[name])


def linear(x, prev_h, Wx, Wh, b):
    """x Wx + prev_h Wh + b, entry by entry."""
    N, D = x.shape
    H, M = Wh.shape
    a = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            s = b[m]
            for d in range(D):
                s += x[n, d] * Wx[d, m]
            for h in range(H):
                s += prev_h[n, h] * Wh[h, m]
            a[n, m] = s
    return a


def linear_backward(da, x, prev_h, Wx, Wh):
    N, D = x.shape
    H, M = Wh.shape
    dx, dprev_h = np.zeros((N, D)), np.zeros((N, H))
    dWx, dWh, db = np.zeros((D, M)), np.zeros((H, M)), np.zeros(M)
    for n in range(N):
        for m in range(M):
            db[m] += da[n, m]
            for d in range(D):
                dx[n, d] += da[n, m] * Wx[d, m]
                dWx[d, m] += da[n, m] * x[n, d]
            for h in range(H):
                dprev_h[n, h] += da[n, m] * Wh[h, m]
                dWh[h, m] += da[n, m] * prev_h[n, h]
    return dx, dprev_h, dWx, dWh, db


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = linear(x, prev_h, Wx, Wh, b)
    for n in range(next_h.shape[0]):
        for h in range(next_h.shape[1]):
            next_h[n, h] = math.tanh(next_h[n, h])
    return next_h, StepCache(x=x, prev_h=prev_h, Wx=Wx, Wh=Wh, next_h=next_h)


def rnn_step_backward(dnext_h, cache):
    da = np.zeros(dnext_h.shape)
    for n in range(da.shape[0]):
        for h in range(da.shape[1]):
            da[n, h] = dnext_h[n, h] * (1 - cache.next_h[n, h] ** 2)
    return linear_backward(da, cache.x, cache.prev_h, cache.Wx, cache.Wh)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, h0.shape[1]))
    cache = {}
    prev_h = h0
    for t in range(T):
        h[:, t, :], cache[t] = rnn_step_forward(x[:, t, :], prev_h, Wx, Wh, b)
        prev_h = h[:, t, :]
    return h, cache


def rnn_backward(dh, cache):
    N, T, H = dh.shape
    D = cache[0].x.shape[1]
    dx = np.zeros((N, T, D))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    dprev_h = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dx[:, t, :], dprev_h, a, b, c = rnn_step_backward(dh[:, t, :] + dprev_h, cache[t])
        dWx += a
        dWh += b
        db += c
    return dx, dprev_h, dWx, dWh, db


def sigmoid(value):
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, H = prev_h.shape
    a = linear(x, prev_h, Wx, Wh, b)
    gates = {}
    for name in "ifog":
        gates[name] = np.zeros((N, H))
    next_c = np.zeros((N, H))
    next_h = np.zeros((N, H))
    for n in range(N):
        for h in range(H):
            # order in the weights: input, forget, output, block (g)
            gates["i"][n, h] = sigmoid(a[n, h])
            gates["f"][n, h] = sigmoid(a[n, H + h])
            gates["o"][n, h] = sigmoid(a[n, 2 * H + h])
            gates["g"][n, h] = math.tanh(a[n, 3 * H + h])
            next_c[n, h] = gates["f"][n, h] * prev_c[n, h] + gates["i"][n, h] * gates["g"][n, h]
            next_h[n, h] = gates["o"][n, h] * math.tanh(next_c[n, h])
    cache = StepCache(x=x, prev_h=prev_h, prev_c=prev_c, Wx=Wx, Wh=Wh, gates=gates, next_c=next_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    N, H = dnext_h.shape
    da = np.zeros((N, 4 * H))
    dprev_c = np.zeros((N, H))
    for n in range(N):
        for h in range(H):
            i, f, o, g = [cache.gates[name][n, h] for name in "ifog"]
            tanh_c = math.tanh(cache.next_c[n, h])
            dc = dnext_c[n, h] + dnext_h[n, h] * o * (1 - tanh_c * tanh_c)
            da[n, h] = dc * g * i * (1 - i)
            da[n, H + h] = dc * cache.prev_c[n, h] * f * (1 - f)
            da[n, 2 * H + h] = dnext_h[n, h] * tanh_c * o * (1 - o)
            da[n, 3 * H + h] = dc * i * (1 - g * g)
            dprev_c[n, h] = dc * f
    dx, dprev_h, dWx, dWh, db = linear_backward(da, cache.x, cache.prev_h, cache.Wx, cache.Wh)
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    cache = {"steps": []}
    prev_h = h0
    prev_c = np.zeros((N, H))
    for t in range(T):
        prev_h, prev_c, step = lstm_step_forward(x[:, t, :], prev_h, prev_c, Wx, Wh, b)
        h[:, t, :] = prev_h
        cache["steps"].append(step)
    return h, cache


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    D = cache["steps"][0].x.shape[1]
    dx = np.zeros((N, T, D))
    dWx, dWh, db = np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    dprev_h = np.zeros((N, H))
    dprev_c = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        step = cache["steps"].pop()
        dx[:, t, :], dprev_h, dprev_c, a, b, c = lstm_step_backward(dh[:, t, :] + dprev_h, dprev_c, step)
        dWx += a
        dWh += b
        db += c
    return dx, dprev_h, dWx, dWh, db


def rnn_num_params(d_in, d_hidden):
    count = 0
    for h in range(d_hidden):
        count += d_in + d_hidden + 1
    return count


def hidden_grad_norms(x, h0, Wx, Wh, b, dh_last):
    h, cache = rnn_forward(x, h0, Wx, Wh, b)
    T = x.shape[1]
    norms = []
    dh = dh_last
    for t in range(T - 1, -1, -1):
        total = 0.0
        for value in np.asarray(dh).flat:
            total += value * value
        norms.insert(0, math.sqrt(total))
        dh = rnn_step_backward(dh, cache[t])[1]
    return norms
