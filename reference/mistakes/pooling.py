"""Known mistakes of max-pooling's forward pass. The cache is the right one in all of them."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import _windows, conv_output_shape, max_pool_forward


def _window(pool_param):
    return pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]


def _shape(x, pool_param):
    pool_height, pool_width, stride = _window(pool_param)
    return conv_output_shape(*x.shape[2:], (pool_height, pool_width), stride)


def _pool(x, shape, step, height, width):
    """Maxima of windows of this height and width, `step` apart; what lies outside of the image is cut off."""
    out = np.zeros((*x.shape[:2], *shape))
    for i, j in np.ndindex(*shape):
        top, left = i * step, j * step
        out[:, :, i, j] = x[:, :, top : top + height, left : left + width].max(axis=(2, 3))
    return out


def _cache(x, pool_param):
    return max_pool_forward(x, pool_param)[1]


@mistake_of(
    "max_pool_forward",
    says="the windows are as large as the stride",
    remedy="cut windows of pool_height and pool_width; the stride only says where they begin",
)
def max_pool_forward_stride_as_window(x, pool_param):
    stride = pool_param["stride"]
    return _pool(x, _shape(x, pool_param), stride, stride, stride), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the windows lie side by side, whatever the stride",
    remedy="move the window by the stride, not by its own size",
)
def max_pool_forward_window_as_stride(x, pool_param):
    cache, (height, width, _) = _cache(x, pool_param), _window(pool_param)
    tiles = x[:, :, : x.shape[2] // height * height, : x.shape[3] // width * width]
    tiles = tiles.reshape(*x.shape[:2], x.shape[2] // height, height, x.shape[3] // width, width)
    return tiles.max(axis=(3, 5)), cache


@mistake_of(
    "max_pool_forward",
    says="the window moves by 1 from place to place, whatever the stride",
    remedy="multiply the position in the output by the stride to find the window",
)
def max_pool_forward_places_without_stride(x, pool_param):
    height, width, _ = _window(pool_param)
    return _pool(x, _shape(x, pool_param), 1, height, width), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the window's height and width are swapped",
    remedy="cut rows by pool_height and columns by pool_width",
)
def max_pool_forward_window_sides_swapped(x, pool_param):
    height, width, stride = _window(pool_param)
    return _pool(x, _shape(x, pool_param), stride, width, height), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the window's height is used for both directions",
    remedy="use pool_width for the columns",
)
def max_pool_forward_square_window(x, pool_param):
    height, _, stride = _window(pool_param)
    shape = conv_output_shape(*x.shape[2:], height, stride)
    return _pool(x, shape, stride, height, height), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the output is taken to be square",
    remedy="compute the output's width from the width of the image and of the window",
)
def max_pool_forward_square_output(x, pool_param):
    height, width, stride = _window(pool_param)
    side = _shape(x, pool_param)[0]
    return _pool(x, (side, side), stride, height, width), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the output's size is the image's divided by the stride, without regard to the window",
    remedy="subtract the window's size before the division by the stride, and add 1 after it",
)
def max_pool_forward_size_without_window(x, pool_param):
    height, width, stride = _window(pool_param)
    shape = x.shape[2] // stride, x.shape[3] // stride
    return _pool(x, shape, stride, height, width), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the output's size is rounded up, so that the last windows leave the image",
    remedy="round the output's size down: a last step that would leave the image is not taken",
)
def max_pool_forward_size_rounded_up(x, pool_param):
    height, width, stride = _window(pool_param)
    shape = [-((side - size) // stride) + 1 for side, size in ((height, x.shape[2]), (width, x.shape[3]))]
    return _pool(x, shape, stride, height, width), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the + 1 is missing in the output's size, so that the last window is left out",
    remedy="add 1 after the division by the stride: the first position counts too",
)
def max_pool_forward_size_without_plus_one(x, pool_param):
    out, cache = max_pool_forward(x, pool_param)
    return out[:, :, :-1, :-1], cache


@mistake_of(
    "max_pool_forward",
    says="the mean of each window is taken",
    remedy="take the maximum",
)
def max_pool_forward_average(x, pool_param):
    return _windows(x, *_window(pool_param)).mean(axis=(4, 5)), _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the maximum is never below 0",
    remedy="start the search at the window's first number, or at minus infinity: all may be negative",
)
def max_pool_forward_starts_at_0(x, pool_param):
    out, cache = max_pool_forward(x, pool_param)
    return np.maximum(out, 0), cache


@mistake_of(
    "max_pool_forward",
    says="the number farthest from 0 counts, with its sign dropped",
    remedy="take the maximum of the numbers themselves, not of their absolute values",
)
def max_pool_forward_absolute_values(x, pool_param):
    return max_pool_forward(np.abs(x), pool_param)[0], _cache(x, pool_param)


@mistake_of(
    "max_pool_forward",
    says="the maximum runs over the channels too",
    remedy="pool each channel by itself: take the maximum over height and width only",
)
def max_pool_forward_over_channels(x, pool_param):
    out, cache = max_pool_forward(x, pool_param)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape).copy(), cache


@mistake_of(
    "max_pool_forward",
    says="the maximum runs over the images and the channels too",
    remedy="pool each channel of each image by itself: take the maximum over height and width only",
)
def max_pool_forward_over_images_and_channels(x, pool_param):
    out, cache = max_pool_forward(x, pool_param)
    return np.broadcast_to(out.max(axis=(0, 1)), out.shape).copy(), cache
