"""Known mistakes in an LSTM over whole sequences, forward and backward."""

import numpy as np

from autograder.mistake import mistake_of

from ..rnn_layers import lstm_forward, lstm_step_backward, lstm_step_forward


def _run(x, h0, c0, Wx, Wh, b, before_step=lambda h, c: (h, c)):
    """h (N, T, H), c (N, T, H) and the cache; before_step says which states a step gets."""
    h, c, hidden_states, cell_states, step_caches = h0, c0, [], [], []
    for t in range(x.shape[1]):
        h, c, step_cache = lstm_step_forward(x[:, t], *before_step(h, c), Wx, Wh, b)
        hidden_states.append(h)
        cell_states.append(c)
        step_caches.append(step_cache)
    return np.stack(hidden_states, axis=1), np.stack(cell_states, axis=1), step_caches


@mistake_of(
    "lstm_forward",
    says="the cell state is set back to zero at every step",
    remedy="hand each step the cell state that the step before it returned",
)
def lstm_forward_with_a_new_cell_state_at_every_step(x, h0, Wx, Wh, b):
    h, _, cache = _run(x, h0, np.zeros_like(h0), Wx, Wh, b, lambda h, c: (h, np.zeros_like(c)))
    return h, cache


@mistake_of(
    "lstm_forward",
    says="every step starts from the initial hidden state h0",
    remedy="hand each step the hidden state that the step before it returned",
)
def lstm_forward_with_h0_at_every_step(x, h0, Wx, Wh, b):
    h, _, cache = _run(x, h0, np.zeros_like(h0), Wx, Wh, b, lambda h, c: (h0, c))
    return h, cache


@mistake_of(
    "lstm_forward",
    says="neither state is handed on: every step starts from h0 and a cell state of zeros",
    remedy="hand each step both states that the step before it returned",
)
def lstm_forward_with_both_initial_states_at_every_step(x, h0, Wx, Wh, b):
    h, _, cache = _run(x, h0, np.zeros_like(h0), Wx, Wh, b, lambda h, c: (h0, np.zeros_like(c)))
    return h, cache


@mistake_of(
    "lstm_forward",
    says="the cell state before the first step is h0 rather than zero",
    remedy="start with a cell state of zeros; h0 is the hidden state alone",
)
def lstm_forward_with_h0_as_the_first_cell_state(x, h0, Wx, Wh, b):
    h, _, cache = _run(x, h0, h0, Wx, Wh, b)
    return h, cache


@mistake_of(
    "lstm_forward",
    says="h0 is ignored and the first step starts from a hidden state of zeros",
    remedy="use h0 as the hidden state before the first step",
)
def lstm_forward_with_h0_ignored(x, h0, Wx, Wh, b):
    return lstm_forward(x, np.zeros_like(h0), Wx, Wh, b)


@mistake_of(
    "lstm_forward",
    says="the cell states are returned in place of the hidden states",
    remedy="return the hidden states: the cell state never leaves the layer",
)
def lstm_forward_with_cell_states_returned(x, h0, Wx, Wh, b):
    _, c, cache = _run(x, h0, np.zeros_like(h0), Wx, Wh, b)
    return c, cache


@mistake_of(
    "lstm_forward",
    says="the hidden and the cell state change places between two steps",
    remedy="check the order in which you unpack and pass the two states: hidden state first",
)
def lstm_forward_with_states_swapped_between_steps(x, h0, Wx, Wh, b):
    h, c, hidden_states, step_caches = h0, np.zeros_like(h0), [], []
    for t in range(x.shape[1]):
        next_h, next_c, step_cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        h, c = next_c, next_h
        hidden_states.append(next_h)
        step_caches.append(step_cache)
    return np.stack(hidden_states, axis=1), step_caches


@mistake_of(
    "lstm_forward",
    says="only the hidden state after the last step is returned",
    remedy="collect the hidden state after every step, (N, T, H) in all",
)
def lstm_forward_with_the_last_state_alone(x, h0, Wx, Wh, b):
    h, cache = lstm_forward(x, h0, Wx, Wh, b)
    return h[:, -1], cache


@mistake_of(
    "lstm_forward",
    says="the time axis of h comes first, before the batch",
    remedy="put the batch axis first and the time axis second: (N, T, H)",
)
def lstm_forward_with_time_first(x, h0, Wx, Wh, b):
    h, cache = lstm_forward(x, h0, Wx, Wh, b)
    return h.swapaxes(0, 1), cache


@mistake_of(
    "lstm_forward",
    says="the sequence is read from the last step to the first",
    remedy="walk through the time axis from the first step to the last",
)
def lstm_forward_from_last_to_first(x, h0, Wx, Wh, b):
    h, cache = lstm_forward(x[:, ::-1], h0, Wx, Wh, b)
    return h[:, ::-1], cache[::-1]


