"""Known mistakes in a vanilla RNN over whole sequences, forward and backward."""

import numpy as np

from autograder.mistake import mistake_of

from ..rnn_layers import rnn_forward, rnn_step_backward, rnn_step_forward


def _run(x, h0, Wx, Wh, b, before_step):
    """rnn_forward where before_step says which state a step gets, from the state after the last one."""
    h, hidden_states, step_caches = h0, [], []
    for t in range(x.shape[1]):
        h, step_cache = rnn_step_forward(x[:, t], before_step(h), Wx, Wh, b)
        hidden_states.append(h)
        step_caches.append(step_cache)
    return np.stack(hidden_states, axis=1), step_caches


@mistake_of(
    "rnn_forward",
    says="every step starts from the initial state h0",
    remedy="hand each step the hidden state that the step before it returned",
)
def rnn_forward_with_h0_at_every_step(x, h0, Wx, Wh, b):
    return _run(x, h0, Wx, Wh, b, lambda h: h0)


@mistake_of(
    "rnn_forward",
    says="every step starts from a hidden state of zeros",
    remedy="start from h0, then hand each step the hidden state that the step before it returned",
)
def rnn_forward_with_zeros_at_every_step(x, h0, Wx, Wh, b):
    return _run(x, h0, Wx, Wh, b, np.zeros_like)


@mistake_of(
    "rnn_forward",
    says="h0 is ignored and the first step starts from zeros",
    remedy="use h0 as the hidden state before the first step",
)
def rnn_forward_with_h0_ignored(x, h0, Wx, Wh, b):
    return rnn_forward(x, np.zeros_like(h0), Wx, Wh, b)


@mistake_of(
    "rnn_forward",
    says="only the hidden state after the last step is returned",
    remedy="collect the hidden state after every step, (N, T, H) in all",
)
def rnn_forward_with_the_last_state_alone(x, h0, Wx, Wh, b):
    h, cache = rnn_forward(x, h0, Wx, Wh, b)
    return h[:, -1], cache


@mistake_of(
    "rnn_forward",
    says="the time axis of h comes first, before the batch",
    remedy="put the batch axis first and the time axis second: (N, T, H)",
)
def rnn_forward_with_time_first(x, h0, Wx, Wh, b):
    h, cache = rnn_forward(x, h0, Wx, Wh, b)
    return h.swapaxes(0, 1), cache


@mistake_of(
    "rnn_forward",
    says="the sequence is read from the last step to the first",
    remedy="walk through the time axis from the first step to the last",
)
def rnn_forward_from_last_to_first(x, h0, Wx, Wh, b):
    h, cache = rnn_forward(x[:, ::-1], h0, Wx, Wh, b)
    return h[:, ::-1], cache[::-1]


@mistake_of(
    "rnn_forward",
    says="h[:, t] holds the state before step t, so that h0 comes first and the last state is lost",
    remedy="store the state that a step returns, not the one that it was given",
)
def rnn_forward_with_states_before_the_steps(x, h0, Wx, Wh, b):
    h, cache = rnn_forward(x, h0, Wx, Wh, b)
    return np.concatenate((h0[:, None], h[:, :-1]), axis=1), cache


