"""Exam 1.2: full-batch gradient descent, and the learning rate above which it diverges."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class QuadraticCase(GradedCase):
    def matrix(self, *eigenvalues: float) -> tuple[np.ndarray, np.ndarray]:
        """A symmetric matrix with these eigenvalues, and weights that all its eigenvectors have a part in."""
        size = len(eigenvalues)
        vectors = np.linalg.qr(self.normal(size, size))[0]
        A = vectors * np.array(eigenvalues) @ vectors.T
        return (A + A.T) / 2, vectors.sum(axis=1)


class GradientDescent(QuadraticCase):
    @weight(0.7)
    @number("1.2.1")
    @tags("gradient_descent")
    def test_by_hand(self):
        """gradient_descent on one weight: w = 1 with A = 2 and learning rate 0.25 is halved by every step"""
        path = np.array([[1.0], [0.5], [0.25], [0.125]])
        self.call("gradient_descent", np.array([[2.0]]), np.array([1.0]), 0.25, 3).equals(path)

    @weight(1.1)
    @number("1.2.2")
    @tags("gradient_descent")
    def test_path(self):
        """gradient_descent returns the weights at the start and after every step"""
        for eigenvalues, rate, steps in [((1, 2), 0.1, 1), ((0.5, 1, 3), 0.2, 4), ((1, 2, 3, 4), 0.3, 5)]:
            A, w0 = self.matrix(*eigenvalues)
            self.call("gradient_descent", A, w0, rate, steps).equals_reference()

    @weight(0.3)
    @number("1.2.3")
    @tags("gradient_descent")
    def test_no_steps(self):
        """gradient_descent with 0 steps returns the start alone, as one row"""
        for size in (1, 3):
            A, w0 = self.matrix(*range(1, size + 1))
            self.call("gradient_descent", A, w0, 0.1, 0).equals_reference()

    @weight(0.5)
    @number("1.2.4")
    @tags("gradient_descent")
    def test_converges(self):
        """gradient_descent converges just below the largest stable learning rate"""
        for eigenvalues in [(2,), (0.5, 4), (1, 2, 5)]:
            A, w0 = self.matrix(*eigenvalues)
            self.call("gradient_descent", A, w0, 0.9 * 2 / max(eigenvalues), 50).satisfies(
                lambda path, w0=w0: (
                    np.allclose(path[0], w0, rtol=1e-4)
                    and np.linalg.norm(path[-1]) < 1e-2 * np.linalg.norm(path[0])
                ),
                "The path should start at w0 and end close to 0: the learning rate is below 2 / (largest "
                "eigenvalue of A).",
            )

    @weight(0.4)
    @number("1.2.5")
    @tags("gradient_descent")
    def test_diverges(self):
        """gradient_descent diverges just above the largest stable learning rate"""
        for eigenvalues in [(2,), (0.5, 4), (1, 2, 5)]:
            A, w0 = self.matrix(*eigenvalues)
            self.call("gradient_descent", A, w0, 1.1 * 2 / max(eigenvalues), 50).satisfies(
                lambda path: np.linalg.norm(path[-1]) > 1e2 * np.linalg.norm(path[0]) > 0,
                "The path should lead far away from 0: the learning rate is above 2 / (largest eigenvalue "
                "of A).",
            )

    @weight(0.2)
    @number("1.2.6")
    @tags("gradient_descent")
    def test_oscillates(self):
        """gradient_descent jumps to and fro for ever at exactly the largest stable learning rate"""
        path = np.array([[3.0], [-3.0], [3.0], [-3.0], [3.0]])
        self.call("gradient_descent", np.array([[2.0]]), np.array([3.0]), 1.0, 4).equals(path)


class LargestStableLearningRate(QuadraticCase):
    @weight(0.4)
    @number("1.2.7")
    @tags("largest_stable_learning_rate")
    def test_one_weight(self):
        """largest_stable_learning_rate of one weight is 2 / A"""
        for curvature in (2.0, 0.25, 8.0):
            answer = self.call("largest_stable_learning_rate", np.array([[curvature]]))
            answer.equals(2 / curvature)

    @weight(0.6)
    @number("1.2.8")
    @tags("largest_stable_learning_rate")
    def test_diagonal(self):
        """largest_stable_learning_rate is set by the steepest direction of a diagonal A"""
        for curvatures in [(1.0, 4.0), (3.0, 0.1), (2.0, 2.0, 2.0), (0.5, 5.0, 1.0)]:
            self.call("largest_stable_learning_rate", np.diag(curvatures)).equals_reference()

    @weight(0.8)
    @number("1.2.9")
    @tags("largest_stable_learning_rate")
    def test_symmetric(self):
        """largest_stable_learning_rate is right where the steepest direction is no axis"""
        for eigenvalues in [(1, 4), (0.1, 1, 3), (1, 2, 5, 9)]:
            A, _ = self.matrix(*eigenvalues)
            self.call("largest_stable_learning_rate", A).equals_reference()
