"""Exam 1.4: convolutional layers share their weights across all places, so they need far fewer."""

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class ConvolutionParameters(GradedCase):
    @weight(1.3)
    @number("1.4.1")
    @tags("conv_num_params")
    def test_with_bias(self):
        """conv_num_params counts the weights and one bias for each filter"""
        for kernel, c_in, c_out in [(2, 2, 3), (3, 3, 8), (5, 6, 16), (7, 3, 64)]:
            self.call("conv_num_params", kernel, c_in, c_out, True).equals_reference()

    @weight(1)
    @number("1.4.2")
    @tags("conv_num_params")
    def test_without_bias(self):
        """conv_num_params counts the weights alone where there is no bias"""
        for kernel, c_in, c_out in [(2, 2, 3), (3, 16, 8), (5, 3, 6)]:
            self.call("conv_num_params", kernel, c_in, c_out, False).equals_reference()

    @weight(0.3)
    @number("1.4.3")
    @tags("conv_num_params")
    def test_kernel_1(self):
        """conv_num_params is right for a 1 x 1 kernel"""
        for c_in, c_out in [(2, 2), (3, 8), (64, 16)]:
            self.call("conv_num_params", 1, c_in, c_out, False).equals_reference()

    @weight(0.3)
    @number("1.4.4")
    @tags("conv_num_params")
    def test_one_channel(self):
        """conv_num_params is right for one channel in or out"""
        for kernel, c_in, c_out in [(3, 1, 1), (3, 1, 8), (5, 4, 1)]:
            self.call("conv_num_params", kernel, c_in, c_out, False).equals_reference()


class FullyConnectedParameters(GradedCase):
    @weight(1)
    @number("1.4.5")
    @tags("fc_num_params")
    def test_with_bias(self):
        """fc_num_params counts the weights and one bias for each output"""
        for d_in, d_out in [(2, 3), (1, 5), (784, 10), (10, 784)]:
            self.call("fc_num_params", d_in, d_out, True).equals_reference()

    @weight(0.7)
    @number("1.4.6")
    @tags("fc_num_params")
    def test_without_bias(self):
        """fc_num_params counts the weights alone where there is no bias"""
        for d_in, d_out in [(2, 3), (1, 5), (784, 10)]:
            self.call("fc_num_params", d_in, d_out, False).equals_reference()

    @weight(0.4)
    @number("1.4.7")
    @tags("fc_num_params", "conv_num_params")
    def test_comparison(self):
        """fc_num_params is 50,348,032 where conv_num_params is 448: 16 maps of a 32 x 32 colour image"""
        self.call("conv_num_params", 3, 3, 16, True).equals(448)
        self.call("fc_num_params", 3 * 32 * 32, 16 * 32 * 32, True).equals(50_348_032)
