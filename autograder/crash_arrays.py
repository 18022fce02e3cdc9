"""What the common errors of NumPy and torch mean: shapes, indices, types, names that are gone."""

from __future__ import annotations

import difflib
import math
import re

import numpy as np

from autograder.crash import Crash, Rule, Shape, named, shape_in

_SHAPE = r"\(([\d, ]*)\)"
_OPERAND = r"([^\W\d]\w*)(\.T)?"
_PRODUCTS = (
    rf"(?<![\w.\])]){_OPERAND} ?@ ?{_OPERAND}(?![\w.\[(])",
    rf"(?<![\w.]){_OPERAND}\.dot\( ?{_OPERAND} ?\)",
    rf"(?:dot|matmul)\( ?{_OPERAND} ?, ?{_OPERAND} ?\)",
)
_TRANSPOSE = "Should one of them be transposed?"

# --- Products ---


def _not_aligned(crash: Crash, match: re.Match[str]) -> str:
    return _product(crash, shape_in(match[1]), shape_in(match[2]))


def _core_dimension(crash: Crash, match: re.Match[str]) -> str:
    """@ names two sizes and no shapes: take those of the operands, where they are arguments and fit."""
    right, left = int(match[1]), int(match[2])
    for first, second in _operands(crash):
        if first[-1:] == (left,) and second[-2:][:1] == (right,):
            return _product(crash, first, second)
    return (
        f"In a @ b the last axis of a must be as long as the last but one of b: here they are {left} and "
        f"{right}. {_TRANSPOSE}"
    )


def _operands(crash: Crash) -> list[tuple[Shape, Shape]]:
    pairs = []
    for found in (match for pattern in _PRODUCTS for match in re.finditer(pattern, crash.source)):
        arrays = [crash.mentioned.get(name) for name in (found[1], found[3])]
        if all(isinstance(array, np.ndarray) for array in arrays):
            shapes = [array.shape for array in arrays]
            turned = zip(shapes, (found[2], found[4]), strict=True)
            first, second = (shape[::-1] if transposed else shape for shape, transposed in turned)
            pairs.append((first, second))
    return pairs


def _product(crash: Crash, first: Shape, second: Shape) -> str:
    rule = (
        f"The last axis of {first} must be as long as {'the last but one' if len(second) > 1 else 'the one'} "
        f"of {second}{crash.shapes(first, second)}."
    )
    if len(first) > 2 and len(second) == 2 and math.prod(first[1:]) == second[0]:
        return f"{rule} Flatten the first one to (N, D) before: x.reshape(x.shape[0], -1)."
    can_turn = len(first) == len(second) == 2 and (first[0] == second[0] or first[1] == second[1])
    return f"{rule} {_TRANSPOSE}" if can_turn else rule


def _too_few_axes(crash: Crash, match: re.Match[str]) -> str:
    return f"Operand {int(match[1]) + 1} of @ is no array here: usually it is None, a number or a dictionary."


# --- Broadcasting ---


def _not_broadcast(crash: Crash, match: re.Match[str]) -> str:
    shapes = [shape_in(text) for text in re.findall(_SHAPE, match[1])]
    first, second = shapes[0], next((shape for shape in shapes if not _fit(shapes[0], shape)), shapes[-1])
    sizes = next(((a, b) for a, b in _from_the_end(first, second) if a != b and 1 not in (a, b)), None)
    why = f"Shapes are matched from the last axis on: {sizes[0]} meets {sizes[1]}" if sizes else ""
    if not why:
        return ""
    return f"{why}{crash.shapes(first, second)}. {_broadcast_advice(first, second)}".rstrip()


def _broadcast_advice(first: Shape, second: Shape) -> str:
    short, long = sorted((first, second), key=len)
    if len(short) == len(long) == 2 and first == second[::-1]:
        return _TRANSPOSE
    if len(short) == 1 and len(long) == 4 and short[0] == long[1]:
        return f"To meet axis 1, make it (1, {short[0]}, 1, 1) with reshape(1, -1, 1, 1)."
    if len(short) == len(long) - 1 and short == long[:-1]:
        return f"keepdims=True in a sum, mean or max gives {(*short, 1)} instead of {short}."
    if math.prod(short) == math.prod(long):
        return "They have equally many values: is one of them flattened, the other not?"
    return ""


