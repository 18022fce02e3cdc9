"""crash_help.py: what common crashes mean, asked of messages that Python, NumPy and torch really give."""

from __future__ import annotations

import typing
import warnings

import numpy as np
import pytest

from autograder import feedback
from autograder.answering import Answerer
from autograder.compare import compare
from autograder.crash_help import explain
from autograder.signature import parse_signature
from autograder.values import Failure, FailureKind, Frame, Part

SIGNATURES = {
    "affine_forward": "x, w, b -> out, cache",
    "affine_backward": "dout, cache -> dx, dw, db",
    "batchnorm_forward": "x, gamma, beta, bn_param -> out, cache",
    "clip_grad_norm": "grads, max_norm -> grads, total_norm",
    "conv_forward": "x, w, b, conv_param -> out, cache",
    "conv_output_shape": "height, width, kernel, stride?, pad? -> h_out, w_out",
    "attention_forward": "q, k, v, mask? -> out, cache",
    "softmax": "z -> p",
    "sgd": "w, dw, config? -> w, config",
    "detokenize": "ids, vocab -> text",
}
X, W, B = np.ones((2, 3)), np.ones((4, 5)), np.ones(5)
IMAGE, FILTERS, BIAS = np.ones((2, 3, 4, 5)), np.ones((6, 3, 2, 2)), np.ones(6)
CONV_PARAM = {"stride": 1, "pad": 0}
AFFINE = ("affine_forward", X, W, B)
FLAT = ("affine_forward", np.ones((2, 3, 2)), np.ones((6, 5)), B)
CONV = ("conv_forward", IMAGE, FILTERS, BIAS, CONV_PARAM)
SOFTMAX = ("softmax", X)
BACKWARD = ("affine_backward", np.ones((2, 5)), Part(0, (1,)))


@pytest.fixture
def crash(tmp_path):
    """Run a student's file, call its function, and give the sentence about the exception."""

    def run(code, function, *arguments, forward="None"):
        file = tmp_path / "layers.py"
        file.write_text(f"import math\nimport numpy as np\n{code}\ndef forward_pass(): return 0, {forward}\n")
        names: dict = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(file.read_text(), str(file), "exec"), names)
            answerer = Answerer(names.__getitem__, lambda name: "layers.py" if name == str(file) else None)
            answerer.call("forward_pass")
            failure = answerer.call(function, *arguments).failure
        assert failure is not None, "the code did not fail"
        signature = parse_signature(SIGNATURES[function])
        return explain(failure, function=function, signature=signature, arguments=arguments)

    return run


def body(line, function="affine_forward", parameters="x, w, b"):
    lines = "".join(f"    {each}\n" for each in line.split("\n"))
    return f"def {function}({parameters}):\n{lines}"


def in_affine(line):
    return body(line), AFFINE


def in_conv(line):
    return body(line, "conv_forward", "x, w, b, conv_param"), CONV


def in_softmax(line):
    return body(line, "softmax", "z"), SOFTMAX


def in_backward(line):
    return body(line, "affine_backward", "dout, cache"), BACKWARD


