"""Uncatalogued mistakes in losses, layers and normalisation."""

import numpy as np

from reference import layers as key
from tests.harness.uncatalogued import wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@wrong("softmax", told="")
def softmax_in_base_2(z):
    powers = 2.0 ** (z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("softmax", told="")
def softmax_of_squared_exponentials(z):
    return key.softmax(2 * z)


@wrong("softmax", told="pattern")
def softmax_squared(z):
    return key.softmax(z) ** 2


@wrong("softmax", told="pattern")
def softmax_rounded_to_two_digits(z):
    return np.round(key.softmax(z), 2)


@wrong("cross_entropy", told="pattern")
def cross_entropy_divided_by_the_classes(z, y):
    return key.cross_entropy(z, y) / z.shape[1]


@wrong("cross_entropy", told="pattern")
def cross_entropy_of_every_class_on_its_own(z, y):
    p = key.softmax(z)
    one_hot = np.eye(z.shape[1])[y]
    with np.errstate(all="ignore"):
        return float(-np.sum(one_hot * np.log(p) + (1 - one_hot) * np.log(1 - p)))


@wrong("cross_entropy", told="")
def cross_entropy_as_a_squared_error(z, y):
    return float(((key.softmax(z) - np.eye(z.shape[1])[y]) ** 2).sum())


@wrong("softmax_loss", told="kind")
def softmax_loss_without_the_gradient(x, y):
    return key.softmax_loss(x, y)[0]


@wrong("softmax_loss", told="pattern")
def softmax_loss_gradient_first(x, y):
    loss, dx = key.softmax_loss(x, y)
    return dx, loss


@wrong("softmax_loss", told="")
def softmax_loss_gradient_at_the_label_before(x, y):
    dx = key.softmax(x)
    dx[np.arange(len(y)), y - 1] -= 1
    return key.softmax_loss(x, y)[0], dx / len(y)


@wrong("softmax_loss", told="pattern")
def softmax_loss_gradient_of_the_first_row_alone(x, y):
    loss, dx = key.softmax_loss(x, y)
    dx[1:] = 0
    return loss, dx


@wrong("affine_forward", told="pattern")
def affine_forward_bias_subtracted(x, w, b):
    return x.reshape(len(x), -1) @ w - b, (x, w)


@wrong("affine_forward", told="pattern")
def affine_forward_bias_for_each_feature(x, w, b):
    return x.reshape(len(x), -1) @ w + len(w) * b, (x, w)


@wrong("affine_forward", told="")
def affine_forward_mean_of_the_products(x, w, b):
    return x.reshape(len(x), -1) @ w / len(w) + b, (x, w)


@wrong("affine_forward", told="pattern")
def affine_forward_into_integers(x, w, b):
    out = np.zeros((len(x), len(b)), dtype=int)
    out[:] = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


@wrong("affine_backward", told="pattern")
def affine_backward_dw_and_db_swapped(dout, cache):
    dx, dw, db = key.affine_backward(dout, cache)
    return dx, db, dw


@wrong("affine_backward", told="pattern")
def affine_backward_db_as_one_number(dout, cache):
    dx, dw, _ = key.affine_backward(dout, cache)
    return dx, dw, dout.sum()


@wrong("affine_backward", told="pattern")
def affine_backward_dw_twice_as_large(dout, cache):
    dx, dw, db = key.affine_backward(dout, cache)
    return dx, 2 * dw, db


@wrong("affine_backward", told="crash")
def affine_backward_unpacks_three_from_a_cache_of_two(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0) + 0 * b


@wrong("affine_backward", told="crash")
def affine_backward_operands_the_wrong_way_round(dout, cache):
    x, w = cache
    return (w @ dout).reshape(x.shape), x.T @ dout, dout.sum(axis=0)


@wrong("affine_backward", told="pattern")
def affine_backward_dx_filled_in_another_order(dout, cache):
    x, _ = cache
    dx, dw, db = key.affine_backward(dout, cache)
    return dx.reshape(len(x), -1).reshape(x.shape, order="F"), dw, db


@wrong("relu_forward", told="pattern")
def relu_forward_in_place(x):
    cache = (x.copy(),)
    x[x < 0] = 0
    return x, cache


@wrong("relu_forward", told="pattern")
def relu_forward_as_elu(x):
    return np.where(x > 0, x, np.expm1(x)), (x,)


@wrong("relu_forward", told="pattern")
def relu_forward_with_a_threshold_of_1(x):
    return np.where(x > 1, x, 0.0), (x,)


@wrong("relu_backward", told="pattern")
def relu_backward_half_where_negative(dout, cache):
    return np.where(cache[0] > 0, dout, dout / 2)


@wrong("relu_backward", told="crash")
def relu_backward_with_an_array_in_an_if(dout, cache):
    (x,) = cache
    return dout if x > 0 else 0 * dout


@wrong("leaky_relu_forward", told="pattern")
def leaky_relu_forward_alpha_added(x, alpha=0.01):
    return np.where(x > 0, x, x + alpha), (x, alpha)


@wrong("leaky_relu_backward", told="pattern")
def leaky_relu_backward_alpha_squared(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha**2 * dout)


@wrong("residual_forward", told="pattern")
def residual_forward_half_the_sum(v, w):
    return (v @ w + v) / 2, (v, w)


@wrong("residual_backward", told="pattern")
def residual_backward_shortcut_twice(dy, cache):
    dv, dw = key.residual_backward(dy, cache)
    return dv + dy, dw


@wrong("residual_backward", told="pattern")
def residual_backward_gradients_swapped(dy, cache):
    dv, dw = key.residual_backward(dy, cache)
    return dw, dv


@wrong("two_layer_forward", told="kind")
def two_layer_forward_under_another_key(x, w1, w2, w3):
    values = key.two_layer_forward(x, w1, w2, w3)
    values["y"] = values.pop("y_pred")
    return values


@wrong("two_layer_forward", told="")
def two_layer_forward_w1_for_both_units(x, w1, w2, w3):
    return key.two_layer_forward(x, w1, w1, w3)


@wrong("two_layer_backward", told="pattern")
def two_layer_backward_last_gradient_first(x, w1, w2, w3, y_true):
    loss, gradients = key.two_layer_backward(x, w1, w2, w3, y_true)
    return loss, gradients[::-1]


@wrong("two_layer_backward", told="")
def two_layer_backward_absolute_error(x, w1, w2, w3, y_true):
    loss, gradients = key.two_layer_backward(x, w1, w2, w3, y_true)
    return float(np.sqrt(2 * loss)), gradients


@wrong("batchnorm_forward", told="pattern")
def batchnorm_forward_mean_of_squares_for_the_variance(x, gamma, beta, bn_param):
    out, cache = key.batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    std = np.sqrt((x**2).mean(axis=0) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


@wrong("batchnorm_forward", told="")
def batchnorm_forward_averages_without_1_minus_momentum(x, gamma, beta, bn_param):
    before = dict(bn_param)
    answer = key.batchnorm_forward(x, gamma, beta, bn_param)
    if before["mode"] == "train":
        momentum = before.get("momentum", 0.9)
        for name, statistic in (("running_mean", x.mean(axis=0)), ("running_var", x.var(axis=0))):
            bn_param[name] = momentum * before.get(name, np.zeros_like(gamma)) + statistic
    return answer


@wrong("batchnorm_forward", told="crash")
def batchnorm_forward_another_key(x, gamma, beta, bn_param):
    bn_param["training"]
    return key.batchnorm_forward(x, gamma, beta, bn_param)


@wrong("batchnorm_backward", told="pattern")
def batchnorm_backward_dx_not_divided_by_n(dout, cache):
    dx, dgamma, dbeta = key.batchnorm_backward(dout, cache)
    return len(dx) * dx, dgamma, dbeta


@wrong("batchnorm_backward", told="pattern")
def batchnorm_backward_dbeta_negative(dout, cache):
    dx, dgamma, dbeta = key.batchnorm_backward(dout, cache)
    return dx, dgamma, -dbeta


@wrong("layernorm_forward", told="crash")
def layernorm_forward_gamma_for_each_row(x, gamma, beta, ln_param):
    ones, zeros = np.ones_like(gamma), np.zeros_like(beta)
    x_hat, (_, _, std) = key.layernorm_forward(x, ones, zeros, ln_param)
    return gamma[:, None] * x_hat + beta[:, None], (x_hat, gamma, std)


@wrong("layernorm_forward", told="pattern")
def layernorm_forward_sum_of_squares_for_the_variance(x, gamma, beta, ln_param):
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((centred**2).sum(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    return gamma * centred / std + beta, (centred / std, gamma, std)


@wrong("layernorm_backward", told="pattern")
def layernorm_backward_dgamma_without_x_hat(dout, cache):
    dx, _, dbeta = key.layernorm_backward(dout, cache)
    return dx, dbeta, dbeta


@wrong("layernorm_backward", told="kind")
def layernorm_backward_dx_alone(dout, cache):
    return key.layernorm_backward(dout, cache)[0]
