"""Exam 1.3: batch normalisation in training and in testing, and its running averages."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.answer import Answer
from autograder.case import GradedCase

BN_PARAM = 3  # the place of bn_param among the arguments of batchnorm_forward


class BatchNorm(GradedCase):
    def parameters(self, features: int, mode: str, **others: object) -> dict:
        """bn_param with running averages that have nothing to do with the batch."""
        averages = {
            "running_mean": self.normal(features, scale=5.0),
            "running_var": self.rng.uniform(100, 200, features),
        }
        return {"mode": mode, "eps": 1e-5, "momentum": 0.9, **averages, **others}

    def forward(self, examples: int, bn_param: dict, spread: float = 10.0) -> Answer:
        """A wide spread leaves eps without effect."""
        features = len(bn_param["running_mean"])
        x = self.normal(examples, features, scale=spread) + self.normal(features)
        return self.call("batchnorm_forward", x, self.normal(features), self.normal(features), bn_param)

    def leaves(self, answer: Answer, name: str) -> None:
        """Claim that the call left one of the running averages as the key does."""
        answer.leaves_argument("bn_param", {name: answer.expected.changed[BN_PARAM][name]})


class BatchNormTraining(BatchNorm):
    @weight(0.6)
    @number("1.3.8")
    @tags("batchnorm_forward")
    def test_features(self):
        """batchnorm_forward standardises each feature over the batch in train mode"""
        for examples, features in [(4, 2), (5, 3), (4, 6)]:
            self.forward(examples, self.parameters(features, "train")).equals_reference()

    @weight(0.1)
    @number("1.3.9")
    @tags("batchnorm_forward")
    def test_square_batch(self):
        """batchnorm_forward is right in train mode for as many examples as features (N = D)"""
        for size in (3, 5):
            self.forward(size, self.parameters(size, "train")).equals_reference()

    @weight(0.2)
    @number("1.3.10")
    @tags("batchnorm_forward")
    def test_eps(self):
        """batchnorm_forward adds the eps that it is given to a small variance in train mode"""
        for eps, spread in [(0.1, 0.1), (1e-3, 0.05), (0.5, 1.0)]:
            self.forward(4, self.parameters(3, "train", eps=eps), spread).equals_reference()

    @weight(0.25)
    @number("1.3.11")
    @tags("batchnorm_forward")
    def test_running_mean(self):
        """batchnorm_forward updates the running mean in bn_param"""
        for examples, features in [(4, 2), (5, 3)]:
            bn_param = self.parameters(features, "train", running_mean=np.zeros(features))
            self.leaves(self.forward(examples, bn_param), "running_mean")

    @weight(0.25)
    @number("1.3.12")
    @tags("batchnorm_forward")
    def test_running_var(self):
        """batchnorm_forward updates the running variance in bn_param, with the batch's biased variance"""
        for examples, features in [(4, 2), (5, 3)]:
            bn_param = self.parameters(features, "train", running_var=np.zeros(features))
            self.leaves(self.forward(examples, bn_param), "running_var")

    @weight(0.1)
    @number("1.3.13")
    @tags("batchnorm_forward")
    def test_running_var_without_eps(self):
        """batchnorm_forward keeps eps out of the running variance"""
        for eps in (0.5, 0.1):
            bn_param = self.parameters(3, "train", eps=eps, running_var=np.zeros(3))
            self.leaves(self.forward(4, bn_param, spread=0.5), "running_var")

    @weight(0.2)
    @number("1.3.14")
    @tags("batchnorm_forward")
    def test_momentum(self):
        """batchnorm_forward uses the momentum that it is given: the share of the old running average"""
        for momentum in (0.5, 0.75, 0.0):
            bn_param = self.parameters(2, "train", momentum=momentum, running_mean=np.zeros(2))
            answer = self.forward(4, bn_param)
            self.leaves(answer, "running_mean")

    @weight(0.2)
    @number("1.3.15")
    @tags("batchnorm_forward")
    def test_second_call(self):
        """batchnorm_forward goes on from the running averages that an earlier call left"""
        for features in (2, 3):
            bn_param = self.parameters(features, "train")
            first = self.forward(4, bn_param)
            self.leaves(first, "running_mean")
            if self.findings:
                self.stop()
            left = first.actual.changed[BN_PARAM]["running_mean"]
            running_mean = np.asarray(left, dtype=np.float64).reshape(features)
            self.leaves(self.forward(5, {**bn_param, "running_mean": running_mean}), "running_mean")


class BatchNormTesting(BatchNorm):
    @weight(0.8)
    @number("1.3.16")
    @tags("batchnorm_forward")
    def test_features(self):
        """batchnorm_forward standardises by the running averages in test mode"""
        for examples, features in [(4, 2), (2, 3), (5, 2)]:
            self.forward(examples, self.parameters(features, "test")).equals_reference()

    @weight(0.2)
    @number("1.3.17")
    @tags("batchnorm_forward")
    def test_one_example(self):
        """batchnorm_forward is right in test mode for a batch of one example (N = 1)"""
        for features in (2, 3):
            self.forward(1, self.parameters(features, "test")).equals_reference()

    @weight(0.2)
    @number("1.3.18")
    @tags("batchnorm_forward")
    def test_eps(self):
        """batchnorm_forward adds the eps that it is given to a small running variance in test mode"""
        for eps, variance in [(0.1, 0.05), (1e-3, 2e-3), (0.5, 1.0)]:
            bn_param = self.parameters(3, "test", eps=eps, running_var=np.full(3, variance))
            self.forward(4, bn_param).equals_reference()

    @weight(0.2)
    @number("1.3.19")
    @tags("batchnorm_forward")
    def test_running_averages(self):
        """batchnorm_forward leaves the running averages alone in test mode"""
        for features in (2, 3):
            answer = self.forward(4, self.parameters(features, "test"))
            answer.leaves_argument_like_reference("bn_param")
