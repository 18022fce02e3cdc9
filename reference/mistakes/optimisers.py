"""Known mistakes in stochastic gradient descent and in clipping."""

import numpy as np

from autograder.mistake import mistake_of

from ..optim import clip_grad_norm, sgd


def _rate(config):
    return {"learning_rate": 1e-2, **(config or {})}["learning_rate"]


@mistake_of(
    "sgd",
    says="the step is added rather than subtracted, so that the loss goes up",
    remedy="subtract learning_rate times dw: the gradient points uphill",
)
def sgd_uphill(w, dw, config=None):
    return sgd(w, -dw, config)


@mistake_of(
    "sgd",
    says="the learning rate is ignored: the whole gradient is subtracted",
    remedy="multiply the gradient by config's learning_rate",
)
def sgd_without_learning_rate(w, dw, config=None):
    return w - dw, sgd(w, dw, config)[1]


@mistake_of(
    "sgd",
    says="the default learning rate is used even where config gives another",
    remedy="take the default only where config has no learning_rate",
)
def sgd_with_the_default_rate_always(w, dw, config=None):
    return w - 1e-2 * dw, sgd(w, dw, config)[1]


@mistake_of(
    "sgd",
    says="the weights come back unchanged",
    remedy="return the new weights: an assignment to a local name does not change w",
)
def sgd_without_a_step(w, dw, config=None):
    return w, sgd(w, dw, config)[1]


@mistake_of(
    "sgd",
    says="the step alone is returned, without the weights",
    remedy="subtract the step from w",
)
def sgd_with_the_step_for_the_weights(w, dw, config=None):
    return -_rate(config) * dw, sgd(w, dw, config)[1]


@mistake_of(
    "sgd",
    says="the gradient is scaled to length 1 first",
    remedy="use the gradient as it is: its size belongs to the step",
)
def sgd_with_a_normalised_gradient(w, dw, config=None):
    return sgd(w, dw / (np.linalg.norm(dw) or 1.0), config)


@mistake_of(
    "sgd",
    says="only the sign of the gradient is used",
    remedy="multiply the learning rate by the gradient itself",
)
def sgd_with_signs_alone(w, dw, config=None):
    return sgd(w, np.sign(dw), config)


@mistake_of(
    "sgd",
    says="the gradient is divided by the number of rows once more",
    remedy="leave averages to the loss: dw comes in as it is to be used",
)
def sgd_averaged_over_rows(w, dw, config=None):
    return sgd(w, dw / (np.shape(dw)[0] if np.ndim(dw) else 1), config)


@mistake_of(
    "sgd",
    says="the config comes back empty",
    remedy="return the config with its learning_rate, so that the next step can use it",
)
def sgd_with_an_empty_config(w, dw, config=None):
    return sgd(w, dw, config)[0], {}


@mistake_of(
    "sgd",
    says="the config comes back as None",
    remedy="return the config with its learning_rate, so that the next step can use it",
)
def sgd_with_none_for_the_config(w, dw, config=None):
    return sgd(w, dw, config)[0], None


@mistake_of(
    "sgd",
    says="the learning rate comes back in place of the config",
    remedy="return the dict itself: the next step looks for learning_rate in it",
)
def sgd_with_the_rate_for_the_config(w, dw, config=None):
    return sgd(w, dw, config)[0], _rate(config)


@mistake_of(
    "sgd",
    says="the learning rate shrinks with every step",
    remedy="hand the learning rate on as it is: plain SGD has no schedule",
)
def sgd_with_a_shrinking_rate(w, dw, config=None):
    return sgd(w, dw, config)[0], {"learning_rate": 0.95 * _rate(config)}


def _global_norm(grads):
    return float(np.sqrt(sum(np.sum(np.square(grad)) for grad in grads)))


def _scaled(grads, factor):
    return [grad * factor for grad in grads]


def _clipped_by(grads, max_norm, norm):
    """The gradients shrunk as if `norm` were their norm, and it."""
    return _scaled(grads, max_norm / norm if norm > max_norm else 1.0), norm


@mistake_of(
    "clip_grad_norm",
    says="each array is clipped by its own norm",
    remedy="compute one norm of all arrays together, and shrink them all by one factor",
)
def clip_grad_norm_array_by_array(grads, max_norm):
    return [clip_grad_norm([grad], max_norm)[0][0] for grad in grads], _global_norm(grads)


