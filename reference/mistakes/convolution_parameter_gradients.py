"""Known mistakes of the convolution's backward pass: dw and db."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import _windows, conv_backward


def _with_dw(dout, cache, dw):
    dx, _, db = conv_backward(dout, cache)
    return dx, dw, db


@mistake_of(
    "conv_backward",
    says="dw is flipped",
    remedy="multiply each window by its upstream gradient as it is, without turning it",
)
def conv_backward_dw_flipped(dout, cache):
    return _with_dw(dout, cache, conv_backward(dout, cache)[1][:, :, ::-1, ::-1])


@mistake_of(
    "conv_backward",
    says="dw is averaged over the images",
    remedy="sum over the images: the mean is already in dout, where the loss takes one",
)
def conv_backward_dw_averaged(dout, cache):
    return _with_dw(dout, cache, conv_backward(dout, cache)[1] / len(dout))


@mistake_of(
    "conv_backward",
    says="dw comes from the last image only",
    remedy="add to dw (+=): each image gives its share",
)
def conv_backward_dw_of_last_image(dout, cache):
    padded, *rest = cache
    return _with_dw(dout, cache, conv_backward(dout[-1:], (padded[-1:], *rest))[1])


@mistake_of(
    "conv_backward",
    says="dw comes from the last window only",
    remedy="add to dw (+=): each place of the filter gives its share",
)
def conv_backward_dw_of_last_window(dout, cache):
    padded, w, stride, _ = cache
    last = _windows(padded, *w.shape[2:], stride)[:, :, -1, -1]
    return _with_dw(dout, cache, np.einsum("ncij,nf->fcij", last, dout[:, :, -1, -1]))


@mistake_of(
    "conv_backward",
    says="db is summed over the images only, not over the places",
    remedy="sum dout over every axis but that of the filters",
)
def conv_backward_db_over_images_only(dout, cache):
    return *conv_backward(dout, cache)[:2], dout.sum(axis=0)


@mistake_of(
    "conv_backward",
    says="db is summed over the places only, not over the images",
    remedy="sum dout over every axis but that of the filters",
)
def conv_backward_db_over_places_only(dout, cache):
    return *conv_backward(dout, cache)[:2], dout.sum(axis=(2, 3))


@mistake_of(
    "conv_backward",
    says="db is summed over the filters too",
    remedy="keep the axis of the filters: db has one number for each",
)
def conv_backward_db_over_everything(dout, cache):
    return *conv_backward(dout, cache)[:2], dout.sum()


@mistake_of(
    "conv_backward",
    says="db is a mean",
    remedy="sum dout over images and places: a filter's bias is added to each of its outputs",
)
def conv_backward_db_averaged(dout, cache):
    return *conv_backward(dout, cache)[:2], dout.mean(axis=(0, 2, 3))
