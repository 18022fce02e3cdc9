"""Exam 4.1: back-propagation through time in the LSTM."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class LstmThroughTime(GradedCase):
    def weights(self, d_in: int, d_hidden: int) -> tuple[np.ndarray, ...]:
        """Wx, Wh and b."""
        width = 4 * d_hidden
        return self.normal(d_in, width), self.normal(d_hidden, width), self.normal(width)

    def step(
        self, examples: int, d_in: int, d_hidden: int, size_of_dh: float = 1.0, size_of_dc: float = 1.0
    ) -> None:
        x, prev_h = self.normal(examples, d_in), self.normal(examples, d_hidden)
        prev_c, weights = self.normal(examples, d_hidden), self.weights(d_in, d_hidden)
        forward = self.call("lstm_step_forward", x, prev_h, prev_c, *weights)
        dnext_h, dnext_c = self.normal(examples, d_hidden), self.normal(examples, d_hidden)
        gradients = size_of_dh * dnext_h, size_of_dc * dnext_c
        self.call("lstm_step_backward", *gradients, forward.cache).equals_reference()

    def sequence(self, examples: int, steps: int, d_in: int, d_hidden: int, last_only: bool = False) -> None:
        x, h0 = self.normal(examples, steps, d_in), self.normal(examples, d_hidden)
        forward = self.call("lstm_forward", x, h0, *self.weights(d_in, d_hidden))
        dh = self.normal(examples, steps, d_hidden)
        if last_only:
            dh[:, :-1] = 0
        self.call("lstm_backward", dh, forward.cache).equals_reference()

    @weight(0.7)
    @number("4.1.11")
    @tags("lstm_step_backward", "lstm_step_forward")
    def test_step(self):
        """lstm_step_backward gives the gradients of one step from those of both next states"""
        for sizes in [(2, 1, 2), (3, 2, 4), (2, 5, 3)]:
            self.step(*sizes)

    @weight(0.15)
    @number("4.1.12")
    @tags("lstm_step_backward", "lstm_step_forward")
    def test_hidden_state_only(self):
        """lstm_step_backward is right where the loss depends on the hidden state alone (dnext_c = 0)"""
        for sizes in [(2, 1, 2), (3, 2, 4)]:
            self.step(*sizes, size_of_dc=0.0)

    @weight(0.15)
    @number("4.1.13")
    @tags("lstm_step_backward", "lstm_step_forward")
    def test_cell_state_only(self):
        """lstm_step_backward is right where the loss depends on the cell state alone (dnext_h = 0)"""
        for sizes in [(2, 1, 2), (3, 2, 4)]:
            self.step(*sizes, size_of_dh=0.0)

    @weight(0.1)
    @number("4.1.14")
    @tags("lstm_step_backward", "lstm_step_forward")
    def test_step_of_one_example(self):
        """lstm_step_backward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 1, 1), (1, 2, 3)]:
            self.step(*sizes)

    @weight(0.8)
    @number("4.1.15")
    @tags("lstm_backward", "lstm_forward")
    def test_sequence(self):
        """lstm_backward carries the gradients of hidden and cell state back through all steps"""
        for sizes in [(2, 2, 1, 2), (2, 3, 3, 2), (3, 5, 2, 4)]:
            self.sequence(*sizes)

    @weight(0.3)
    @number("4.1.16")
    @tags("lstm_backward", "lstm_forward")
    def test_last_step_only(self):
        """lstm_backward is right where the loss depends on the last step alone"""
        for sizes in [(2, 2, 1, 2), (2, 4, 3, 2)]:
            self.sequence(*sizes, last_only=True)

    @weight(0.2)
    @number("4.1.17")
    @tags("lstm_backward", "lstm_forward")
    def test_single_step(self):
        """lstm_backward is right for a sequence of one step (T = 1)"""
        for sizes in [(2, 1, 1, 2), (3, 1, 3, 2)]:
            self.sequence(*sizes)

    @weight(0.1)
    @number("4.1.18")
    @tags("lstm_backward", "lstm_forward")
    def test_one_example(self):
        """lstm_backward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 2, 1, 1), (1, 3, 2, 3)]:
            self.sequence(*sizes)
