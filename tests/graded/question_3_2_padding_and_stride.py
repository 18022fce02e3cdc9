"""Exam 3.2: what padding and stride do to a convolution and to the size of its output."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase

EXAM_IMAGE = np.array([[1, 0, 2, 1], [2, 1, 0, 0], [1, 2, 1, 2], [0, 1, 2, 1]], dtype=float)[None, None]
EXAM_FILTER = np.array([[1, -1], [0, 1]], dtype=float)[None, None]


class PaddedOutputShape(GradedCase):
    @weight(0.4)
    @number("3.2.1")
    @tags("conv_output_shape")
    def test_exam(self):
        """conv_output_shape gives the exam's size: padding 1 and stride 2"""
        self.call("conv_output_shape", 4, 4, 2, 2, 1).equals((3, 3))

    @weight(0.3)
    @number("3.2.2")
    @tags("conv_output_shape")
    def test_padding(self):
        """conv_output_shape counts the padding on all four sides"""
        for height, width, kernel, pad in [(1, 1, 3, 1), (4, 4, 3, 1), (5, 5, 3, 2), (4, 6, (5, 3), 2)]:
            self.call("conv_output_shape", height, width, kernel, 1, pad).equals_reference()

    @weight(0.3)
    @number("3.2.3")
    @tags("conv_output_shape")
    def test_stride(self):
        """conv_output_shape is right for stride 2 and 3"""
        for height, width, kernel, stride in [(3, 3, 1, 2), (8, 8, 2, 2), (7, 10, 1, 3), (11, 8, (2, 5), 3)]:
            self.call("conv_output_shape", height, width, kernel, stride, 0).equals_reference()

    @weight(0.3)
    @number("3.2.4")
    @tags("conv_output_shape")
    def test_stride_with_remainder(self):
        """conv_output_shape rounds down where the stride leaves a remainder"""
        for height, width, kernel, stride, pad in [(2, 2, 1, 2, 0), (4, 5, 2, 3, 0), (6, 5, 3, 2, 1)]:
            self.call("conv_output_shape", height, width, kernel, stride, pad).equals_reference()


class PaddedConvolution(GradedCase):
    def forward(self, images: tuple[int, ...], filters: tuple[int, ...], stride: int, pad: int) -> None:
        x, w, b = self.normal(*images), self.normal(*filters), np.zeros(filters[0])
        self.call("conv_forward", x, w, b, {"stride": stride, "pad": pad}).equals_reference()

    @weight(0.7)
    @number("3.2.5")
    @tags("conv_forward")
    def test_exam(self):
        """conv_forward gives the exam's feature map with padding 1 at stride 2"""
        out = np.array([[1.0, 2.0, 0.0], [-1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])[None, None]
        answer = self.call("conv_forward", EXAM_IMAGE, EXAM_FILTER, np.zeros(1), {"stride": 2, "pad": 1})
        answer.equals((out, None), "out")

    @weight(0.6)
    @number("3.2.6")
    @tags("conv_forward")
    def test_padding_1(self):
        """conv_forward is right for padding 1"""
        for images, filters in [((2, 2, 2, 2), (2, 2, 3, 3)), ((2, 3, 4, 4), (2, 3, 3, 3))]:
            self.forward(images, filters, stride=1, pad=1)

    @weight(0.3)
    @number("3.2.7")
    @tags("conv_forward")
    def test_padding_2(self):
        """conv_forward is right for padding 2"""
        for images, filters in [((2, 2, 2, 2), (2, 2, 3, 3)), ((2, 3, 4, 4), (2, 3, 5, 5))]:
            self.forward(images, filters, stride=1, pad=2)

    @weight(0.4)
    @number("3.2.8")
    @tags("conv_forward")
    def test_stride(self):
        """conv_forward is right for stride 2 and 3"""
        for images, filters, stride in [
            ((2, 2, 4, 4), (2, 2, 2, 2), 2),
            ((2, 3, 5, 5), (2, 3, 3, 3), 2),
            ((2, 2, 7, 7), (2, 2, 4, 4), 3),
        ]:
            self.forward(images, filters, stride, pad=0)

    @weight(0.2)
    @number("3.2.9")
    @tags("conv_forward")
    def test_stride_larger_than_kernel(self):
        """conv_forward is right for a stride larger than the kernel"""
        for images, filters, stride in [((2, 2, 3, 3), (2, 2, 1, 1), 2), ((2, 2, 8, 8), (2, 2, 2, 2), 3)]:
            self.forward(images, filters, stride, pad=0)

    @weight(0.2)
    @number("3.2.10")
    @tags("conv_forward")
    def test_stride_with_remainder(self):
        """conv_forward leaves out the last step where the stride leaves a remainder"""
        for images, filters, stride, pad in [
            ((2, 2, 3, 3), (2, 2, 2, 2), 2, 0),
            ((2, 2, 6, 6), (2, 2, 3, 3), 2, 0),
            ((2, 2, 4, 4), (2, 2, 3, 3), 2, 1),
        ]:
            self.forward(images, filters, stride, pad)

    @weight(0.3)
    @number("3.2.11")
    @tags("conv_forward")
    def test_non_square(self):
        """conv_forward pads and strides images and filters that are not square"""
        for images, filters, stride, pad in [
            ((2, 2, 2, 3), (2, 2, 2, 1), 2, 1),
            ((2, 2, 7, 4), (3, 2, 3, 2), 2, 1),
            ((2, 3, 3, 8), (2, 3, 1, 3), 2, 0),
        ]:
            self.forward(images, filters, stride, pad)
