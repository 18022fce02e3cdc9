"""Known mistakes in counting an RNN's parameters and in measuring its gradients through time."""

import numpy as np

from autograder.mistake import mistake_of

from ..rnn_layers import rnn_forward, rnn_step_backward


@mistake_of(
    "rnn_num_params",
    says="the bias is not counted",
    remedy="add one bias for each hidden unit",
)
def rnn_num_params_without_bias(d_in, d_hidden):
    return d_hidden * (d_in + d_hidden)


@mistake_of(
    "rnn_num_params",
    says="two bias vectors are counted, one for the input and one for the hidden state",
    remedy="count a single bias vector: this layer has one b, of the hidden size",
)
def rnn_num_params_with_two_biases(d_in, d_hidden):
    return d_hidden * (d_in + d_hidden + 2)


@mistake_of(
    "rnn_num_params",
    says="the recurrent weights Wh are not counted",
    remedy="count the hidden-to-hidden matrix Wh as well as Wx and b",
)
def rnn_num_params_without_recurrent_weights(d_in, d_hidden):
    return d_hidden * (d_in + 1)


@mistake_of(
    "rnn_num_params",
    says="the recurrent weights are counted with the input's size rather than as hidden by hidden",
    remedy="count Wh as a square matrix of the hidden size",
)
def rnn_num_params_with_recurrent_weights_of_the_input_size(d_in, d_hidden):
    return d_hidden * (2 * d_in + 1)


@mistake_of(
    "rnn_num_params",
    says="the parameters are those of an LSTM, which has four times as many",
    remedy="count one set of weights: a vanilla RNN has no gates",
)
def rnn_num_params_of_an_lstm(d_in, d_hidden):
    return 4 * d_hidden * (d_in + d_hidden + 1)


@mistake_of(
    "rnn_num_params",
    says="there is one bias for each input feature rather than for each hidden unit",
    remedy="give the bias the size of what it is added to, the hidden state",
)
def rnn_num_params_with_a_bias_per_input(d_in, d_hidden):
    return d_hidden * (d_in + d_hidden) + d_in


@mistake_of(
    "rnn_num_params",
    says="the whole layer has a single bias number",
    remedy="count one bias for each hidden unit",
)
def rnn_num_params_with_a_single_bias(d_in, d_hidden):
    return d_hidden * (d_in + d_hidden) + 1


def _one_step_back(dh, step_cache):
    return rnn_step_backward(dh, step_cache)[1]


def _state_gradients(inputs, dh_last, back=_one_step_back):
    """The gradients of the hidden states in the order of time, that of h0 first: T + 1 in all.

    back: one step back in time, from the gradient of a state and the cache of the step that made it.
    """
    gradients = [dh_last]
    for step_cache in reversed(rnn_forward(*inputs)[1]):
        gradients.append(back(gradients[-1], step_cache))
    return gradients[::-1]


def _norms(gradients, norm=np.linalg.norm):
    return np.array([norm(gradient) for gradient in gradients])


@mistake_of(
    "hidden_grad_norms",
    says="the norms are listed from the last step back to the first",
    remedy="turn the list round, so that norms[t] belongs to step t",
)
def hidden_grad_norms_in_reverse(x, h0, Wx, Wh, b, dh_last):
    return _norms(_state_gradients((x, h0, Wx, Wh, b), dh_last)[1:])[::-1]


@mistake_of(
    "hidden_grad_norms",
    says="norms[t] belongs to the state before step t, so that all are one step early",
    remedy="take the norm before you go back through a step: the last entry is the norm of dh_last",
)
def hidden_grad_norms_one_step_early(x, h0, Wx, Wh, b, dh_last):
    return _norms(_state_gradients((x, h0, Wx, Wh, b), dh_last)[:-1])


@mistake_of(
    "hidden_grad_norms",
    says="the square root of the norm is missing",
    remedy="take the root of the sum of squares",
)
def hidden_grad_norms_squared(x, h0, Wx, Wh, b, dh_last):
    return _norms(_state_gradients((x, h0, Wx, Wh, b), dh_last)[1:]) ** 2


@mistake_of(
    "hidden_grad_norms",
    says="each sample gets a norm of its own and these are averaged over the batch",
    remedy="take one norm of the whole (N, H) gradient",
)
def hidden_grad_norms_averaged_over_samples(x, h0, Wx, Wh, b, dh_last):
    gradients = _state_gradients((x, h0, Wx, Wh, b), dh_last)[1:]
    return _norms(gradients, lambda gradient: np.linalg.norm(gradient, axis=1).mean())


@mistake_of(
    "hidden_grad_norms",
    says="the norm is the spectral norm, the largest singular value, rather than the Frobenius norm",
    remedy="take the root of the sum of all squares: for a matrix, ord=2 means something else",
)
def hidden_grad_norms_with_the_spectral_norm(x, h0, Wx, Wh, b, dh_last):
    gradients = _state_gradients((x, h0, Wx, Wh, b), dh_last)[1:]
    return _norms(gradients, lambda gradient: np.linalg.norm(gradient, ord=2))


@mistake_of(
    "hidden_grad_norms",
    says="the derivative of tanh is left out on the way back, and only Wh is used",
    remedy="multiply by the derivative of tanh at each step before you go back through Wh",
)
def hidden_grad_norms_without_tanh_derivative(x, h0, Wx, Wh, b, dh_last):
    return _norms(_state_gradients((x, h0, Wx, Wh, b), dh_last, lambda dh, _: dh @ Wh.T)[1:])


@mistake_of(
    "hidden_grad_norms",
    says="the gradient goes back through Wh rather than through its transpose",
    remedy="use the transpose of Wh for every step back",
)
def hidden_grad_norms_with_recurrent_weights_not_transposed(x, h0, Wx, Wh, b, dh_last):
    def back(dh, step_cache):
        return dh * (1 - step_cache[-1] ** 2) @ Wh

    return _norms(_state_gradients((x, h0, Wx, Wh, b), dh_last, back)[1:])


@mistake_of(
    "hidden_grad_norms",
    says="dh_last is added at every step, as if the loss depended on every hidden state directly",
    remedy="start from dh_last at the last step, and add nothing on the way back",
)
def hidden_grad_norms_with_dh_last_at_every_step(x, h0, Wx, Wh, b, dh_last):
    def back(dh, step_cache):
        return _one_step_back(dh, step_cache) + dh_last

    return _norms(_state_gradients((x, h0, Wx, Wh, b), dh_last, back)[1:])


@mistake_of(
    "hidden_grad_norms",
    says="the norms are those of the hidden states themselves, not of their gradients",
    remedy="go back from dh_last and take the norm of the gradient at each step",
)
def hidden_grad_norms_of_the_states(x, h0, Wx, Wh, b, dh_last):
    return _norms(rnn_forward(x, h0, Wx, Wh, b)[0].swapaxes(0, 1))


@mistake_of(
    "hidden_grad_norms",
    says="the norms are those of the gradients inside the tanh rather than of the hidden states",
    remedy="take the norm of the gradient of h itself, before the derivative of tanh",
)
def hidden_grad_norms_inside_the_tanh(x, h0, Wx, Wh, b, dh_last):
    h, _ = rnn_forward(x, h0, Wx, Wh, b)
    gradients = np.stack(_state_gradients((x, h0, Wx, Wh, b), dh_last)[1:], axis=1)
    return _norms((gradients * (1 - h**2)).swapaxes(0, 1))
