"""Exam 3.1: convolution without padding, one step at a time, and the size of its output."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase

EXAM_IMAGE = np.array([[1, 0, 2, 1], [2, 1, 0, 0], [1, 2, 1, 2], [0, 1, 2, 1]], dtype=float)[None, None]
EXAM_FILTER = np.array([[1, -1], [0, 1]], dtype=float)[None, None]


class OutputShape(GradedCase):
    @weight(0.5)
    @number("3.1.1")
    @tags("conv_output_shape")
    def test_exam(self):
        """conv_output_shape gives the exam's size: a 4 x 4 image and a 2 x 2 filter"""
        self.call("conv_output_shape", 4, 4, 2, 1, 0).equals((3, 3))

    @weight(0.4)
    @number("3.1.2")
    @tags("conv_output_shape")
    def test_square(self):
        """conv_output_shape is right for square images and kernels"""
        for size, kernel in [(1, 1), (5, 3), (7, 1), (6, 6), (32, 5)]:
            self.call("conv_output_shape", size, size, kernel, 1, 0).equals_reference()

    @weight(0.4)
    @number("3.1.3")
    @tags("conv_output_shape")
    def test_non_square(self):
        """conv_output_shape is right for images and kernels (kh, kw) that are not square"""
        for height, width, kernel in [(3, 5, 2), (4, 4, (1, 3)), (5, 8, (3, 2)), (9, 4, (2, 4))]:
            self.call("conv_output_shape", height, width, kernel, 1, 0).equals_reference()

    @weight(0.3)
    @number("3.1.4")
    @tags("conv_output_shape")
    def test_kernel_too_large(self):
        """conv_output_shape raises ValueError where the kernel does not fit in the image"""
        for height, width, kernel in [(2, 2, 3), (5, 2, 3), (2, 5, (3, 1))]:
            self.call("conv_output_shape", height, width, kernel, 1, 0).raises("ValueError")


class Convolution(GradedCase):
    """The biases are 0 but in the test that is about them."""

    def forward(self, images: tuple[int, ...], filters: tuple[int, ...], biased: bool = False) -> None:
        x, w = self.normal(*images), self.normal(*filters)
        b = self.normal(len(w)) if biased else np.zeros(len(w))
        self.call("conv_forward", x, w, b, {"stride": 1, "pad": 0}).equals_reference()

    @weight(0.7)
    @number("3.1.5")
    @tags("conv_forward")
    def test_exam(self):
        """conv_forward gives the exam's feature map without padding at stride 1"""
        out = np.array([[2.0, -2.0, 1.0], [3.0, 2.0, 2.0], [0.0, 3.0, 0.0]])[None, None]
        answer = self.call("conv_forward", EXAM_IMAGE, EXAM_FILTER, np.zeros(1), {"stride": 1, "pad": 0})
        answer.equals((out, None), "out")

    @weight(0.6)
    @number("3.1.6")
    @tags("conv_forward")
    def test_channels_and_filters(self):
        """conv_forward sums over the channels, for every image and every filter"""
        for images, filters in [
            ((2, 2, 2, 2), (2, 2, 2, 2)),
            ((2, 3, 4, 4), (2, 3, 3, 3)),
            ((3, 2, 5, 5), (4, 2, 2, 2)),
        ]:
            self.forward(images, filters)

    @weight(0.4)
    @number("3.1.7")
    @tags("conv_forward")
    def test_bias(self):
        """conv_forward adds the bias of each filter"""
        for images, filters in [((2, 1, 2, 2), (2, 1, 2, 2)), ((2, 3, 4, 4), (4, 3, 3, 3))]:
            self.forward(images, filters, biased=True)

    @weight(0.4)
    @number("3.1.8")
    @tags("conv_forward")
    def test_non_square(self):
        """conv_forward is right for images and filters that are not square"""
        for images, filters in [
            ((2, 2, 2, 3), (2, 2, 1, 2)),
            ((2, 2, 6, 4), (3, 2, 2, 3)),
            ((2, 3, 3, 6), (2, 3, 3, 2)),
        ]:
            self.forward(images, filters)

    @weight(0.3)
    @number("3.1.9")
    @tags("conv_forward")
    def test_smallest(self):
        """conv_forward is right for one image of one channel, one filter, and a 1 x 1 kernel"""
        for images, filters in [
            ((1, 1, 1, 1), (1, 1, 1, 1)),
            ((1, 1, 3, 3), (1, 1, 1, 1)),
            ((1, 1, 3, 3), (1, 1, 3, 3)),
            ((1, 3, 3, 3), (2, 3, 1, 1)),
        ]:
            self.forward(images, filters)
