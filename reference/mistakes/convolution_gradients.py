"""Known mistakes of the convolution's backward pass: dx, and dw with it."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import _windows, _windows_backward, conv_backward


def _window_gradients(dout, w):
    """The gradient of every window of the padded images, (N, C, h_out, w_out, kh, kw)."""
    return np.einsum("nfhw,fcij->nchwij", dout, w)


def _padded_gradient(dout, cache):
    """The gradient of the padded images."""
    padded, w, stride, _ = cache
    return _windows_backward(_window_gradients(dout, w), padded.shape, stride)


def _overwritten(dwindows, shape, stride):
    """Window by window, each one assigned where it should be added."""
    dpadded = np.zeros(shape)
    height, width = dwindows.shape[4:]
    for i, j in np.ndindex(*dwindows.shape[2:4]):
        top, left = i * stride, j * stride
        dpadded[:, :, top : top + height, left : left + width] = dwindows[:, :, i, j]
    return dpadded


def _unpad(dpadded, pad):
    return dpadded[:, :, pad : dpadded.shape[2] - pad, pad : dpadded.shape[3] - pad]


def _image_size(cache):
    padded, _, _, pad = cache
    return padded.shape[2] - 2 * pad, padded.shape[3] - 2 * pad


def _with_dx(dout, cache, dx):
    return dx, *conv_backward(dout, cache)[1:]


@mistake_of(
    "conv_backward",
    says="the padding is cut off with a slice like [pad:-pad], which is empty for padding 0",
    remedy="let the slice end at pad + H and pad + W: an end of -0 is the beginning",
)
def conv_backward_padding_cut_as_slice(dout, cache):
    pad = cache[3]
    return _with_dx(dout, cache, _padded_gradient(dout, cache)[:, :, pad:-pad, pad:-pad])


@mistake_of(
    "conv_backward",
    says="one row and column are cut off dx on each side, whatever the padding",
    remedy="cut off pad of them: a 1 in the slice is right for padding 1 alone",
)
def conv_backward_padding_cut_as_1(dout, cache):
    return _with_dx(dout, cache, _unpad(_padded_gradient(dout, cache), 1))


@mistake_of(
    "conv_backward",
    says="the padding is not cut off dx",
    remedy="give dx the shape of x: cut off pad rows and columns on each side",
)
def conv_backward_padding_not_cut(dout, cache):
    return _with_dx(dout, cache, _padded_gradient(dout, cache))


@mistake_of(
    "conv_backward",
    says="the padding is cut off below and to the right only",
    remedy="skip the first pad rows and columns too: x begins at pad in the padded image",
)
def conv_backward_padding_cut_on_two_sides(dout, cache):
    height, width = _image_size(cache)
    return _with_dx(dout, cache, _padded_gradient(dout, cache)[:, :, :height, :width])


@mistake_of(
    "conv_backward",
    says="the slice that cuts off the padding ends at H and W, pad rows and columns too early",
    remedy="let it end at pad + H and pad + W",
)
def conv_backward_padding_cut_too_early(dout, cache):
    (height, width), pad = _image_size(cache), cache[3]
    return _with_dx(dout, cache, _padded_gradient(dout, cache)[:, :, pad:height, pad:width])


@mistake_of(
    "conv_backward",
    says="the image is taken to be square when the padding is cut off",
    remedy="end the slice at pad + H for the rows and at pad + W for the columns",
)
def conv_backward_square_image(dout, cache):
    height, pad = _image_size(cache)[0], cache[3]
    return _with_dx(dout, cache, _padded_gradient(dout, cache)[:, :, pad : pad + height, pad : pad + height])


@mistake_of(
    "conv_backward",
    says="the rows and columns at the far edge get no gradient where the stride leaves a remainder",
    remedy="give the padded gradient the size of the padded image, then cut off the padding",
)
def conv_backward_far_edge_forgotten(dout, cache):
    (height, width), (_, w, stride, pad) = _image_size(cache), cache
    end = [
        (places - 1) * stride + side - 2 * pad
        for places, side in zip(dout.shape[2:], w.shape[2:], strict=True)
    ]
    dx = conv_backward(dout, cache)[0]
    reached = (np.arange(height) < end[0])[:, None] & (np.arange(width) < end[1])
    return _with_dx(dout, cache, dx * reached)


@mistake_of(
    "conv_backward",
    says="where windows overlap, a later one replaces the gradient of an earlier one in dx",
    remedy="add to dx (+=) in place of assigning to it",
)
def conv_backward_overlaps_overwritten(dout, cache):
    padded, w, stride, pad = cache
    return _with_dx(dout, cache, _unpad(_overwritten(_window_gradients(dout, w), padded.shape, stride), pad))


@mistake_of(
    "conv_backward",
    says="every filter and every window replaces what was in dx before",
    remedy="add to dx (+=): each filter and each window gives its share",
)
def conv_backward_filters_overwritten(dout, cache):
    padded, w, stride, pad = cache
    last = _window_gradients(dout[:, -1:], w[-1:])
    return _with_dx(dout, cache, _unpad(_overwritten(last, padded.shape, stride), pad))


@mistake_of(
    "conv_backward",
    says="the filters are flipped in dx",
    remedy="multiply dout by the filter as it lies on the window: add w times dout to the window's gradient",
)
def conv_backward_dx_flipped_filters(dout, cache):
    padded, w, stride, pad = cache
    return _with_dx(dout, cache, conv_backward(dout, (padded, w[:, :, ::-1, ::-1], stride, pad))[0])


@mistake_of(
    "conv_backward",
    says="the windows move by 1 from place to place, whatever the stride",
    remedy="multiply the position in dout by the stride to find the window, for dx and for dw",
)
def conv_backward_places_without_stride(dout, cache):
    padded, w, _, pad = cache
    dpadded = _windows_backward(_window_gradients(dout, w), padded.shape, 1)
    windows = _windows(padded, *w.shape[2:], 1)[:, :, : dout.shape[2], : dout.shape[3]]
    dw = np.einsum("nchwij,nfhw->fcij", windows, dout)
    return _unpad(dpadded, pad), dw, dout.sum(axis=(0, 2, 3))


@mistake_of(
    "conv_backward",
    says="the filter's height and width are swapped, which fits for square filters alone",
    remedy="cut rows by the filter's height and columns by its width: w has the shape (F, C, kh, kw)",
)
def conv_backward_filter_sides_swapped(dout, cache):
    padded, w, stride, pad = cache
    dpadded, dwindows = np.zeros(padded.shape), _window_gradients(dout, w)
    height, width = w.shape[2:]
    for i, j in np.ndindex(*dout.shape[2:]):
        top, left = i * stride, j * stride
        dpadded[:, :, top : top + width, left : left + height] += dwindows[:, :, i, j]
    return _with_dx(dout, cache, _unpad(dpadded, pad))


@mistake_of(
    "conv_backward",
    says="dout is taken to be square",
    remedy="go over the height and the width of dout, each by its own size",
)
def conv_backward_square_output(dout, cache):
    height, width = dout.shape[2:]
    if width < height:
        raise IndexError(f"index {width} is out of bounds for axis 3 with size {width}")
    dx, dw, _ = conv_backward(dout * (np.arange(width) < height), cache)
    return dx, dw, dout.sum(axis=(0, 2, 3))
