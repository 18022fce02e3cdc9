"""Exam 4.1: back-propagation through time in the vanilla RNN, and gradients that vanish or explode."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class RnnThroughTime(GradedCase):
    def weights(self, d_in: int, d_hidden: int) -> tuple[np.ndarray, ...]:
        """Wx, Wh and b."""
        return self.normal(d_in, d_hidden), self.normal(d_hidden, d_hidden), self.normal(d_hidden)

    def step(self, examples: int, d_in: int, d_hidden: int) -> None:
        x, prev_h = self.normal(examples, d_in), self.normal(examples, d_hidden)
        forward = self.call("rnn_step_forward", x, prev_h, *self.weights(d_in, d_hidden))
        dnext_h = self.normal(examples, d_hidden)
        self.call("rnn_step_backward", dnext_h, forward.cache).equals_reference()

    def sequence(self, examples: int, steps: int, d_in: int, d_hidden: int, last_only: bool = False) -> None:
        x, h0 = self.normal(examples, steps, d_in), self.normal(examples, d_hidden)
        forward = self.call("rnn_forward", x, h0, *self.weights(d_in, d_hidden))
        dh = self.normal(examples, steps, d_hidden)
        if last_only:
            dh[:, :-1] = 0
        self.call("rnn_backward", dh, forward.cache).equals_reference()

    @weight(0.7)
    @number("4.1.1")
    @tags("rnn_step_backward", "rnn_step_forward")
    def test_step(self):
        """rnn_step_backward gives the gradients of one step, through the derivative of tanh"""
        for sizes in [(2, 1, 2), (3, 2, 4), (2, 5, 3)]:
            self.step(*sizes)

    @weight(0.1)
    @number("4.1.2")
    @tags("rnn_step_backward", "rnn_step_forward")
    def test_step_of_one_example(self):
        """rnn_step_backward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 1, 1), (1, 2, 3)]:
            self.step(*sizes)

    @weight(0.8)
    @number("4.1.3")
    @tags("rnn_backward", "rnn_forward")
    def test_sequence(self):
        """rnn_backward adds to each step's own gradient what comes back from the later steps"""
        for sizes in [(2, 2, 1, 2), (2, 3, 3, 2), (3, 5, 2, 4)]:
            self.sequence(*sizes)

    @weight(0.3)
    @number("4.1.4")
    @tags("rnn_backward", "rnn_forward")
    def test_last_step_only(self):
        """rnn_backward is right where the loss depends on the last step alone"""
        for sizes in [(2, 2, 1, 2), (2, 4, 3, 2)]:
            self.sequence(*sizes, last_only=True)

    @weight(0.2)
    @number("4.1.5")
    @tags("rnn_backward", "rnn_forward")
    def test_single_step(self):
        """rnn_backward is right for a sequence of one step (T = 1)"""
        for sizes in [(2, 1, 1, 2), (3, 1, 3, 2)]:
            self.sequence(*sizes)

    @weight(0.1)
    @number("4.1.6")
    @tags("rnn_backward", "rnn_forward")
    def test_one_example(self):
        """rnn_backward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 2, 1, 1), (1, 3, 2, 3)]:
            self.sequence(*sizes)


class HiddenGradientNorms(GradedCase):
    def norms(self, examples: int, steps: int, d_in: int, d_hidden: int) -> None:
        x, h0 = self.normal(examples, steps, d_in), self.normal(examples, d_hidden)
        Wx, Wh, b = self.normal(d_in, d_hidden), self.normal(d_hidden, d_hidden), self.normal(d_hidden)
        dh_last = self.normal(examples, d_hidden)
        self.call("hidden_grad_norms", x, h0, Wx, Wh, b, dh_last).equals_reference()

    def norms_of_linear(self, size_of_Wh: float) -> None:
        """All states are 0, where tanh is linear: each step back multiplies the norm by the size of Wh."""
        for steps, d_hidden in [(2, 2), (5, 3), (8, 4)]:
            Wh = size_of_Wh * np.linalg.qr(self.normal(d_hidden, d_hidden))[0]
            x, h0, b = np.zeros((1, steps, 2)), np.zeros((1, d_hidden)), np.zeros(d_hidden)
            Wx, dh_last = self.normal(2, d_hidden), self.normal(1, d_hidden)
            norms = np.linalg.norm(dh_last) * size_of_Wh ** np.arange(steps)[::-1]
            self.call("hidden_grad_norms", x, h0, Wx, Wh, b, dh_last).equals(norms)

    @weight(0.6)
    @number("4.1.7")
    @tags("hidden_grad_norms")
    def test_norms(self):
        """hidden_grad_norms gives the norm of the gradient at every step, over the whole batch"""
        for sizes in [(2, 2, 1, 2), (2, 4, 3, 2), (3, 6, 2, 4)]:
            self.norms(*sizes)

    @weight(0.1)
    @number("4.1.8")
    @tags("hidden_grad_norms")
    def test_one_example(self):
        """hidden_grad_norms is right for a batch of one example (N = 1)"""
        for sizes in [(1, 2, 1, 1), (1, 4, 2, 3)]:
            self.norms(*sizes)

    @weight(0.3)
    @number("4.1.9")
    @tags("hidden_grad_norms")
    def test_vanish(self):
        """hidden_grad_norms shows gradients that vanish towards the start where Wh is small"""
        self.norms_of_linear(0.25)

    @weight(0.3)
    @number("4.1.10")
    @tags("hidden_grad_norms")
    def test_explode(self):
        """hidden_grad_norms shows gradients that explode towards the start where Wh is large"""
        self.norms_of_linear(3.0)