CRASHES = {
    # Products
    "dot": (
        *in_affine("return x.dot(w)"),
        "The last axis of (2, 3) must be as long as the last but one of (4, 5) "
        "(in this call x has shape (2, 3) and w has shape (4, 5)).",
    ),
    "matmul names the shapes of its arguments": (*in_affine("return x @ w + b"), "x has shape (2, 3) and w"),
    "matmul of other arrays": (
        *in_affine("y = x * 2\nreturn y @ w"),
        "as long as the last but one of b (or its only one): here they are 3 and 4.",
    ),
    "matmul of a rebound name": (
        *in_affine("x = np.ones((2, 9))\nreturn x @ w"),
        "here they are 9 and 4.",
    ),
    "product that a transpose mends": (
        *in_softmax("return z @ z"),
        "Should one of them be transposed?",
    ),
    "affine without flattening": (
        body("return x @ w"),
        FLAT,
        "Flatten the first one to (N, D) before: x.reshape(x.shape[0], -1).",
    ),
    "affine dot without flattening": (body("return np.dot(x, w)"), FLAT, "Flatten the first one"),
    "matmul with None": (*in_affine("return x @ None"), "On the right of @ there is no array"),
    # Broadcasting
    "missing keepdims": (
        *in_softmax("return z / z.sum(axis=1)"),
        "Shapes are matched from the last axis on: 3 meets 2 (in this call z has shape (2, 3)). "
        "keepdims=True in a sum, mean or max gives (2, 1) instead of (2,).",
    ),
    "in place without keepdims": (*in_softmax("z -= z.max(axis=1)"), "keepdims=True"),
    "channel bias": (
        *in_conv("return np.ones((2, 6, 3, 4)) + b"),
        "4 meets 6 (in this call b has shape (6,)). reshape(1, -1, 1, 1) lets the shorter one meet axis 1.",
    ),
    "transposed": (*in_affine("return x * x.T"), "Should one of them be transposed?"),
    "where": (*in_affine("return np.where(x > 0, x, w)"), "3 meets 5"),
    "result too large for in place": (
        *in_affine("x += np.ones((4, 2, 3))"),
        "The result has shape (4, 2, 3) and cannot be written back into (2, 3)",
    ),
    # Assignment, reshape, joining
    "padding cut off with pad 0": (
        *in_conv("p = conv_param['pad']\ndx = np.ones((2, 3, 4, 5))\ndx[:, :, p:-p] = x"),
        "A slice on this line is empty (shape (2, 3, 0, 5)), and pad is 0 in this call: [pad:-pad] is empty",
    ),
    "window past the border": (
        *in_conv("out = np.zeros((4, 5))\nout[3:5, 0:2] = np.ones((2, 2))"),
        "usually a slice runs past the border, where NumPy cuts it off. The output has (H + 2 pad - kernel)",
    ),
    "transposed value": (*in_affine("x[:] = x.T"), "The value has shape (3, 2), its place (2, 3): transpose"),
    "value of the same size": (*in_affine("x[:] = x.ravel()"), "its place (2, 3): reshape it."),
    "value of another size": (*in_affine("x[:] = w"), "must be equal, or the value must have length 1"),
    "value for a mask": (
        *in_affine("x[np.array([0, 1]), np.array([0, 1])] = np.ones(3)"),
        "The value has shape (3,), its place (2,)",
    ),
    "reshape": (*in_affine("x.reshape(4, 2)"), "4 * 2 is 8, not 6: an axis"),
    "reshape with -1": (*in_affine("x.reshape(4, -1)"), "6 values cannot be divided evenly by 4"),
    "concatenate": (
        *in_affine("np.concatenate([x, w])"),
        "Only the joined axis may differ, but axis 1 is 3 long in one array and 5 in another",
    ),
    "concatenate different axes": (*in_affine("np.concatenate([x, b])"), "np.stack makes a new axis"),
    "stack": (*in_affine("np.stack([x, w])"), "np.stack needs arrays of one shape"),
    "concatenate nothing": (*in_affine("np.concatenate([])"), "The list of arrays is empty"),
    "ragged": (*in_affine("np.array([[1, 2], [1]])"), "differ in length or shape"),
    "pad pairs": (
        *in_conv("np.pad(x, ((1, 1), (1, 1)))"),
        "The array has 4 axes, and np.pad needs a (before, after) pair for each",
    ),
    "pad in floats": (*in_conv("np.pad(x, 1.0)"), "must be a whole number"),
    "negative pad": (*in_conv("np.pad(x, -1)"), "A size is negative here"),
    "negative size": (*in_conv("np.zeros((2, -1))"), "A size is negative here"),
    "einsum": (*in_affine("np.einsum('ij,jk->ik', x, w)"), "A letter of the einsum stands for two"),
    "transpose": (*in_affine("x.transpose(0, 2, 1)"), "transpose must name every axis"),
    "window": (
        *in_conv("np.lib.stride_tricks.sliding_window_view(x, (9, 9), axis=(2, 3))"),
        "The window is larger than the array",
    ),
    # Indices and slices
    "one step too far": (
        *in_affine("for t in range(4): x[0, t]"),
        "Axis 1 has the indices 0 to 2: index 3 is one past the end.",
    ),
    "window past the last": (
        *in_conv("x[0, 0, 6, 0]"),
        "Axis 2 has the indices 0 to 3: usually a loop runs past the last window. The output has (H + 2 pad",
    ),
    "height and width swapped": (
        *in_conv("for i in range(x.shape[3]): x[0, 0, i, 0]"),
        "Or are height and width swapped? x is 4 by 5.",
    ),
    "wrong axis": (*in_affine("x[np.arange(2), np.array([0, 7])]"), "0 to 2: is it the axis you mean?"),
    "index in nothing": (
        *in_conv("x[:, :, 0:-conv_param['pad']][0, 0, 0]"),
        "Axis 2 of the array has no entries, and pad is 0 in this call",
    ),
    "too many indices": (*in_affine("x[0, 0, 0]"), "The array has 2 axes at this line, not 3: keepdims"),
    "scalar indexed": (*in_affine("x[0][0][0]"), "indexed once too often"),
    "0-d array indexed": (*in_affine("np.array(1.0)[0]"), "single number here, with no axis to index"),
    "float index": (*in_affine("x[1.0]"), "Usually an index is no whole number"),
    "float slice": (*in_affine("x[0:x.shape[0] / 2]"), "divide with // instead of /"),
    "float list index": (*in_affine("[1][1 / 1]"), "divide with // instead of /"),
    "float index array": (
        *in_affine("x[np.array([0.5])]"),
        "use .astype(int), or an array of True and False",
    ),
    "index arrays": (*in_affine("x[np.arange(2), np.arange(3)]"), "Index arrays are paired entry by entry"),
    "mask": (
        *in_affine("x[np.array([True] * 3)]"),
        "The mask is 3 long on an axis where the array is 2 long",
    ),
    "axis": (*in_affine("x.sum(axis=2)"), "The array has 2 axes at this line; the last is axis 1."),
    "axis of a number": (*in_affine("x.sum().sum(axis=1)"), "It is a single number here, which has no axes"),
    "shape entry": (
        *in_affine("x.shape[2]"),
        "x has shape (2, 3) in this call, so x.shape[2] does not exist.",
    ),
    "list index": (*in_affine("[1, 2][5]"), "The list is shorter than this line expects"),
    "pop": (*in_affine("[].pop()"), "The list is empty by now"),
    "max of nothing": (*in_conv("x[:, :, 9:].max()"), "The array that this line reduces is empty"),
    "argmax of nothing": (*in_conv("x[:, :, 9:].argmax()"), "The array that this line reduces is empty"),
    # None
    "cache is None": (
        *in_backward("x, w, b = cache"),
        "cache is None: usually the forward pass returned None",
    ),
    "helper returned None": (
        "def step(x):\n    y = x\n" + in_affine("out, cache = step(x)")[0],
        AFFINE,
        "step returned None: is it a stub, or does a way through it end without `return`?",
    ),
    "None indexed": (*in_affine("w2 = None\nw2[0]"), "Something on this line is None: usually"),
    "None times array": (*in_affine("out = None\nreturn out * x"), "Something on this line is None"),
    "None has no shape": (*in_affine("out = None\nout.shape"), "Something on this line is None"),
    "None in exp": (*in_affine("np.exp(None)"), "Something on this line is None"),
    "None in maximum": (*in_affine("np.maximum(0, None)"), "Something on this line is None"),
    "None as a size": (*in_affine("range(None)"), "Something on this line is None"),
    "mask is None": (
        body("return q + mask.astype(float)", "attention_forward", "q, k, v, mask=None"),
        ("attention_forward", X, X, X, None),
        "mask is None in this call: check for that",
    ),
    "mask left out": (
        body("return q + mask.astype(float)", "attention_forward", "q, k, v, mask=None"),
        ("attention_forward", X, X, X),
        "mask is left out of this call: if its default is None, check for that first.",
    ),
    # Unpacking and calling
    "shape of more axes": (
        body("N, D = x.shape"),
        FLAT,
        "x has 3 axes in this call, shape (2, 3, 2); this line takes 2. "
        "x.reshape(x.shape[0], -1) makes two of them.",
    ),
    "shape of fewer axes": (*in_affine("N, C, H, W = x.shape"), "x has 2 axes in this call, shape (2, 3)"),
    "shape of something else": (*in_affine("y = w[0]\nN, D = y.shape"), "another number of axes than the 2"),
    "too many returned": (
        "def step(): return 1, 2, 3\n" + in_affine("a, b = step()")[0],
        AFFINE,
        "Count what step returns: this line takes 2 values from it.",
    ),
    "too few in a loop": (*in_affine("for a, b in [(1,)]: pass"), "This line takes 2 values from something"),
    "number unpacked": (
        body("kh, kw = kernel", "conv_output_shape", "height, width, kernel, stride=1, pad=0"),
        ("conv_output_shape", 4, 5, 3),
        "kernel is a single number in this call, not several.",
    ),
    "number indexed": (
        body("return kernel[0]", "conv_output_shape", "height, width, kernel, stride=1, pad=0"),
        ("conv_output_shape", 4, 5, 3),
        "kernel is a single number in this call, not several.",
    ),
    "tuple as a number": (
        body("return height - kernel", "conv_output_shape", "height, width, kernel, stride=1, pad=0"),
        ("conv_output_shape", 4, 5, (3, 2)),
        "kernel is a tuple in this call: take its entries one by one.",
    ),
    "0-d array unpacked": (*in_affine("a, b = np.array(1.0)"), "np.array gives a single one"),
    "def with fewer parameters": (
        body("return x", parameters="x, w"),
        AFFINE,
        "The call is affine_forward(x, w, b): the def line must take these arguments in this order.",
    ),
    "def with more parameters": (
        body("return x", parameters="x, w, b, p, q"),
        AFFINE,
        "The call is affine_f",
    ),
    "helper called wrongly": (
        "def step(x): return x\n" + in_affine("step(x, w)")[0],
        AFFINE,
        "This line calls step with another number of arguments than it takes",
    ),
    "argument given twice": (
        "def step(x): return x\n" + in_affine("step(x, x=w)")[0],
        AFFINE,
        "x is given to step twice",
    ),
    "keyword": (*in_affine("np.sum(x, axes=1)"), "sum has no parameter axes: did you mean axis?"),
    "torch keyword": (*in_affine("np.sum(x, axis=1, keepdim=True)"), "did you mean keepdims?"),
    "shape as two arguments": (*in_affine("np.zeros(2, 3)"), "The shape must be one tuple"),
    "shape as a tuple": (*in_affine("np.random.randn((2, 3))"), "sizes are given one by one"),
    # Wrong types
    "arguments swapped, times": (
        body("return x * w", "conv_forward", "conv_param, x, b, w"),
        CONV,
        "A dictionary stands where an array is needed: the call is conv_forward(x, w, b, conv_param).",
    ),
    "arguments swapped, shape": (
        body("return x.shape", "conv_forward", "conv_param, w, b, x"),
        CONV,
        "Does your def line take the arguments in this order?",
    ),
    "arguments swapped, brackets": (
        body("return conv_param['stride']", "conv_forward", "conv_param, w, b, x"),
        CONV,
        "a name in brackets meets an array instead of a dictionary",
    ),
    "exp of a dictionary": (*in_conv("np.exp(conv_param)"), "A dictionary stands where an array is needed"),
    "tuple times array": (*in_affine("y = (x, w)\nreturn y - 1"), "A tuple stands where an array"),
    "tuple has no shape": (*in_affine("y = (x, w)\nreturn y.shape"), "A tuple stands where an array"),
    "list argument": (
        body("return grads ** 2", "clip_grad_norm", "grads, max_norm"),
        ("clip_grad_norm", [X, B], 1.0),
        "grads is a list in this call: take its entries one by one.",
    ),
    "list minus": (*in_affine("[1, 2] - x[0, 0].item()"), "make an array first, with np.array(...)"),
    "list times float": (*in_affine("[1, 2] * 0.5"), "make an array first, with np.array(...)"),
    "list has no shape": (*in_affine("[1, 2].shape"), "A list has no .shape: make an array first"),
    "list with two indices": (*in_affine("[[1]][0, 0]"), "[i][j] instead of [i, j]"),
    "tuple with a name": (
        *in_affine("(1, 2)['x']"),
        "A name in brackets needs a dictionary, but this is a tuple",
    ),
    "ellipsis": (*in_affine("return x.item(0) * ..."), "The template's `...` still stands for a value"),
    "method without parentheses": (*in_affine("return x.sum / 2"), "are its parentheses missing?"),
    "brackets for parentheses": (*in_affine("return np.zeros[2, 3]"), "are its parentheses missing?"),
    "parentheses for brackets": (
        *in_affine("return x(0)"),
        "but this is of type numpy.ndarray: are brackets",
    ),
    "missing star": (*in_affine("return 2.0(x)"), "but this is of type float"),
    "module called": (*in_affine("return np.random(2)"), "A module stands where a function is needed"),
    "tuple assigned": (*in_affine("x.shape[0] = 1"), "A tuple cannot be changed"),
    "number indexed after a sum": (*in_affine("float(x.sum())[0]"), "usually a sum without its axis"),
    "number has no shape": (*in_affine("float(x.sum()).shape"), "single number here, which has no .shape"),
    "map is no list": (*in_affine("map(abs, [1])[0]"), "put list(...) around it"),
    "text times": (*in_affine("x + 'a'"), "Text, or an array of Python objects"),
    "unhashable": (*in_affine("{x: 1}"), "A numpy.ndarray cannot be a key"),
    "truth of an array": (*in_affine("if x > 0: pass"), "`if`, `and` and `or` need one True or False"),
    "array for a number": (*in_affine("x[0, 0] = np.ones(2)"), "An array stands where a single number"),
    "float of an array": (*in_affine("float(x)"), "An array stands where a single number"),
    "math.exp of an array": (*in_affine("math.exp(x)"), "An array stands where a single number"),
    "item of an array": (*in_affine("x.item()"), "An array stands where a single number"),
    "float size": (*in_affine("np.zeros((4 / 2, 3))"), "divide with // instead of /"),
    "float range": (*in_affine("range(4 / 2)"), "divide with // instead of /"),
    "numpy float size": (*in_affine("np.zeros((x.mean(), 3))"), "divide with // instead of /"),
    "integer array in place": (
        *in_affine("y = np.zeros(3, int)\ny += 0.5"),
        "holds integers and cannot take",
    ),
    "integer array divided in place": (*in_affine("y = np.ones(3, int)\ny /= 2"), "dtype=np.float64"),
    "booleans subtracted": (*in_affine("(x > 0) - (x < 0)"), "use .astype(float) first, or ~mask"),
    "boolean negated": (*in_affine("-(x > 0)"), "use .astype(float) first, or ~mask"),
    "negative power": (*in_affine("np.array([2]) ** -1"), "use floats, as in 10000.0**-x"),
    "object array": (*in_affine("np.exp(np.array([1.0], object))"), "The array has dtype object"),
    "read-only": (*in_affine("np.broadcast_to(b, (2, 5))[0] = 1"), "work on x.copy()"),
    # Names
    "typo in a key": (
        *in_conv("conv_param['strides']"),
        "In this call conv_param has the keys 'stride', 'pad'. Did you mean 'stride'?",
    ),
    "key in the wrong dictionary": (
        *in_conv("{}['stride']"),
        "conv_param has 'stride' in this call: this line looks elsewhere",
    ),
    "empty config": (
        body("w - config['learning_rate'] * dw", "sgd", "w, dw, config=None"),
        ("sgd", X, X, {}),
        "config is empty in this call: config.get('learning_rate', default) allows for that.",
    ),
    "vocabulary the wrong way round": (
        body("return vocab[ids[0]]", "detokenize", "ids, vocab"),
        ("detokenize", [7], {"a": 7}),
        "vocab leads from text to number, and this line looks a number up",
    ),
    "attribute for a key": (*in_conv("conv_param.stride"), "d['stride'], not d.stride"),
    "has_key": (*in_conv("conv_param.has_key('pad')"), "Python 2: write key in d."),
    "name misspelt": (*in_backward("dX = 1\nreturn dX + douts"), "did you mean dout?"),
    "other case": (*in_backward("return dOut"), "did you mean dout?"),
    "argument's name": (
        body("return x + conv_param['pad']", "conv_forward", "x, w, b, param"),
        CONV,
        "an argument of conv_forward(x, w, b, conv_param): has it another name in your def line?",
    ),
    "missing import": (*in_affine("torch.exp(x)"), "`import torch` is missing at the top of this file."),
    "xrange": (*in_affine("for i in xrange(3): pass"), "xrange is Python 2: write range."),
    "unknown function": (*in_affine("im2col(x)"), "No function has this name here: import or define im2col."),
    "old name": (*in_affine("return scores"), "usually a name from an earlier version"),
    "one branch": (*in_affine("if x.size < 0: y = 1\nreturn y"), "y has no value at this line"),
    "free variable": (
        *in_affine("def inner(): return y\ninner()\ny = 1"),
        "y has no value at this line",
    ),
    "np.float": (*in_affine("np.float(1)"), "NumPy no longer has np.float: use float."),
    "np.int": (*in_affine("np.int(1)"), "NumPy no longer has np.int: use int."),
    "np.product": (*in_affine("np.product([1])"), "NumPy no longer has np.product: use np.prod."),
    "np.NaN": (*in_affine("np.NaN"), "NumPy no longer has np.NaN: use np.nan."),
    "np.lib.pad": (*in_affine("np.lib.pad(x, 1)"), "NumPy no longer has np.lib.pad: use np.pad."),
    "np misspelt": (*in_affine("np.argmaxx(x)"), "NumPy has no np.argmaxx: did you mean np.argmax?"),
    "array method misspelt": (
        *in_affine("x.reshap(3)"),
        "NumPy arrays have no .reshap: did you mean .reshape?",
    ),
    "tensor method of an array": (
        *in_affine("x.detach()"),
        "arrays have no .detach: in its place use x itself.",
    ),
    "append to an array": (*in_affine("x.append(1)"), "arrays have no .append: in its place use a list."),
    "wrong module": (*in_affine("math.relu(1)"), "math defines no relu: is it spelt so, and in that file?"),
    "missing module": (*in_affine("import im2col_cython"), "If im2col_cython is a file of yours, hand it in"),
    "missing in module": (
        *in_affine("from math import relu"),
        "math defines no relu, or the two files import",
    ),
    # Numbers, and the rest
    "division by zero": (*in_affine("1 / (x.shape[0] - 2)"), "The divisor is 0 here"),
    "integer division by zero": (*in_affine("1 // 0"), "The divisor is 0 here"),
    "division by a setting": (*in_conv("x.shape[2] // conv_param['pad']"), "pad is 0 in this call"),
    "math.exp": (*in_affine("math.exp(1000)"), "subtract the maximum first"),
    "math.log": (*in_affine("math.log(0)"), "usually the log of 0"),
    "NaN as an integer": (*in_affine("int(np.nan)"), "A number is NaN by this line"),
    "singular": (*in_affine("np.linalg.inv(np.zeros((2, 2)))"), "The matrix has no inverse here."),
    "endless recursion": (*in_affine("return affine_forward(x, w, b)"), "affine_forward calls itself"),
    "circle": (
        "def step(x): return affine_forward(x, x, x)\n" + in_affine("return step(x)")[0],
        AFFINE,
        "Functions call each other in a circle",
    ),
    "own assertion": (*in_affine("assert x.shape == (3, 2)"), "This assert is in your own code"),
    "stride does not divide": (
        *in_conv("assert (x.shape[3] - 2) % 2 == 0, 'bad stride'"),
        "This assert refuses sizes that the stride does not divide. They are allowed",
    ),
    "own raise": (*in_affine("raise ValueError('no')"), "This `raise` is in your own file"),
    "own message like NumPy's": (
        *in_affine("raise IndexError('pop from empty list')"),
        "This `raise` is in your own",
    ),
    "max of an empty list": (*in_affine("max([])"), "The list is empty here"),
    "next": (*in_affine("next(iter([]))"), "next() found nothing left"),
    "input": (*in_affine("open('no such file.npz')"), "leave files out of it"),
    # Kinds
    "template's NotImplementedError": (
        *in_affine("y = x\nraise NotImplementedError"),
        "The template's NotImplementedError is still in place",
    ),
    "stub of a helper": (
        "def step(x): raise NotImplementedError('todo')\n" + in_affine("return step(x)")[0],
        AFFINE,
        "It calls step, which still raises NotImplementedError: finish that one first.",
    ),
    "memory": (
        *in_affine("np.zeros((10**7, 10**7))"),
        "An array of shape (10000000, 10000000) was to be made.",
    ),
}


