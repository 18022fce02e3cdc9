"""Known mistakes in multi-head self-attention, forward."""

import numpy as np

from autograder.mistake import mistake_of

from ..attention import attention_forward, multi_head_attention_forward
from .attention import (
    attention_forward_mask_added_as_0_and_1,
    attention_forward_mask_inverted,
    attention_forward_softmax_over_the_queries,
    attention_forward_with_equal_weights,
    attention_forward_without_scale,
)


def _split(x, num_heads):
    N, T, D = x.shape
    return x.reshape(N, T, num_heads, D // num_heads).swapaxes(1, 2)


def _merge(heads):
    N, num_heads, T, width = heads.shape
    return heads.swapaxes(1, 2).reshape(N, T, num_heads * width)


def _multi_head(x, weights, num_heads, mask, split=_split, attend=attention_forward, merge=_merge):
    Wq, Wk, Wv, Wo = weights
    heads, attention_cache = attend(*(split(x @ W, num_heads) for W in (Wq, Wk, Wv)), mask)
    heads = merge(heads)
    return heads @ Wo, (x, Wq, Wk, Wv, Wo, heads, num_heads, attention_cache)


@mistake_of(
    "multi_head_attention_forward",
    says="the heads are split by a reshape alone, which mixes tokens with columns",
    remedy="reshape the columns into heads first, then swap the axes of tokens and heads",
)
def multi_head_attention_forward_split_without_transpose(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    def split(projection, num_heads):
        N, T, D = projection.shape
        return projection.reshape(N, num_heads, T, D // num_heads)

    return _multi_head(
        x, (Wq, Wk, Wv, Wo), num_heads, mask, split, merge=lambda heads: heads.reshape(x.shape)
    )


@mistake_of(
    "multi_head_attention_forward",
    says="the heads are put together by a reshape alone, which mixes heads with tokens",
    remedy="swap the axes of heads and tokens back before you reshape",
)
def multi_head_attention_forward_merged_without_transpose(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, merge=lambda heads: heads.reshape(x.shape))


@mistake_of(
    "multi_head_attention_forward",
    says="a head takes every num_heads-th column rather than columns next to each other",
    remedy="give head h the block of columns from h D/num_heads up to (h + 1) D/num_heads",
)
def multi_head_attention_forward_with_interleaved_heads(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    def split(projection, num_heads):
        N, T, D = projection.shape
        return projection.reshape(N, T, D // num_heads, num_heads).transpose(0, 3, 1, 2)

    def merge(heads):
        return heads.transpose(0, 2, 3, 1).reshape(x.shape)

    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, split, merge=merge)


@mistake_of(
    "multi_head_attention_forward",
    says="the scale is the root of D, the width of all heads together",
    remedy="divide by the root of one head's width, D / num_heads",
)
def multi_head_attention_forward_scaled_by_the_whole_width(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    def attend(q, k, v, mask):
        return attention_forward(q / np.sqrt(num_heads), k, v, mask)

    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, attend=attend)


@mistake_of(
    "multi_head_attention_forward",
    says="the scores are not scaled",
    remedy="divide the scores by the root of one head's width",
)
def multi_head_attention_forward_without_scale(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, attend=attention_forward_without_scale)


@mistake_of(
    "multi_head_attention_forward",
    says="the output projection Wo is missing",
    remedy="multiply the heads, side by side, by Wo at the end",
)
def multi_head_attention_forward_without_output_projection(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    _, cache = _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask)
    return cache[5], cache


@mistake_of(
    "multi_head_attention_forward",
    says="there is one head as wide as everything, whatever num_heads is",
    remedy="let each head compute softmax weights of its own from its own columns",
)
def multi_head_attention_forward_with_a_single_head(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return multi_head_attention_forward(x, Wq, Wk, Wv, Wo, 1, mask)


@mistake_of(
    "multi_head_attention_forward",
    says="the mask is ignored",
    remedy="pass the mask on to the attention of every head",
)
def multi_head_attention_forward_without_mask(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads)


@mistake_of(
    "multi_head_attention_forward",
    says="the mask is inverted: what is True is hidden",
    remedy="hide the keys whose entry is False: True means that a query may attend to a key",
)
def multi_head_attention_forward_mask_inverted(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, attend=attention_forward_mask_inverted)


@mistake_of(
    "multi_head_attention_forward",
    says="the mask is added to the scores as 0 and 1",
    remedy="replace the scores that are not allowed by minus infinity: adding 0 hides nothing",
)
def multi_head_attention_forward_mask_added_as_0_and_1(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    attend = attention_forward_mask_added_as_0_and_1
    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, attend=attend)


@mistake_of(
    "multi_head_attention_forward",
    says="the softmax is taken over the queries rather than over the keys",
    remedy="normalise over the last axis of the scores: each query's weights sum to 1",
)
def multi_head_attention_forward_softmax_over_the_queries(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    attend = attention_forward_softmax_over_the_queries
    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, attend=attend)


@mistake_of(
    "multi_head_attention_forward",
    says="every token gets the mean of the values, whatever the scores are",
    remedy="weight the values of each head by the softmax of its scores",
)
def multi_head_attention_forward_with_equal_weights(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return _multi_head(x, (Wq, Wk, Wv, Wo), num_heads, mask, attend=attention_forward_with_equal_weights)


@mistake_of(
    "multi_head_attention_forward",
    says="the weights are transposed, as PyTorch's linear layers keep them",
    remedy="multiply x by each W as it is: rows are features in, columns features out",
)
def multi_head_attention_forward_with_transposed_weights(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return multi_head_attention_forward(x, Wq.T, Wk.T, Wv.T, Wo.T, num_heads, mask)


@mistake_of(
    "multi_head_attention_forward",
    says="the keys are projected with Wq",
    remedy="use Wk for the keys",
)
def multi_head_attention_forward_with_keys_from_Wq(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return multi_head_attention_forward(x, Wq, Wq, Wv, Wo, num_heads, mask)


@mistake_of(
    "multi_head_attention_forward",
    says="the values are projected with Wk",
    remedy="use Wv for the values",
)
def multi_head_attention_forward_with_values_from_Wk(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return multi_head_attention_forward(x, Wq, Wk, Wk, Wo, num_heads, mask)


@mistake_of(
    "multi_head_attention_forward",
    says="the values are x itself, without the projection Wv",
    remedy="multiply x by Wv to get the values",
)
def multi_head_attention_forward_with_values_not_projected(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    return multi_head_attention_forward(x, Wq, Wk, np.eye(len(Wv)), Wo, num_heads, mask)


@mistake_of(
    "multi_head_attention_forward",
    says="the input x is added to the output, as around a residual connection",
    remedy="return the projected heads alone: the residual connection is not part of this layer",
)
def multi_head_attention_forward_with_a_residual_connection(x, Wq, Wk, Wv, Wo, num_heads, mask=None):
    out, cache = multi_head_attention_forward(x, Wq, Wk, Wv, Wo, num_heads, mask)
    return out + x, cache