@mistake_of(
    "rnn_forward",
    says="x is brought into (T, N, D) by a reshape, which mixes the sequences of the batch",
    remedy="swap the axes with a transpose, or index x[:, t]: a reshape keeps the order of the numbers",
)
def rnn_forward_with_a_reshape_for_a_transpose(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    return rnn_forward(x.reshape(T, N, D).swapaxes(0, 1), h0, Wx, Wh, b)


def _visit(dh, cache, steps=None, carry=lambda dprev_h, carried: dprev_h):
    """dx (N, T, D), then dprev_h of the step visited last, then each step's dWx, dWh and db as visited.

    steps: the order, backwards in time unless given; carry: what the next step gets added to its own dh.
    """
    dx, carried, parameters = [None] * len(cache), 0, []
    for t in reversed(range(len(cache))) if steps is None else steps:
        dx[t], dprev_h, *of_step = rnn_step_backward(dh[:, t] + carried, cache[t])
        carried = carry(dprev_h, carried)
        parameters.append(of_step)
    return np.stack(dx, axis=1), dprev_h, *zip(*parameters, strict=True)


def _collect(dx, dprev_h, dWx, dWh, db):
    return dx, dprev_h, sum(dWx), sum(dWh), sum(db)


@mistake_of(
    "rnn_backward",
    says="the gradient that reaches a hidden state through later steps is left out",
    remedy="add the dprev_h of the step after it to the upstream gradient of each step",
)
def rnn_backward_without_later_steps(dh, cache):
    return _collect(*_visit(dh, cache, carry=lambda dprev_h, carried: 0))


@mistake_of(
    "rnn_backward",
    says="the upstream gradient is used at the last step only",
    remedy="add dh[:, t] at every step: each hidden state has an upstream gradient of its own",
)
def rnn_backward_with_the_last_upstream_gradient_alone(dh, cache):
    return _collect(*_visit(np.concatenate((0 * dh[:, :-1], dh[:, -1:]), axis=1), cache))


@mistake_of(
    "rnn_backward",
    says="every step overwrites the weight gradients, so that only those of the first time step remain",
    remedy="add each step's dWx, dWh and db to a sum over all steps",
)
def rnn_backward_with_overwritten_weight_gradients(dh, cache):
    dx, dh0, *of_parameters = _visit(dh, cache)
    return dx, dh0, *(steps[-1] for steps in of_parameters)


@mistake_of(
    "rnn_backward",
    says="the weight gradients are those of the last time step only",
    remedy="sum dWx, dWh and db over all steps: every step uses the same weights",
)
def rnn_backward_with_weight_gradients_of_the_last_step(dh, cache):
    dx, dh0, *of_parameters = _visit(dh, cache)
    return dx, dh0, *(steps[0] for steps in of_parameters)


@mistake_of(
    "rnn_backward",
    says="the weight gradients are averaged over the time steps",
    remedy="sum them over the steps: every use of a weight adds to its gradient",
)
def rnn_backward_with_weight_gradients_averaged_over_time(dh, cache):
    dx, dh0, *of_parameters = _visit(dh, cache)
    return dx, dh0, *(sum(steps) / len(cache) for steps in of_parameters)


@mistake_of(
    "rnn_backward",
    says="db is overwritten at every step, so that only that of the first time step remains",
    remedy="add each step's db to a sum over all steps, as for the weights",
)
def rnn_backward_with_overwritten_db(dh, cache):
    dx, dh0, dWx, dWh, db = _visit(dh, cache)
    return dx, dh0, sum(dWx), sum(dWh), db[-1]


@mistake_of(
    "rnn_backward",
    says="dx is in reverse order: its first step holds the gradient of the last",
    remedy="store each step's gradient at its own t, or turn the list round at the end",
)
def rnn_backward_with_dx_in_reverse(dh, cache):
    dx, *others = _collect(*_visit(dh, cache))
    return dx[:, ::-1], *others


@mistake_of(
    "rnn_backward",
    says="the steps are walked from the first to the last",
    remedy="walk from the last step to the first: gradients flow backwards in time",
)
def rnn_backward_from_first_to_last(dh, cache):
    return _collect(*_visit(dh, cache, steps=range(len(cache))))


@mistake_of(
    "rnn_backward",
    says="dprev_h is added up from step to step, so that later steps are counted several times",
    remedy="replace dprev_h at every step: it already contains everything that comes later",
)
def rnn_backward_with_accumulated_dprev_h(dh, cache):
    return _collect(*_visit(dh, cache, carry=lambda dprev_h, carried: dprev_h + carried))


@mistake_of(
    "rnn_backward",
    says="dh0 is left at zero",
    remedy="return the dprev_h of the first step as dh0",
)
def rnn_backward_with_dh0_of_zeros(dh, cache):
    dx, dh0, *others = _collect(*_visit(dh, cache))
    return dx, np.zeros_like(dh0), *others


@mistake_of(
    "rnn_backward",
    says="dh0 is the gradient of the first step's hidden state, not of the state before it",
    remedy="go back through the first step too: its dprev_h is dh0",
)
def rnn_backward_with_dh0_one_step_late(dh, cache):
    later = _visit(dh[:, 1:], cache[1:])[1] if len(cache) > 1 else 0
    dx, _, *others = _collect(*_visit(dh, cache))
    return dx, dh[:, 0] + later, *others