@pytest.mark.parametrize("name", CRASHES)
def test_a_common_crash_is_explained(crash, name):
    code, (function, *arguments), expected = CRASHES[name]
    assert expected in crash(code, function, *arguments)


TORCH_CRASHES = {
    "needs detach": ("t.requires_grad_()\nreturn t.numpy()", "write x.detach().numpy()"),
    "np.exp needs detach": ("t.requires_grad_()\nreturn np.exp(t)", "write x.detach().numpy()"),
    "array for a tensor": ("torch.exp(x)", "torch needs a tensor here, but this is a NumPy array"),
    "array for a tensor in conv2d": ("F.conv2d(x, t)", "torch needs a tensor here"),
    "array for a tensor in softmax": ("F.softmax(x, dim=1)", "torch needs a tensor here"),
    "mixed": ("x @ t", "A NumPy array and a torch tensor are mixed"),
    "product": (
        "t @ torch.ones(4, 5)",
        "The last axis of (2, 3) must be as long as the last but one of (4, 5)",
    ),
    "sizes": ("t + torch.ones(4)", "3 meets 4"),
    "dtypes": ("t @ torch.ones(3, 2, dtype=torch.float64)", "Two dtypes meet"),
    "in place": ("t.requires_grad_()\nt += 1", "may not be changed in place"),
    "no gradient": ("t.sum().backward()", "No tensor behind this value has requires_grad=True"),
    "no scalar": ("t.requires_grad_()\nt.mul(2).backward()", "write out.backward(dout)"),
    "twice": ("s = t.requires_grad_().exp().sum()\ns.backward()\ns.backward()", "run the forward pass again"),
    "cuda": ("t.cuda()", "There is no GPU here"),
    "from_numpy": ("torch.from_numpy(t)", "leave out from_numpy"),
    "view": ("t.view(4, 2)", "The sizes [4, 2] do not multiply to 6"),
    "view after transpose": ("t.T.view(6)", "x.reshape instead of x.view"),
    "index": ("t[5]", "Axis 0 has the indices 0 to 1"),
    "too many indices": ("t[0, 0, 0]", "The tensor has fewer axes than this line indexes: 2."),
    "dim": ("t.sum(dim=3)", "The tensor has fewer axes than this line names"),
    "copy": ("t.copy()", "Tensors have no .copy: use .clone()"),
    "truth": ("if t > 0: pass", "need one True or False"),
    "item": ("t.item()", "An array stands where a single number is needed"),
    "labels": ("F.cross_entropy(t, torch.tensor([0.0, 1.0]))", "Class labels must be whole numbers"),
}


