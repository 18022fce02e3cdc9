"""Known mistakes in full-batch gradient descent and in its largest stable learning rate."""

import numpy as np

from autograder.mistake import mistake_of

from ..optim import gradient_descent


def _descend(A, w0, steps, change):
    """The path where `change` gives each step's change, from the weights and the step's number."""
    path = [np.asarray(w0)]
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            path.append(path[-1] + change(path[-1], step))
    return np.array(path)


@mistake_of(
    "gradient_descent",
    says="the path lacks the initial weights",
    remedy="begin the path with w0",
)
def gradient_descent_without_w0_in_the_path(A, w0, learning_rate, steps):
    return gradient_descent(A, w0, learning_rate, steps)[1:]


@mistake_of(
    "gradient_descent",
    says="there is one step too few",
    remedy="take as many steps as asked for: the path has one entry more than that",
)
def gradient_descent_with_a_step_too_few(A, w0, learning_rate, steps):
    return gradient_descent(A, w0, learning_rate, max(steps - 1, 0))


@mistake_of(
    "gradient_descent",
    says="there is one step too many",
    remedy="take as many steps as asked for: the path has one entry more than that",
)
def gradient_descent_with_a_step_too_many(A, w0, learning_rate, steps):
    return gradient_descent(A, w0, learning_rate, steps + 1)


@mistake_of(
    "gradient_descent",
    says="only the final weights are returned",
    remedy="return the weights before the first step and after each step, one row each",
)
def gradient_descent_with_the_final_weights_alone(A, w0, learning_rate, steps):
    return gradient_descent(A, w0, learning_rate, steps)[-1]


@mistake_of(
    "gradient_descent",
    says="every row of the path is the same array, changed in place: all hold the final weights",
    remedy="append a copy of the weights after each step",
)
def gradient_descent_with_one_array_in_every_row(A, w0, learning_rate, steps):
    path = gradient_descent(A, w0, learning_rate, steps)
    return np.repeat(path[-1:], len(path), axis=0)


@mistake_of(
    "gradient_descent",
    says="the step is added rather than subtracted, so that the loss goes up",
    remedy="subtract learning_rate times the gradient",
)
def gradient_descent_uphill(A, w0, learning_rate, steps):
    return _descend(A, w0, steps, lambda w, step: learning_rate * (A @ w))


@mistake_of(
    "gradient_descent",
    says="the gradient is 2 A w: the factor 1/2 of the loss is overlooked",
    remedy="differentiate w' A w / 2: the 2 and the 1/2 cancel out",
)
def gradient_descent_with_twice_the_gradient(A, w0, learning_rate, steps):
    return _descend(A, w0, steps, lambda w, step: -2 * learning_rate * (A @ w))


@mistake_of(
    "gradient_descent",
    says="the gradient is A w / 2: the factor 1/2 of the loss is kept, the 2 of the square is not",
    remedy="differentiate w' A w / 2: the 2 and the 1/2 cancel out",
)
def gradient_descent_with_half_the_gradient(A, w0, learning_rate, steps):
    return _descend(A, w0, steps, lambda w, step: -learning_rate * (A @ w) / 2)


@mistake_of(
    "gradient_descent",
    says="every step uses the gradient at w0",
    remedy="compute the gradient anew at the current weights in each step",
)
def gradient_descent_with_the_first_gradient_always(A, w0, learning_rate, steps):
    return _descend(A, w0, steps, lambda w, step: -learning_rate * (A @ w0))


@mistake_of(
    "gradient_descent",
    says="only the diagonal of A is used, as if the weights did not depend on each other",
    remedy="multiply the whole matrix by the weights",
)
def gradient_descent_with_the_diagonal_alone(A, w0, learning_rate, steps):
    return _descend(A, w0, steps, lambda w, step: -learning_rate * (np.diag(A) * w))


@mistake_of(
    "gradient_descent",
    says="one weight is updated after the other, and later ones use the new values of earlier ones",
    remedy="compute the whole gradient first, then update all weights at once",
)
def gradient_descent_one_weight_after_the_other(A, w0, learning_rate, steps):
    def change(w, step):
        new = np.array(w, dtype=float)
        for index, row in enumerate(np.asarray(A)):
            new[index] -= learning_rate * (row @ new)
        return new - w

    return _descend(A, w0, steps, change)


@mistake_of(
    "gradient_descent",
    says="the learning rate shrinks from step to step",
    remedy="keep the learning rate the same in every step",
)
def gradient_descent_with_a_shrinking_rate(A, w0, learning_rate, steps):
    return _descend(A, w0, steps, lambda w, step: -learning_rate / (step + 1) * (A @ w))


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is 1 over the largest eigenvalue, the rate that is fastest in that direction",
    remedy="let the factor 1 - learning_rate times eigenvalue go down to -1, where it stops converging",
)
def largest_stable_learning_rate_half_as_large(A):
    return float(1 / np.linalg.eigvalsh(A).max())


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is 4 over the largest eigenvalue, as if the gradient were A w / 2",
    remedy="use the gradient of w' A w / 2, which is A w",
)
def largest_stable_learning_rate_twice_as_large(A):
    return float(4 / np.linalg.eigvalsh(A).max())


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate comes from the smallest eigenvalue",
    remedy="use the largest eigenvalue: the steepest direction diverges first",
)
def largest_stable_learning_rate_of_the_smallest_eigenvalue(A):
    return float(2 / np.linalg.eigvalsh(A).min())


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is 2 over the sum of the largest and the smallest eigenvalue, which converges fastest",
    remedy="ask where it stops converging at all: only the largest eigenvalue decides",
)
def largest_stable_learning_rate_that_converges_fastest(A):
    eigenvalues = np.linalg.eigvalsh(A)
    return float(2 / (eigenvalues.min() + eigenvalues.max()))


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is 2 over the trace, the sum of all eigenvalues",
    remedy="use the largest eigenvalue alone",
)
def largest_stable_learning_rate_of_the_trace(A):
    return float(2 / np.trace(A))


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is 2 over the largest diagonal entry of A",
    remedy="use the largest eigenvalue, which equals that entry for diagonal matrices only",
)
def largest_stable_learning_rate_of_the_diagonal(A):
    return float(2 / np.diag(A).max())


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is 2 over the Frobenius norm of A",
    remedy="use the largest eigenvalue, which is smaller than that norm",
)
def largest_stable_learning_rate_of_the_frobenius_norm(A):
    return float(2 / np.linalg.norm(A))


@mistake_of(
    "largest_stable_learning_rate",
    says="the rate is the largest eigenvalue over 2 rather than 2 over it",
    remedy="turn the fraction round: steeper losses need smaller rates",
)
def largest_stable_learning_rate_upside_down(A):
    return float(np.linalg.eigvalsh(A).max() / 2)


@mistake_of(
    "largest_stable_learning_rate",
    says="the largest eigenvalue is squared",
    remedy="use the largest eigenvalue of A itself, not of A' A",
)
def largest_stable_learning_rate_of_the_squared_eigenvalue(A):
    return float(2 / np.linalg.eigvalsh(A).max() ** 2)