def _fit(first: Shape, second: Shape) -> bool:
    return all(a == b or 1 in (a, b) for a, b in _from_the_end(first, second))


def _from_the_end(first: Shape, second: Shape) -> list[tuple[int, int]]:
    return list(zip(first[::-1], second[::-1], strict=False))


def _output_too_small(crash: Crash, match: re.Match[str]) -> str:
    return (
        f"The result has shape {shape_in(match[2])} and does not fit into {shape_in(match[1])}, which +=, -= or "
        "*= writes into: usually a sum over an axis is missing, or keepdims=True."
    )


def _not_assigned(crash: Crash, match: re.Match[str]) -> str:
    given, place = shape_in(match[1]), shape_in(match[2])
    if 0 in place or 0 in given:
        return _empty(crash, f"A slice on this line is empty (shape {place if 0 in place else given})")
    if len(given) == len(place) and sorted(given) == sorted(place):
        return f"The value has shape {given}, its place {place}: transpose it, or swap two sizes."
    if crash.is_about("conv", "pool") and all(a <= b for a, b in _from_the_end(place, given)):
        return (
            f"The place has shape {place} only, the value {given}: usually a slice that runs past the border, "
            f"where NumPy cuts it off. {_OUTPUT_SIZE}"
        )
    if math.prod(given) == math.prod(place):
        return f"The value has shape {given}, its place {place}: reshape it."
    return f"The value has shape {given}, its place {place}: no axis can be stretched from one to the other."


_OUTPUT_SIZE = "The output has (H + 2 pad - kernel) // stride + 1 rows, and row i starts at i * stride."


def _empty(crash: Crash, what: str) -> str:
    if any(name.startswith("pad") and value == 0 for name, value in crash.settings()):
        return f"{what}, and pad is 0 in this call: [pad:-pad] is empty then, [pad:pad + H] is not."
    return f"{what}: usually it starts past the end of the array, or ends where it starts."


def _nothing_to_reduce(crash: Crash, match: re.Match[str]) -> str:
    return _empty(crash, "The array that this line reduces is empty")


def _not_reshaped(crash: Crash, match: re.Match[str]) -> str:
    count, sizes = int(match[1]), shape_in(match[2])
    if "newaxis" in match[2] or "-1" in match[2]:
        known = math.prod(shape_in(re.sub(r"-1|newaxis", "", match[2])))
        return f"{count} values cannot be divided evenly by {known}: is the order of the sizes right?"
    return f"{' * '.join(map(str, sizes))} is {math.prod(sizes)}, not {count}: an axis is left out or changed."


# --- Indices ---


def _index_past_end(crash: Crash, match: re.Match[str]) -> str:
    index, axis, size = int(match[1]), int(match[2]), int(match[3])
    if not size:
        return _empty(crash, f"Axis {axis} of the array has no entries")
    fact = f"Axis {axis} has the indices 0 to {size - 1}"
    if crash.is_about("conv", "pool") and index >= size:
        return f"{fact}: the loop runs past the last window. {_OUTPUT_SIZE}{_swapped(crash, index, size)}"
    if index == size:
        return f"{fact}: index {index} is one past the end. Does a loop run one step too far?"
    return f"{fact}: is it the axis you mean?"


def _swapped(crash: Crash, index: int, size: int) -> str:
    """Height and width in exchanged roles are likely where the index fits the other of the two."""
    for name, array in crash.parameters.items():
        if isinstance(array, np.ndarray) and array.ndim == 4 and array.shape[2] != array.shape[3]:
            other = sum(array.shape[2:]) - size
            if size in array.shape[2:] and index < other:
                return f" Or are height and width swapped? {name} is {array.shape[2]} by {array.shape[3]}."
    return ""


