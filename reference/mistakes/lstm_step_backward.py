"""Known mistakes in the backward pass of one time step of an LSTM."""

import numpy as np

from autograder.mistake import mistake_of

from ..rnn_layers import lstm_step_backward


def _gate_gradients(dc, dnext_h, cache):
    """The gradients of the gates' scores in the order i, f, o, g, from the whole gradient dc of next_c."""
    _, _, prev_c, _, _, i, f, o, g, tanh_c = cache
    return [
        dc * g * i * (1 - i),
        dc * prev_c * f * (1 - f),
        dnext_h * tanh_c * o * (1 - o),
        dc * i * (1 - g**2),
    ]


def _cell_gradient(dnext_h, dnext_c, cache):
    *_, o, _, tanh_c = cache
    return dnext_c + dnext_h * o * (1 - tanh_c**2)


def _from_gates(gate_gradients, dprev_c, cache):
    x, prev_h, _, Wx, Wh, *_ = cache
    dscores = np.concatenate(gate_gradients, axis=1)
    return dscores @ Wx.T, dscores @ Wh.T, dprev_c, x.T @ dscores, prev_h.T @ dscores, dscores.sum(axis=0)


def _from_cell_gradient(dc, dnext_h, cache):
    return _from_gates(_gate_gradients(dc, dnext_h, cache), dc * cache[6], cache)


def _with_gate_gradients(dnext_h, dnext_c, cache, change):
    """The right gradients, but for those of the gates' scores, which go through `change`."""
    dc = _cell_gradient(dnext_h, dnext_c, cache)
    return _from_gates(change(*_gate_gradients(dc, dnext_h, cache)), dc * cache[6], cache)


@mistake_of(
    "lstm_step_backward",
    says="dnext_c, the cell state's gradient from the later steps, is left out",
    remedy="add dnext_c to what comes through next_h before you go on to the gates",
)
def lstm_step_backward_without_dnext_c(dnext_h, dnext_c, cache):
    return lstm_step_backward(dnext_h, 0 * dnext_c, cache)


@mistake_of(
    "lstm_step_backward",
    says="what reaches the cell state through next_h is left out",
    remedy="add to dnext_c what flows from next_h through the output gate and the tanh",
)
def lstm_step_backward_without_the_path_through_next_h(dnext_h, dnext_c, cache):
    return _from_cell_gradient(dnext_c, dnext_h, cache)


@mistake_of(
    "lstm_step_backward",
    says="the output gate is missing on the way from next_h to the cell state",
    remedy="multiply by o on this path, since next_h is o times the tanh",
)
def lstm_step_backward_without_the_output_gate(dnext_h, dnext_c, cache):
    return _from_cell_gradient(dnext_c + dnext_h * (1 - cache[-1] ** 2), dnext_h, cache)


@mistake_of(
    "lstm_step_backward",
    says="the derivative of the tanh of the cell state is left out",
    remedy="multiply by the derivative of tanh between next_h and the cell state",
)
def lstm_step_backward_without_tanh_derivative(dnext_h, dnext_c, cache):
    return _from_cell_gradient(dnext_c + dnext_h * cache[7], dnext_h, cache)


@mistake_of(
    "lstm_step_backward",
    says="the derivative of tanh is computed from the cell state itself, 1 - next_c squared",
    remedy="square the tanh of the cell state in that derivative, not the cell state",
)
def lstm_step_backward_with_tanh_derivative_of_the_cell_state(dnext_h, dnext_c, cache):
    _, _, prev_c, _, _, i, f, o, g, _ = cache
    next_c = f * prev_c + i * g
    return _from_cell_gradient(dnext_c + dnext_h * o * (1 - next_c**2), dnext_h, cache)


@mistake_of(
    "lstm_step_backward",
    says="tanh is applied twice in its own derivative",
    remedy="use the tanh of the cell state once: squared, it is all that the derivative needs",
)
def lstm_step_backward_with_tanh_applied_twice(dnext_h, dnext_c, cache):
    derivative = 1 - np.tanh(cache[-1]) ** 2
    return _from_cell_gradient(dnext_c + dnext_h * cache[7] * derivative, dnext_h, cache)


@mistake_of(
    "lstm_step_backward",
    says="the derivatives of the sigmoids of the three gates are left out",
    remedy="multiply the gradient of each gate by the derivative of its sigmoid",
)
def lstm_step_backward_without_sigmoid_derivatives(dnext_h, dnext_c, cache):
    _, _, prev_c, _, _, _, _, _, g, tanh_c = cache
    dc = _cell_gradient(dnext_h, dnext_c, cache)
    gates = dc * g, dc * prev_c, dnext_h * tanh_c
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, df, do, dg: (*gates, dg))


