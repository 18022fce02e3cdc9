"""Exam 3.3: max-pooling."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase

EXAM_IMAGE = np.array([[1, 0, 2, 1], [2, 1, 0, 0], [1, 2, 1, 2], [0, 1, 2, 1]], dtype=float)[None, None]


def pooling(pool_height: int, pool_width: int, stride: int) -> dict[str, int]:
    return {"pool_height": pool_height, "pool_width": pool_width, "stride": stride}


class MaxPool(GradedCase):
    """The images are positive but in the test that is about negative ones."""

    def forward(self, *inputs: tuple[tuple[int, ...], tuple[int, int, int]]) -> None:
        for shape, window in inputs:
            x = self.distinct(*shape)
            self.call("max_pool_forward", x - x.min() + 0.1, pooling(*window)).equals_reference()

    @weight(1.2)
    @number("3.3.1")
    @tags("max_pool_forward")
    def test_exam(self):
        """max_pool_forward gives the exam's matrix: 2 x 2 windows at stride 2"""
        out = np.array([[2.0, 2.0], [2.0, 2.0]])[None, None]
        self.call("max_pool_forward", EXAM_IMAGE, pooling(2, 2, 2)).equals((out, None), "out")

    @weight(1)
    @number("3.3.2")
    @tags("max_pool_forward")
    def test_images_and_channels(self):
        """max_pool_forward pools every channel of every image by itself"""
        self.forward(((2, 2, 2, 2), (2, 2, 2)), ((2, 3, 4, 4), (2, 2, 2)), ((3, 2, 6, 6), (3, 3, 3)))

    @weight(0.2)
    @number("3.3.3")
    @tags("max_pool_forward")
    def test_negative(self):
        """max_pool_forward is right where every input is negative"""
        for shape in [(1, 1, 2, 2), (2, 2, 4, 4)]:
            x = -1 - np.abs(self.distinct(*shape))
            self.call("max_pool_forward", x, pooling(2, 2, 2)).equals_reference()

    @weight(0.2)
    @number("3.3.4")
    @tags("max_pool_forward")
    def test_non_square_images(self):
        """max_pool_forward is right for images that are not square"""
        self.forward(((2, 2, 2, 4), (2, 2, 2)), ((2, 3, 6, 4), (2, 2, 2)), ((2, 2, 3, 9), (3, 3, 3)))

    @weight(0.4)
    @number("3.3.5")
    @tags("max_pool_forward")
    def test_overlapping_windows(self):
        """max_pool_forward is right where windows overlap"""
        self.forward(((1, 1, 3, 3), (2, 2, 1)), ((2, 2, 5, 5), (3, 3, 2)), ((2, 2, 4, 4), (3, 3, 1)))

    @weight(0.3)
    @number("3.3.6")
    @tags("max_pool_forward")
    def test_gaps_between_windows(self):
        """max_pool_forward is right where windows are smaller than the stride"""
        self.forward(((1, 1, 3, 3), (1, 1, 2)), ((2, 2, 5, 5), (2, 2, 3)), ((2, 2, 7, 7), (1, 1, 3)))

    @weight(0.4)
    @number("3.3.7")
    @tags("max_pool_forward")
    def test_non_square_windows(self):
        """max_pool_forward is right for windows that are not square"""
        self.forward(((1, 1, 2, 2), (1, 2, 1)), ((2, 2, 6, 6), (2, 4, 2)), ((2, 3, 5, 5), (3, 1, 2)))

    @weight(0.3)
    @number("3.3.8")
    @tags("max_pool_forward")
    def test_stride_with_remainder(self):
        """max_pool_forward leaves out the last step where the stride leaves a remainder"""
        self.forward(((1, 1, 3, 3), (2, 2, 2)), ((2, 2, 5, 5), (2, 2, 2)), ((2, 2, 8, 8), (3, 3, 3)))
