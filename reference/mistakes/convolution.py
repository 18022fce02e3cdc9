"""Known mistakes of the convolution's forward pass. The cache is the right one in all of them."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import conv_forward, conv_output_shape


def _pad(x, rows, columns, **how):
    """x with these numbers of rows (above, below) and columns (left, right) around each image."""
    return np.pad(x, ((0, 0), (0, 0), rows, columns), **how)


def _without_padding(padded, w, b, conv_param):
    """The output for images that are padded already."""
    return conv_forward(padded, w, b, {**conv_param, "pad": 0})[0]


def _slide(x, w, b, conv_param, place, square=False):
    """The output of the right size, from the rows and columns that place(i, j, stride) gives."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    height, width = conv_output_shape(*x.shape[2:], w.shape[2:], stride, pad)
    padded = _pad(x, (pad, pad), (pad, pad))
    out = np.zeros((len(x), len(w), height, height if square else width))
    for i, j in np.ndindex(*out.shape[2:]):
        rows, columns = place(i, j, stride)
        out[:, :, i, j] = (padded[:, None, :, rows, columns] * w).sum(axis=(2, 3, 4)) + b
    return out


def _cache(x, w, b, conv_param):
    return conv_forward(x, w, b, conv_param)[1]


@mistake_of(
    "conv_forward",
    says="the bias is not added",
    remedy="add to each filter's outputs its own bias",
)
def conv_forward_without_bias(x, w, b, conv_param):
    return conv_forward(x, w, np.zeros_like(b), conv_param)


@mistake_of(
    "conv_forward",
    says="the bias is added once for each input channel",
    remedy="add the bias once, after the sum over the channels",
)
def conv_forward_bias_for_each_channel(x, w, b, conv_param):
    return conv_forward(x, w, b * w.shape[1], conv_param)


@mistake_of(
    "conv_forward",
    says="the bias is added to every product before they are summed",
    remedy="sum the products first, then add the bias once: mind the parentheses",
)
def conv_forward_bias_for_each_product(x, w, b, conv_param):
    return conv_forward(x, w, b * w[0].size, conv_param)


@mistake_of(
    "conv_forward",
    says="the filters are flipped, as in the convolution of mathematics",
    remedy="lay the filter on the image as it is: deep learning computes the cross-correlation",
)
def conv_forward_flipped_filters(x, w, b, conv_param):
    return conv_forward(x, w[:, :, ::-1, ::-1], b, conv_param)[0], _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the padding is left out",
    remedy="add pad zeros on each of the four sides of every image",
)
def conv_forward_without_padding(x, w, b, conv_param):
    return _without_padding(x, w, b, conv_param), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the images are always padded by 1, whatever pad is given",
    remedy="read pad from conv_param",
)
def conv_forward_padding_always_1(x, w, b, conv_param):
    return conv_forward(x, w, b, {**conv_param, "pad": 1})[0], _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the images are padded only where pad is 1",
    remedy="add pad zeros on each side, whatever pad is",
)
def conv_forward_padding_only_1(x, w, b, conv_param):
    pad = 1 if conv_param["pad"] == 1 else 0
    return conv_forward(x, w, b, {**conv_param, "pad": pad})[0], _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the images are padded below and to the right only",
    remedy="pad all four sides by the same number of zeros",
)
def conv_forward_padding_on_two_sides(x, w, b, conv_param):
    padded = _pad(x, (0, conv_param["pad"]), (0, conv_param["pad"]))
    return _without_padding(padded, w, b, conv_param), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the batch and the channels are padded too, which puts blank images and channels in front",
    remedy="pad the last two axes only, height and width",
)
def conv_forward_padding_of_all_axes(x, w, b, conv_param):
    padded = np.pad(x, conv_param["pad"])[: x.shape[0], : x.shape[1]]
    return _without_padding(padded, w, b, conv_param), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the padding repeats the edge of the image",
    remedy="pad with zeros",
)
def conv_forward_padding_repeats_edge(x, w, b, conv_param):
    sides = conv_param["pad"], conv_param["pad"]
    return _without_padding(_pad(x, sides, sides, mode="edge"), w, b, conv_param), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the output's size counts the padding once, which leaves out the last positions",
    remedy="add twice the padding to height and width",
)
def conv_forward_size_with_padding_once(x, w, b, conv_param):
    out, cache = conv_forward(x, w, b, conv_param)
    stride, pad = conv_param["stride"], conv_param["pad"]
    height, width = (
        (size + pad - side) // stride + 1 for size, side in zip(x.shape[2:], w.shape[2:], strict=True)
    )
    return out[:, :, : max(height, 0), : max(width, 0)], cache


@mistake_of(
    "conv_forward",
    says="the filter moves by 1 from place to place, whatever the stride",
    remedy="multiply the position in the output by the stride to find the place in the image",
)
def conv_forward_places_without_stride(x, w, b, conv_param):
    kernel_height, kernel_width = w.shape[2:]

    def place(i, j, stride):
        return slice(i, i + kernel_height), slice(j, j + kernel_width)

    return _slide(x, w, b, conv_param, place), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="a last step that leaves the image is taken where the stride leaves a remainder",
    remedy="round the output's size down",
)
def conv_forward_last_step_leaves_image(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    conv_output_shape(*x.shape[2:], w.shape[2:], stride, pad)
    rest = [-(size + 2 * pad - side) % stride for size, side in zip(x.shape[2:], w.shape[2:], strict=True)]
    padded = _pad(x, (pad, pad + rest[0]), (pad, pad + rest[1]))
    return _without_padding(padded, w, b, conv_param), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the filter's height and width are swapped, which fits for square filters alone",
    remedy="cut rows by the filter's height and columns by its width: w has the shape (F, C, kh, kw)",
)
def conv_forward_filter_sides_swapped(x, w, b, conv_param):
    kernel_height, kernel_width = w.shape[2:]

    def place(i, j, stride):
        top, left = i * stride, j * stride
        return slice(top, top + kernel_width), slice(left, left + kernel_height)

    return _slide(x, w, b, conv_param, place), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the output is taken to be square",
    remedy="compute the output's width from the width of the image and of the filter",
)
def conv_forward_square_output(x, w, b, conv_param):
    kernel_height, kernel_width = w.shape[2:]

    def place(i, j, stride):
        top, left = i * stride, j * stride
        return slice(top, top + kernel_height), slice(left, left + kernel_width)

    return _slide(x, w, b, conv_param, place, square=True), _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="only the first channel of the images enters",
    remedy="sum the products over all channels",
)
def conv_forward_first_channel_only(x, w, b, conv_param):
    return conv_forward(x[:, :1], w[:, :1], b, conv_param)[0], _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="every output channel comes from the first filter",
    remedy="use filter f for output channel f",
)
def conv_forward_first_filter_only(x, w, b, conv_param):
    filters = np.broadcast_to(w[:1], w.shape)
    return conv_forward(x, filters, b, conv_param)[0], _cache(x, w, b, conv_param)


@mistake_of(
    "conv_forward",
    says="the products are averaged in place of summed",
    remedy="sum the products of each window and the filter",
)
def conv_forward_averaged(x, w, b, conv_param):
    return conv_forward(x, w / w[0].size, b, conv_param)[0], _cache(x, w, b, conv_param)
