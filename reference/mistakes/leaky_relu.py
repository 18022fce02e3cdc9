"""Known mistakes of leaky ReLU."""

import numpy as np

from autograder.mistake import mistake_of


@mistake_of(
    "leaky_relu_forward",
    says="negative inputs become alpha itself, as in max(alpha, x)",
    remedy="multiply x by alpha: take the larger of alpha x and x",
)
def leaky_relu_forward_maximum_with_alpha(x, alpha=0.01):
    return np.maximum(alpha, x), (x, alpha)


@mistake_of(
    "leaky_relu_forward",
    says="the slope is always 0.01, whatever alpha is given",
    remedy="use the alpha that is passed in",
)
def leaky_relu_forward_fixed_alpha(x, alpha=0.01):
    return np.maximum(0.01 * x, x), (x, alpha)


@mistake_of(
    "leaky_relu_forward",
    says="negative inputs become 0, as in ReLU",
    remedy="multiply negative inputs by alpha",
)
def leaky_relu_forward_without_leak(x, alpha=0.01):
    return np.maximum(0.0, x), (x, alpha)


@mistake_of(
    "leaky_relu_forward",
    says="negative inputs change their sign",
    remedy="multiply negative inputs by alpha, not by -alpha: they stay negative",
)
def leaky_relu_forward_sign_changed(x, alpha=0.01):
    return np.where(x > 0, x, -alpha * x), (x, alpha)


@mistake_of(
    "leaky_relu_forward",
    says="the positive inputs are multiplied by alpha, in place of the negative ones",
    remedy="leave positive inputs as they are: take the larger of alpha x and x, not the smaller",
)
def leaky_relu_forward_leak_on_positive_side(x, alpha=0.01):
    return np.minimum(alpha * x, x), (x, alpha)


@mistake_of(
    "leaky_relu_forward",
    says="alpha x is added to ReLU's output for positive inputs too",
    remedy="add the leak for negative inputs only: positive ones stay as they are",
)
def leaky_relu_forward_leak_everywhere(x, alpha=0.01):
    return np.maximum(0.0, x) + alpha * x, (x, alpha)


@mistake_of(
    "leaky_relu_forward",
    says="negative inputs follow the exponential curve of an ELU",
    remedy="multiply negative inputs by alpha: the leak is a straight line",
)
def leaky_relu_forward_elu(x, alpha=0.01):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))), (x, alpha)


@mistake_of(
    "leaky_relu_backward",
    says="the gradient is 0 where the input was negative, as in ReLU",
    remedy="multiply the upstream gradient by alpha there",
)
def leaky_relu_backward_without_leak(dout, cache):
    return dout * (cache[0] > 0)


@mistake_of(
    "leaky_relu_backward",
    says="the slope is always 0.01, whatever alpha the forward pass was given",
    remedy="keep alpha in the cache and use it in the backward pass",
)
def leaky_relu_backward_fixed_alpha(dout, cache):
    return np.where(cache[0] > 0, dout, 0.01 * dout)


@mistake_of(
    "leaky_relu_backward",
    says="the gradient is alpha itself where the input was negative",
    remedy="multiply alpha by the upstream gradient there too",
)
def leaky_relu_backward_alpha_alone(dout, cache):
    return np.where(cache[0] > 0, dout, cache[1])


@mistake_of(
    "leaky_relu_backward",
    says="the upstream gradient is left out",
    remedy="multiply leaky ReLU's derivative by dout, as the chain rule says",
)
def leaky_relu_backward_without_upstream_gradient(dout, cache):
    return np.where(cache[0] > 0, 1.0, cache[1])


@mistake_of(
    "leaky_relu_backward",
    says="the gradient passes unchanged everywhere, also where the input was negative",
    remedy="multiply the upstream gradient by alpha where the input is negative",
)
def leaky_relu_backward_passes_everywhere(dout, cache):
    return np.array(dout)


@mistake_of(
    "leaky_relu_backward",
    says="the sign of the upstream gradient decides where alpha applies",
    remedy="look at the sign of the input x",
)
def leaky_relu_backward_sign_of_upstream_gradient(dout, cache):
    return np.maximum(dout, cache[1] * dout)


@mistake_of(
    "leaky_relu_backward",
    says="the slope for negative inputs is -alpha",
    remedy="multiply by alpha itself: the line rises on both sides of 0",
)
def leaky_relu_backward_slope_negative(dout, cache):
    return np.where(cache[0] > 0, dout, -cache[1] * dout)


@mistake_of(
    "leaky_relu_backward",
    says="alpha applies where the input was positive, in place of where it was negative",
    remedy="multiply the upstream gradient by alpha where the input is negative",
)
def leaky_relu_backward_leak_on_positive_side(dout, cache):
    return np.where(cache[0] > 0, cache[1] * dout, dout)
