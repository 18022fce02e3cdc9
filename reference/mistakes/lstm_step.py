"""Known mistakes in one time step of an LSTM."""

import numpy as np

from autograder.mistake import mistake_of


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def _scores(x, prev_h, Wx, Wh, b):
    return np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)


def _keep_and_add(i, f, g, prev_c):
    return f * prev_c + i * g


def _cell(inputs, scores, next_c=_keep_and_add, squash=np.tanh, candidate=np.tanh):
    """The step from scores in the order i, f, o, g.

    next_c: the new cell state from the gates and the old one; squash: what the output gate reads, from the
    new cell state; candidate: the activation of g.
    """
    x, prev_h, prev_c, Wx, Wh = inputs
    i, f, o, g = *map(_sigmoid, scores[:3]), candidate(scores[3])
    c = next_c(i, f, g, prev_c)
    return o * squash(c), c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, np.tanh(c))


@mistake_of(
    "lstm_step_forward",
    says="the columns are read in the order i, f, g, o, as PyTorch has them",
    remedy="read the four blocks of columns in the order i, f, o, g",
)
def lstm_step_forward_gates_in_order_i_f_g_o(x, prev_h, prev_c, Wx, Wh, b):
    i, f, g, o = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), (i, f, o, g))


@mistake_of(
    "lstm_step_forward",
    says="the input gate and the forget gate are swapped",
    remedy="read the gates in the order i, f, o, g: f keeps the old cell state, i lets in the new",
)
def lstm_step_forward_gates_in_order_f_i_o_g(x, prev_h, prev_c, Wx, Wh, b):
    f, i, o, g = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), (i, f, o, g))


@mistake_of(
    "lstm_step_forward",
    says="the columns are read in the order f, i, g, o",
    remedy="read the four blocks of columns in the order i, f, o, g",
)
def lstm_step_forward_gates_in_order_f_i_g_o(x, prev_h, prev_c, Wx, Wh, b):
    f, i, g, o = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), (i, f, o, g))


@mistake_of(
    "lstm_step_forward",
    says="the forget gate and the output gate are swapped",
    remedy="read the gates in the order i, f, o, g: f acts on the cell state, o on what leaves it",
)
def lstm_step_forward_gates_in_order_i_o_f_g(x, prev_h, prev_c, Wx, Wh, b):
    i, o, f, g = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), (i, f, o, g))


@mistake_of(
    "lstm_step_forward",
    says="every fourth column is taken for a gate rather than a block of H columns",
    remedy="cut the 4H columns into four blocks of H next to each other",
)
def lstm_step_forward_gates_interleaved(x, prev_h, prev_c, Wx, Wh, b):
    scores = x @ Wx + prev_h @ Wh + b
    return _cell((x, prev_h, prev_c, Wx, Wh), [scores[:, start::4] for start in range(4)])


@mistake_of(
    "lstm_step_forward",
    says="the candidate g goes through the sigmoid, as the gates do",
    remedy="use tanh for g: it carries content, with either sign",
)
def lstm_step_forward_candidate_through_sigmoid(x, prev_h, prev_c, Wx, Wh, b):
    return _cell((x, prev_h, prev_c, Wx, Wh), _scores(x, prev_h, Wx, Wh, b), candidate=_sigmoid)


@mistake_of(
    "lstm_step_forward",
    says="next_h is o times the cell state, without the tanh",
    remedy="pass the new cell state through tanh before the output gate",
)
def lstm_step_forward_output_without_tanh(x, prev_h, prev_c, Wx, Wh, b):
    return _cell((x, prev_h, prev_c, Wx, Wh), _scores(x, prev_h, Wx, Wh, b), squash=lambda c: c)


@mistake_of(
    "lstm_step_forward",
    says="next_h is computed from prev_c, the cell state before this step",
    remedy="update the cell state first, then let the output gate read the new one",
)
def lstm_step_forward_output_of_the_old_cell_state(x, prev_h, prev_c, Wx, Wh, b):
    scores = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), scores, squash=lambda c: np.tanh(prev_c))


@mistake_of(
    "lstm_step_forward",
    says="the candidate g enters the cell state without the input gate",
    remedy="multiply g by the input gate i before you add it",
)
def lstm_step_forward_without_input_gate(x, prev_h, prev_c, Wx, Wh, b):
    scores = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), scores, lambda i, f, g, prev_c: f * prev_c + g)


@mistake_of(
    "lstm_step_forward",
    says="the old cell state is kept whole, without the forget gate",
    remedy="multiply prev_c by the forget gate f",
)
def lstm_step_forward_without_forget_gate(x, prev_h, prev_c, Wx, Wh, b):
    scores = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), scores, lambda i, f, g, prev_c: prev_c + i * g)


@mistake_of(
    "lstm_step_forward",
    says="the old cell state does not enter the new one",
    remedy="add prev_c times the forget gate: it is the memory of the cell",
)
def lstm_step_forward_without_the_old_cell_state(x, prev_h, prev_c, Wx, Wh, b):
    return _cell((x, prev_h, prev_c, Wx, Wh), _scores(x, prev_h, Wx, Wh, b), lambda i, f, g, prev_c: i * g)


@mistake_of(
    "lstm_step_forward",
    says="1 - f takes the place of the input gate, as in a GRU",
    remedy="use the input gate i for the candidate: an LSTM has a gate for either side",
)
def lstm_step_forward_with_coupled_gates(x, prev_h, prev_c, Wx, Wh, b):
    scores = _scores(x, prev_h, Wx, Wh, b)
    return _cell((x, prev_h, prev_c, Wx, Wh), scores, lambda i, f, g, prev_c: f * prev_c + (1 - f) * g)


@mistake_of(
    "lstm_step_forward",
    says="the bias b is not added",
    remedy="add b to the sum before you cut it into gates",
)
def lstm_step_forward_without_bias(x, prev_h, prev_c, Wx, Wh, b):
    return _cell((x, prev_h, prev_c, Wx, Wh), _scores(x, prev_h, Wx, Wh, 0))


@mistake_of(
    "lstm_step_forward",
    says="the previous hidden state does not reach the gates",
    remedy="add prev_h times Wh to what comes from x",
)
def lstm_step_forward_without_the_previous_hidden_state(x, prev_h, prev_c, Wx, Wh, b):
    return _cell((x, prev_h, prev_c, Wx, Wh), _scores(x, 0 * prev_h, Wx, Wh, b))
