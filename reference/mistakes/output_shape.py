"""Known mistakes of the shape of a convolution's output."""

import math

import numpy as np

from autograder.mistake import mistake_of

from ..layers import conv_output_shape


def _sides(kernel):
    return (kernel, kernel) if np.ndim(kernel) == 0 else tuple(kernel)


def _shape(height, width, kernel, stride, pad, size):
    """Both sides as size(free), where free is how far the kernel can move. Raises as it should."""
    conv_output_shape(height, width, kernel, stride, pad)
    kernel_height, kernel_width = _sides(kernel)
    return size(height + 2 * pad - kernel_height), size(width + 2 * pad - kernel_width)


@mistake_of(
    "conv_output_shape",
    says="the padding is counted once",
    remedy="add pad on both sides: twice to the height and twice to the width",
)
def conv_output_shape_padding_once(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: (free - pad) // stride + 1)


@mistake_of(
    "conv_output_shape",
    says="the padding is left out",
    remedy="add twice the padding to the height and to the width",
)
def conv_output_shape_without_padding(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: (free - 2 * pad) // stride + 1)


@mistake_of(
    "conv_output_shape",
    says="the stride is left out",
    remedy="divide by the stride, rounding down, before you add 1",
)
def conv_output_shape_without_stride(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: free + 1)


@mistake_of(
    "conv_output_shape",
    says="the result is rounded up where the stride leaves a remainder",
    remedy="round down: a last step that would leave the image is not taken",
)
def conv_output_shape_rounded_up(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: math.ceil(free / stride) + 1)


@mistake_of(
    "conv_output_shape",
    says="the result is not rounded to a whole number",
    remedy="divide with //, so that the result is an integer and the remainder is dropped",
)
def conv_output_shape_not_rounded(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: free / stride + 1)


@mistake_of(
    "conv_output_shape",
    says="the + 1 at the end is missing",
    remedy="add 1 after the division: the first position counts too",
)
def conv_output_shape_without_plus_one(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: free // stride)


@mistake_of(
    "conv_output_shape",
    says="the + 1 is added before the division by the stride",
    remedy="divide first, then add 1",
)
def conv_output_shape_plus_one_inside(height, width, kernel, stride=1, pad=0):
    return _shape(height, width, kernel, stride, pad, lambda free: (free + 1) // stride)


@mistake_of(
    "conv_output_shape",
    says="the kernel's size is left out",
    remedy="subtract the kernel's size from the padded image's before the division, and add 1 after it",
)
def conv_output_shape_without_kernel(height, width, kernel, stride=1, pad=0):
    conv_output_shape(height, width, kernel, stride, pad)
    return (height + 2 * pad) // stride, (width + 2 * pad) // stride


@mistake_of(
    "conv_output_shape",
    says="the kernel's height and width are swapped",
    remedy="unpack the kernel as (kh, kw): its height goes with the image's height",
)
def conv_output_shape_kernel_sides_swapped(height, width, kernel, stride=1, pad=0):
    return conv_output_shape(height, width, _sides(kernel)[::-1], stride, pad)


@mistake_of(
    "conv_output_shape",
    says="the kernel's height is used for both directions",
    remedy="use the kernel's width for the image's width",
)
def conv_output_shape_kernel_height_twice(height, width, kernel, stride=1, pad=0):
    return conv_output_shape(height, width, _sides(kernel)[0], stride, pad)


@mistake_of(
    "conv_output_shape",
    says="width and height of the result are swapped",
    remedy="return the height first",
)
def conv_output_shape_width_first(height, width, kernel, stride=1, pad=0):
    return conv_output_shape(height, width, kernel, stride, pad)[::-1]


@mistake_of(
    "conv_output_shape",
    says="the image is taken to be square",
    remedy="compute the width of the result from the width of the image",
)
def conv_output_shape_square_image(height, width, kernel, stride=1, pad=0):
    return conv_output_shape(height, height, kernel, stride, pad)


@mistake_of(
    "conv_output_shape",
    says="a kernel that does not fit in the image goes unnoticed",
    remedy="raise ValueError where the kernel is larger than the padded image",
)
def conv_output_shape_without_error(height, width, kernel, stride=1, pad=0):
    kernel_height, kernel_width = _sides(kernel)
    return (
        (height + 2 * pad - kernel_height) // stride + 1,
        (width + 2 * pad - kernel_width) // stride + 1,
    )
