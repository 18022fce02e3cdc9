"""Recurrent layers: the vanilla RNN, the LSTM, and what happens to gradients through time.

N batch, T time steps, D features in, H hidden units.
A forward function returns its outputs and a cache: whatever the matching backward function needs.
A backward function takes the upstream gradient first, then that cache.
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One time step of a vanilla RNN: the hidden state after x, through tanh.

    x: (N, D) inputs of this step; prev_h: (N, H) hidden state before it;
    Wx: (D, H) input weights; Wh: (H, H) recurrent weights; b: (H,) biases.
    Returns next_h (N, H) and cache.
    Source: exam 1.5; CS231n, assignment 3.
    """
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    """Gradients of one time step of a vanilla RNN.

    dnext_h: (N, H) upstream gradient of next_h; cache: from rnn_step_forward.
    Returns dx (N, D), dprev_h (N, H), dWx (D, H), dWh (H, H) and db (H,).
    Source: exam 1.5; CS231n, assignment 3.
    """
    x, prev_h, Wx, Wh, next_h = cache
    dscores = dnext_h * (1 - next_h**2)
    return dscores @ Wx.T, dscores @ Wh.T, x.T @ dscores, prev_h.T @ dscores, dscores.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    """Vanilla RNN over whole sequences.

    x: (N, T, D) inputs; h0: (N, H) hidden state before the first step;
    Wx: (D, H) input weights; Wh: (H, H) recurrent weights; b: (H,) biases.
    Returns h (N, T, H), the hidden state after every step, and cache.
    Source: exam 1.5; CS231n, assignment 3.
    """
    h, hidden_states, step_caches = h0, [], []
    for t in range(x.shape[1]):
        h, step_cache = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        hidden_states.append(h)
        step_caches.append(step_cache)
    return np.stack(hidden_states, axis=1), step_caches


def rnn_backward(dh, cache):
    """Gradients of a vanilla RNN over whole sequences.

    dh: (N, T, H) upstream gradient of every step's hidden state, which does not include what reaches that
    state through later steps; cache: from rnn_forward.
    Returns dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H) and db (H,).
    Source: exam 1.5; CS231n, assignment 3.
    """
    dx, dprev_h, dWx, dWh, db = [], 0, 0, 0, 0
    for t in reversed(range(len(cache))):
        dx_t, dprev_h, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t] + dprev_h, cache[t])
        dx.append(dx_t)
        dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return np.stack(dx[::-1], axis=1), dprev_h, dWx, dWh, db


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """One time step of an LSTM.

    x: (N, D) inputs of this step; prev_h, prev_c: (N, H) hidden and cell state before it;
    Wx: (D, 4H) input weights; Wh: (H, 4H) recurrent weights; b: (4H,) biases.
    The 4H columns are, H each and in this order, the input gate i, the forget gate f and the output gate o,
    all sigmoid, and the candidate g, tanh.
    Returns next_h (N, H), next_c (N, H) and cache.
    Source: exam 1.5, option C; CS231n, assignment 3.
    """
    *gate_scores, g_scores = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o = (_sigmoid(scores) for scores in gate_scores)
    g = np.tanh(g_scores)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    return o * tanh_c, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    """Gradients of one time step of an LSTM.

    dnext_h: (N, H) upstream gradient of next_h; dnext_c: (N, H) upstream gradient of next_c, which does not
    include what reaches next_c through next_h; cache: from lstm_step_forward.
    Returns dx (N, D), dprev_h (N, H), dprev_c (N, H), dWx (D, 4H), dWh (H, 4H) and db (4H,).
    Source: exam 1.5; CS231n, assignment 3.
    """
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c = cache
    dc = dnext_c + dnext_h * o * (1 - tanh_c**2)
    dscores = np.concatenate(
        (
            dc * g * i * (1 - i),
            dc * prev_c * f * (1 - f),
            dnext_h * tanh_c * o * (1 - o),
            dc * i * (1 - g**2),
        ),
        axis=1,
    )
    return dscores @ Wx.T, dscores @ Wh.T, dc * f, x.T @ dscores, prev_h.T @ dscores, dscores.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    """LSTM over whole sequences; the cell state before the first step is zero.

    x: (N, T, D) inputs; h0: (N, H) hidden state before the first step;
    Wx: (D, 4H) input weights; Wh: (H, 4H) recurrent weights; b: (4H,) biases, with the columns of
    lstm_step_forward.
    Returns h (N, T, H), the hidden state after every step, and cache.
    Source: exam 1.5; CS231n, assignment 3.
    """
    h, c, hidden_states, step_caches = h0, np.zeros_like(h0), [], []
    for t in range(x.shape[1]):
        h, c, step_cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        hidden_states.append(h)
        step_caches.append(step_cache)
    return np.stack(hidden_states, axis=1), step_caches


def lstm_backward(dh, cache):
    """Gradients of an LSTM over whole sequences.

    dh: (N, T, H) upstream gradient of every step's hidden state, which does not include what reaches that
    state through later steps; cache: from lstm_forward.
    Returns dx (N, T, D), dh0 (N, H), dWx (D, 4H), dWh (H, 4H) and db (4H,).
    Source: exam 1.5; CS231n, assignment 3.
    """
    dx, dprev_h, dprev_c, dWx, dWh, db = [], 0, 0, 0, 0, 0
    for t in reversed(range(len(cache))):
        gradients = lstm_step_backward(dh[:, t] + dprev_h, dprev_c, cache[t])
        dx_t, dprev_h, dprev_c, dWx_t, dWh_t, db_t = gradients
        dx.append(dx_t)
        dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return np.stack(dx[::-1], axis=1), dprev_h, dWx, dWh, db


def rnn_num_params(d_in, d_hidden):
    """Number of learnable parameters of a vanilla RNN: Wx, Wh and b.

    d_in: features of one time step; d_hidden: hidden units.
    Returns an int.
    Source: quiz 1.4.
    """
    return d_hidden * (d_in + d_hidden + 1)


def hidden_grad_norms(x, h0, Wx, Wh, b, dh_last):
    """How large the gradient of the loss is at each hidden state of a vanilla RNN.

    x, h0, Wx, Wh, b: as for rnn_forward; dh_last: (N, H) upstream gradient of the last hidden state, the
    only one that the loss depends on directly.
    Returns norms (T,): norms[t] is the Frobenius norm, over the whole batch, of the gradient of the loss
    with respect to h[:, t], so that norms[T - 1] is the norm of dh_last.
    Source: exam 4.1 and 4.2.
    """
    _, step_caches = rnn_forward(x, h0, Wx, Wh, b)
    dh, norms = dh_last, []
    for step_cache in reversed(step_caches):
        norms.append(np.linalg.norm(dh))
        _, dh, *_ = rnn_step_backward(dh, step_cache)
    return np.array(norms[::-1])


def _sigmoid(z):
    # 1 / (1 + exp(-z)) in a form that overflows for no z.
    return (1 + np.tanh(z / 2)) / 2
