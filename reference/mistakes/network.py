"""Known mistakes of the residual layer and of the two-layer network on scalars."""

import numpy as np

from autograder.mistake import mistake_of

from ..layers import residual_backward, two_layer_forward


@mistake_of(
    "residual_forward",
    says="the shortcut is missing: v is not added",
    remedy="add v itself to v w",
)
def residual_forward_without_shortcut(v, w):
    return v @ w, (v, w)


@mistake_of(
    "residual_forward",
    says="the weights are transposed",
    remedy="multiply v by w as it is",
)
def residual_forward_transposed_weights(v, w):
    return v @ w.T + v, (v, w)


@mistake_of(
    "residual_forward",
    says="the shortcut goes through the weights too",
    remedy="add v after the multiplication by w, not before",
)
def residual_forward_shortcut_through_weights(v, w):
    return (v + v) @ w, (v, w)


@mistake_of(
    "residual_forward",
    says="a ReLU is applied to the sum",
    remedy="return v w + v as it is: this layer has no activation",
)
def residual_forward_relu_of_sum(v, w):
    return np.maximum(v @ w + v, 0), (v, w)


@mistake_of(
    "residual_forward",
    says="a ReLU is applied to v w before v is added",
    remedy="add v to v w as it is: this layer has no activation",
)
def residual_forward_relu_inside(v, w):
    return np.maximum(v @ w, 0) + v, (v, w)


@mistake_of(
    "residual_forward",
    says="v is appended to v w in place of being added",
    remedy="add v to v w, number by number: y has the shape of v",
)
def residual_forward_concatenated(v, w):
    return np.concatenate([v @ w, v], axis=1), (v, w)


@mistake_of(
    "residual_backward",
    says="the gradient of the shortcut is missing in dv",
    remedy="add dy itself to the gradient that comes through w",
)
def residual_backward_without_shortcut(dy, cache):
    dv, dw = residual_backward(dy, cache)
    return dv - dy, dw


@mistake_of(
    "residual_backward",
    says="dv is the gradient of the shortcut alone",
    remedy="add the gradient that comes through w",
)
def residual_backward_shortcut_alone(dy, cache):
    return np.array(dy), residual_backward(dy, cache)[1]


@mistake_of(
    "residual_backward",
    says="the shortcut adds 1 to dv in place of the upstream gradient",
    remedy="multiply the shortcut's derivative of 1 by dy, as the chain rule says",
)
def residual_backward_shortcut_adds_one(dy, cache):
    dv, dw = residual_backward(dy, cache)
    return dv - dy + 1, dw


@mistake_of(
    "residual_backward",
    says="the shortcut adds v to dv in place of the upstream gradient",
    remedy="add dy: the shortcut's derivative is 1",
)
def residual_backward_shortcut_adds_v(dy, cache):
    dv, dw = residual_backward(dy, cache)
    return dv - dy + cache[0], dw


@mistake_of(
    "residual_backward",
    says="dv is computed with w in place of its transpose",
    remedy="multiply dy by the transpose of w",
)
def residual_backward_weights_not_transposed(dy, cache):
    return dy @ cache[1] + dy, residual_backward(dy, cache)[1]


@mistake_of(
    "residual_backward",
    says="dw is transposed",
    remedy="multiply the transpose of v by dy, in this order",
)
def residual_backward_dw_transposed(dy, cache):
    dv, dw = residual_backward(dy, cache)
    return dv, dw.T


@mistake_of(
    "residual_backward",
    says="dw is averaged over the examples",
    remedy="sum over the examples: the mean is already in dy, where the loss takes one",
)
def residual_backward_dw_averaged(dy, cache):
    dv, dw = residual_backward(dy, cache)
    return dv, dw / len(dy)


def _changed(forward, **changes):
    """Activations in which some are replaced, as floats."""
    return {**forward, **{name: float(value) for name, value in changes.items()}}


@mistake_of(
    "two_layer_forward",
    says="the ReLU is left out: a1 and a2 are z1 and z2",
    remedy="set a1 and a2 to 0 where z1 and z2 are negative",
)
def two_layer_forward_without_relu(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    z1, z2 = forward["z1"], forward["z2"]
    return _changed(forward, a1=z1, a2=z2, y_pred=w3 * (z1 + z2))


@mistake_of(
    "two_layer_forward",
    says="the prediction is computed from z1 and z2",
    remedy="use a1 and a2, what comes out of the ReLU",
)
def two_layer_forward_prediction_before_relu(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    return _changed(forward, y_pred=w3 * (forward["z1"] + forward["z2"]))


@mistake_of(
    "two_layer_forward",
    says="the second unit takes the first one's output in place of x",
    remedy="compute z2 from x: the two units stand side by side",
)
def two_layer_forward_units_in_sequence(x, w1, w2, w3):
    first = two_layer_forward(x, w1, w2, w3)
    z2 = w2 * first["a1"]
    return _changed(first, z2=z2, a2=max(0.0, z2), y_pred=w3 * (first["a1"] + max(0.0, z2)))


@mistake_of(
    "two_layer_forward",
    says="w3 multiplies a1 only",
    remedy="add a1 and a2 first, then multiply by w3: mind the parentheses",
)
def two_layer_forward_without_parentheses(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    return _changed(forward, y_pred=w3 * forward["a1"] + forward["a2"])


@mistake_of(
    "two_layer_forward",
    says="the ReLU is taken of the sum z1 + z2",
    remedy="apply the ReLU to each unit before you add them",
)
def two_layer_forward_relu_of_sum(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    return _changed(forward, y_pred=w3 * max(0.0, forward["z1"] + forward["z2"]))


@mistake_of(
    "two_layer_forward",
    says="a ReLU is applied to the prediction",
    remedy="return y_pred as it is: it may be negative",
)
def two_layer_forward_relu_of_prediction(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    return _changed(forward, y_pred=max(0.0, forward["y_pred"]))


@mistake_of(
    "two_layer_forward",
    says="a1 and a2 are multiplied with each other",
    remedy="add a1 and a2",
)
def two_layer_forward_units_multiplied(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    return _changed(forward, y_pred=w3 * forward["a1"] * forward["a2"])


@mistake_of(
    "two_layer_forward",
    says="the prediction is not multiplied by w3",
    remedy="multiply the sum of a1 and a2 by w3",
)
def two_layer_forward_without_w3(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    return _changed(forward, y_pred=forward["a1"] + forward["a2"])


@mistake_of(
    "two_layer_forward",
    says="the units have a sigmoid in place of a ReLU",
    remedy="use the larger of 0 and z",
)
def two_layer_forward_sigmoid(x, w1, w2, w3):
    forward = two_layer_forward(x, w1, w2, w3)
    a1, a2 = (0.5 * (1 + np.tanh(forward[name] / 2)) for name in ("z1", "z2"))
    return _changed(forward, a1=a1, a2=a2, y_pred=w3 * (a1 + a2))
