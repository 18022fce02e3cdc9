"""The answer key's attention agrees with torch's, forwards and backwards, and keeps attention's promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.func import functional_call
from torch.nn.functional import scaled_dot_product_attention

from reference import attention
from tests.harness.torch_oracle import (
    assert_close,
    assert_unchanged,
    generator,
    gradients,
    outputs,
    to_tensor,
)

# Leading dimensions, T, S, d_k, d_v: none, one and two leading dimensions; S on either side of T; sizes of 1.
ATTENTION = [
    ((), 1, 1, 1, 1),
    ((), 3, 5, 2, 4),
    ((1,), 4, 2, 3, 1),
    ((2,), 1, 4, 5, 3),
    ((3,), 4, 4, 1, 2),
    ((2, 3), 3, 1, 4, 5),
    ((1, 2), 2, 6, 3, 3),
]
# Leading dimensions, T, S and the shape of a mask that broadcasts to them.
MASKS = [
    ((), 3, 4, (3, 4)),
    ((2,), 3, 4, (3, 4)),
    ((2,), 3, 4, (1, 4)),
    ((2,), 3, 4, (4,)),
    ((2,), 3, 4, (2, 1, 4)),
    ((2,), 3, 4, (2, 3, 4)),
    ((2, 3), 4, 5, (4, 5)),
    ((2, 3), 4, 5, (2, 1, 1, 5)),
    ((2, 3), 4, 5, (2, 1, 4, 5)),
    ((2, 3), 4, 5, (3, 4, 5)),
]
# N, T, D, number of heads.
MULTI_HEAD = [
    (1, 1, 1, 1),
    (1, 3, 4, 1),
    (2, 1, 4, 2),
    (2, 5, 6, 3),
    (3, 4, 6, 2),
    (2, 3, 4, 4),
    (3, 2, 12, 4),
]


def attention_inputs(leading, T, S, d_k, d_v) -> list[np.ndarray]:
    rng = generator(*leading, T, S, d_k, d_v)
    return [rng.normal(size=(*leading, *shape)) for shape in ((T, d_k), (S, d_k), (S, d_v))]


def upstream_like(array: np.ndarray) -> np.ndarray:
    return generator(*array.shape).normal(size=array.shape)


def random_mask(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """A boolean mask with at least one True in every row."""
    rng = generator(seed, *shape)
    mask = rng.random(shape) < 0.4
    np.put_along_axis(mask, rng.integers(shape[-1], size=(*shape[:-1], 1)), True, axis=-1)
    return mask


def torch_attention(mask: np.ndarray | None):
    attn_mask = None if mask is None else torch.from_numpy(mask)
    return lambda q, k, v: scaled_dot_product_attention(q, k, v, attn_mask=attn_mask)


def assert_attention_agrees_with_torch(inputs: list[np.ndarray], mask: np.ndarray | None) -> None:
    out, cache = assert_unchanged(attention.attention_forward, *inputs, mask)
    assert_close(out, outputs(torch_attention(mask), inputs))
    upstream = upstream_like(out)
    actual = assert_unchanged(attention.attention_backward, upstream, cache)
    assert_close(actual, gradients(torch_attention(mask), inputs, upstream))


@pytest.mark.parametrize("sizes", ATTENTION, ids=str)
def test_attention_agrees_with_torch(sizes):
    assert_attention_agrees_with_torch(attention_inputs(*sizes), None)


@pytest.mark.parametrize(("leading", "T", "S", "mask_shape"), MASKS, ids=str)
def test_masked_attention_agrees_with_torch_for_every_mask_that_broadcasts(leading, T, S, mask_shape):
    assert_attention_agrees_with_torch(attention_inputs(leading, T, S, 3, 2), random_mask(mask_shape))


@pytest.mark.parametrize("leading", [(), (2,), (2, 3)], ids=str)
def test_causal_attention_agrees_with_torch(leading):
    q, k, v = attention_inputs(leading, 5, 5, 3, 2)
    out, _ = attention.attention_forward(q, k, v, attention.causal_mask(5))
    assert_close(out, outputs(lambda *qkv: scaled_dot_product_attention(*qkv, is_causal=True), (q, k, v)))


def test_a_masked_key_has_a_weight_and_gradients_of_exactly_zero():
    q, k, _ = attention_inputs((2,), 4, 5, 3, 5)
    mask = random_mask((4, 5))
    mask[:, 2] = False
    mask[:, 3] = True
    values_that_show_the_weights = np.broadcast_to(np.eye(5), (2, 5, 5))
    weights, cache = attention.attention_forward(q, k, values_that_show_the_weights, mask)
    assert np.array_equal(weights != 0, np.broadcast_to(mask, weights.shape))
    _, dk, dv = attention.attention_backward(upstream_like(weights), cache)
    assert np.all(dk[:, 2] == 0)
    assert np.all(dv[:, 2] == 0)


def test_what_a_masked_key_and_its_value_hold_does_not_matter():
    q, k, v = attention_inputs((2,), 4, 5, 3, 2)
    mask = np.arange(5) != 2
    before, _ = attention.attention_forward(q, k, v, mask)
    k[:, 2], v[:, 2] = 1e200, -1e200
    after, _ = attention.attention_forward(q, k, v, mask)
    assert np.array_equal(before, after)


def test_scores_of_any_size_give_finite_attention():
    inputs = attention_inputs((2,), 3, 4, 5, 2)
    inputs[0] *= 1e4
    assert_attention_agrees_with_torch(inputs, random_mask((3, 4)))


@pytest.mark.parametrize("T", [1, 2, 5])
def test_a_token_may_attend_to_itself_and_to_earlier_tokens_only(T):
    mask = attention.causal_mask(T)
    assert mask.dtype == bool
    assert mask.tolist() == [[key <= query for key in range(T)] for query in range(T)]


def multi_head_inputs(N, T, D) -> list[np.ndarray]:
    rng = generator(N, T, D)
    return [rng.normal(size=(N, T, D)), *rng.normal(scale=0.7, size=(4, D, D))]


def torch_multi_head(num_heads: int, mask: np.ndarray | None = None):
    """torch.nn.MultiheadAttention, in whose masks True means that a query may *not* attend to a key."""

    def function(x, Wq, Wk, Wv, Wo):
        N, T, D = x.shape
        forbidden = None
        if mask is not None:
            forbidden = ~torch.from_numpy(mask).expand(N, num_heads, T, T).reshape(N * num_heads, T, T)
        module = torch.nn.MultiheadAttention(D, num_heads, bias=False, batch_first=True, dtype=torch.float64)
        parameters = {"in_proj_weight": torch.cat([Wq.T, Wk.T, Wv.T]), "out_proj.weight": Wo.T}
        keywords = {"attn_mask": forbidden, "need_weights": False}
        return functional_call(module, parameters, (x, x, x), keywords)[0]

    return function


def assert_multi_head_agrees_with_torch(inputs, num_heads: int, mask: np.ndarray | None) -> None:
    out, cache = assert_unchanged(attention.multi_head_attention_forward, *inputs, num_heads, mask)
    assert_close(out, outputs(torch_multi_head(num_heads, mask), inputs))
    upstream = upstream_like(out)
    actual = assert_unchanged(attention.multi_head_attention_backward, upstream, cache)
    assert_close(actual, gradients(torch_multi_head(num_heads, mask), inputs, upstream))


@pytest.mark.parametrize(("N", "T", "D", "num_heads"), MULTI_HEAD)
def test_multi_head_attention_agrees_with_torch(N, T, D, num_heads):
    assert_multi_head_agrees_with_torch(multi_head_inputs(N, T, D), num_heads, None)


@pytest.mark.parametrize(("N", "T", "D", "num_heads"), MULTI_HEAD)
def test_causal_multi_head_attention_agrees_with_torch(N, T, D, num_heads):
    assert_multi_head_agrees_with_torch(multi_head_inputs(N, T, D), num_heads, attention.causal_mask(T))


@pytest.mark.parametrize(
    "mask_shape", [(4, 4), (1, 4), (2, 1, 4, 4), (2, 1, 1, 4), (3, 4, 4), (2, 3, 4, 4)], ids=str
)
def test_masks_of_a_sequence_or_of_a_head_agree_with_torch(mask_shape):
    assert_multi_head_agrees_with_torch(multi_head_inputs(2, 4, 6), 3, random_mask(mask_shape))


@pytest.mark.parametrize("num_heads", [1, 2, 3])
def test_permuting_the_tokens_permutes_the_outputs(num_heads):
    x, *weights = multi_head_inputs(2, 5, 6)
    order = generator(num_heads).permutation(5)
    out, _ = attention.multi_head_attention_forward(x, *weights, num_heads)
    permuted, _ = attention.multi_head_attention_forward(x[:, order], *weights, num_heads)
    assert_close(permuted, out[:, order])


def test_positions_tell_two_equal_tokens_apart():
    x, *weights = multi_head_inputs(1, 5, 6)
    x[:, 4] = x[:, 1]
    without, _ = attention.multi_head_attention_forward(x, *weights, 2)
    assert_close(without[:, 4], without[:, 1])
    positioned, _ = attention.multi_head_attention_forward(
        x + attention.positional_encoding(5, 6), *weights, 2
    )
    assert np.abs(positioned[:, 4] - positioned[:, 1]).max() > 0.01


def torch_positional_encoding(T: int, d: int) -> np.ndarray:
    """As in torch's tutorials: frequencies as exponentials, sines and cosines stored by turns."""
    position = torch.arange(T, dtype=torch.float64)[:, None]
    frequency = torch.exp(torch.arange(0, d, 2, dtype=torch.float64) * (-math.log(10000.0) / d))
    encoding = torch.zeros(T, d, dtype=torch.float64)
    encoding[:, 0::2] = torch.sin(position * frequency)
    encoding[:, 1::2] = torch.cos(position * frequency)[:, : d // 2]
    return encoding.numpy()


@pytest.mark.parametrize(("T", "d"), [(1, 1), (1, 4), (3, 1), (4, 2), (6, 5), (5, 8), (50, 7), (100, 64)])
def test_positional_encodings_agree_with_torch_for_even_and_odd_widths(T, d):
    assert_close(attention.positional_encoding(T, d), torch_positional_encoding(T, d))


def test_the_inner_product_of_two_encodings_depends_on_their_distance_alone():
    encoding = attention.positional_encoding(12, 10)
    products = encoding @ encoding.T
    for distance in range(12):
        diagonal = np.diagonal(products, distance)
        assert_close(diagonal, np.full(12 - distance, diagonal[0]))


@pytest.mark.parametrize(
    ("N", "T", "d_k", "d_v"), [(1, 1, 1, 1), (1, 4, 3, 2), (3, 1, 2, 4), (2, 6, 3, 5), (4, 5, 6, 1)]
)
def test_decoding_step_by_step_equals_torch_s_causal_attention_row_by_row(N, T, d_k, d_v):
    q, k, v = attention_inputs((N,), T, T, d_k, d_v)
    expected = scaled_dot_product_attention(*map(to_tensor, (q, k, v)), is_causal=True).numpy()
    kv_cache = None
    for t in range(T):
        out, kv_cache = assert_unchanged(attention.decode_step, q[:, t], k[:, t], v[:, t], kv_cache)
        assert_close(out, expected[:, t])


def test_one_kv_cache_can_be_continued_in_two_ways():
    q, k, v = attention_inputs((2,), 3, 3, 4, 5)
    _, shared = attention.decode_step(q[:, 0], k[:, 0], v[:, 0])
    for t in (1, 2):
        out, _ = attention.decode_step(q[:, t], k[:, t], v[:, t], shared)
        expected, _ = attention.attention_forward(q[:, [t]], k[:, [0, t]], v[:, [0, t]])
        assert_close(out, expected[:, 0])


def test_a_kv_cache_keeps_its_keys_and_values_when_the_caller_reuses_the_arrays():
    q, k, v = attention_inputs((2,), 2, 2, 4, 5)
    key, value = k[:, 0].copy(), v[:, 0].copy()
    _, kv_cache = attention.decode_step(q[:, 0], key, value)
    key[:], value[:] = k[:, 1], v[:, 1]
    out, _ = attention.decode_step(q[:, 1], key, value, kv_cache)
    expected = scaled_dot_product_attention(*map(to_tensor, (q, k, v)), is_causal=True).numpy()
    assert_close(out, expected[:, 1])