@mistake_of(
    "clip_grad_norm",
    says="small gradients are scaled up to max_norm too",
    remedy="leave gradients alone whose norm is at most max_norm",
)
def clip_grad_norm_that_scales_up(grads, max_norm):
    norm = _global_norm(grads)
    return _scaled(grads, max_norm / norm if norm else 1.0), norm


@mistake_of(
    "clip_grad_norm",
    says="every entry is clipped on its own, which changes the direction",
    remedy="multiply all gradients by one factor, so that they point the same way",
)
def clip_grad_norm_entry_by_entry(grads, max_norm):
    return [np.clip(grad, -max_norm, max_norm) for grad in grads], _global_norm(grads)


@mistake_of(
    "clip_grad_norm",
    says="the square root of the norm is missing",
    remedy="take the root of the sum of squares",
)
def clip_grad_norm_with_the_squared_norm(grads, max_norm):
    return _clipped_by(grads, max_norm, _global_norm(grads) ** 2)


@mistake_of(
    "clip_grad_norm",
    says="the norms of the arrays are added up",
    remedy="add up the squares of all entries and take one root at the end",
)
def clip_grad_norm_with_a_sum_of_norms(grads, max_norm):
    return _clipped_by(grads, max_norm, float(sum(np.linalg.norm(grad) for grad in grads)))


@mistake_of(
    "clip_grad_norm",
    says="the norm is the sum of absolute values",
    remedy="use the L2 norm: the root of the sum of squares",
)
def clip_grad_norm_with_the_L1_norm(grads, max_norm):
    return _clipped_by(grads, max_norm, float(sum(np.sum(np.abs(grad)) for grad in grads)))


@mistake_of(
    "clip_grad_norm",
    says="the norm is the largest absolute value",
    remedy="use the L2 norm: the root of the sum of squares",
)
def clip_grad_norm_with_the_largest_entry(grads, max_norm):
    return _clipped_by(grads, max_norm, float(max((np.max(np.abs(grad)) for grad in grads), default=0)))


@mistake_of(
    "clip_grad_norm",
    says="the norm is that of one array only, the last",
    remedy="sum the squares over all arrays of the list",
)
def clip_grad_norm_with_the_last_array_alone(grads, max_norm):
    return _clipped_by(grads, max_norm, _global_norm(grads[-1:]))


@mistake_of(
    "clip_grad_norm",
    says="the norm is that of one array only, the first",
    remedy="sum the squares over all arrays of the list",
)
def clip_grad_norm_with_the_first_array_alone(grads, max_norm):
    return _clipped_by(grads, max_norm, _global_norm(grads[:1]))


@mistake_of(
    "clip_grad_norm",
    says="the norm returned is the one after clipping",
    remedy="return the norm from before the clipping",
)
def clip_grad_norm_that_returns_the_norm_after(grads, max_norm):
    clipped, _ = clip_grad_norm(grads, max_norm)
    return clipped, _global_norm(clipped)


@mistake_of(
    "clip_grad_norm",
    says="clipped gradients get the norm 1 rather than max_norm",
    remedy="multiply by max_norm divided by the total norm",
)
def clip_grad_norm_to_length_one(grads, max_norm):
    norm = _global_norm(grads)
    return _scaled(grads, 1 / norm if norm > max_norm else 1.0), norm


@mistake_of(
    "clip_grad_norm",
    says="the comparison is the wrong way round: gradients below max_norm are scaled, larger ones are not",
    remedy="scale where the total norm exceeds max_norm",
)
def clip_grad_norm_with_the_comparison_reversed(grads, max_norm):
    norm = _global_norm(grads)
    return _scaled(grads, max_norm / norm if 0 < norm < max_norm else 1.0), norm


@mistake_of(
    "clip_grad_norm",
    says="the gradients are not clipped at all",
    remedy="return the scaled gradients, not those that came in",
)
def clip_grad_norm_without_clipping(grads, max_norm):
    return _scaled(grads, 1.0), _global_norm(grads)


@mistake_of(
    "clip_grad_norm",
    says="max_norm is divided by a norm of 0 where all gradients are 0",
    remedy="compare first, and divide only where the norm exceeds max_norm",
)
def clip_grad_norm_divided_by_zero(grads, max_norm):
    norm = _global_norm(grads)
    return _scaled(grads, min(1.0, max_norm / norm)), norm