@pytest.mark.parametrize("name", TORCH_CRASHES)
def test_a_common_crash_of_torch_is_explained(crash, name):
    lines, expected = TORCH_CRASHES[name]
    code = "import torch\nimport torch.nn.functional as F\n" + body(f"t = torch.ones(2, 3)\n{lines}")
    assert expected in crash(code, *AFFINE)


@pytest.mark.parametrize("name", CRASHES)
def test_an_explanation_is_short_and_printable(crash, name):
    code, (function, *arguments), _ = CRASHES[name]
    sentence = crash(code, function, *arguments)
    assert 0 < len(sentence) < 300
    assert sentence.isprintable()


CACHES = {
    "too few values": (
        "x, w, b = cache",
        "(1, 2)",
        "This line takes 3 values from cache: the forward pass must",
    ),
    "too many values": ("x, w = cache", "(1, 2, 3)", "This line takes 2 values from cache"),
    "missing key": (
        "x = cache['x']",
        "{'X': 1}",
        "The cache has no such key: the forward pass must store it",
    ),
    "cache is a tuple": ("x = cache['x']", "(1, 2)", "but this is a tuple: usually the cache"),
}


@pytest.mark.parametrize("name", CACHES)
def test_a_cache_of_another_layout_is_explained(crash, name):
    line, forward, expected = CACHES[name]
    code, call = in_backward(line)
    assert expected in crash(code, *call, forward=forward)


