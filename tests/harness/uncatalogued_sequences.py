"""Uncatalogued mistakes in optimisation, recurrent layers, attention and the tokenizer."""

import numpy as np

from reference import attention, optim, rnn_layers, tokenizer
from reference.layers import softmax
from tests.harness.uncatalogued import wrong


@wrong("sgd", told="")
def sgd_with_weight_decay(w, dw, config=None):
    after, config = optim.sgd(w, dw, config)
    return after - config["learning_rate"] * w, config


@wrong("sgd", told="kind")
def sgd_without_config(w, dw, config=None):
    return optim.sgd(w, dw, config)[0]


@wrong("sgd", told="")
def sgd_with_the_mean_gradient(w, dw, config=None):
    return optim.sgd(w, np.full_like(dw, dw.mean()), config)


@wrong("gradient_descent", told="")
def gradient_descent_from_w0_at_every_step(A, w0, learning_rate, steps):
    path = [w0]
    for _ in range(steps):
        path.append(w0 - learning_rate * (A @ path[-1]))
    return np.array(path)


@wrong("gradient_descent", told="")
def gradient_descent_with_momentum(A, w0, learning_rate, steps):
    path, velocity = [w0], np.zeros_like(w0)
    for _ in range(steps):
        velocity = 0.9 * velocity - learning_rate * (A @ path[-1])
        path.append(path[-1] + velocity)
    return np.array(path)


@wrong("gradient_descent", told="pattern")
def gradient_descent_path_as_columns(A, w0, learning_rate, steps):
    return optim.gradient_descent(A, w0, learning_rate, steps).T


@wrong("largest_stable_learning_rate", told="pattern")
def largest_stable_learning_rate_under_a_root(A):
    return float(np.sqrt(2 / np.linalg.eigvalsh(A).max()))


@wrong("clip_grad_norm", told="pattern")
def clip_grad_norm_with_the_root_mean_square(grads, max_norm):
    count = sum(grad.size for grad in grads)
    norm = float(np.sqrt(sum((grad**2).sum() for grad in grads) / count))
    return [grad * min(1.0, max_norm / norm) if norm else grad for grad in grads], norm


@wrong("clip_grad_norm", told="pattern")
def clip_grad_norm_in_place(grads, max_norm):
    clipped, norm = optim.clip_grad_norm(grads, max_norm)
    for grad, new in zip(grads, clipped, strict=True):
        grad[...] = new
    return grads, norm


@wrong("clip_grad_norm", told="pattern")
def clip_grad_norm_with_the_largest_norm_of_an_array(grads, max_norm):
    norm = max(float(np.linalg.norm(grad)) for grad in grads)
    return [grad * min(1.0, max_norm / norm) if norm else grad for grad in grads], norm


@wrong("rnn_step_forward", told="")
def rnn_step_forward_bias_subtracted(x, prev_h, Wx, Wh, b):
    return rnn_layers.rnn_step_forward(x, prev_h, Wx, Wh, -b)


@wrong("rnn_step_forward", told="")
def rnn_step_forward_terms_multiplied(x, prev_h, Wx, Wh, b):
    next_h = np.tanh((x @ Wx) * (prev_h @ Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


@wrong("rnn_step_backward", told="pattern")
def rnn_step_backward_weight_gradients_swapped(dnext_h, cache):
    dx, dprev_h, dWx, dWh, db = rnn_layers.rnn_step_backward(dnext_h, cache)
    return dx, dprev_h, dWh, dWx, db


@wrong("rnn_step_backward", told="pattern")
def rnn_step_backward_dx_negative(dnext_h, cache):
    dx, *others = rnn_layers.rnn_step_backward(dnext_h, cache)
    return -dx, *others


@wrong("rnn_forward", told="pattern")
def rnn_forward_with_the_initial_state_in_front(x, h0, Wx, Wh, b):
    h, cache = rnn_layers.rnn_forward(x, h0, Wx, Wh, b)
    return np.concatenate((h0[:, None], h), axis=1), cache


@wrong("rnn_forward", told="pattern")
def rnn_forward_last_state_at_every_step(x, h0, Wx, Wh, b):
    h, cache = rnn_layers.rnn_forward(x, h0, Wx, Wh, b)
    return np.repeat(h[:, -1:], h.shape[1], axis=1), cache


@wrong("rnn_forward", told="crash")
def rnn_forward_one_step_too_far(x, h0, Wx, Wh, b):
    h, states = h0, []
    for t in range(x.shape[1] + 1):
        h, _ = rnn_layers.rnn_step_forward(x[:, t], h, Wx, Wh, b)
        states.append(h)
    return np.stack(states, axis=1), []


@wrong("rnn_backward", told="pattern")
def rnn_backward_weight_gradients_averaged_over_the_batch(dh, cache):
    dx, dh0, *of_parameters = rnn_layers.rnn_backward(dh, cache)
    return dx, dh0, *(gradient / len(dh) for gradient in of_parameters)


@wrong("lstm_step_forward", told="pattern")
def lstm_step_forward_states_swapped(x, prev_h, prev_c, Wx, Wh, b):
    next_h, next_c, cache = rnn_layers.lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    return next_c, next_h, cache


@wrong("lstm_step_forward", told="pattern")
def lstm_step_forward_forgets_what_it_does_not_write(x, prev_h, prev_c, Wx, Wh, b):
    *_, cache = rnn_layers.lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    i, _, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, o, g = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-o)), np.tanh(g)
    next_c = (1 - i) * prev_c + i * g
    return o * np.tanh(next_c), next_c, cache


