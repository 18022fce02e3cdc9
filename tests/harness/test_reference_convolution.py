"""The answer key's convolution and max-pooling agree with torch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from reference import layers
from tests.harness.torch_oracle import assert_close, generator, gradients, outputs

IMAGE = np.array([[1.0, 0, 2, 1], [2, 1, 0, 0], [1, 2, 1, 2], [0, 1, 2, 1]])
FILTER = np.array([[1.0, -1], [0, 1]])


@pytest.mark.parametrize("pad", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(
    ("images", "filters"),
    [
        ((1, 1, 5, 7), (1, 1, 1, 1)),
        ((2, 3, 7, 5), (4, 3, 3, 2)),
        ((1, 2, 4, 9), (2, 2, 2, 5)),
        ((3, 1, 6, 6), (2, 1, 3, 3)),
        ((2, 2, 8, 5), (3, 2, 1, 3)),
        ((2, 3, 3, 4), (1, 3, 3, 4)),
    ],
)
def test_convolution_agrees_with_torch(images, filters, stride, pad):
    rng = generator(*images, stride, pad)
    inputs = [rng.normal(size=images), rng.normal(size=filters), rng.normal(size=filters[0])]

    def convolution(x, w, b):
        return F.conv2d(x, w, b, stride, pad)

    out, cache = layers.conv_forward(*inputs, {"stride": stride, "pad": pad})
    assert_close(out, outputs(convolution, inputs))
    dout = rng.normal(size=out.shape)
    assert_close(layers.conv_backward(dout, cache), gradients(convolution, inputs, dout))


@pytest.mark.parametrize(
    ("stride", "pad", "expected"),
    [(1, 0, [[2, -2, 1], [3, 2, 2], [0, 3, 0]]), (2, 1, [[1, 2, 0], [-1, 2, 0], [0, -1, 1]])],
)
def test_convolution_gives_the_numbers_of_exam_3(stride, pad, expected):
    out, _ = layers.conv_forward(
        IMAGE[None, None], FILTER[None, None], np.zeros(1), {"stride": stride, "pad": pad}
    )

    assert_close(out[0, 0], np.array(expected))
    assert layers.conv_output_shape(4, 4, 2, stride, pad) == (3, 3)


def test_max_pooling_gives_the_numbers_of_exam_3():
    out, _ = layers.max_pool_forward(IMAGE[None, None], {"pool_height": 2, "pool_width": 2, "stride": 2})

    assert_close(out[0, 0], np.full((2, 2), 2))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("window", [(1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3), (5, 1), (4, 5)])
@pytest.mark.parametrize("images", [(1, 1, 5, 7), (2, 3, 7, 5), (3, 2, 6, 6)])
def test_max_pooling_agrees_with_torch(images, window, stride):
    rng = generator(*images, *window, stride)
    # Distinct values, because torch and the answer key need not agree on ties; negative ones, so that
    # windows padded with zeros by mistake are seen.
    x = rng.permutation(np.prod(images)).reshape(images) - float(np.prod(images))

    def max_pool(x):
        return F.max_pool2d(x, window, stride)

    pool_param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    out, cache = layers.max_pool_forward(x, pool_param)
    assert_close(out, outputs(max_pool, [x]))
    dout = rng.normal(size=out.shape)
    assert_close(layers.max_pool_backward(dout, cache), gradients(max_pool, [x], dout)[0])


def test_the_gradient_of_a_tie_is_passed_on_once():
    x, dout = np.ones((2, 3, 5, 4)), generator().normal(size=(2, 3, 2, 2))

    _, cache = layers.max_pool_forward(x, {"pool_height": 3, "pool_width": 2, "stride": 2})

    assert_close(layers.max_pool_backward(dout, cache).sum(axis=(2, 3)), dout.sum(axis=(2, 3)))


def torch_output_shape(height, width, kernel, stride, pad):
    image = torch.empty(1, 1, height, width, device="meta")
    filters = torch.empty(1, 1, *kernel, device="meta")
    try:
        return tuple(F.conv2d(image, filters, stride=stride, padding=pad).shape[2:])
    except RuntimeError:
        return None


@pytest.mark.parametrize("pad", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_output_shapes_and_kernels_that_do_not_fit_agree_with_torch(stride, pad):
    found = set()
    for height, width, *kernel in itertools.product(range(1, 6), (2, 5), range(1, 6), (1, 3, 7)):
        expected = torch_output_shape(height, width, kernel, stride, pad)
        found.add(expected is None)
        if expected is None:
            with pytest.raises(ValueError, match="does not fit"):
                layers.conv_output_shape(height, width, tuple(kernel), stride, pad)
        else:
            assert layers.conv_output_shape(height, width, tuple(kernel), stride, pad) == expected
    assert found == {True, False}


def test_output_shapes_are_python_ints_and_default_to_stride_1_without_padding():
    shape = layers.conv_output_shape(np.int64(5), 7, np.int64(3))

    assert shape == (3, 5)
    assert {type(size) for size in shape} == {int}


@pytest.mark.parametrize(
    "arguments", [(4, 4, 0), (4, 4, (2, 0)), (4, 4, 2, 0), (4, 4, 2, -1), (4, 4, 2, 1, -1)]
)
def test_sizes_that_make_no_sense_are_refused(arguments):
    with pytest.raises(ValueError, match="at least"):
        layers.conv_output_shape(*arguments)


def test_a_window_that_does_not_fit_is_refused_by_the_layers_too():
    x = np.ones((1, 1, 4, 2))

    with pytest.raises(ValueError, match="does not fit"):
        layers.conv_forward(x, np.ones((1, 1, 3, 3)), np.zeros(1), {"stride": 1, "pad": 0})
    with pytest.raises(ValueError, match="does not fit"):
        layers.max_pool_forward(x, {"pool_height": 3, "pool_width": 3, "stride": 1})
