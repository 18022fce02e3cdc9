"""Known mistakes of the fully connected layer."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import affine_backward


def _rows(x):
    return x.reshape(len(x), -1)


@mistake_of(
    "affine_forward",
    says="the bias is not added",
    remedy="add b to every row of x w",
)
def affine_forward_without_bias(x, w, b):
    return _rows(x) @ w, (x, w)


@mistake_of(
    "affine_forward",
    says="the weights are transposed, which fits for square weights alone",
    remedy="multiply by w as it is: (N, D) times (D, M)",
)
def affine_forward_transposed_weights(x, w, b):
    return _rows(x) @ w.T + b, (x, w)


@mistake_of(
    "affine_forward",
    says="x is multiplied by w without being flattened",
    remedy="reshape each example to one row of D numbers first",
)
def affine_forward_not_flattened(x, w, b):
    return x @ w + b, (x, w)


@mistake_of(
    "affine_forward",
    says="the numbers of an example are flattened in another order, first axis fastest",
    remedy="reshape x to (N, D) in NumPy's usual order, without order='F' or a transpose",
)
def affine_forward_flattened_in_column_order(x, w, b):
    return x.reshape(len(x), -1, order="F") @ w + b, (x, w)


@mistake_of(
    "affine_forward",
    says="the numbers of different examples are mixed when x is flattened",
    remedy="reshape x to (N, D) directly: reshaping to (D, N) and transposing is something else",
)
def affine_forward_examples_mixed(x, w, b):
    return x.reshape(-1, len(x)).T @ w + b, (x, w)


@mistake_of(
    "affine_forward",
    says="axes of size 1 are squeezed away, so that the result loses an axis for one example or one feature",
    remedy="return out with the shape (N, M), also where N or M is 1",
)
def affine_forward_squeezed(x, w, b):
    return np.squeeze(_rows(x) @ w + b), (x, w)


@mistake_of(
    "affine_forward",
    says="a ReLU is applied to the result",
    remedy="return x w + b as it is: the activation is a layer of its own",
)
def affine_forward_with_relu(x, w, b):
    return np.maximum(_rows(x) @ w + b, 0), (x, w)


@mistake_of(
    "affine_backward",
    says="dx is left flat, as (N, D)",
    remedy="reshape dx to the shape of x",
)
def affine_backward_dx_left_flat(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return _rows(dx), dw, db


@mistake_of(
    "affine_backward",
    says="x is not flattened for dw",
    remedy="reshape x to (N, D) before you multiply its transpose with dout",
)
def affine_backward_x_not_flattened(dout, cache):
    dx, _, db = affine_backward(dout, cache)
    return dx, cache[0].T @ dout, db


@mistake_of(
    "affine_backward",
    says="dx is computed with w in place of its transpose, which fits for square weights alone",
    remedy="multiply dout by the transpose of w: (N, M) times (M, D)",
)
def affine_backward_weights_not_transposed(dout, cache):
    _, dw, db = affine_backward(dout, cache)
    return (dout @ cache[1]).reshape(cache[0].shape), dw, db


@mistake_of(
    "affine_backward",
    says="dw is transposed",
    remedy="give dw the shape of w, (D, M): the transpose of the flat x times dout",
)
def affine_backward_dw_transposed(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return dx, dw.T, db


@mistake_of(
    "affine_backward",
    says="dw is averaged over the examples",
    remedy="sum over the examples: the mean is already in dout, where the loss takes one",
)
def affine_backward_dw_averaged(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return dx, dw / len(dout), db


@mistake_of(
    "affine_backward",
    says="db is averaged over the examples",
    remedy="sum over the examples: the mean is already in dout, where the loss takes one",
)
def affine_backward_db_averaged(dout, cache):
    return *affine_backward(dout, cache)[:2], dout.mean(axis=0)


@mistake_of(
    "affine_backward",
    says="db is summed over the features in place of the examples",
    remedy="sum dout over its first axis: b has one number for each of the M outputs",
)
def affine_backward_db_over_features(dout, cache):
    return *affine_backward(dout, cache)[:2], dout.sum(axis=1)


@mistake_of(
    "affine_backward",
    says="db is not summed over the examples",
    remedy="sum dout over its first axis: every example uses the same b",
)
def affine_backward_db_not_summed(dout, cache):
    return *affine_backward(dout, cache)[:2], dout


@mistake_of(
    "affine_backward",
    says="db keeps an axis of size 1, as (1, M)",
    remedy="return db with the shape of b, (M,): sum without keepdims",
)
def affine_backward_db_as_a_row(dout, cache):
    return *affine_backward(dout, cache)[:2], dout.sum(axis=0, keepdims=True)


@mistake_of(
    "affine_backward",
    says="axes of size 1 are squeezed away from dx",
    remedy="give dx the shape of x, also for a batch of one example",
)
def affine_backward_squeezed(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return np.squeeze(dx), dw, db