@wrong("lstm_step_forward", told="")
def lstm_step_forward_gates_through_tanh(x, prev_h, prev_c, Wx, Wh, b):
    i, f, o, g = np.split(np.tanh(x @ Wx + prev_h @ Wh + b), 4, axis=1)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    return o * tanh_c, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)


@wrong("lstm_step_backward", told="pattern")
def lstm_step_backward_dx_and_dprev_h_swapped(dnext_h, dnext_c, cache):
    dx, dprev_h, *others = rnn_layers.lstm_step_backward(dnext_h, dnext_c, cache)
    return dprev_h, dx, *others


@wrong("lstm_forward", told="")
def lstm_forward_from_a_cell_state_of_ones(x, h0, Wx, Wh, b):
    h, c, states, caches = h0, np.ones_like(h0), [], []
    for t in range(x.shape[1]):
        h, c, cache = rnn_layers.lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


@wrong("lstm_backward", told="pattern")
def lstm_backward_db_twice_as_large(dh, cache):
    *others, db = rnn_layers.lstm_backward(dh, cache)
    return *others, 2 * db


@wrong("hidden_grad_norms", told="pattern")
def hidden_grad_norms_relative_to_the_last(x, h0, Wx, Wh, b, dh_last):
    norms = rnn_layers.hidden_grad_norms(x, h0, Wx, Wh, b, dh_last)
    return norms / norms[-1]


@wrong("hidden_grad_norms", told="pattern")
def hidden_grad_norms_added_up(x, h0, Wx, Wh, b, dh_last):
    return np.cumsum(rnn_layers.hidden_grad_norms(x, h0, Wx, Wh, b, dh_last))


@wrong("attention_forward", told="")
def attention_forward_weights_returned(q, k, v, mask=None):
    _, cache = attention.attention_forward(q, k, v, mask)
    return cache[-1], cache


@wrong("attention_forward", told="pattern")
def attention_forward_hidden_scores_of_minus_1(q, k, v, mask=None):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -1.0))
    return weights @ v, (q, k, v, weights)


@wrong("attention_forward", told="kind")
def attention_forward_with_dropout(q, k, v, mask=None):
    _, (q, k, v, weights) = attention.attention_forward(q, k, v, mask)
    dropped = weights * (np.random.default_rng().random(weights.shape) > 0.5)
    return dropped @ v, (q, k, v, weights)


@wrong("attention_forward", told="crash")
def attention_forward_keys_not_transposed(q, k, v, mask=None):
    weights = softmax(q @ k / np.sqrt(q.shape[-1]))
    return weights @ v, (q, k, v, weights)


@wrong("attention_backward", told="pattern")
def attention_backward_dq_and_dk_swapped(dout, cache):
    dq, dk, dv = attention.attention_backward(dout, cache)
    return dk, dq, dv


@wrong("attention_backward", told="pattern")
def attention_backward_dv_negative(dout, cache):
    dq, dk, dv = attention.attention_backward(dout, cache)
    return dq, dk, -dv


@wrong("causal_mask", told="pattern")
def causal_mask_of_two_tokens(T):
    return np.tril(np.ones((T, T), dtype=bool)) & ~np.tril(np.ones((T, T), dtype=bool), -2)