# --- Never wrong ---


def test_nothing_is_said_about_a_crash_that_is_not_understood(crash):
    line = (
        "class Odd(Exception): pass\nerror = Odd('matmul: shapes (2,3) and (4,5) not aligned')\nx.throw = 1"
    )
    assert "not aligned" not in crash(*_flat(in_affine(line)))
    own = Failure("raised", "Odd", "shapes (2,3) and (4,5) not aligned", (Frame("a.py", 1, "f", "f()"),))
    assert explained(own) == ""


def test_an_argument_is_blamed_only_where_its_shape_agrees_with_the_message(crash):
    code = body("x = np.ones((7, 9))\nreturn np.dot(x, w)")
    sentence = crash(code, *AFFINE)
    assert "(7, 9)" in sentence
    assert "x has shape" not in sentence


def test_parameter_names_do_not_count_inside_a_helper(crash):
    helper = "def step(x):\n    N, D = x.shape\n"
    sentence = crash(helper + body("return step(np.ones(3))"), *AFFINE)
    assert sentence == "The array has another number of axes than the 2 that this line takes."


def test_no_value_of_an_argument_is_told(crash):
    secret = np.full((2, 3), 0.123456789)
    for code, (function, *arguments), _ in CRASHES.values():
        given = [secret if isinstance(a, np.ndarray) and a.shape == (2, 3) else a for a in arguments]
        assert "1234" not in crash(code, function, *given)