def _too_many_indices(crash: Crash, match: re.Match[str]) -> str:
    axes = int(match[1])
    flat = " Use keepdims=True or reshape where an axis was lost." if axes else " It is a single number."
    return f"The array has {axes} {'axis' if axes == 1 else 'axes'} at this line, not {match[2]}.{flat}"


def _bad_index(crash: Crash, match: re.Match[str]) -> str:
    if re.search(r"\[\s*f?['\"]", crash.source):
        return (
            "A name in brackets needs a dictionary, but here it is an array: "
            f"the call is {crash.call}. Does your def line take the arguments in this order?"
        )
    return "An index must be a whole number: divide with // instead of /, or convert with int()."


def _no_such_axis(crash: Crash, match: re.Match[str]) -> str:
    count = int(match[2])
    if not count:
        return "It is a single number here, which has no axes: was it summed before?"
    return f"The array has {count} {'axis' if count == 1 else 'axes'} at this line, 0 to {count - 1}."


# --- Names ---

_RENAMED = {
    **{name: name for name in ("int", "float", "bool", "object", "complex", "str")},
    **{"product": "np.prod", "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all"},
    **{"bool8": "np.bool_", "mat": "np.asmatrix", "in1d": "np.isin", "row_stack": "np.vstack"},
    **{"trapz": "np.trapezoid", "round_": "np.round", "rank": "np.ndim", "asscalar": "x.item()"},
    **{"msort": "np.sort", "asfarray": "np.asarray", "pad": "np.pad", "math": "the module math"},
}
_TORCH_NAMES = {
    **{"detach": "x itself", "numpy": "x itself", "cpu": "x itself", "clone": "x.copy()"},
    **{"dim": "x.ndim", "t": "x.T", "permute": "x.transpose()", "unsqueeze": "np.expand_dims(x, axis)"},
    **{"exp": "np.exp(x)", "log": "np.log(x)", "sqrt": "np.sqrt(x)", "abs": "np.abs(x)"},
    **{"tanh": "np.tanh(x)", "norm": "np.linalg.norm(x)", "matmul": "x @ y", "mm": "x @ y"},
    **{"pow": "x ** 2", "to": "x.astype()", "double": "x.astype(np.float64)", "append": "a list"},
}


def _gone(crash: Crash, match: re.Match[str]) -> str:
    module, name = match[1], match[2]
    if name in _RENAMED:
        return f"NumPy has no {named(name)} there any more: write {_RENAMED[name]}."
    if module == "numpy":
        close = difflib.get_close_matches(name, [word for word in dir(np) if word[0] != "_"], n=1)
        return f"NumPy has no np.{named(name)}{f': did you mean np.{close[0]}?' if close else '.'}"
    return ""


def _no_array_attribute(crash: Crash, match: re.Match[str]) -> str:
    if match[1] in _TORCH_NAMES:
        return f"An array is no tensor or list: in place of .{named(match[1])} use {_TORCH_NAMES[match[1]]}."
    close = difflib.get_close_matches(match[1], dir(np.ndarray), n=1)
    return f"NumPy arrays have no .{named(match[1])}{f': did you mean .{close[0]}?' if close else '.'}"


def _integer_array(crash: Crash, match: re.Match[str]) -> str:
    return (
        "The array on the left holds integers and cannot take decimals in place: "
        "make it with dtype=np.float64, or write x = x + ... instead of x += ... ."
    )


_DETACH = "This tensor is part of a gradient computation: write x.detach().numpy()."
_TENSOR = "torch needs a tensor here, but this is a NumPy array: torch.from_numpy(x), or NumPy's own function."
_MIXED = "A NumPy array and a torch tensor are mixed: convert one of them first."
_NO_GPU = "There is no GPU here: leave out .cuda() and device='cuda'."
_ONE_VALUE = "An array stands where a single number is needed: usually a sum, a mean or an index is missing."
_READ_ONLY = "This array may not be written to (a broadcast view, for example): work on x.copy()."
_LEAF = "A tensor that requires a gradient may not be changed in place: write x = x + ... instead of x += ... ."

