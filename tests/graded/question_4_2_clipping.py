"""Exam 4.2: gradients that explode are clipped by their global norm."""

from typing import Any

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


def joined(arrays: Any) -> np.ndarray:
    """All entries of a list of arrays, one after the other."""
    return np.concatenate([np.ravel(array) for array in arrays])


def same_direction(one: Any, other: Any) -> bool:
    """Are two lists of arrays equal but for one positive factor, to float32's precision?"""
    a, b = joined(one), joined(other)
    return np.allclose(a / np.linalg.norm(a), b / np.linalg.norm(b), atol=1e-5)


class ClipGradNorm(GradedCase):
    SHAPES = (((2,), (2, 2)), ((3, 2), (2,), (1,)), ((2, 1, 3), (4,), (2, 2)))

    def gradients(self, shapes: tuple[tuple[int, ...], ...], norm: float) -> list[np.ndarray]:
        """Random gradients of these shapes with this global norm."""
        gradients = [self.normal(*shape) for shape in shapes]
        return [gradient * norm / np.linalg.norm(joined(gradients)) for gradient in gradients]

    @weight(1.4)
    @number("4.2.1")
    @tags("clip_grad_norm")
    def test_one_array(self):
        """clip_grad_norm scales a gradient down to max_norm, and gives its norm before that"""
        clipped = [np.array([0.6, 0.8])]
        self.call("clip_grad_norm", [np.array([3.0, 4.0])], 1.0).equals((clipped, 5.0))
        for shape, norm, max_norm in [((3,), 10.0, 2.0), ((2, 3), 100.0, 0.5)]:
            self.call("clip_grad_norm", self.gradients((shape,), norm), max_norm).equals_reference()

    @weight(1.4)
    @number("4.2.2")
    @tags("clip_grad_norm")
    def test_several_arrays(self):
        """clip_grad_norm takes one norm over all arrays together"""
        clipped = [np.array([0.6]), np.array([0.8])]
        self.call("clip_grad_norm", [np.array([3.0]), np.array([4.0])], 1.0).equals((clipped, 5.0))
        for shapes, norm, max_norm in zip(self.SHAPES, (5.0, 30.0, 1e3), (1.0, 2.0, 10.0), strict=True):
            self.call("clip_grad_norm", self.gradients(shapes, norm), max_norm).equals_reference()

    @weight(1)
    @number("4.2.3")
    @tags("clip_grad_norm")
    def test_small_gradients(self):
        """clip_grad_norm leaves gradients alone whose norm is below max_norm"""
        for shapes, norm in zip(self.SHAPES, (0.5, 0.9, 1e-3), strict=True):
            self.call("clip_grad_norm", self.gradients(shapes, norm), 1.0).equals_reference()

    @weight(0.3)
    @number("4.2.4")
    @tags("clip_grad_norm")
    def test_norm_at_the_limit(self):
        """clip_grad_norm leaves gradients alone whose norm is exactly max_norm"""
        gradients = [np.array([3.0]), np.array([[0.0, -4.0]])]
        self.call("clip_grad_norm", gradients, 5.0).equals((gradients, 5.0))

    @weight(0.3)
    @number("4.2.5")
    @tags("clip_grad_norm")
    def test_zero_gradients(self):
        """clip_grad_norm of gradients that are all 0 gives 0, and no NaN"""
        for shapes in self.SHAPES[:2]:
            zeros = [np.zeros(shape) for shape in shapes]
            self.call("clip_grad_norm", zeros, 1.0).equals((zeros, 0.0))

    @weight(0.6)
    @number("4.2.6")
    @tags("clip_grad_norm")
    def test_direction(self):
        """clip_grad_norm keeps the direction: all entries shrink by one factor"""
        for shapes, norm in zip(self.SHAPES, (5.0, 30.0, 1e3), strict=True):
            gradients = self.gradients(shapes, norm)
            self.call("clip_grad_norm", gradients, 1.0).satisfies(
                lambda value, gradients=gradients: same_direction(value[0], gradients),
                "The clipped gradients should be the given ones times one positive factor, the same for all "
                "entries of all arrays.",
            )

    @weight(0.6)
    @number("4.2.7")
    @tags("clip_grad_norm")
    def test_exploding_gradients(self):
        """clip_grad_norm brings exploding gradients down to max_norm, by however much they exceed it"""
        for shapes, norm in zip(self.SHAPES, (1.5, 1e4, 1e12), strict=True):
            self.call("clip_grad_norm", self.gradients(shapes, norm), 1.0).satisfies(
                lambda value: abs(np.linalg.norm(joined(value[0])) - 1) < 1e-4,
                "The global norm of the clipped gradients should be max_norm = 1.",
            )

    @weight(0.4)
    @number("4.2.8")
    @tags("clip_grad_norm")
    def test_twice(self):
        """clip_grad_norm changes nothing more when its result is clipped again"""
        for shapes in self.SHAPES[:2]:
            first = self.call("clip_grad_norm", self.gradients(shapes, 10.0), 2.0).equals_reference("grads")
            if self.findings:
                self.stop()
            clipped = zip(first.actual.value[0], shapes, strict=True)
            again = [np.asarray(grad, dtype=np.float64).reshape(shape) for grad, shape in clipped]
            self.call("clip_grad_norm", again, 2.0).equals_reference()
