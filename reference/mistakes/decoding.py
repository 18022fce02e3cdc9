"""Known mistakes in decoding one token at a time with a cache of keys and values."""

import numpy as np

from autograder.mistake import mistake_of

from ..attention import attention_forward, decode_step


def _one(vectors):
    return np.array(vectors)[:, None]


def _extended(k_t, v_t, kv_cache):
    """Keys and values so far, (N, t, d_k) and (N, t, d_v), with the newest at the end."""
    newest = _one(k_t), _one(v_t)
    if kv_cache is None:
        return newest
    return tuple(np.concatenate(pair, axis=1) for pair in zip(kv_cache, newest, strict=True))


def _attend(q_t, keys, values):
    return attention_forward(_one(q_t), keys, values)[0][:, 0]


@mistake_of(
    "decode_step",
    says="the new key and value are used once but not kept for the next steps",
    remedy="return a cache to which the new key and value are appended, at every step",
)
def decode_step_that_keeps_the_first_token_alone(q_t, k_t, v_t, kv_cache=None):
    keys, values = _extended(k_t, v_t, kv_cache)
    return _attend(q_t, keys, values), (keys, values) if kv_cache is None else kv_cache


@mistake_of(
    "decode_step",
    says="only the newest key and value are kept, and all earlier ones are overwritten",
    remedy="append the new key and value to those of all earlier steps",
)
def decode_step_that_keeps_the_last_token_alone(q_t, k_t, v_t, kv_cache=None):
    return _attend(q_t, *_extended(k_t, v_t, kv_cache)), (_one(k_t), _one(v_t))


@mistake_of(
    "decode_step",
    says="earlier keys and values are ignored: the token attends to itself only",
    remedy="attend to everything in the cache, and to the new token",
)
def decode_step_without_the_past(q_t, k_t, v_t, kv_cache=None):
    return _attend(q_t, _one(k_t), _one(v_t)), _extended(k_t, v_t, kv_cache)


@mistake_of(
    "decode_step",
    says="the new key and value are appended after the attention, so that a token does not see itself",
    remedy="append the new key and value first, then attend",
)
def decode_step_without_the_present(q_t, k_t, v_t, kv_cache=None):
    extended = _extended(k_t, v_t, kv_cache)
    return _attend(q_t, *(extended if kv_cache is None else kv_cache)), extended


@mistake_of(
    "decode_step",
    says="new keys are added at one end of the cache and new values at the other",
    remedy="keep keys and values in the same order, so that each value stays with its key",
)
def decode_step_with_values_in_another_order(q_t, k_t, v_t, kv_cache=None):
    keys, values = _extended(k_t, v_t, kv_cache)
    values = np.concatenate((values[:, -1:], values[:, :-1]), axis=1)
    return _attend(q_t, keys, values), (keys, values)


@mistake_of(
    "decode_step",
    says="the keys of all sequences of the batch lie in one list, so that sequences see each other",
    remedy="append along a time axis of its own, and keep the batch axis apart",
)
def decode_step_with_sequences_mixed(q_t, k_t, v_t, kv_cache=None):
    keys, values = np.array(k_t), np.array(v_t)
    if kv_cache is not None:
        keys, values = np.concatenate((kv_cache[0], keys)), np.concatenate((kv_cache[1], values))
    return attention_forward(q_t, keys, values)[0], (keys, values)


@mistake_of(
    "decode_step",
    says="the scores are not divided by the root of d_k",
    remedy="divide the scores by the root of the key size, as in the attention over the whole sequence",
)
def decode_step_without_scale(q_t, k_t, v_t, kv_cache=None):
    return decode_step(np.sqrt(q_t.shape[-1]) * q_t, k_t, v_t, kv_cache)


@mistake_of(
    "decode_step",
    says="the scores are divided by d_k rather than by its square root",
    remedy="take the square root of the key size",
)
def decode_step_divided_by_d_k(q_t, k_t, v_t, kv_cache=None):
    return decode_step(q_t / np.sqrt(q_t.shape[-1]), k_t, v_t, kv_cache)


@mistake_of(
    "decode_step",
    says="the query is kept in the cache in place of the key",
    remedy="keep keys and values: a query is needed at its own step only",
)
def decode_step_that_keeps_queries(q_t, k_t, v_t, kv_cache=None):
    out, _ = decode_step(q_t, k_t, v_t, kv_cache)
    return out, _extended(q_t, v_t, kv_cache)


@mistake_of(
    "decode_step",
    says="out is the plain mean of the values so far",
    remedy="weight the values by the softmax of the scores of the new query",
)
def decode_step_with_equal_weights(q_t, k_t, v_t, kv_cache=None):
    return decode_step(0 * q_t, k_t, v_t, kv_cache)
