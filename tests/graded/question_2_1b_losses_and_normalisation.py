"""Exam 2.1: backward passes of the softmax loss and of the normalisation layers."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class SoftmaxLoss(GradedCase):
    @weight(1.2)
    @number("2.1.16")
    @tags("softmax_loss")
    def test_loss_and_gradient(self):
        """softmax_loss gives the mean loss over the rows, and the gradient of that mean"""
        for examples, classes in [(2, 3), (3, 2), (5, 4)]:
            x, y = self.normal(examples, classes), self.labels(examples, classes)
            self.call("softmax_loss", x, y).equals_reference()

    @weight(0.2)
    @number("2.1.17")
    @tags("softmax_loss")
    def test_large_scores(self):
        """softmax_loss stays finite for scores as large as 1000"""
        for examples, classes in [(2, 2), (3, 4)]:
            # Whole numbers, so that float32 does not round the scores already.
            x = self.rng.integers(998, 1002, (examples, classes)).astype(float)
            self.call("softmax_loss", x, self.labels(examples, classes)).equals_reference()

    @weight(0.2)
    @number("2.1.18")
    @tags("softmax_loss")
    def test_rows_of_different_size(self):
        """softmax_loss stays finite where one row's scores are far larger than another's"""
        for sizes in [(1000, 0), (0, -1000), (1000, -1000, 10)]:
            x = np.array(sizes, dtype=float)[:, None] + self.rng.integers(-2, 3, (len(sizes), 3))
            self.call("softmax_loss", x, self.labels(len(sizes), 3)).equals_reference()

    @weight(0.2)
    @number("2.1.19")
    @tags("softmax_loss")
    def test_impossible_label(self):
        """softmax_loss stays finite where the probability of the label rounds to 0"""
        x = np.array([[0.0, 1000.0], [900.0, 0.0]])
        self.call("softmax_loss", x, np.array([0, 1])).equals_reference()
        x = np.array([[0.0, -800.0, 1.0], [2.0, 1.0, 900.0]])
        self.call("softmax_loss", x, np.array([1, 0])).equals_reference()


class BatchNormGradients(GradedCase):
    def backward(self, examples: int, features: int, eps: float = 1e-5, spread: float = 10.0) -> None:
        """A wide spread leaves eps without effect; shifting the inputs gives each feature a mean."""
        x = self.normal(examples, features, scale=spread) + self.normal(features)
        bn_param = {
            "mode": "train",
            "eps": eps,
            "momentum": 0.9,
            "running_mean": np.zeros(features),
            "running_var": np.ones(features),
        }
        forward = self.call("batchnorm_forward", x, self.normal(features), self.normal(features), bn_param)
        dout = self.normal(examples, features)
        self.call("batchnorm_backward", dout, forward.cache).equals_reference()

    @weight(1.7)
    @number("2.1.20")
    @tags("batchnorm_backward", "batchnorm_forward")
    def test_gradients(self):
        """batchnorm_backward gives the gradients of x, gamma and beta"""
        for examples, features in [(4, 2), (5, 3), (4, 6)]:
            self.backward(examples, features)

    @weight(0.4)
    @number("2.1.21")
    @tags("batchnorm_backward", "batchnorm_forward")
    def test_square_batch(self):
        """batchnorm_backward is right for as many examples as features (N = D)"""
        for size in (3, 5):
            self.backward(size, size)

    @weight(0.4)
    @number("2.1.22")
    @tags("batchnorm_backward", "batchnorm_forward")
    def test_eps(self):
        """batchnorm_backward uses the eps that the forward pass was given, also for a small variance"""
        for eps, spread in [(0.1, 0.1), (1e-3, 0.05), (0.5, 1.0)]:
            self.backward(4, 3, eps, spread)


class LayerNormGradients(GradedCase):
    def backward(self, examples: int, features: int, eps: float = 1e-5, spread: float = 10.0) -> None:
        x = self.normal(examples, features, scale=spread) + self.normal(examples, 1)
        gamma, beta = self.normal(features), self.normal(features)
        forward = self.call("layernorm_forward", x, gamma, beta, {"eps": eps})
        dout = self.normal(examples, features)
        self.call("layernorm_backward", dout, forward.cache).equals_reference()

    @weight(1.5)
    @number("2.1.23")
    @tags("layernorm_backward", "layernorm_forward")
    def test_gradients(self):
        """layernorm_backward gives the gradients of x, gamma and beta"""
        for examples, features in [(2, 4), (3, 5), (6, 4)]:
            self.backward(examples, features)

    @weight(0.3)
    @number("2.1.24")
    @tags("layernorm_backward", "layernorm_forward")
    def test_square_batch(self):
        """layernorm_backward is right for as many examples as features (N = D)"""
        for size in (4, 5):
            self.backward(size, size)

    @weight(0.3)
    @number("2.1.25")
    @tags("layernorm_backward", "layernorm_forward")
    def test_one_example(self):
        """layernorm_backward is right for a batch of one example (N = 1)"""
        for features in (4, 6):
            self.backward(1, features)

    @weight(0.4)
    @number("2.1.26")
    @tags("layernorm_backward", "layernorm_forward")
    def test_eps(self):
        """layernorm_backward uses the eps that the forward pass was given, also for a small variance"""
        for eps, spread in [(0.1, 0.1), (1e-3, 0.05), (0.5, 1.0)]:
            self.backward(3, 4, eps, spread)
