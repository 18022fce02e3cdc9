"""Known mistakes in scaled dot-product attention, forward."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import softmax


def _products(q, k):
    return q @ k.swapaxes(-1, -2)


def _hide(scores, mask, hidden=-np.inf):
    return scores if mask is None else np.where(mask, scores, hidden)


def _scaled_scores(q, k, mask=None, hidden=-np.inf):
    return _hide(_products(q, k) / np.sqrt(q.shape[-1]), mask, hidden)


def _attend(q, k, v, weights):
    return weights @ v, (q, k, v, weights)


def _softmax_without_shift(scores, axis=-1):
    # Where nothing is left to attend to, or a score is too large, a student's program goes on with NaN.
    with np.errstate(all="ignore"):
        exponentials = np.exp(scores)
        return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _softmax_over(scores, axis):
    with np.errstate(invalid="ignore"):
        return _softmax_without_shift(scores - scores.max(axis=axis, keepdims=True), axis)


@mistake_of(
    "attention_forward",
    says="the scores are not divided by the root of d_k",
    remedy="divide the products of queries and keys by the square root of the key size",
)
def attention_forward_without_scale(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(_products(q, k), mask)))


@mistake_of(
    "attention_forward",
    says="the scores are divided by d_k rather than by its square root",
    remedy="take the square root of the key size",
)
def attention_forward_divided_by_d_k(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(_products(q, k) / q.shape[-1], mask)))


@mistake_of(
    "attention_forward",
    says="the scores are multiplied by the root of d_k rather than divided by it",
    remedy="divide: the scale keeps large scores from saturating the softmax",
)
def attention_forward_multiplied_by_the_scale(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(_products(q, k) * np.sqrt(q.shape[-1]), mask)))


@mistake_of(
    "attention_forward",
    says="the scale is the root of the number of keys rather than of their size",
    remedy="use d_k, the last axis of the keys, not S, the number of keys",
)
def attention_forward_scaled_by_the_number_of_keys(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(_products(q, k) / np.sqrt(k.shape[-2]), mask)))


@mistake_of(
    "attention_forward",
    says="the scale is the root of the values' size rather than of the keys' size",
    remedy="use d_k, the size that queries and keys share",
)
def attention_forward_scaled_by_the_value_size(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(_products(q, k) / np.sqrt(v.shape[-1]), mask)))


@mistake_of(
    "attention_forward",
    says="the scale is applied to the weights, after the softmax",
    remedy="divide the scores before the softmax, so that each query's weights still sum to 1",
)
def attention_forward_scaled_after_the_softmax(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(_products(q, k), mask)) / np.sqrt(q.shape[-1]))


@mistake_of(
    "attention_forward",
    says="the softmax is taken over the queries rather than over the keys",
    remedy="normalise over the last axis of the scores: each query's weights sum to 1",
)
def attention_forward_softmax_over_the_queries(q, k, v, mask=None):
    return _attend(q, k, v, _softmax_over(_scaled_scores(q, k, mask), axis=-2))


@mistake_of(
    "attention_forward",
    says="the softmax is taken over the whole table of scores at once",
    remedy="normalise each query's scores on their own, over the keys",
)
def attention_forward_softmax_over_the_whole_table(q, k, v, mask=None):
    return _attend(q, k, v, _softmax_over(_scaled_scores(q, k, mask), axis=(-2, -1)))


@mistake_of(
    "attention_forward",
    says="the softmax is left out",
    remedy="turn the scores into weights with a softmax over the keys",
)
def attention_forward_without_softmax(q, k, v, mask=None):
    return _attend(q, k, v, _scaled_scores(q, k, mask, hidden=0))


@mistake_of(
    "attention_forward",
    says="the softmax overflows for large scores, because their maximum is not subtracted first",
    remedy="subtract each row's maximum before you take the exponentials",
)
def attention_forward_softmax_overflows(q, k, v, mask=None):
    return _attend(q, k, v, _softmax_without_shift(_scaled_scores(q, k, mask)))


@mistake_of(
    "attention_forward",
    says="the mask is ignored",
    remedy="give every score that the mask does not allow the value minus infinity",
)
def attention_forward_without_mask(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_scaled_scores(q, k)))


@mistake_of(
    "attention_forward",
    says="the mask is inverted: what is True is hidden",
    remedy="hide the keys whose entry is False: True means that a query may attend to a key",
)
def attention_forward_mask_inverted(q, k, v, mask=None):
    inverted = None if mask is None else ~np.asarray(mask)
    return _attend(q, k, v, softmax(_scaled_scores(q, k, inverted, hidden=-1e9)))


@mistake_of(
    "attention_forward",
    says="the mask is inverted, which leaves nothing but NaN for a query that may attend to every key",
    remedy="hide the keys whose entry is False: True means that a query may attend to a key",
)
def attention_forward_mask_inverted_with_nan(q, k, v, mask=None):
    inverted = None if mask is None else ~np.asarray(mask)
    with np.errstate(invalid="ignore"):
        return _attend(q, k, v, softmax(_scaled_scores(q, k, inverted)))


@mistake_of(
    "attention_forward",
    says="the mask is added to the scores as 0 and 1",
    remedy="replace the scores that are not allowed by minus infinity: adding 0 hides nothing",
)
def attention_forward_mask_added_as_0_and_1(q, k, v, mask=None):
    scores = _scaled_scores(q, k)
    return _attend(q, k, v, softmax(scores if mask is None else scores + mask))


@mistake_of(
    "attention_forward",
    says="hidden scores become 0 rather than minus infinity, so that they keep a weight",
    remedy="use minus infinity before the softmax: the exponential of 0 is 1",
)
def attention_forward_hidden_scores_of_zero(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_scaled_scores(q, k, mask, hidden=0)))


@mistake_of(
    "attention_forward",
    says="the mask is applied after the softmax, so that the weights no longer sum to 1",
    remedy="mask the scores before the softmax",
)
def attention_forward_mask_after_the_softmax(q, k, v, mask=None):
    weights = softmax(_scaled_scores(q, k))
    return _attend(q, k, v, weights if mask is None else weights * mask)


@mistake_of(
    "attention_forward",
    says="a causal mask is applied even where no mask is given",
    remedy="hide only what the given mask hides: without one, every query attends to every key",
)
def attention_forward_always_causal(q, k, v, mask=None):
    causal = np.tril(np.ones((q.shape[-2], k.shape[-2]), dtype=bool))
    return _attend(q, k, v, softmax(_scaled_scores(q, k, causal if mask is None else mask)))


@mistake_of(
    "attention_forward",
    says="out is the mean of the values for every query, whatever the scores are",
    remedy="weight the values by the softmax of the scores",
)
def attention_forward_with_equal_weights(q, k, v, mask=None):
    return _attend(q, k, v, softmax(_hide(0 * _products(q, k), mask)))