@mistake_of(
    "lstm_step_backward",
    says="the derivative of the candidate's tanh is left out",
    remedy="multiply the gradient of g by the derivative of tanh",
)
def lstm_step_backward_without_candidate_derivative(dnext_h, dnext_c, cache):
    dg = _cell_gradient(dnext_h, dnext_c, cache) * cache[5]
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, df, do, _: (di, df, do, dg))


@mistake_of(
    "lstm_step_backward",
    says="the candidate g gets the derivative of a sigmoid",
    remedy="use the derivative of tanh for g: it is the one block without a sigmoid",
)
def lstm_step_backward_with_sigmoid_derivative_for_the_candidate(dnext_h, dnext_c, cache):
    i, g = cache[5], cache[8]
    dg = _cell_gradient(dnext_h, dnext_c, cache) * i * g * (1 - g)
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, df, do, _: (di, df, do, dg))


@mistake_of(
    "lstm_step_backward",
    says="the gradients of the gates are put together in the order i, f, g, o",
    remedy="put them together in the order of the forward pass: i, f, o, g",
)
def lstm_step_backward_gates_in_order_i_f_g_o(dnext_h, dnext_c, cache):
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, df, do, dg: (di, df, dg, do))


@mistake_of(
    "lstm_step_backward",
    says="the forget gate's gradient is computed from the new cell state rather than from prev_c",
    remedy="use what f was multiplied by in the forward pass: prev_c",
)
def lstm_step_backward_forget_gate_with_next_c(dnext_h, dnext_c, cache):
    _, _, prev_c, _, _, i, f, _, g, _ = cache
    df = _cell_gradient(dnext_h, dnext_c, cache) * (f * prev_c + i * g) * f * (1 - f)
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, _, do, dg: (di, df, do, dg))


@mistake_of(
    "lstm_step_backward",
    says="the output gate's gradient is computed from the cell state without its tanh",
    remedy="use what o was multiplied by in the forward pass: the tanh of the cell state",
)
def lstm_step_backward_output_gate_without_tanh(dnext_h, dnext_c, cache):
    _, _, prev_c, _, _, i, f, o, g, _ = cache
    do = dnext_h * (f * prev_c + i * g) * o * (1 - o)
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, df, _, dg: (di, df, do, dg))


@mistake_of(
    "lstm_step_backward",
    says="the output gate's gradient starts from the cell state's gradient rather than from dnext_h",
    remedy="start from dnext_h: the output gate acts on next_h only",
)
def lstm_step_backward_output_gate_from_the_cell_gradient(dnext_h, dnext_c, cache):
    o, tanh_c = cache[7], cache[9]
    do = _cell_gradient(dnext_h, dnext_c, cache) * tanh_c * o * (1 - o)
    return _with_gate_gradients(dnext_h, dnext_c, cache, lambda di, df, _, dg: (di, df, do, dg))


@mistake_of(
    "lstm_step_backward",
    says="dprev_c is the cell state's gradient without the forget gate",
    remedy="multiply by the forget gate, which stands between prev_c and next_c",
)
def lstm_step_backward_dprev_c_without_forget_gate(dnext_h, dnext_c, cache):
    dx, dprev_h, _, *others = lstm_step_backward(dnext_h, dnext_c, cache)
    return dx, dprev_h, _cell_gradient(dnext_h, dnext_c, cache), *others


@mistake_of(
    "lstm_step_backward",
    says="dprev_c is computed from dnext_c alone, without what comes through next_h",
    remedy="use the whole gradient of the cell state, both paths added up, for dprev_c as well",
)
def lstm_step_backward_dprev_c_from_dnext_c_alone(dnext_h, dnext_c, cache):
    dx, dprev_h, _, *others = lstm_step_backward(dnext_h, dnext_c, cache)
    return dx, dprev_h, dnext_c * cache[6], *others


@mistake_of(
    "lstm_step_backward",
    says="the gradients of the weights and of the bias are divided by the batch size",
    remedy="sum them over the batch: the average belongs to the loss, if anywhere",
)
def lstm_step_backward_with_averaged_parameter_gradients(dnext_h, dnext_c, cache):
    dx, dprev_h, dprev_c, *of_parameters = lstm_step_backward(dnext_h, dnext_c, cache)
    return dx, dprev_h, dprev_c, *(gradient / len(dnext_h) for gradient in of_parameters)
