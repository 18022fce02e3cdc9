"""Known mistakes of ReLU."""

import numpy as np

from autograder.mistake import mistake_of


@mistake_of(
    "relu_forward",
    says="negative inputs change their sign in place of becoming 0",
    remedy="take the larger of x and 0, not the absolute value",
)
def relu_forward_absolute_value(x):
    return np.abs(x), (x,)


@mistake_of(
    "relu_forward",
    says="the negative inputs are kept and the positive ones become 0",
    remedy="take the larger of x and 0, not the smaller",
)
def relu_forward_keeps_negative(x):
    return np.minimum(x, 0), (x,)


@mistake_of(
    "relu_forward",
    says="outputs are limited to 1",
    remedy="leave positive inputs as they are, however large",
)
def relu_forward_limited_to_1(x):
    return np.clip(x, 0, 1), (x,)


@mistake_of(
    "relu_forward",
    says="the output is ReLU's derivative: 1 where the input is positive",
    remedy="return x itself where it is positive",
)
def relu_forward_derivative(x):
    return (x > 0).astype(float), (x,)


@mistake_of(
    "relu_forward",
    says="negative inputs leak through with slope 0.01",
    remedy="return 0 for negative inputs: the leak belongs to leaky ReLU",
)
def relu_forward_leaky(x):
    return np.maximum(0.01 * x, x), (x,)


@mistake_of(
    "relu_forward",
    says="the smooth version of ReLU, log(1 + exp(x)), is computed",
    remedy="take the larger of x and 0",
)
def relu_forward_softplus(x):
    return np.logaddexp(0, x), (x,)


@mistake_of(
    "relu_backward",
    says="the gradient passes everywhere, also where the input was negative",
    remedy="let it pass only where the input is positive; that the output is >= 0 holds everywhere",
)
def relu_backward_passes_everywhere(dout, cache):
    return np.array(dout)


@mistake_of(
    "relu_backward",
    says="the upstream gradient is left out",
    remedy="multiply ReLU's derivative by dout, as the chain rule says",
)
def relu_backward_without_upstream_gradient(dout, cache):
    return (cache[0] > 0).astype(float)


@mistake_of(
    "relu_backward",
    says="the sign of the upstream gradient decides where it passes",
    remedy="look at the sign of the input x: a negative gradient passes too where x is positive",
)
def relu_backward_sign_of_upstream_gradient(dout, cache):
    return np.maximum(dout, 0)


@mistake_of(
    "relu_backward",
    says="the upstream gradient is multiplied by ReLU's output in place of its derivative",
    remedy="multiply by 1 where the input is positive, and by 0 elsewhere",
)
def relu_backward_times_output(dout, cache):
    return dout * np.maximum(cache[0], 0)


@mistake_of(
    "relu_backward",
    says="the gradient passes where the input was negative, and is 0 where it was positive",
    remedy="set the gradient to 0 where the input is negative, not where it is positive",
)
def relu_backward_passes_where_negative(dout, cache):
    return dout * (cache[0] < 0)


@mistake_of(
    "relu_backward",
    says="the gradient changes its sign where the input was negative",
    remedy="set it to 0 there: ReLU's derivative is 0 for negative inputs, not -1",
)
def relu_backward_sign_of_input(dout, cache):
    return dout * np.sign(cache[0])


@mistake_of(
    "relu_backward",
    says="the gradient leaks through with slope 0.01 where the input was negative",
    remedy="set it to 0 there: the leak belongs to leaky ReLU",
)
def relu_backward_leaky(dout, cache):
    return np.where(cache[0] > 0, dout, 0.01 * dout)
