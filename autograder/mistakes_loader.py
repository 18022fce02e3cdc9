"""Loading the catalogue of known mistakes that lies beside an assignment's answer key, in mistakes/."""

from __future__ import annotations

import importlib

from autograder.assignment import Assignment
from autograder.content import import_file, package_of
from autograder.mistake import Mistake, mistakes_in


def load_mistakes(assignment: Assignment) -> list[Mistake]:
    """The known mistakes of the assignment's functions, by file name, then in the order written.

    The files of mistakes/ belong to the reference's package, so that `from ..layers import softmax` gives
    them the answer key's own functions. Files that start with an underscore hold what others share; without
    a mistakes/ folder there are no mistakes. Assignments may share a reference: the mistakes of functions
    that this one does not declare are left out.
    Raises AssignmentError where a file cannot be imported or `mistakes_in` refuses its mistakes.
    """
    reference = assignment.root / assignment.reference
    folder, shown_as = reference / "mistakes", f"{assignment.reference}/mistakes"
    files = sorted(file for file in folder.glob("*.py") if not file.name.startswith("_"))
    if not files:
        return []
    package = f"{package_of(reference)}.{folder.name}"
    # The answer key may have been loaded before the folder was there.
    importlib.invalidate_caches()
    modules = [import_file(package, file, f"{shown_as}/{file.name}") for file in files]
    return [mistake for mistake in mistakes_in(modules) if mistake.function in assignment.functions]
