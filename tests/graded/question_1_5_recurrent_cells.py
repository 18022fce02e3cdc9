"""Exam 1.5: the vanilla RNN, the LSTM, and how many parameters they have."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class RecurrentCase(GradedCase):
    def weights(self, d_in: int, d_hidden: int, gates: int = 1) -> tuple[np.ndarray, ...]:
        """Wx, Wh and b."""
        width = gates * d_hidden
        return self.normal(d_in, width), self.normal(d_hidden, width), self.normal(width)


class Rnn(RecurrentCase):
    def step(self, examples: int, d_in: int, d_hidden: int) -> None:
        x, prev_h = self.normal(examples, d_in), self.normal(examples, d_hidden)
        self.call("rnn_step_forward", x, prev_h, *self.weights(d_in, d_hidden)).equals_reference()

    @weight(0.8)
    @number("1.5.1")
    @tags("rnn_step_forward")
    def test_step(self):
        """rnn_step_forward computes tanh(x Wx + prev_h Wh + b)"""
        for sizes in [(2, 1, 2), (3, 2, 4), (2, 5, 3)]:
            self.step(*sizes)

    @weight(0.15)
    @number("1.5.2")
    @tags("rnn_step_forward")
    def test_one_example(self):
        """rnn_step_forward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 1, 1), (1, 2, 3)]:
            self.step(*sizes)

    @weight(0.6)
    @number("1.5.3")
    @tags("rnn_forward")
    def test_sequence(self):
        """rnn_forward hands the hidden state on from step to step"""
        for examples, steps, d_in, d_hidden in [(2, 2, 1, 2), (2, 4, 3, 2), (3, 5, 2, 4)]:
            x, h0 = self.normal(examples, steps, d_in), np.zeros((examples, d_hidden))
            self.call("rnn_forward", x, h0, *self.weights(d_in, d_hidden)).equals_reference()

    @weight(0.25)
    @number("1.5.4")
    @tags("rnn_forward")
    def test_initial_state(self):
        """rnn_forward starts from the hidden state h0"""
        for examples, steps, d_in, d_hidden in [(2, 2, 1, 2), (3, 4, 3, 2)]:
            x, h0 = self.normal(examples, steps, d_in), self.normal(examples, d_hidden)
            self.call("rnn_forward", x, h0, *self.weights(d_in, d_hidden)).equals_reference()

    @weight(0.3)
    @number("1.5.5")
    @tags("rnn_forward")
    def test_any_length(self):
        """rnn_forward runs sequences of any length with the same weights, also a single step (T = 1)"""
        x, h0, weights = self.normal(2, 6, 2), np.zeros((2, 3)), self.weights(2, 3)
        for steps in (1, 3, 6):
            self.call("rnn_forward", x[:, :steps], h0, *weights).equals_reference()

    @weight(0.6)
    @number("1.5.6")
    @tags("rnn_num_params")
    def test_parameters(self):
        """rnn_num_params counts Wx, Wh and b once, however long the sequence"""
        for d_in, d_hidden in [(1, 1), (3, 5), (5, 3), (100, 128)]:
            self.call("rnn_num_params", d_in, d_hidden).equals_reference()


class Lstm(RecurrentCase):
    """But for the test of their order, all four gates have the same scores."""

    def weights_alike(self, d_in: int, d_hidden: int) -> list[np.ndarray]:
        """Wx, Wh and b that give all four gates the same scores."""
        return [np.tile(w, 4) for w in self.weights(d_in, d_hidden)]

    def step(self, examples: int, d_in: int, d_hidden: int, alike: bool = True) -> None:
        x, prev_h = self.normal(examples, d_in), self.normal(examples, d_hidden)
        prev_c = self.normal(examples, d_hidden)
        weights = self.weights_alike(d_in, d_hidden) if alike else self.weights(d_in, d_hidden, gates=4)
        self.call("lstm_step_forward", x, prev_h, prev_c, *weights).equals_reference()

    def step_with_scores(self, i: float, f: float, o: float, g: float) -> None:
        """A step whose gates have about these scores, whatever comes in."""
        for examples, d_hidden in [(2, 1), (2, 3)]:
            x, b = self.normal(examples, 2), np.repeat([i, f, o, g], d_hidden)
            Wx, Wh = (np.tile(0.1 * self.normal(rows, d_hidden), 4) for rows in (2, d_hidden))
            states = self.normal(examples, d_hidden), self.normal(examples, d_hidden)
            self.call("lstm_step_forward", x, *states, Wx, Wh, b).equals_reference()

    @weight(0.4)
    @number("1.5.7")
    @tags("lstm_step_forward")
    def test_step(self):
        """lstm_step_forward computes the next states from its gates (all four get the same scores here)"""
        for sizes in [(2, 1, 2), (3, 2, 4), (2, 5, 3)]:
            self.step(*sizes)

    @weight(0.4)
    @number("1.5.8")
    @tags("lstm_step_forward")
    def test_order_of_gates(self):
        """lstm_step_forward takes the gates in the order i, f, o, g"""
        for sizes in [(2, 1, 2), (3, 2, 4), (2, 5, 3)]:
            self.step(*sizes, alike=False)

    @weight(0.15)
    @number("1.5.9")
    @tags("lstm_step_forward")
    def test_one_example(self):
        """lstm_step_forward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 1, 1), (1, 2, 3)]:
            self.step(*sizes)

    @weight(0.2)
    @number("1.5.10")
    @tags("lstm_step_forward")
    def test_remembers(self):
        """lstm_step_forward keeps the cell state where the forget gate is open and the input gate shut"""
        self.step_with_scores(i=-40, f=40, o=40, g=0.5)

    @weight(0.1)
    @number("1.5.11")
    @tags("lstm_step_forward")
    def test_large_scores(self):
        """lstm_step_forward stays finite where the gates' scores are as large as 1000"""
        for score in (1000.0, -1000.0):
            self.step_with_scores(score, score, score, score)

    @weight(0.5)
    @number("1.5.12")
    @tags("lstm_forward")
    def test_sequence(self):
        """lstm_forward hands the hidden state and the cell state on from step to step"""
        for examples, steps, d_in, d_hidden in [(2, 2, 1, 2), (2, 4, 3, 2), (3, 5, 2, 4)]:
            x, h0 = self.normal(examples, steps, d_in), np.zeros((examples, d_hidden))
            self.call("lstm_forward", x, h0, *self.weights_alike(d_in, d_hidden)).equals_reference()

    @weight(0.25)
    @number("1.5.13")
    @tags("lstm_forward")
    def test_initial_state(self):
        """lstm_forward starts from the hidden state h0 and from a cell state of 0"""
        for examples, steps, d_in, d_hidden in [(2, 2, 1, 2), (3, 4, 3, 2)]:
            x, h0 = self.normal(examples, steps, d_in), self.normal(examples, d_hidden)
            self.call("lstm_forward", x, h0, *self.weights_alike(d_in, d_hidden)).equals_reference()

    @weight(0.3)
    @number("1.5.14")
    @tags("lstm_forward")
    def test_any_length(self):
        """lstm_forward runs sequences of any length with the same weights, also a single step (T = 1)"""
        x, h0, weights = self.normal(2, 6, 2), np.zeros((2, 3)), self.weights_alike(2, 3)
        for steps in (1, 3, 6):
            self.call("lstm_forward", x[:, :steps], h0, *weights).equals_reference()
