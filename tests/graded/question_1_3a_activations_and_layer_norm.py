"""Exam 1.3: ReLU, leaky ReLU, and layer normalisation, which needs no batch."""

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class Activations(GradedCase):
    SHAPES = ((1, 2), (3, 4), (2, 3, 2), (2, 1, 3, 2))

    @weight(0.3)
    @number("1.3.1")
    @tags("relu_forward")
    def test_relu(self):
        """relu_forward keeps positive inputs and turns the others into 0"""
        for shape in self.SHAPES:
            self.call("relu_forward", self.off_zero(*shape)).equals_reference()

    @weight(0.2)
    @number("1.3.2")
    @tags("leaky_relu_forward")
    def test_leaky_relu(self):
        """leaky_relu_forward is max(0.01 x, x) for alpha = 0.01"""
        for shape in self.SHAPES:
            self.call("leaky_relu_forward", self.off_zero(*shape), 0.01).equals_reference()

    @weight(0.15)
    @number("1.3.3")
    @tags("leaky_relu_forward")
    def test_leaky_relu_slope(self):
        """leaky_relu_forward uses the alpha that it is given"""
        for shape, alpha in zip(self.SHAPES, (0.5, 0.125, 0.3, 0.0), strict=True):
            self.call("leaky_relu_forward", self.off_zero(*shape), alpha).equals_reference()


class LayerNorm(GradedCase):
    def forward(self, examples: int, features: int, eps: float = 1e-5, spread: float = 10.0) -> None:
        """A wide spread leaves eps without effect."""
        x = self.normal(examples, features, scale=spread) + self.normal(examples, 1)
        gamma, beta = self.normal(features), self.normal(features)
        self.call("layernorm_forward", x, gamma, beta, {"eps": eps}).equals_reference()

    @weight(0.6)
    @number("1.3.4")
    @tags("layernorm_forward")
    def test_rows(self):
        """layernorm_forward standardises each row by its own mean and variance"""
        for examples, features in [(2, 3), (3, 5), (6, 4)]:
            self.forward(examples, features)

    @weight(0.1)
    @number("1.3.5")
    @tags("layernorm_forward")
    def test_square_batch(self):
        """layernorm_forward is right for as many examples as features (N = D)"""
        for size in (3, 5):
            self.forward(size, size)

    @weight(0.15)
    @number("1.3.6")
    @tags("layernorm_forward")
    def test_one_example(self):
        """layernorm_forward is right for a batch of one example (N = 1)"""
        for features in (3, 6):
            self.forward(1, features)

    @weight(0.2)
    @number("1.3.7")
    @tags("layernorm_forward")
    def test_eps(self):
        """layernorm_forward adds the eps that it is given to the variance, also where that is small"""
        for eps, spread in [(0.1, 0.1), (1e-3, 0.05), (0.5, 1.0)]:
            self.forward(3, 4, eps, spread)
