"""The functions that students write, read from an assignment's [functions."file.py"] tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.errors import AssignmentError
from autograder.signature import Signature, parse_signature
from autograder.toml_table import Table, did_you_mean


@dataclass(frozen=True)
class FunctionSpec:
    """A function that students write. `may_change` names the arguments that a call may leave changed."""

    name: str
    file: str
    signature: Signature
    aliases: tuple[str, ...] = ()
    may_change: frozenset[str] = frozenset()


def read_functions(table: Table) -> dict[str, FunctionSpec]:
    """All functions in the order of the file, by name. Raises AssignmentError.

    Every name and alias stands for one function. `may_change` at the top of the file holds for every
    function that has such a parameter.
    """
    functions: dict[str, FunctionSpec] = {}
    taken: dict[str, str] = {}
    everywhere = table.texts("may_change")
    for file in table.table("functions").entries:
        entries = table.table("functions").table(file)
        if not re.fullmatch(r"[A-Za-z_]\w*\.py", file):
            entries.fail("", 'must be the name of a Python file, such as [functions."layers.py"]')
        for name in entries.entries:
            functions[name] = function = _function(entries, name, file, everywhere)
            for known_as in (name, *function.aliases):
                if known_as in taken:
                    entries.fail(name, f"{known_as} is taken by {taken[known_as]}")
                taken[known_as] = f'functions."{file}".{name}'
    parameters = {name for function in functions.values() for name in function.signature.parameters}
    for name in everywhere:
        if name not in parameters:
            table.fail("may_change", f"no function has a parameter {name}{did_you_mean(name, parameters)}")
    return functions


def _function(entries: Table, name: str, file: str, everywhere: tuple[str, ...]) -> FunctionSpec:
    value = entries.entries[name]
    if not name.isidentifier():
        entries.fail(name, "must be the name of a Python function")
    table = entries.table(name) if isinstance(value, dict) else Table({"signature": value}, entries.file)
    if not isinstance(value, dict | str):
        entries.fail(name, 'must be a signature such as "x, w -> out" or a table with a signature')
    table.refuse_unknown(["signature", "aliases", "may_change"])
    try:
        signature = parse_signature(table.text("signature"))
    except AssignmentError as error:
        entries.fail(name, str(error))
    may_change = table.texts("may_change")
    for parameter in may_change:
        if parameter not in signature.parameters:
            guess = did_you_mean(parameter, signature.parameters)
            table.fail("may_change", f"{name} has no parameter {parameter}{guess}")
    allowed = {*may_change, *(set(everywhere) & set(signature.parameters))}
    return FunctionSpec(name, file, signature, table.texts("aliases"), frozenset(allowed))
