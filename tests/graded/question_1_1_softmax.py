"""Exam 1.1: softmax and cross-entropy."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class Softmax(GradedCase):
    @weight(1)
    @number("1.1.1")
    @tags("softmax")
    def test_rows(self):
        """softmax turns each row of scores into probabilities"""
        for shape in [(2, 3), (3, 2), (5, 4)]:
            self.call("softmax", self.normal(*shape)).equals_reference()

    @weight(0.3)
    @number("1.1.2")
    @tags("softmax")
    def test_rows_sum_to_1(self):
        """softmax gives positive numbers that sum to 1 in each row"""
        for shape in [(2, 2), (2, 5), (4, 3)]:
            answer = self.call("softmax", self.normal(*shape))
            answer.satisfies(lambda p: np.all(np.asarray(p) > 0), "Every entry of p should be positive.")
            answer.satisfies(
                lambda p: np.allclose(np.sum(p, axis=1), 1, atol=1e-5), "Each row of p should sum to 1."
            )

    @weight(0.5)
    @number("1.1.3")
    @tags("softmax")
    def test_shift(self):
        """softmax stays the same when a constant is added to all scores of a row"""
        for shape, constant in [((2, 2), 3.0), ((2, 3), -2.0), ((3, 4), 5.0)]:
            z = self.normal(*shape)
            before = self.call("softmax", z).equals_reference()
            self.call("softmax", z + constant).satisfies(
                lambda p, before=before: np.allclose(p, before.actual.value, rtol=1e-4, atol=1e-6),
                "Adding a constant to every score should leave the probabilities as they are.",
            )

    @weight(0.3)
    @number("1.1.4")
    @tags("softmax")
    def test_ties(self):
        """softmax gives equal scores equal probabilities"""
        for examples, classes in [(2, 2), (2, 4), (3, 5)]:
            z = np.repeat(self.normal(examples, 1), classes, axis=1)
            self.call("softmax", z).equals(np.full((examples, classes), 1 / classes))

    @weight(0.2)
    @number("1.1.5")
    @tags("softmax")
    def test_one_row(self):
        """softmax is right for a single row (N = 1)"""
        for classes in (2, 5):
            self.call("softmax", self.normal(1, classes)).equals_reference()

    @weight(0.3)
    @number("1.1.6")
    @tags("softmax")
    def test_large_scores(self):
        """softmax stays finite for scores as large as 1000"""
        for shape in [(2, 2), (3, 4)]:
            self.call("softmax", 1000.0 + self.rng.integers(-2, 3, shape)).equals_reference()
        self.call("softmax", np.array([[0.0, 1000.0], [1000.0, 0.0]])).equals(np.eye(2)[::-1])

    @weight(0.2)
    @number("1.1.7")
    @tags("softmax")
    def test_very_negative_scores(self):
        """softmax stays finite for scores as low as -1000"""
        for shape in [(2, 2), (3, 4)]:
            self.call("softmax", -1000.0 + self.rng.integers(-2, 3, shape)).equals_reference()

    @weight(0.2)
    @number("1.1.8")
    @tags("softmax")
    def test_rows_of_different_size(self):
        """softmax stays finite where one row's scores are far larger than another's"""
        for sizes in [(1000, 0), (0, -1000), (1000, -1000, 10)]:
            z = np.array(sizes, dtype=float)[:, None] + self.rng.integers(-2, 3, (len(sizes), 3))
            self.call("softmax", z).equals_reference()


class CrossEntropy(GradedCase):
    @weight(0.9)
    @number("1.1.9")
    @tags("cross_entropy")
    def test_sum(self):
        """cross_entropy sums over the rows, as in the exam's formula"""
        for examples, classes in [(2, 3), (3, 2), (5, 4)]:
            z, y = self.normal(examples, classes), self.labels(examples, classes)
            self.call("cross_entropy", z, y).equals_reference()

    @weight(0.5)
    @number("1.1.10")
    @tags("cross_entropy")
    def test_one_row(self):
        """cross_entropy is right for a single row (N = 1)"""
        for classes in (2, 3, 5):
            self.call("cross_entropy", self.normal(1, classes), self.labels(1, classes)).equals_reference()

    @weight(0.2)
    @number("1.1.11")
    @tags("cross_entropy")
    def test_equal_scores(self):
        """cross_entropy of equal scores is the log of the number of classes, for every row"""
        for examples, classes in [(2, 2), (3, 4)]:
            z, y = np.zeros((examples, classes)), self.labels(examples, classes)
            self.call("cross_entropy", z, y).equals(examples * np.log(classes))

    @weight(0.2)
    @number("1.1.12")
    @tags("cross_entropy")
    def test_large_scores(self):
        """cross_entropy stays finite for scores as large as 1000"""
        for examples, classes in [(2, 2), (3, 4)]:
            # Whole numbers, so that float32 does not round the scores already.
            z = self.rng.integers(998, 1002, (examples, classes)).astype(float)
            self.call("cross_entropy", z, self.labels(examples, classes)).equals_reference()

    @weight(0.2)
    @number("1.1.13")
    @tags("cross_entropy")
    def test_impossible_label(self):
        """cross_entropy stays finite where the probability of the label rounds to 0"""
        self.call("cross_entropy", np.array([[0.0, 1000.0], [900.0, 0.0]]), np.array([0, 1])).equals(1900.0)
        z = np.array([[0.0, -800.0, 1.0], [2.0, 1.0, 900.0]])
        self.call("cross_entropy", z, np.array([1, 0])).equals_reference()
