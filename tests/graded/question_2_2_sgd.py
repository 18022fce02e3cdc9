"""Exam 2.2: updating the weights by stochastic gradient descent."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class Sgd(GradedCase):
    @weight(2)
    @number("2.2.1")
    @tags("sgd")
    def test_exam_step(self):
        """sgd takes the exam's step: the weights of the worked network after one update at rate 0.1"""
        w, dw = np.array([0.5, -1.0, 2.0]), np.array([4.0, 0.0, 1.0])
        config = {"learning_rate": 0.1}
        self.call("sgd", w, dw, config).equals((np.array([0.1, -1.0, 1.9]), config), "w")

    @weight(1.5)
    @number("2.2.2")
    @tags("sgd")
    def test_shapes(self):
        """sgd updates weights of any shape"""
        for shape in [(1,), (2, 3), (3, 1), (2, 1, 3, 2)]:
            config = {"learning_rate": 1e-2}
            self.call("sgd", self.normal(*shape), self.normal(*shape), config).equals_reference("w")

    @weight(1)
    @number("2.2.3")
    @tags("sgd")
    def test_learning_rate(self):
        """sgd uses the learning rate that its config holds"""
        for rate in (1.0, 0.5, 3e-3, 0.0):
            config = {"learning_rate": rate}
            self.call("sgd", self.normal(2, 2), self.normal(2, 2), config).equals_reference("w")

    @weight(0.5)
    @number("2.2.4")
    @tags("sgd")
    def test_config(self):
        """sgd returns the config, with the learning rate in it"""
        for rate in (0.1, 2e-2):
            config = {"learning_rate": rate}
            self.call("sgd", self.normal(2), self.normal(2), config).equals_reference("config")

    @weight(1)
    @number("2.2.5")
    @tags("sgd")
    def test_two_steps(self):
        """sgd takes a second step with the config that the first step returned"""
        for shape in [(2,), (3, 2)]:
            first = self.call("sgd", self.normal(*shape), self.normal(*shape), {"learning_rate": 0.2})
            self.call("sgd", self.normal(*shape), self.normal(*shape), first.config).equals_reference("w")
