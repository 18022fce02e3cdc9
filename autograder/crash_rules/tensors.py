"""What torch's errors mean where arrays and tensors meet."""

from __future__ import annotations

import re

from autograder.crash_rules.crash import Crash, Rule

_NEEDS_TENSOR = "torch needs a tensor here, but this is a NumPy array: use torch.from_numpy(x)."


def _functional(crash: Crash, match: re.Match[str]) -> str:
    """torch.nn.functional asks its argument for a method, which an array does not have."""
    return _NEEDS_TENSOR if re.search(r"\b(?:F|functional|torch)\.", crash.source) else ""


TENSOR_RULES = (
    Rule(
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "This tensor is part of a gradient computation: write x.detach().numpy().",
    ),
    Rule(
        "RuntimeError",
        "leaf Variable that requires grad",
        "A tensor that requires a gradient may not be changed in place: write x = x + ..., not x += ... .",
    ),
    Rule(
        "RuntimeError",
        "does not require grad and does not have a grad_fn",
        "No tensor behind this value has requires_grad=True, or .detach() or NumPy cut it off.",
    ),
    Rule(
        "RuntimeError",
        "only for scalar outputs",
        "backward() starts from a single number: sum first, or write out.backward(dout).",
    ),
    Rule(
        "RuntimeError",
        "backward through the graph a second time",
        "backward() frees the graph: run the forward pass again before the second one.",
    ),
    Rule(
        "RuntimeError",
        "have the same dtype|expected scalar type",
        "Two dtypes meet: the inputs are float64 (torch.float64), torch.zeros and nn.Linear make float32.",
    ),
    Rule(
        "RuntimeError",
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "Shapes are matched from the last axis on: {0} meets {1}. Is a transpose or keepdim missing?",
    ),
    Rule(
        "RuntimeError",
        r"shape '(\[[^\]]*\])' is invalid for input of size (\d+)",
        "The sizes {0} do not multiply to {1}, the number of values: is an axis missing?",
    ),
    Rule("RuntimeError", "view size is not compatible", "Use x.reshape instead of x.view here."),
    Rule(
        "RuntimeError",
        r"dtype to be Long",
        "Class labels must be whole numbers: use .long().",
    ),
    Rule("IndexError", r"^Dimension out of range", "The tensor has fewer axes than this line names."),
    Rule("TypeError", r"must be Tensor, not numpy\.ndarray|got \(.*numpy\.ndarray", _NEEDS_TENSOR),
    Rule("AttributeError", r"^'numpy\.ndarray' object has no attribute '\w+'", _functional),
    Rule(
        "TypeError",
        r"^expected np\.ndarray \(got Tensor\)",
        "This is a tensor already: leave out from_numpy.",
    ),
    Rule(
        "TypeError",
        r"'numpy\.ndarray' and 'Tensor'|'Tensor' and 'numpy\.ndarray'",
        "A NumPy array and a torch tensor are mixed: convert one of them first.",
    ),
    Rule(
        "AttributeError",
        r"^'Tensor' object has no attribute '(copy|astype)'",
        "Tensors have no .{0}: use .clone() or .to(...), or .detach().numpy() first.",
    ),
    Rule(
        "",
        "not compiled with CUDA|no NVIDIA driver|No CUDA GPUs",
        "There is no GPU here: leave out .cuda() and device='cuda'.",
    ),
)
