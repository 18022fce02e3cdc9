"""Uncatalogued mistakes in convolution, pooling and parameter counts."""

import numpy as np

from reference import layers as key
from tests.harness.uncatalogued import wrong


@wrong("conv_output_shape", told="pattern")
def conv_output_shape_padding_subtracted(height, width, kernel, stride=1, pad=0):
    kh, kw = (kernel, kernel) if np.ndim(kernel) == 0 else kernel
    key.conv_output_shape(height, width, kernel, stride, pad)
    return (height - 2 * pad - kh) // stride + 1, (width - 2 * pad - kw) // stride + 1


@wrong("conv_output_shape", told="kind")
def conv_output_shape_as_one_number(height, width, kernel, stride=1, pad=0):
    h_out, w_out = key.conv_output_shape(height, width, kernel, stride, pad)
    return h_out * w_out


@wrong("conv_forward", told="pattern")
def conv_forward_bias_subtracted(x, w, b, conv_param):
    return key.conv_forward(x, w, -b, conv_param)


@wrong("conv_forward", told="pattern")
def conv_forward_padded_with_ones(x, w, b, conv_param):
    pad = conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=1)
    out, _ = key.conv_forward(padded, w, b, {**conv_param, "pad": 0})
    return out, key.conv_forward(x, w, b, conv_param)[1]


@wrong("conv_forward", told="pattern")
def conv_forward_mean_over_the_channels(x, w, b, conv_param):
    out, cache = key.conv_forward(x, w / x.shape[1], b, conv_param)
    return out, (cache[0], w, *cache[2:])


@wrong("conv_forward", told="pattern")
def conv_forward_filters_in_reverse(x, w, b, conv_param):
    out, cache = key.conv_forward(x, w, b, conv_param)
    return out[:, ::-1], cache


@wrong("conv_forward", told="pattern")
def conv_forward_second_image_like_the_first(x, w, b, conv_param):
    out, cache = key.conv_forward(x, w, b, conv_param)
    return np.repeat(out[:1], len(x), axis=0), cache


@wrong("conv_forward", told="pattern")
def conv_forward_last_row_never_written(x, w, b, conv_param):
    out, cache = key.conv_forward(x, w, b, conv_param)
    out[:, :, -1] = 0
    return out, cache


@wrong("conv_forward", told="crash")
def conv_forward_padding_under_another_key(x, w, b, conv_param):
    return key.conv_forward(x, w, b, {"stride": conv_param["stride"], "pad": conv_param["padding"]})


@wrong("conv_forward", told="crash")
def conv_forward_one_step_too_far(x, w, b, conv_param):
    out, cache = key.conv_forward(x, w, b, conv_param)
    for i in range(out.shape[2] + 1):
        out[:, :, i] = out[:, :, i] + 0
    return out, cache


@wrong("conv_backward", told="kind")
def conv_backward_without_db(dout, cache):
    return key.conv_backward(dout, cache)[:2]


@wrong("conv_backward", told="pattern")
def conv_backward_dw_upside_down(dout, cache):
    dx, dw, db = key.conv_backward(dout, cache)
    return dx, dw[:, :, ::-1], db


@wrong("conv_backward", told="pattern")
def conv_backward_dx_one_pixel_off(dout, cache):
    dx, dw, db = key.conv_backward(dout, cache)
    return np.roll(dx, 1, axis=3), dw, db


@wrong("conv_backward", told="pattern")
def conv_backward_dx_of_the_first_channel_everywhere(dout, cache):
    dx, dw, db = key.conv_backward(dout, cache)
    return np.repeat(dx[:, :1], dx.shape[1], axis=1), dw, db


@wrong("max_pool_forward", told="pattern")
def max_pool_forward_minimum(x, pool_param):
    out, cache = key.max_pool_forward(-x, pool_param)
    return -out, (x, *cache[1:])


@wrong("max_pool_forward", told="pattern")
def max_pool_forward_sum(x, pool_param):
    _, cache = key.max_pool_forward(x, pool_param)
    return key._windows(*cache).sum(axis=(4, 5)), cache


@wrong("max_pool_backward", told="pattern")
def max_pool_backward_divided_by_the_window(dout, cache):
    return key.max_pool_backward(dout, cache) / (cache[1] * cache[2])


@wrong("max_pool_backward", told="pattern")
def max_pool_backward_to_the_minimum(dout, cache):
    return key.max_pool_backward(dout, (-cache[0], *cache[1:]))


@wrong("conv_num_params", told="pattern")
def conv_num_params_kernel_and_channels_added(kernel, c_in, c_out, bias=True):
    return (kernel * kernel + c_in + bool(bias)) * c_out


@wrong("conv_num_params", told="pattern")
def conv_num_params_channels_added(kernel, c_in, c_out, bias=True):
    return kernel * kernel * (c_in + c_out) + (c_out if bias else 0)


@wrong("fc_num_params", told="")
def fc_num_params_with_a_square(d_in, d_out, bias=True):
    return d_in * d_out + (d_out**2 if bias else 0)


@wrong("fc_num_params", told="pattern")
def fc_num_params_a_bias_for_every_unit(d_in, d_out, bias=True):
    return d_in * d_out + (d_in + d_out if bias else 0)


@wrong("rnn_num_params", told="pattern")
def rnn_num_params_of_a_gru(d_in, d_hidden):
    return 3 * d_hidden * (d_in + d_hidden + 1)
