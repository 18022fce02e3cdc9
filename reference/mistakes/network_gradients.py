"""Known mistakes of the two-layer network's loss and gradients."""

from autograder.mistake import mistake_of

from ..layers import two_layer_backward, two_layer_forward


def _scaled(gradients, factor):
    return tuple(gradient * factor for gradient in gradients)


def _units(x, w1, w2, w3, y_true, *, factor=None, active=None):
    """Loss and gradients, but that dw1 and dw2 have another factor than w3 x, or another ReLU derivative."""
    forward = two_layer_forward(x, w1, w2, w3)
    loss, (_, _, dw3) = two_layer_backward(x, w1, w2, w3, y_true)
    dunit = (forward["y_pred"] - y_true) * (w3 * x if factor is None else factor)
    first, second = active or (forward["z1"] > 0, forward["z2"] > 0)
    return loss, (float(dunit * first), float(dunit * second), dw3)


def _output(x, w1, w2, w3, y_true, *units):
    """Loss and gradients, but that dw3 is computed from these activations."""
    forward = two_layer_forward(x, w1, w2, w3)
    loss, (dw1, dw2, _) = two_layer_backward(x, w1, w2, w3, y_true)
    return loss, (dw1, dw2, float((forward["y_pred"] - y_true) * sum(forward[unit] for unit in units)))


@mistake_of(
    "two_layer_backward",
    says="the gradient passes through a ReLU whose unit is not active",
    remedy="set dw1 to 0 where z1 is negative, and dw2 where z2 is",
)
def two_layer_backward_without_relu(x, w1, w2, w3, y_true):
    return _units(x, w1, w2, w3, y_true, active=(1, 1))


@mistake_of(
    "two_layer_backward",
    says="the sign of the weight decides whether its unit is active",
    remedy="look at the sign of z, the product of weight and x",
)
def two_layer_backward_active_by_weight(x, w1, w2, w3, y_true):
    return _units(x, w1, w2, w3, y_true, active=(w1 > 0, w2 > 0))


@mistake_of(
    "two_layer_backward",
    says="the gradients are multiplied by the units' outputs where ReLU's derivative belongs",
    remedy="multiply by 1 for an active unit, and by 0 for one that is not",
)
def two_layer_backward_times_output(x, w1, w2, w3, y_true):
    forward = two_layer_forward(x, w1, w2, w3)
    return _units(x, w1, w2, w3, y_true, active=(forward["a1"], forward["a2"]))


@mistake_of(
    "two_layer_backward",
    says="both units get their gradient where only one of them is active",
    remedy="decide for each unit by its own z",
)
def two_layer_backward_active_together(x, w1, w2, w3, y_true):
    forward = two_layer_forward(x, w1, w2, w3)
    active = forward["a1"] + forward["a2"] > 0
    return _units(x, w1, w2, w3, y_true, active=(active, active))


@mistake_of(
    "two_layer_backward",
    says="w3 is missing in dw1 and dw2",
    remedy="multiply by w3: the gradient passes through it on its way to both units",
)
def two_layer_backward_without_w3(x, w1, w2, w3, y_true):
    return _units(x, w1, w2, w3, y_true, factor=x)


@mistake_of(
    "two_layer_backward",
    says="x is missing in dw1 and dw2",
    remedy="multiply by x: the derivative of w x with respect to w is x",
)
def two_layer_backward_without_x(x, w1, w2, w3, y_true):
    return _units(x, w1, w2, w3, y_true, factor=w3)


@mistake_of(
    "two_layer_backward",
    says="dw3 is computed from z1 and z2",
    remedy="use a1 and a2, what comes out of the ReLU",
)
def two_layer_backward_dw3_before_relu(x, w1, w2, w3, y_true):
    return _output(x, w1, w2, w3, y_true, "z1", "z2")


@mistake_of(
    "two_layer_backward",
    says="dw3 is computed from a1 only",
    remedy="use the sum a1 + a2: w3 multiplies both",
)
def two_layer_backward_dw3_of_first_unit(x, w1, w2, w3, y_true):
    return _output(x, w1, w2, w3, y_true, "a1")


@mistake_of(
    "two_layer_backward",
    says="the gradients carry a factor of 2, which the 1/2 in the loss cancels",
    remedy="use y_pred - y_true as the derivative of the loss",
)
def two_layer_backward_factor_2(x, w1, w2, w3, y_true):
    loss, gradients = two_layer_backward(x, w1, w2, w3, y_true)
    return loss, _scaled(gradients, 2)


@mistake_of(
    "two_layer_backward",
    says="the loss lacks its factor of 1/2",
    remedy="halve the squared error",
)
def two_layer_backward_loss_without_half(x, w1, w2, w3, y_true):
    loss, gradients = two_layer_backward(x, w1, w2, w3, y_true)
    return 2 * loss, gradients


@mistake_of(
    "two_layer_backward",
    says="loss and gradients are those of the squared error without its factor of 1/2",
    remedy="halve the squared error: the gradients halve with it",
)
def two_layer_backward_without_half(x, w1, w2, w3, y_true):
    loss, gradients = two_layer_backward(x, w1, w2, w3, y_true)
    return 2 * loss, _scaled(gradients, 2)


@mistake_of(
    "two_layer_backward",
    says="all gradients have the wrong sign",
    remedy="start from y_pred - y_true, not from y_true - y_pred",
)
def two_layer_backward_sign(x, w1, w2, w3, y_true):
    loss, gradients = two_layer_backward(x, w1, w2, w3, y_true)
    return loss, _scaled(gradients, -1)


@mistake_of(
    "two_layer_backward",
    says="the gradients are those of y_pred, without the derivative of the loss",
    remedy="multiply them by y_pred - y_true, as the chain rule says",
)
def two_layer_backward_of_prediction(x, w1, w2, w3, y_true):
    y_pred = two_layer_forward(x, w1, w2, w3)["y_pred"]
    # With an error of 1, the gradients of the loss are those of the prediction.
    return two_layer_backward(x, w1, w2, w3, y_true)[0], two_layer_backward(x, w1, w2, w3, y_pred - 1)[1]