HOSTILE = "\x1b[31m\x00\n" + "(" * 5_000 + "x" * 5_000


@pytest.mark.parametrize("kind", typing.get_args(FailureKind))
@pytest.mark.parametrize(
    "type_name", ["ValueError", "KeyError", "NameError", "TypeError", "AttributeError", HOSTILE]
)
@pytest.mark.parametrize(
    "message",
    [
        HOSTILE,
        f"'{HOSTILE}'",
        f"name '{HOSTILE}' is not defined",
        f"operands could not be broadcast together with shapes ({'9,' * 900}) ({'8,' * 900})",
        f"cannot reshape array of size {'9' * 900} into shape ({'9' * 900},)",
        f"shapes ({'9' * 50},) and (3,) not aligned",
        "",
    ],
)
def test_a_hostile_message_yields_at_most_one_short_line(kind, type_name, message):
    frames = (Frame(HOSTILE, 1, HOSTILE, HOSTILE),)
    sentence = explained(Failure(kind, type_name, message, frames))
    assert sentence.isprintable()
    assert len(sentence) < 2_500


def explained(failure, function="affine_forward", arguments=(X, W, B)):
    signature = parse_signature(SIGNATURES[function])
    return explain(failure, function=function, signature=signature, arguments=arguments)


def _flat(pair):
    return pair[0], *pair[1]


