"""Known mistakes of max-pooling's backward pass."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import _windows, _windows_backward, max_pool_backward


def _maxima(dout, cache):
    """Where each window begins, and the flat position in it of its first maximum: top, left, position."""
    windows = _windows(*cache)
    top, left = np.indices(dout.shape, sparse=True)[2:]
    return top * cache[3], left * cache[3], windows.reshape(*dout.shape, -1).argmax(axis=-1)


def _sent_to(rows, columns, dout, cache):
    """dx, where each upstream gradient is added at this row and column."""
    dx = np.zeros(cache[0].shape)
    images, channels = np.indices(dout.shape, sparse=True)[:2]
    np.add.at(dx, (images, channels, rows, columns), dout)
    return dx


def _window_by_window(dout, cache, step, height, width, axes=(2, 3), add=True):
    """dx from windows of this height and width, `step` apart, each cut off at the edge of the image."""
    x = cache[0]
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        window = (..., slice(i * step, i * step + height), slice(j * step, j * step + width))
        share = (x[window] == x[window].max(axis=axes, keepdims=True)) * dout[:, :, i, j, None, None]
        dx[window] = dx[window] + share if add else share
    return dx


def _everywhere(dout, cache):
    """dx, where every position of a window gets the window's whole upstream gradient."""
    x, height, width, stride = cache
    return _windows_backward(
        np.broadcast_to(dout[..., None, None], (*dout.shape, height, width)), x.shape, stride
    )


@mistake_of(
    "max_pool_backward",
    says="where two windows share a maximum, the later gradient replaces the earlier one",
    remedy="add to dx (+=) in place of assigning to it",
)
def max_pool_backward_overlaps_overwritten(dout, cache):
    top, left, position = _maxima(dout, cache)
    dx = np.zeros(cache[0].shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        row, column = divmod(position[n, c, i, j], cache[2])
        dx[n, c, top[0, 0, i, 0] + row, left[0, 0, 0, j] + column] = dout[n, c, i, j]
    return dx


@mistake_of(
    "max_pool_backward",
    says="each window replaces all that overlapping windows wrote before, with 0 beside its own maximum",
    remedy="add the window's gradient to what is there (+=)",
)
def max_pool_backward_windows_overwritten(dout, cache):
    _, height, width, stride = cache
    return _window_by_window(dout, cache, stride, height, width, add=False)


@mistake_of(
    "max_pool_backward",
    says="every position of a window gets the gradient",
    remedy="send the gradient to the maximum alone",
)
def max_pool_backward_to_every_position(dout, cache):
    return _everywhere(dout, cache)


@mistake_of(
    "max_pool_backward",
    says="the gradient is spread evenly over the window, as for average-pooling",
    remedy="send all of it to the maximum",
)
def max_pool_backward_spread_evenly(dout, cache):
    return _everywhere(dout, cache) / (cache[1] * cache[2])


@mistake_of(
    "max_pool_backward",
    says="the gradient goes to the first position of each window",
    remedy="find where the window's maximum is, and send the gradient there",
)
def max_pool_backward_to_first_position(dout, cache):
    top, left, _ = _maxima(dout, cache)
    return _sent_to(top, left, dout, cache)


@mistake_of(
    "max_pool_backward",
    says="the position of the maximum in its window is used as a position in the image",
    remedy="add the place where the window begins, its index times the stride",
)
def max_pool_backward_position_in_window(dout, cache):
    row, column = np.divmod(_maxima(dout, cache)[2], cache[2])
    return _sent_to(row, column, dout, cache)


@mistake_of(
    "max_pool_backward",
    says="row and column of the maximum in its window are swapped",
    remedy="divide the flat position by the window's width: quotient for the row, remainder for the column",
)
def max_pool_backward_row_and_column_swapped(dout, cache):
    top, left, position = _maxima(dout, cache)
    column, row = np.divmod(position, cache[2])
    return _sent_to(top + row, left + column, dout, cache)


@mistake_of(
    "max_pool_backward",
    says="the flat position of the maximum is divided by the window's height",
    remedy="divide it by the window's width, the length of a row",
)
def max_pool_backward_position_divided_by_height(dout, cache):
    top, left, position = _maxima(dout, cache)
    row, column = np.divmod(position, cache[1])
    return _sent_to(top + row, left + column, dout, cache)


@mistake_of(
    "max_pool_backward",
    says="the windows move by 1 from place to place, whatever the stride",
    remedy="multiply the position in dout by the stride to find the window",
)
def max_pool_backward_places_without_stride(dout, cache):
    return _window_by_window(dout, cache, 1, cache[1], cache[2])


@mistake_of(
    "max_pool_backward",
    says="the windows are as large as the stride",
    remedy="cut windows of pool_height and pool_width; the stride only says where they begin",
)
def max_pool_backward_stride_as_window(dout, cache):
    return _window_by_window(dout, cache, cache[3], cache[3], cache[3])


@mistake_of(
    "max_pool_backward",
    says="the window's height and width are swapped",
    remedy="cut rows by pool_height and columns by pool_width",
)
def max_pool_backward_window_sides_swapped(dout, cache):
    _, height, width, stride = cache
    return _window_by_window(dout, cache, stride, width, height)


@mistake_of(
    "max_pool_backward",
    says="the maximum is looked for across the channels too",
    remedy="treat each channel by itself: compare each window with its own maximum",
)
def max_pool_backward_over_channels(dout, cache):
    _, height, width, stride = cache
    return _window_by_window(dout, cache, stride, height, width, axes=(1, 2, 3))


@mistake_of(
    "max_pool_backward",
    says="dout is taken to be square",
    remedy="go over the height and the width of dout, each by its own size",
)
def max_pool_backward_square_output(dout, cache):
    height, width = dout.shape[2:]
    if width < height:
        raise IndexError(f"index {width} is out of bounds for axis 3 with size {width}")
    return max_pool_backward(dout * (np.arange(width) < height), cache)


@mistake_of(
    "max_pool_backward",
    says="dx ends with the last window, without the far edge that no window reaches",
    remedy="give dx the shape of x: what no window reaches has the gradient 0",
)
def max_pool_backward_without_far_edge(dout, cache):
    _, height, width, stride = cache
    bottom, right = (dout.shape[2] - 1) * stride + height, (dout.shape[3] - 1) * stride + width
    return max_pool_backward(dout, cache)[:, :, :bottom, :right]


@mistake_of(
    "max_pool_backward",
    says="the gradient is multiplied by the maximum",
    remedy="pass the upstream gradient as it is: the derivative of the maximum is 1",
)
def max_pool_backward_times_maximum(dout, cache):
    return max_pool_backward(dout * _windows(*cache).max(axis=(4, 5)), cache)


@mistake_of(
    "max_pool_backward",
    says="the upstream gradient is left out",
    remedy="put dout where the maxima are, not 1",
)
def max_pool_backward_without_upstream_gradient(dout, cache):
    return max_pool_backward(np.ones_like(dout), cache)