def _visit(dh, cache, steps=None, carry=lambda new, carried: new, carried=(0, 0)):
    """dx (N, T, D), then dprev_h of the step visited last, then each step's dWx, dWh and db as visited.

    steps: the order, backwards in time unless given; carried: the gradients of the hidden and the cell state
    that a step gets from the one before, the second as its dnext_c; carry: what it hands on, from its own
    (dprev_h, dprev_c) and what it got.
    """
    dx, parameters = [None] * len(cache), []
    for t in reversed(range(len(cache))) if steps is None else steps:
        dx[t], dprev_h, dprev_c, *of_step = lstm_step_backward(dh[:, t] + carried[0], carried[1], cache[t])
        carried = carry((dprev_h, dprev_c), carried)
        parameters.append(of_step)
    return np.stack(dx, axis=1), dprev_h, *zip(*parameters, strict=True)


def _collect(dx, dprev_h, dWx, dWh, db):
    return dx, dprev_h, sum(dWx), sum(dWh), sum(db)


@mistake_of(
    "lstm_backward",
    says="the gradient of the cell state is not handed on to the earlier steps",
    remedy="pass each step's dprev_c to the step before it, as its dnext_c",
)
def lstm_backward_without_the_cell_gradient(dh, cache):
    return _collect(*_visit(dh, cache, carry=lambda new, _: (new[0], 0)))


@mistake_of(
    "lstm_backward",
    says="the gradient of the hidden state is not handed on to the earlier steps",
    remedy="add each step's dprev_h to the upstream gradient of the step before it",
)
def lstm_backward_without_the_hidden_gradient(dh, cache):
    return _collect(*_visit(dh, cache, carry=lambda new, _: (0, new[1])))


@mistake_of(
    "lstm_backward",
    says="no gradient is handed from a step to the one before it",
    remedy="hand on both dprev_h, added to the upstream gradient, and dprev_c",
)
def lstm_backward_without_later_steps(dh, cache):
    return _collect(*_visit(dh, cache, carry=lambda *_: (0, 0)))


@mistake_of(
    "lstm_backward",
    says="the upstream gradient is used at the last step only",
    remedy="add dh[:, t] at every step: each hidden state has an upstream gradient of its own",
)
def lstm_backward_with_the_last_upstream_gradient_alone(dh, cache):
    return _collect(*_visit(np.concatenate((0 * dh[:, :-1], dh[:, -1:]), axis=1), cache))


@mistake_of(
    "lstm_backward",
    says="the cell state's gradient starts with dh of the last step rather than with zero",
    remedy="start with a cell gradient of zeros: the loss sees hidden states only",
)
def lstm_backward_with_dh_as_the_first_cell_gradient(dh, cache):
    return _collect(*_visit(dh, cache, carried=(0, dh[:, -1])))


@mistake_of(
    "lstm_backward",
    says="the cell state's gradient is added up from step to step, so that parts are counted several times",
    remedy="replace dprev_c at every step: it already contains everything that comes later",
)
def lstm_backward_with_accumulated_cell_gradient(dh, cache):
    return _collect(*_visit(dh, cache, carry=lambda new, carried: (new[0], new[1] + carried[1])))


@mistake_of(
    "lstm_backward",
    says="every step overwrites the weight gradients, so that only those of the first time step remain",
    remedy="add each step's dWx, dWh and db to a sum over all steps",
)
def lstm_backward_with_overwritten_weight_gradients(dh, cache):
    dx, dh0, *of_parameters = _visit(dh, cache)
    return dx, dh0, *(steps[-1] for steps in of_parameters)


@mistake_of(
    "lstm_backward",
    says="the weight gradients are those of the last time step only",
    remedy="sum dWx, dWh and db over all steps: every step uses the same weights",
)
def lstm_backward_with_weight_gradients_of_the_last_step(dh, cache):
    dx, dh0, *of_parameters = _visit(dh, cache)
    return dx, dh0, *(steps[0] for steps in of_parameters)


@mistake_of(
    "lstm_backward",
    says="dx is in reverse order: its first step holds the gradient of the last",
    remedy="store each step's gradient at its own t, or turn the list round at the end",
)
def lstm_backward_with_dx_in_reverse(dh, cache):
    dx, *others = _collect(*_visit(dh, cache))
    return dx[:, ::-1], *others


@mistake_of(
    "lstm_backward",
    says="the steps are walked from the first to the last",
    remedy="walk from the last step to the first: gradients flow backwards in time",
)
def lstm_backward_from_first_to_last(dh, cache):
    return _collect(*_visit(dh, cache, steps=range(len(cache))))


@mistake_of(
    "lstm_backward",
    says="dh0 is left at zero",
    remedy="return the dprev_h of the first step as dh0",
)
def lstm_backward_with_dh0_of_zeros(dh, cache):
    dx, dh0, *others = _collect(*_visit(dh, cache))
    return dx, np.zeros_like(dh0), *others