# --- Failures that are no exception ---


def test_a_segmentation_fault_names_its_usual_causes():
    assert "as_strided" in explained(Failure("died", "SIGSEGV"))
    assert explained(Failure("died", "SIGABRT")) == ""


def test_an_import_error_is_explained_from_the_line_that_raised():
    message = "layers.py line 3, `import solver`, stopped with ModuleNotFoundError: No module named 'solver'"
    assert explained(Failure("import", message=message)).startswith(
        "If solver is a file of yours, hand it in"
    )
    message = (
        "layers.py line 3, `x = np.product(3)`, stopped with AttributeError: module 'numpy' has no attribute"
    )
    assert "use np.prod" in explained(Failure("import", message=message + " 'product'"))


def test_kinds_that_explain_themselves_get_no_further_sentence():
    for kind in ("missing", "exited", "cpu_time", "idle", "wall_time", "too_big", "protocol"):
        assert explained(Failure(kind)) == ""


# --- Every kind of failure has its own words ---


def failed(kind, type_name="", message=""):
    return feedback.describe_failure(Failure(kind, type_name, message), function="f")


def differs(actual, expected):
    return feedback.describe_difference(compare(actual, expected), function="f", output_name="y")


KINDS_TOLD_APART = {
    "missing": (lambda: feedback.describe_missing("f", "layers.py"), "defines f"),
    "did not import": (lambda: failed("import", message="layers.py line 3"), "could not be loaded"),
    "stub": (lambda: failed("stub"), "is not implemented yet"),
    "raised": (lambda: failed("raised", "ValueError", "no"), "stopped with ValueError: no"),
    "ended the process": (lambda: failed("exited"), "ended the whole Python process"),
    "crashed the process": (lambda: failed("died", "SIGSEGV"), "crashed the Python process (SIGSEGV)"),
    "returned nothing": (lambda: differs(None, X), "y is None"),
    "wrong type": (lambda: differs("text", X), "is of type str; it must be an array"),
    "wrong number of return values": (lambda: differs((X,), (X, X)), "has 1 value; it must have 2"),
    "missing key in the result": (lambda: differs({}, {"a": 1.0}), "lacks 'a'"),
    "wrong shape": (lambda: differs(W, X), "has shape (4, 5); it must be (2, 3)"),
    "NaN": (lambda: differs(X * np.nan, X), "is NaN at 6 of 6 values"),
    "infinite": (lambda: differs(X * np.inf, X), "is infinite at 6 of 6 values"),
    "wrong values": (lambda: differs(X * 2, X), "off by 1 (relative: 100%)"),
    "near miss": (lambda: differs(X * 1.0003, X), "That is nearly right"),
    "changed its input": (lambda: feedback.describe_changed_argument("f", "x"), "changes its argument x"),
    "too slow": (lambda: failed("cpu_time"), "took too much computing time"),
    "waited": (lambda: failed("idle"), "waited without computing"),
    "no time left": (lambda: failed("wall_time"), "the time for the whole submission was over"),
    "too much memory": (lambda: failed("memory"), "asked for more memory than there is"),
    "too large an answer": (lambda: failed("too_big"), "returned more than can be read"),
}


@pytest.mark.parametrize("kind", KINDS_TOLD_APART)
def test_each_kind_of_failure_has_words_of_its_own(kind):
    words = {each: told() for each, (told, _) in KINDS_TOLD_APART.items()}
    telling = KINDS_TOLD_APART[kind][1]
    assert [each for each, text in words.items() if telling in text] == [kind]
