"""One call of a test as code that a student can paste into a Python prompt, with what it gave.

    import numpy as np
    from layers import affine_forward, affine_backward

    x = np.array([[1., 2.]])
    ...
    out, cache = affine_forward(x, w, b)
    dx, dw, db = affine_backward(dout, cache)
    print(db)
    # yours:    [0.5]
    # expected: [1.]

Inputs are printed to the last bit. A call whose argument is something that an earlier call returned is
printed after that earlier call. What would not fit on a screen is not printed at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.difference import Path
from autograder.findings import CallRecord
from autograder.function_spec import FunctionSpec
from autograder.literals import COLUMNS, ENTRIES, TooLong, assignment, entries_of, shown
from autograder.portable import same
from autograder.signature import Returns, Signature
from autograder.values import Part, Reply
from autograder.wording import plain

LINES = 25
_RESULT = object()  # the value of a name that a call gave


def snippet(
    calls: Sequence[CallRecord],
    index: int,
    functions: Mapping[str, FunctionSpec],
    *,
    show_expected: bool,
    outputs: Sequence[Path] = (),
) -> str:
    """The code that makes call `index` of a test, or "" where it would fill more than a screen.

    functions: the assignment's, by name. A spec whose `name` and `file` are the student's own (an alias,
        another file) makes the import line that works for them.
    show_expected: whether the key's values may be told.
    outputs: which values to show, each a path that starts with a name of the signature, such as ("dw",)
        or ("bn_param", "running_mean"); where empty, all that the call returns.
    """
    try:
        code = _Code(calls, functions)
        code.make(index)
        lines = [*code.imports(), "", *code.lines, *_outcome(code, index, outputs, show_expected)]
    except TooLong:
        return ""
    fits = len(lines) <= LINES and all(len(line) <= COLUMNS for line in lines)
    return "\n".join(lines) if fits else ""


class _Code:
    """The statements so far, and what each name stands for."""

    def __init__(self, calls: Sequence[CallRecord], functions: Mapping[str, FunctionSpec]) -> None:
        self.calls = calls
        self.functions = functions
        self.lines: list[str] = []
        self.used: list[FunctionSpec] = []
        self.values: dict[str, Any] = {}
        self.arguments: dict[int, list[str]] = {}
        self.results: dict[int, Returns] = {}
        self.entries = 0

    def imports(self) -> Iterator[str]:
        if any("np." in line for line in self.lines):
            yield "import numpy as np"
        for module in dict.fromkeys(spec.file.removesuffix(".py") for spec in self.used):
            names = [spec.name for spec in self.used if spec.file.removesuffix(".py") == module]
            yield f"from {module} import {', '.join(dict.fromkeys(names))}"

    def make(self, index: int) -> None:
        """Add a call, after those that it needs, under the names of its signature."""
        record, spec = self.calls[index], self.functions[self.calls[index].function]
        for part in _parts(record.arguments):
            if part.call not in self.results:
                self.make(part.call)
        self.used.append(spec)
        given = zip(spec.signature.parameters, record.arguments, strict=False)
        self.arguments[index] = names = [self.argument(name, value) for name, value in given]
        for changed in {*record.actual.changed, *record.expected.changed}:
            self.values[names[changed]] = _RESULT  # made anew where a later call takes it
        self.results[index] = targets = self.fresh_names(spec.signature.returns)
        self.lines.append(f"{_written(targets)} = {spec.name}({', '.join(names)})")

    def argument(self, name: str, value: Any) -> str:
        """What stands for an argument in the call."""
        if isinstance(value, Part):
            return self.part(value)
        if any(True for _ in _parts(value)):
            items = ", ".join(self.part(item) for item in value)
            return f"[{items}]"
        if name in self.values and same(self.values[name], value):
            return name
        self.entries += entries_of(value)
        if self.entries > ENTRIES:
            raise TooLong
        name = self.fresh_name(name)
        self.values[name] = value
        self.lines += assignment(name, value)
        return name

    def part(self, part: Part) -> str:
        """What stands for a value that an earlier call returned."""
        if not isinstance(part, Part):
            raise TooLong
        names: Any = self.results[part.call]
        for position, step in enumerate(part.path):
            if isinstance(names, str):
                return names + "".join(f"[{rest}]" for rest in part.path[position:])
            names = names[step]
        return names if isinstance(names, str) else f"({_written(names)})"

    def fresh_names(self, returns: Returns) -> Returns:
        if not isinstance(returns, str):
            return tuple(map(self.fresh_names, returns))
        name = self.fresh_name(returns)
        self.values[name] = _RESULT
        return name

    def fresh_name(self, name: str) -> str:
        """x, or x_2 where x stands for another value already."""
        taken = {*self.values, *(spec.name for spec in self.functions.values())}
        numbered = (f"{name}_{count}" for count in range(2, len(taken) + 3))
        return name if name not in taken else next(other for other in numbered if other not in taken)


def _parts(value: Any) -> Iterator[Part]:
    if isinstance(value, Part):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _parts(item)


def _written(names: Returns) -> str:
    """loss, (dw1, dw2)"""
    if isinstance(names, str):
        return names
    return ", ".join(name if isinstance(name, str) else f"({_written(name)})" for name in names)


# --- What the call gave ---


def _outcome(code: _Code, index: int, outputs: Sequence[Path], show_expected: bool) -> Iterator[str]:
    """A print of each value to show, and both answers as comments."""
    record = code.calls[index]
    failure = record.actual.failure
    if failure is not None:
        error = ": ".join(filter(None, (failure.type_name, failure.message)))
        raised = failure.kind in ("raised", "stub", "memory") and error
        yield f"# yours:    {plain(error, COLUMNS - 12) if raised else 'no answer'}"
        return
    signature = code.functions[record.function].signature
    returned = [(name,) for _, name in signature.leaves() if not signature.stays(name)]
    for path in outputs or returned:
        yield f"print({_expression(code, index, signature, path)})"
        yield from _comment("# yours:    ", _output(record.actual, record, signature, path))
        if show_expected and record.expected.failure is None:
            yield from _comment("# expected: ", _output(record.expected, record, signature, path))


def _expression(code: _Code, index: int, signature: Signature, path: Path) -> str:
    """The name of a returned value, or of an argument that the call may change, and its subscripts."""
    leaves = {name: leaf for leaf, name in signature.leaves()}
    if path[0] in leaves:
        name = code.part(Part(index, leaves[str(path[0])]))
    else:
        name = code.arguments[index][signature.parameters.index(str(path[0]))]
    return name + "".join(f"[{step!r}]" for step in path[1:])


def _output(reply: Reply, record: CallRecord, signature: Signature, path: Path) -> Any:
    leaves = {name: leaf for leaf, name in signature.leaves()}
    if path[0] in leaves:
        value, steps = reply.value, (*leaves[str(path[0])], *path[1:])
    else:
        position = signature.parameters.index(str(path[0]))
        value, steps = reply.changed.get(position, record.arguments[position]), path[1:]
    try:
        for step in steps:
            value = value[step]
    except (TypeError, LookupError):  # a student's answer may lack what the path names
        raise TooLong from None
    return value


def _comment(label: str, value: Any) -> Iterator[str]:
    """The lines of a value, aligned behind the label."""
    for row, line in enumerate(shown(value)):
        indent = label if row == 0 else "#" + " " * (len(label) - 1)
        text = indent + line
        yield text if len(text) <= COLUMNS else f"{text[: COLUMNS - 1]}…"
