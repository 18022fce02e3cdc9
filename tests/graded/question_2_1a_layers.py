"""Exam 2.1: the worked network, and the layers that larger networks are built from."""

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase

# The numbers of the exam: x, w1, w2, w3 and y_true.
EXAM_NETWORK = (2.0, 0.5, -1.0, 2.0)
EXAM_TARGET = 1.0


class TwoLayerNetwork(GradedCase):
    def network(self, first: float, second: float, x: float) -> list[float]:
        """x, w1, w2, w3, such that z1 and z2 have the signs of `first` and `second`."""
        size = self.rng.uniform(0.5, 2.0, size=4)
        return [x * size[0], first * x * size[1], second * x * size[2], size[3]]

    @weight(1)
    @number("2.1.1")
    @tags("two_layer_forward")
    def test_exam_activations(self):
        """two_layer_forward gives the activations of the exam's network"""
        activations = {"z1": 1.0, "a1": 1.0, "z2": -2.0, "a2": 0.0, "y_pred": 2.0}
        self.call("two_layer_forward", *EXAM_NETWORK).equals(activations)

    @weight(0.75)
    @number("2.1.2")
    @tags("two_layer_forward")
    def test_activations(self):
        """two_layer_forward is right whichever of the two units are active, and for a negative prediction"""
        for first, second, x in [(1, 1, 1), (-1, 1, 1), (1, 1, -1), (-1, -1, -1)]:
            self.call("two_layer_forward", *self.network(first, second, x)).equals_reference()
        x, w1, w2, w3 = self.network(1, 1, 1)
        self.call("two_layer_forward", x, w1, w2, -w3).equals_reference()

    @weight(1.25)
    @number("2.1.3")
    @tags("two_layer_backward")
    def test_exam_gradients(self):
        """two_layer_backward gives the loss and the gradients of the exam's network"""
        self.call("two_layer_backward", *EXAM_NETWORK, EXAM_TARGET).equals((0.5, (4.0, 0.0, 1.0)))

    @weight(0.6)
    @number("2.1.4")
    @tags("two_layer_backward")
    def test_gradients(self):
        """two_layer_backward is right where both units are active"""
        for x, target in [(1, 1.0), (1, -1.0), (-1, 30.0)]:
            self.call("two_layer_backward", *self.network(1, 1, x), target).equals_reference()

    @weight(0.4)
    @number("2.1.5")
    @tags("two_layer_backward")
    def test_gradients_of_inactive_units(self):
        """two_layer_backward passes no gradient through a unit that is not active"""
        for first, second, x in [(-1, 1, 1), (-1, -1, 1), (-1, 1, -1)]:
            self.call("two_layer_backward", *self.network(first, second, x), EXAM_TARGET).equals_reference()