ARRAY_RULES = (
    Rule("ValueError", rf"^shapes {_SHAPE} and {_SHAPE} not aligned", _not_aligned),
    Rule("RuntimeError", r"shapes cannot be multiplied \((\d+x\d+) and (\d+x\d+)\)", _not_aligned),
    Rule("ValueError", r"matmul: .*core dimension 0.*\(size (\d+) is different from (\d+)\)", _core_dimension),
    Rule("ValueError", r"matmul: Input operand (\d) does not have enough dimensions", _too_few_axes),
    Rule("ValueError", r"requested shape \((\d+), ?2\)", "Give np.pad one (before, after) pair for each axis: "
         "((0, 0), (0, 0), (pad, pad), (pad, pad)) pads height and width only."),
    Rule("ValueError", r"remapped shapes", "A letter of the einsum stands for two different sizes here."),
    Rule("ValueError", r"^operands could not be broadcast together with shapes (.+)", _not_broadcast),
    Rule("ValueError", rf"non-broadcastable output operand with shape {_SHAPE} .* shape {_SHAPE}",
         _output_too_small),
    Rule("ValueError", rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
         _not_assigned),
    Rule("ValueError", rf"value array of shape {_SHAPE} could not be broadcast to indexing result of shape "
         rf"{_SHAPE}", _not_assigned),
    Rule("RuntimeError", r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
         "Shapes are matched from the last axis on: {0} meets {1}. Is a transpose, reshape or keepdim missing?"),
    Rule("ValueError", r"cannot reshape array of size (\d+) into shape \(([^)]*)\)", _not_reshaped),
    Rule("RuntimeError", r"shape '\[([^\]]*)\]' is invalid for input of size (\d+)",
         "The sizes {0} do not multiply to {1}, the number of values: an axis is left out or changed."),
    Rule("RuntimeError", "view size is not compatible", "After a transpose, use x.reshape instead of x.view."),
    Rule("ValueError", r"zero-size array to reduction|get arg\w+ of an empty sequence", _nothing_to_reduce),
    Rule("IndexError", r"index (-?\d+) is out of bounds for (?:axis|dimension) (\d+) with size (\d+)",
         _index_past_end),
    Rule("IndexError", r"array is (\d+)-dimensional, but (\d+) were indexed", _too_many_indices),
    Rule("IndexError", "too many indices for tensor of dimension (\\d+)",
         "The tensor has fewer axes at this line: {0}."),
    Rule("IndexError", r"^only integers, slices", _bad_index),
    Rule("IndexError", "used as indices must be",
         "An index must be a whole number: use .astype(int), or an array of True and False."),
    Rule("IndexError", "^invalid index to scalar",
         "It is a single number here, with no axis left to index: it is indexed once too often."),
    Rule("IndexError", r"boolean index did not match .* axis is (\d+) .* axis is (\d+)",
         "The mask has {1} entries along an axis that has {0}: it must be made from an array of the same shape."),
    Rule("IndexError", "indexing arrays could not be broadcast together",
         "Index arrays are paired entry by entry, so they must be equally long: [np.arange(N), y] with y (N,)."),
    Rule("AxisError", r"axis (-?\d+) is out of bounds for array of dimension (\d+)", _no_such_axis),
    Rule("ValueError", "^axes don't match array",
         "transpose needs every axis of the array exactly once: it has another number of axes than named here."),
    Rule("ValueError", "dimensions except for the concatenation axis must match.* dimension (\\d+),"
         " .* size (\\d+) .* size (\\d+)",
         "Only the joined axis may differ, but axis {0} has {1} in one array and {2} in another: "
         "is `axis` the one you mean?"),
    Rule("ValueError", "must have same number of dimensions|zero-dimensional arrays cannot be concatenated",
         "The joined arrays have different numbers of axes: np.stack makes a new axis, np.concatenate does not."),
    Rule("ValueError", "^all input arrays must have the same shape",
         "np.stack needs arrays of one shape; np.concatenate joins along an axis that they have."),
    Rule("ValueError", "need at least one array", "The list of arrays is empty: did the loop that fills it run?"),
    Rule("ValueError", "inhomogeneous shape", "The rows of this list differ in length or shape, which no array "
         "can hold: usually something of another shape was appended."),
    Rule("ValueError TypeError", "setting an array element with a sequence|only (?:length-1|0-dimensional) arrays "
         "can be converted|only convert an array of size 1|only one element tensors|cannot be converted to Scalar",
         _ONE_VALUE),
    Rule("RuntimeError", "elements cannot be converted to Scalar", _ONE_VALUE),
    Rule("ValueError RuntimeError", "truth value of an array|Boolean value of Tensor",
         "`if` needs one True or False, but this is a whole array of them: use np.where or a mask, "
         "or .any() or .all()."),
    Rule("ValueError", "negative dimensions are not allowed|index can't contain negative",
         "A size is negative here: look at the formula it comes from, and at the order of its terms."),
    Rule("ValueError", "window shape cannot be larger", "The window is larger than the array: was it padded, and "
         "are height and width in the right order?"),
    Rule("ValueError", "read-only", _READ_ONLY),
    Rule("UFuncTypeError _UFuncOutputCastingError", r"Cannot cast ufunc '\w+' output from dtype\('(?:float|complex)"
         r".*to dtype\('u?int", _integer_array),
    Rule("TypeError", "numpy boolean (?:subtract|negative)",
         "True and False cannot be subtracted or negated with -: use .astype(float) first, or ~mask."),
    Rule("ValueError", "Integers to negative integer powers",
         "Integers have no negative power: use floats, as in 10000.0 ** -x."),
    Rule("LinAlgError", "Singular", "The matrix has no inverse here."),
    Rule("AttributeError", r"`np\.(\w+)` was removed in the NumPy 2\.0 release\. Use `([\w.]+)`",
         "NumPy has no np.{0} any more: write {1}."),
    Rule("AttributeError", r"^module '(numpy(?:\.\w+)*)' has no attribute '(\w+)'", _gone),
    Rule("AttributeError", r"^'numpy\.ndarray' object has no attribute '(\w+)'", _no_array_attribute),
    Rule("AttributeError", r"^'Tensor' object has no attribute '(?:copy|astype)'",
         "This is a torch tensor, not an array: use .clone() or .to(), or .detach().numpy() first."),
    Rule("RuntimeError", r"Can't call numpy\(\) on Tensor that requires grad", _DETACH),
    Rule("RuntimeError", "leaf Variable that requires grad", _LEAF),
    Rule("RuntimeError", "does not require grad and does not have a grad_fn",
         "No tensor behind this value was made with requires_grad=True, or .detach() or NumPy cut it off."),
    Rule("RuntimeError", "only for scalar outputs", "backward() starts from a single number: sum it first, or "
         "pass the upstream gradient: out.backward(dout)."),
    Rule("RuntimeError", "backward through the graph a second time",
         "backward() frees the graph: run the forward pass again before the second one."),
    Rule("RuntimeError", "have the same dtype|expected scalar type", "float32 meets float64: the inputs are "
         "float64 (torch.float64), and torch.zeros and nn.Linear make float32 unless told otherwise."),
    Rule("TypeError", r"must be Tensor, not numpy\.ndarray|got \(.*numpy\.ndarray", _TENSOR),
    Rule("AttributeError", "^'numpy.ndarray' object has no attribute 'softmax'", _TENSOR),
    Rule("TypeError", r"^expected np\.ndarray \(got Tensor\)", "This is a tensor already: leave out from_numpy."),
    Rule("TypeError", r"'numpy\.ndarray' and 'Tensor'|'Tensor' and 'numpy\.ndarray'", _MIXED),
    Rule("", "not compiled with CUDA|no NVIDIA driver|No CUDA GPUs", _NO_GPU),
)  # fmt: skip