@wrong("causal_mask", told="kind")
def causal_mask_of_floats(T):
    return np.tril(np.ones((T, T)))


@wrong("causal_mask", told="pattern")
def causal_mask_of_the_diagonal(T):
    return np.eye(T, dtype=bool)


@wrong("multi_head_attention_forward", told="")
def multi_head_attention_forward_heads_in_reverse(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    q, k, v = (attention._split_heads(x @ W, num_heads) for W in (Wq, Wk, Wv))
    heads, cache = attention.attention_forward(q, k, v, mask)
    heads = attention._merge_heads(heads[:, ::-1])
    return heads @ Wo, (x, Wq, Wk, Wv, Wo, heads, num_heads, cache)


@wrong("multi_head_attention_forward", told="pattern")
def multi_head_attention_forward_queries_and_keys_swapped(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return attention.multi_head_attention_forward(x, Wk, Wq, Wv, Wo, num_heads, mask)


@wrong("multi_head_attention_backward", told="pattern")
def multi_head_attention_backward_key_gradient_for_the_values(dout, cache):
    dx, dWq, dWk, _, dWo = attention.multi_head_attention_backward(dout, cache)
    return dx, dWq, dWk, dWk, dWo


@wrong("positional_encoding", told="pattern")
def positional_encoding_transposed(T, d):
    return attention.positional_encoding(T, d).T


@wrong("positional_encoding", told="pattern")
def positional_encoding_in_degrees(T, d):
    column = np.arange(d)
    angles = np.deg2rad(np.arange(T)[:, None] / 10000 ** ((column - column % 2) / d))
    return np.where(column % 2 == 0, np.sin(angles), np.cos(angles))


_kept = []


@wrong("decode_step", told="kind")
def decode_step_that_keeps_tokens_in_a_global(q_t, k_t, v_t, kv_cache=None):
    fitting = [pair for pair in _kept if pair[0].shape == k_t.shape and pair[1].shape == v_t.shape]
    _kept.append((k_t.copy(), v_t.copy()))
    keys, values = (np.stack(each, axis=1) for each in zip(*fitting, (k_t, v_t), strict=True))
    out, _ = attention.attention_forward(q_t[:, None], keys, values)
    return out[:, 0], None


@wrong("decode_step", told="")
def decode_step_with_the_key_for_the_query(q_t, k_t, v_t, kv_cache=None):
    return attention.decode_step(k_t, k_t, v_t, kv_cache)


@wrong("decode_step", told="pattern")
def decode_step_with_a_token_axis(q_t, k_t, v_t, kv_cache=None):
    out, kv_cache = attention.decode_step(q_t, k_t, v_t, kv_cache)
    return out[:, None], kv_cache


@wrong("tokenize", told="kind")
def tokenize_into_one_text(text, vocab):
    return " ".join(map(str, tokenizer.tokenize(text, vocab)))


@wrong("tokenize", told="pattern")
def tokenize_sorted(text, vocab):
    return sorted(tokenizer.tokenize(text, vocab))


@wrong("tokenize", told="")
def tokenize_two_tokens_ahead(text, vocab):
    """Of the pairs of entries that fit, the longest, and of those the one with the longer first entry."""
    ids, position = [], 0
    while position < len(text):
        fitting = [entry for entry in vocab if entry and text.startswith(entry, position)]
        if not fitting:
            raise ValueError(f"nothing fits at {position}")
        reach = {}
        for entry in fitting:
            behind = position + len(entry)
            after = [len(other) for other in vocab if other and text.startswith(other, behind)]
            reach[entry] = (len(entry) + max(after, default=0), len(entry))
        entry = max(fitting, key=reach.get)
        ids.append(vocab[entry])
        position += len(entry)
    return ids


@wrong("tokenize", told="")
def tokenize_last_entry_that_fits(text, vocab):
    ids, position = [], 0
    while position < len(text):
        fitting = [entry for entry in vocab if entry and text.startswith(entry, position)]
        if not fitting:
            raise ValueError(f"nothing fits at {position}")
        ids.append(vocab[fitting[-1]])
        position += len(fitting[-1])
    return ids


@wrong("detokenize", told="")
def detokenize_in_reverse(ids, vocab):
    return tokenizer.detokenize(list(ids)[::-1], vocab)


@wrong("detokenize", told="crash")
def detokenize_looks_up_ids_among_tokens(ids, vocab):
    return "".join(vocab[token_id] for token_id in ids)