class Affine(GradedCase):
    def layer(self, shape: tuple[int, ...], d_in: int, d_out: int) -> tuple:
        return self.normal(*shape), self.normal(d_in, d_out), self.normal(d_out)

    def forward(self, shape: tuple[int, ...], d_in: int, d_out: int) -> None:
        self.call("affine_forward", *self.layer(shape, d_in, d_out)).equals_reference()

    def backward(self, shape: tuple[int, ...], d_in: int, d_out: int) -> None:
        forward = self.call("affine_forward", *self.layer(shape, d_in, d_out))
        self.call("affine_backward", self.normal(shape[0], d_out), forward.cache).equals_reference()

    @weight(0.75)
    @number("2.1.6")
    @tags("affine_forward")
    def test_forward(self):
        """affine_forward computes x w + b"""
        for shape, d_in, d_out in [((2, 2), 2, 2), ((2, 3), 3, 4), ((5, 4), 4, 3)]:
            self.forward(shape, d_in, d_out)

    @weight(0.5)
    @number("2.1.7")
    @tags("affine_forward")
    def test_forward_flattens(self):
        """affine_forward flattens 3-d and 4-d inputs"""
        for shape, d_in, d_out in [((2, 2, 2), 4, 2), ((3, 2, 3), 6, 4), ((2, 3, 2, 2), 12, 3)]:
            self.forward(shape, d_in, d_out)

    @weight(1)
    @number("2.1.8")
    @tags("affine_backward", "affine_forward")
    def test_backward(self):
        """affine_backward gives the gradients of x, w and b"""
        for shape, d_in, d_out in [((2, 2), 2, 2), ((2, 3), 3, 4), ((5, 4), 4, 3)]:
            self.backward(shape, d_in, d_out)

    @weight(0.5)
    @number("2.1.9")
    @tags("affine_backward", "affine_forward")
    def test_backward_unflattens(self):
        """affine_backward is right for 3-d and 4-d inputs: dx has the shape of x"""
        for shape, d_in, d_out in [((2, 2, 2), 4, 2), ((3, 2, 3), 6, 4), ((2, 3, 2, 2), 12, 3)]:
            self.backward(shape, d_in, d_out)

    @weight(0.25)
    @number("2.1.10")
    @tags("affine_forward", "affine_backward")
    def test_one_example(self):
        """affine_forward and affine_backward are right for a batch of one example (N = 1)"""
        for d_in, d_out in [(1, 1), (2, 3), (4, 1)]:
            forward = self.call("affine_forward", *self.layer((1, d_in), d_in, d_out)).equals_reference()
            self.call("affine_backward", self.normal(1, d_out), forward.cache).equals_reference()


class ActivationGradients(GradedCase):
    SHAPES = ((1, 2), (3, 4), (2, 3, 2), (2, 1, 3, 2))

    def leaky(self, shape: tuple[int, ...], alpha: float) -> None:
        forward = self.call("leaky_relu_forward", self.off_zero(*shape), alpha)
        self.call("leaky_relu_backward", self.normal(*shape), forward.cache).equals_reference()

    @weight(0.5)
    @number("2.1.11")
    @tags("relu_backward", "relu_forward")
    def test_relu(self):
        """relu_backward passes the upstream gradient where the input is positive, and nothing elsewhere"""
        for shape in self.SHAPES:
            forward = self.call("relu_forward", self.off_zero(*shape))
            self.call("relu_backward", self.normal(*shape), forward.cache).equals_reference()

    @weight(0.4)
    @number("2.1.12")
    @tags("leaky_relu_backward", "leaky_relu_forward")
    def test_leaky_relu(self):
        """leaky_relu_backward scales the upstream gradient by alpha = 0.01 where the input is negative"""
        for shape in self.SHAPES:
            self.leaky(shape, 0.01)

    @weight(0.2)
    @number("2.1.13")
    @tags("leaky_relu_backward", "leaky_relu_forward")
    def test_leaky_relu_slope(self):
        """leaky_relu_backward uses the alpha that the forward pass was given"""
        for shape, alpha in zip(self.SHAPES, (0.5, 0.125, 0.3, 0.0), strict=True):
            self.leaky(shape, alpha)


class Residual(GradedCase):
    SIZES = ((2, 2), (2, 3), (5, 4))

    @weight(0.4)
    @number("2.1.14")
    @tags("residual_forward")
    def test_forward(self):
        """residual_forward computes y = v w + v"""
        for examples, features in self.SIZES:
            v, w = self.normal(examples, features), self.normal(features, features)
            self.call("residual_forward", v, w).equals_reference()

    @weight(0.7)
    @number("2.1.15")
    @tags("residual_backward", "residual_forward")
    def test_backward(self):
        """residual_backward adds the gradient of the shortcut to the gradient through w"""
        for examples, features in self.SIZES:
            v, w = self.normal(examples, features), self.normal(features, features)
            forward = self.call("residual_forward", v, w)
            self.call("residual_backward", self.normal(examples, features), forward.cache).equals_reference()
