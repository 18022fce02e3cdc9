"""Known mistakes in the backward pass of multi-head self-attention."""

import numpy as np

from autograder.mistake import mistake_of

from ..attention import attention_backward, multi_head_attention_backward
from .attention_backward import (
    attention_backward_with_the_diagonal_of_the_softmax_alone,
    attention_backward_without_scale,
)


def _split(x, num_heads):
    N, T, D = x.shape
    return x.reshape(N, T, num_heads, D // num_heads).swapaxes(1, 2)


def _merge(heads):
    N, num_heads, T, width = heads.shape
    return heads.swapaxes(1, 2).reshape(N, T, num_heads * width)


def _projection_gradients(dheads, cache, split=_split, merge=_merge, attend_backward=attention_backward):
    """dq, dk and dv, each (N, T, D), from the gradient of the heads side by side."""
    num_heads, attention_cache = cache[-2:]
    return [merge(gradient) for gradient in attend_backward(split(dheads, num_heads), attention_cache)]


def _from_projections(dq, dk, dv, dout, cache):
    x, Wq, Wk, Wv, _, heads, *_ = cache
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    pairs = ((x, dq), (x, dk), (x, dv), (heads, dout))
    return dx, *(np.einsum("ntd,nte->de", inputs, gradient) for inputs, gradient in pairs)


def _usual_projection_gradients(dout, cache):
    return _projection_gradients(dout @ cache[4].T, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="dx contains the path through the queries only",
    remedy="add up three paths in dx: x is the source of the queries, the keys and the values",
)
def multi_head_attention_backward_dx_from_queries_alone(dout, cache):
    dq, _, _ = _usual_projection_gradients(dout, cache)
    return dq @ cache[1].T, *multi_head_attention_backward(dout, cache)[1:]


@mistake_of(
    "multi_head_attention_backward",
    says="dx contains the path through the values only",
    remedy="add up three paths in dx: x is the source of the queries, the keys and the values",
)
def multi_head_attention_backward_dx_from_values_alone(dout, cache):
    _, _, dv = _usual_projection_gradients(dout, cache)
    return dv @ cache[3].T, *multi_head_attention_backward(dout, cache)[1:]


@mistake_of(
    "multi_head_attention_backward",
    says="the path through the keys is missing in dx",
    remedy="add up three paths in dx: x is the source of the queries, the keys and the values",
)
def multi_head_attention_backward_dx_without_keys(dout, cache):
    dx, *others = multi_head_attention_backward(dout, cache)
    return dx - _usual_projection_gradients(dout, cache)[1] @ cache[2].T, *others


@mistake_of(
    "multi_head_attention_backward",
    says="dx goes back through the weights rather than through their transposes",
    remedy="multiply by the transposes of Wq, Wk and Wv on the way back to x",
)
def multi_head_attention_backward_dx_with_weights_not_transposed(dout, cache):
    gradients = _usual_projection_gradients(dout, cache)
    dx = sum(gradient @ W for gradient, W in zip(gradients, cache[1:4], strict=True))
    return dx, *multi_head_attention_backward(dout, cache)[1:]


@mistake_of(
    "multi_head_attention_backward",
    says="dWo is computed from x rather than from the heads",
    remedy="use what Wo was multiplied by in the forward pass: the heads side by side",
)
def multi_head_attention_backward_dWo_from_x(dout, cache):
    *others, _ = multi_head_attention_backward(dout, cache)
    return *others, np.einsum("ntd,nte->de", cache[0], dout)


@mistake_of(
    "multi_head_attention_backward",
    says="the upstream gradient reaches the heads without passing through Wo",
    remedy="multiply dout by the transpose of Wo before you split it into heads",
)
def multi_head_attention_backward_without_output_projection(dout, cache):
    return _from_projections(*_projection_gradients(dout, cache), dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="the upstream gradient goes back through Wo rather than through its transpose",
    remedy="multiply dout by the transpose of Wo",
)
def multi_head_attention_backward_with_Wo_not_transposed(dout, cache):
    return _from_projections(*_projection_gradients(dout @ cache[4], cache), dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="the gradient is split into heads by a reshape alone, which mixes tokens with columns",
    remedy="split it as in the forward pass: reshape the columns, then swap tokens and heads",
)
def multi_head_attention_backward_split_without_transpose(dout, cache):
    def split(gradient, num_heads):
        N, T, D = gradient.shape
        return gradient.reshape(N, num_heads, T, D // num_heads)

    return _from_projections(*_projection_gradients(dout @ cache[4].T, cache, split), dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="the gradients of the heads are put together by a reshape alone, which mixes heads with tokens",
    remedy="swap heads and tokens back before you reshape dq, dk and dv",
)
def multi_head_attention_backward_merged_without_transpose(dout, cache):
    def merge(heads):
        return heads.reshape(dout.shape)

    gradients = _projection_gradients(dout @ cache[4].T, cache, merge=merge)
    return _from_projections(*gradients, dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="the scale on the way back is the root of D, the width of all heads together",
    remedy="divide by the root of one head's width, as in the forward pass",
)
def multi_head_attention_backward_scaled_by_the_whole_width(dout, cache):
    dq, dk, dv = _usual_projection_gradients(dout, cache)
    shrink = 1 / np.sqrt(cache[-2])
    return _from_projections(dq * shrink, dk * shrink, dv, dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="the scale is forgotten on the way back",
    remedy="divide the gradient of the scores by the root of one head's width",
)
def multi_head_attention_backward_without_scale(dout, cache):
    gradients = _projection_gradients(
        dout @ cache[4].T, cache, attend_backward=attention_backward_without_scale
    )
    return _from_projections(*gradients, dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="only the diagonal of the softmax's derivative is used, p (1 - p)",
    remedy="include how each weight depends on the other scores of its row",
)
def multi_head_attention_backward_with_the_diagonal_of_the_softmax_alone(dout, cache):
    attend_backward = attention_backward_with_the_diagonal_of_the_softmax_alone
    gradients = _projection_gradients(dout @ cache[4].T, cache, attend_backward=attend_backward)
    return _from_projections(*gradients, dout, cache)


@mistake_of(
    "multi_head_attention_backward",
    says="the weight gradients are divided by the batch size",
    remedy="sum them over the batch: the average belongs to the loss, if anywhere",
)
def multi_head_attention_backward_with_averaged_weight_gradients(dout, cache):
    dx, *of_weights = multi_head_attention_backward(dout, cache)
    return dx, *(gradient / len(dout) for gradient in of_weights)


@mistake_of(
    "multi_head_attention_backward",
    says="the weight gradients are transposed",
    remedy="put the input's features in the rows and the output's in the columns, as in the weights",
)
def multi_head_attention_backward_with_transposed_weight_gradients(dout, cache):
    dx, *of_weights = multi_head_attention_backward(dout, cache)
    return dx, *(gradient.T for gradient in of_weights)
