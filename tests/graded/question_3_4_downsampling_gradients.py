"""Exam 3.4: the two ways to downsample, backwards: strided convolution and max-pooling."""

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class ConvolutionGradients(GradedCase):
    def backward(
        self,
        images: tuple[int, ...],
        filters: tuple[int, ...],
        stride: int,
        pad: int,
        outputs: tuple[str, ...] = ("dx", "dw"),
    ) -> None:
        x, w, b = self.normal(*images), self.normal(*filters), self.normal(filters[0])
        forward = self.call("conv_forward", x, w, b, {"stride": stride, "pad": pad})
        height, width = (
            (size + 2 * pad - kernel) // stride + 1
            for size, kernel in zip(images[2:], filters[2:], strict=True)
        )
        dout = self.normal(images[0], filters[0], height, width)
        self.call("conv_backward", dout, forward.cache).equals_reference(*outputs)

    @weight(0.7)
    @number("3.4.1")
    @tags("conv_backward", "conv_forward")
    def test_padding_1(self):
        """conv_backward gives dx and dw for 3 x 3 filters, padding 1 and stride 1"""
        for images, filters in [((2, 2, 2, 2), (2, 2, 3, 3)), ((2, 3, 4, 4), (2, 3, 3, 3))]:
            self.backward(images, filters, stride=1, pad=1)

    @weight(0.15)
    @number("3.4.2")
    @tags("conv_backward", "conv_forward")
    def test_bias(self):
        """conv_backward sums db over the images and over all places"""
        for images, filters in [((2, 2, 2, 2), (3, 2, 3, 3)), ((2, 3, 4, 4), (2, 3, 3, 3))]:
            self.backward(images, filters, stride=1, pad=1, outputs=("db",))

    @weight(0.3)
    @number("3.4.3")
    @tags("conv_backward", "conv_forward")
    def test_padding_0(self):
        """conv_backward is right for padding 0"""
        for images, filters in [((2, 2, 2, 2), (2, 2, 2, 2)), ((2, 3, 4, 4), (2, 3, 3, 3))]:
            self.backward(images, filters, stride=1, pad=0)

    @weight(0.15)
    @number("3.4.4")
    @tags("conv_backward", "conv_forward")
    def test_padding_2(self):
        """conv_backward is right for padding 2"""
        for images, filters in [((2, 2, 2, 2), (2, 2, 3, 3)), ((2, 3, 4, 4), (2, 3, 5, 5))]:
            self.backward(images, filters, stride=1, pad=2)

    @weight(0.3)
    @number("3.4.5")
    @tags("conv_backward", "conv_forward")
    def test_stride(self):
        """conv_backward is right for stride 2"""
        for images, filters in [((2, 2, 3, 3), (2, 2, 3, 3)), ((2, 3, 5, 5), (2, 3, 3, 3))]:
            self.backward(images, filters, stride=2, pad=1)

    @weight(0.15)
    @number("3.4.6")
    @tags("conv_backward", "conv_forward")
    def test_stride_with_remainder(self):
        """conv_backward is right where the stride leaves a remainder: the far edge gets its gradient"""
        for images, filters, stride in [
            ((2, 2, 2, 2), (2, 2, 3, 3), 2),
            ((2, 3, 4, 4), (2, 3, 3, 3), 2),
            ((2, 2, 6, 6), (2, 2, 3, 3), 3),
        ]:
            self.backward(images, filters, stride, pad=1)

    @weight(0.25)
    @number("3.4.7")
    @tags("conv_backward", "conv_forward")
    def test_non_square(self):
        """conv_backward is right for images and filters that are not square"""
        for images, filters in [
            ((2, 2, 2, 3), (2, 2, 3, 3)),
            ((2, 2, 4, 4), (2, 2, 2, 3)),
            ((2, 3, 3, 5), (2, 3, 3, 1)),
        ]:
            self.backward(images, filters, stride=1, pad=1)

    @weight(0.2)
    @number("3.4.8")
    @tags("conv_backward", "conv_forward")
    def test_smallest(self):
        """conv_backward is right for one image, one channel, one filter, and for 1 x 1 kernels"""
        for images, filters in [
            ((1, 1, 2, 2), (1, 1, 3, 3)),
            ((1, 1, 4, 4), (1, 1, 3, 3)),
            ((2, 3, 3, 3), (2, 3, 1, 1)),
        ]:
            self.backward(images, filters, stride=1, pad=1)


class MaxPoolGradient(GradedCase):
    def backward(self, *inputs: tuple[tuple[int, ...], tuple[int, int, int]]) -> None:
        for shape, (pool_height, pool_width, stride) in inputs:
            param = {"pool_height": pool_height, "pool_width": pool_width, "stride": stride}
            forward = self.call("max_pool_forward", self.distinct(*shape), param)
            height, width = (shape[2] - pool_height) // stride + 1, (shape[3] - pool_width) // stride + 1
            dout = self.normal(*shape[:2], height, width)
            self.call("max_pool_backward", dout, forward.cache).equals_reference()

    @weight(0.65)
    @number("3.4.9")
    @tags("max_pool_backward", "max_pool_forward")
    def test_gradient(self):
        """max_pool_backward passes each upstream gradient to the maximum of its window"""
        self.backward(((1, 1, 2, 2), (2, 2, 2)), ((2, 3, 4, 4), (2, 2, 2)), ((2, 2, 6, 6), (3, 3, 3)))

    @weight(0.4)
    @number("3.4.10")
    @tags("max_pool_backward", "max_pool_forward")
    def test_overlapping_windows(self):
        """max_pool_backward adds up the gradients where windows overlap"""
        self.backward(((1, 1, 3, 3), (2, 2, 1)), ((2, 2, 5, 5), (3, 3, 2)), ((2, 2, 5, 5), (4, 4, 1)))

    @weight(0.2)
    @number("3.4.11")
    @tags("max_pool_backward", "max_pool_forward")
    def test_gaps_between_windows(self):
        """max_pool_backward is right where windows are smaller than the stride"""
        self.backward(((1, 1, 3, 3), (1, 1, 2)), ((2, 2, 5, 5), (2, 2, 3)), ((2, 2, 7, 7), (1, 1, 3)))

    @weight(0.15)
    @number("3.4.12")
    @tags("max_pool_backward", "max_pool_forward")
    def test_non_square_images(self):
        """max_pool_backward is right for images that are not square"""
        self.backward(((1, 1, 2, 4), (2, 2, 2)), ((2, 3, 6, 4), (2, 2, 2)), ((2, 2, 3, 9), (3, 3, 3)))

    @weight(0.25)
    @number("3.4.13")
    @tags("max_pool_backward", "max_pool_forward")
    def test_non_square_windows(self):
        """max_pool_backward is right for windows that are not square"""
        self.backward(((1, 1, 2, 2), (1, 2, 1)), ((2, 2, 4, 4), (2, 4, 4)), ((2, 3, 5, 5), (3, 1, 3)))

    @weight(0.15)
    @number("3.4.14")
    @tags("max_pool_backward", "max_pool_forward")
    def test_stride_with_remainder(self):
        """max_pool_backward gives 0 to the far edge that no window reaches"""
        self.backward(((1, 1, 3, 3), (2, 2, 2)), ((2, 2, 5, 5), (2, 2, 2)), ((2, 2, 8, 8), (3, 3, 3)))
