"""Known mistakes in one time step of a vanilla RNN."""

import numpy as np

from autograder.mistake import mistake_of

from ..rnn_layers import rnn_step_backward


def _step(x, prev_h, Wx, Wh, next_h):
    return next_h, (x, prev_h, Wx, Wh, next_h)


@mistake_of(
    "rnn_step_forward",
    says="tanh is left out, so that next_h is the plain sum",
    remedy="pass the sum through tanh before you return it",
)
def rnn_step_forward_without_tanh(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, x @ Wx + prev_h @ Wh + b)


@mistake_of(
    "rnn_step_forward",
    says="the bias b is not added",
    remedy="add b to the sum, inside the tanh",
)
def rnn_step_forward_without_bias(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh))


@mistake_of(
    "rnn_step_forward",
    says="the bias b is added once for x and once more for prev_h",
    remedy="add b a single time: this layer has one bias vector, not two",
)
def rnn_step_forward_with_the_bias_twice(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.tanh(x @ Wx + b + prev_h @ Wh + b))


@mistake_of(
    "rnn_step_forward",
    says="the bias b is added after the tanh",
    remedy="add b before you take the tanh",
)
def rnn_step_forward_with_the_bias_after_tanh(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh) + b)


@mistake_of(
    "rnn_step_forward",
    says="prev_h is multiplied by the transpose of Wh",
    remedy="use Wh as it is: its rows belong to the old state, its columns to the new one",
)
def rnn_step_forward_with_transposed_recurrent_weights(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh.T + b))


@mistake_of(
    "rnn_step_forward",
    says="the previous hidden state does not enter the sum",
    remedy="add prev_h times Wh: it is what makes the layer recurrent",
)
def rnn_step_forward_without_the_previous_state(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.tanh(x @ Wx + b))


@mistake_of(
    "rnn_step_forward",
    says="prev_h is added without its weights Wh",
    remedy="multiply prev_h by Wh before you add it",
)
def rnn_step_forward_without_recurrent_weights(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h + b))


@mistake_of(
    "rnn_step_forward",
    says="the activation is the sigmoid rather than tanh",
    remedy="use tanh, whose values lie between -1 and 1",
)
def rnn_step_forward_with_sigmoid(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, (1 + np.tanh((x @ Wx + prev_h @ Wh + b) / 2)) / 2)


@mistake_of(
    "rnn_step_forward",
    says="the activation is ReLU rather than tanh",
    remedy="use tanh, which lets negative values through",
)
def rnn_step_forward_with_relu(x, prev_h, Wx, Wh, b):
    return _step(x, prev_h, Wx, Wh, np.maximum(x @ Wx + prev_h @ Wh + b, 0))


def _from_scores(dscores, cache):
    x, prev_h, Wx, Wh, _ = cache
    return dscores @ Wx.T, dscores @ Wh.T, x.T @ dscores, prev_h.T @ dscores, dscores.sum(axis=0)


@mistake_of(
    "rnn_step_backward",
    says="the derivative of tanh is left out",
    remedy="multiply the upstream gradient by the derivative of tanh before everything else",
)
def rnn_step_backward_without_tanh_derivative(dnext_h, cache):
    return _from_scores(dnext_h, cache)


@mistake_of(
    "rnn_step_backward",
    says="tanh is applied once more inside its own derivative, although next_h is its output already",
    remedy="write the derivative with the output: next_h is the tanh, so square next_h itself",
)
def rnn_step_backward_with_tanh_applied_twice(dnext_h, cache):
    return _from_scores(dnext_h * (1 - np.tanh(cache[-1]) ** 2), cache)


@mistake_of(
    "rnn_step_backward",
    says="the derivative of tanh is taken as 1 - next_h, without the square",
    remedy="square the output of tanh in its derivative",
)
def rnn_step_backward_without_the_square(dnext_h, cache):
    return _from_scores(dnext_h * (1 - cache[-1]), cache)


@mistake_of(
    "rnn_step_backward",
    says="the derivative is that of a sigmoid, next_h (1 - next_h), rather than that of tanh",
    remedy="use the derivative of tanh, which is the activation of this layer",
)
def rnn_step_backward_with_sigmoid_derivative(dnext_h, cache):
    return _from_scores(dnext_h * cache[-1] * (1 - cache[-1]), cache)


@mistake_of(
    "rnn_step_backward",
    says="the derivative of tanh is computed from prev_h rather than from next_h",
    remedy="take the derivative where the tanh was: its output is next_h",
)
def rnn_step_backward_with_tanh_derivative_at_prev_h(dnext_h, cache):
    return _from_scores(dnext_h * (1 - cache[1] ** 2), cache)


@mistake_of(
    "rnn_step_backward",
    says="dprev_h is computed with Wh rather than with its transpose",
    remedy="send the gradient back through the transpose of Wh",
)
def rnn_step_backward_with_recurrent_weights_not_transposed(dnext_h, cache):
    dx, _, *others = rnn_step_backward(dnext_h, cache)
    return dx, dnext_h * (1 - cache[-1] ** 2) @ cache[3], *others


@mistake_of(
    "rnn_step_backward",
    says="dprev_h stops before the recurrent weights Wh",
    remedy="multiply by the transpose of Wh to get from the sum back to prev_h",
)
def rnn_step_backward_with_dprev_h_before_the_weights(dnext_h, cache):
    dx, _, *others = rnn_step_backward(dnext_h, cache)
    return dx, dnext_h * (1 - cache[-1] ** 2), *others


@mistake_of(
    "rnn_step_backward",
    says="dWh is computed from next_h rather than from prev_h",
    remedy="use what Wh was multiplied by in the forward pass: prev_h",
)
def rnn_step_backward_with_dWh_from_next_h(dnext_h, cache):
    dx, dprev_h, dWx, _, db = rnn_step_backward(dnext_h, cache)
    return dx, dprev_h, dWx, cache[-1].T @ (dnext_h * (1 - cache[-1] ** 2)), db


@mistake_of(
    "rnn_step_backward",
    says="db is the mean over the batch",
    remedy="sum db over the batch: the average belongs to the loss, if anywhere",
)
def rnn_step_backward_with_averaged_db(dnext_h, cache):
    *others, db = rnn_step_backward(dnext_h, cache)
    return *others, db / len(dnext_h)


@mistake_of(
    "rnn_step_backward",
    says="the gradients of the weights and of the bias are divided by the batch size",
    remedy="sum them over the batch: the average belongs to the loss, if anywhere",
)
def rnn_step_backward_with_averaged_parameter_gradients(dnext_h, cache):
    dx, dprev_h, *of_parameters = rnn_step_backward(dnext_h, cache)
    return dx, dprev_h, *(gradient / len(dnext_h) for gradient in of_parameters)


@mistake_of(
    "rnn_step_backward",
    says="db is summed from the upstream gradient, before the derivative of tanh",
    remedy="sum the gradient of the sum inside the tanh, which is where b was added",
)
def rnn_step_backward_with_db_before_tanh(dnext_h, cache):
    *others, _ = rnn_step_backward(dnext_h, cache)
    return *others, dnext_h.sum(axis=0)


@mistake_of(
    "rnn_step_backward",
    says="db is not summed over the batch",
    remedy="sum over the batch axis, so that db has the shape of b",
)
def rnn_step_backward_with_db_per_sample(dnext_h, cache):
    *others, _ = rnn_step_backward(dnext_h, cache)
    return *others, dnext_h * (1 - cache[-1] ** 2)
