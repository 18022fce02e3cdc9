"""Exam 5.5: several heads, and decoding one token after the other."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.case import GradedCase


class MultiHeadAttention(GradedCase):
    def inputs(self, examples: int, tokens: int, size: int) -> list[np.ndarray]:
        """x, Wq, Wk, Wv and Wo."""
        return [self.normal(examples, tokens, size), *(self.normal(size, size) for _ in range(4))]

    def backward(self, examples: int, tokens: int, size: int, num_heads: int) -> None:
        forward = self.call("multi_head_attention_forward", *self.inputs(examples, tokens, size), num_heads)
        dout = self.normal(examples, tokens, size)
        self.call("multi_head_attention_backward", dout, forward.cache).equals_reference()

    @weight(0.25)
    @number("5.5.10")
    @tags("multi_head_attention_forward")
    def test_one_head(self):
        """multi_head_attention_forward is right for a single head"""
        for examples, tokens, size in [(2, 2, 2), (2, 3, 4)]:
            self.call(
                "multi_head_attention_forward", *self.inputs(examples, tokens, size), 1
            ).equals_reference()

    @weight(0.4)
    @number("5.5.11")
    @tags("multi_head_attention_forward")
    def test_several_heads(self):
        """multi_head_attention_forward gives each head its own columns, and the root of its own size"""
        for examples, tokens, size, num_heads in [(2, 2, 2, 2), (2, 3, 4, 2), (2, 4, 6, 3)]:
            inputs = self.inputs(examples, tokens, size)
            self.call("multi_head_attention_forward", *inputs, num_heads).equals_reference()

    @weight(0.1)
    @number("5.5.12")
    @tags("multi_head_attention_forward")
    def test_one_example(self):
        """multi_head_attention_forward is right for a batch of one example, also of one token"""
        for tokens, size in [(1, 2), (2, 3), (3, 4)]:
            self.call("multi_head_attention_forward", *self.inputs(1, tokens, size), 1).equals_reference()

    @weight(0.15)
    @number("5.5.13")
    @tags("multi_head_attention_forward")
    def test_mask(self):
        """multi_head_attention_forward applies the mask in every head"""
        for examples, tokens, size, num_heads in [(2, 2, 2, 1), (2, 3, 4, 2), (2, 4, 6, 3)]:
            inputs, mask = self.inputs(examples, tokens, size), np.tril(np.ones((tokens, tokens), dtype=bool))
            self.call("multi_head_attention_forward", *inputs, num_heads, mask).equals_reference()

    @weight(0.25)
    @number("5.5.14")
    @tags("multi_head_attention_backward", "multi_head_attention_forward")
    def test_backward_of_one_head(self):
        """multi_head_attention_backward gives the gradients of x and of all weights for a single head"""
        for sizes in [(2, 2, 2), (2, 3, 4)]:
            self.backward(*sizes, num_heads=1)

    @weight(0.25)
    @number("5.5.15")
    @tags("multi_head_attention_backward", "multi_head_attention_forward")
    def test_backward_of_several_heads(self):
        """multi_head_attention_backward is right for several heads"""
        for sizes in [(2, 2, 2, 2), (2, 3, 4, 2), (2, 4, 6, 3)]:
            self.backward(*sizes)

    @weight(0.1)
    @number("5.5.16")
    @tags("multi_head_attention_backward", "multi_head_attention_forward")
    def test_backward_of_one_example(self):
        """multi_head_attention_backward is right for a batch of one example (N = 1)"""
        for sizes in [(1, 2, 2), (1, 3, 4)]:
            self.backward(*sizes, num_heads=1)


class DecodeStep(GradedCase):
    def decode(self, examples: int, tokens: int, d_k: int, d_v: int) -> None:
        """Every step hands on the kv_cache of the one before."""
        kv_cache = None
        for _ in range(tokens):
            q_t, k_t, v_t = (self.normal(examples, size) for size in (d_k, d_k, d_v))
            step = self.call("decode_step", q_t, k_t, v_t, kv_cache).equals_reference()
            kv_cache = step.kv_cache

    @weight(0.15)
    @number("5.5.17")
    @tags("decode_step")
    def test_first_token(self):
        """decode_step gives the first token its own value: there is nothing else to attend to"""
        for examples, d_k, d_v in [(2, 2, 2), (3, 2, 4)]:
            self.decode(examples, 1, d_k, d_v)

    @weight(0.45)
    @number("5.5.18")
    @tags("decode_step")
    def test_sequence(self):
        """decode_step after decode_step equals causal attention over the whole sequence"""
        for examples, tokens, d_k, d_v in [(2, 2, 2, 2), (2, 4, 4, 3), (3, 5, 2, 4)]:
            self.decode(examples, tokens, d_k, d_v)

    @weight(0.1)
    @number("5.5.19")
    @tags("decode_step")
    def test_one_example(self):
        """decode_step is right for a batch of one example (N = 1)"""
        for tokens, d_k, d_v in [(2, 1, 1), (3, 2, 3)]:
            self.decode(1, tokens, d_k, d_v)
