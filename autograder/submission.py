"""Which file of a submission holds which function. Trusted: student code is read, never executed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.near_misses import why_missing
from autograder.outline import Definition, Outline, outline
from autograder.safe_parse import parse
from autograder.source_files import Problem, SourceFile, SourceFiles, read_source_files, syntax_problem
from autograder.staging import StagedSubmission, stage
from autograder.wording import listed

__all__ = [
    "Location",
    "Problem",
    "SourceFile",
    "StagedSubmission",
    "Submission",
    "Wanted",
    "read_submission",
    "stage",
]

_NAMED_ONE_BY_ONE = 3


@dataclass(frozen=True)
class Wanted:
    """Where a function is looked for first, and the other names that count as it."""

    file: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Location:
    """The definition that is graded: `name` is what the file calls it, perhaps an alias."""

    function: str
    name: str
    file: str
    line: int
    is_stub: bool = False


@dataclass(frozen=True)
class Submission:
    """Everything that is known about a submission without running it."""

    files: tuple[SourceFile, ...]
    functions: dict[str, Location]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    imports_torch: bool = False
    missing: dict[str, str] = field(default_factory=dict)

    def why_missing(self, function: str) -> str:
        """What to tell a student about a function that was not found; "" for one that was."""
        return self.missing.get(function, "")

    def place(self, file: str, line: int) -> str:
        """A line of a file in words; in a notebook by its cell."""
        return SourceFiles(list(self.files), [], []).place(file, line)


@dataclass(frozen=True)
class _Candidate:
    outline: Outline
    definition: Definition
    is_alias: bool
    is_stub: bool
    in_named_file: bool

    @property
    def rank(self) -> tuple:
        """The smallest counts: what is filled in, in the file that the assignment names, shallow."""
        path = self.outline.path
        is_notebook = path.endswith(".ipynb")
        return (self.is_stub, not self.in_named_file, path.count("/"), is_notebook, path, self.is_alias)


def read_submission(folder: Path, wanted: Mapping[str, Wanted]) -> Submission:
    """Find the wanted functions in a folder's Python files and notebooks, however they are arranged.

    A file that cannot be read costs only its own functions. Never raises for what the files hold.
    """
    read = read_source_files(folder)
    outlines = []
    for file in read.files:
        try:
            outlines.append(outline(file.path, parse(file.source)))
        except SyntaxError as error:
            read.problems.append(syntax_problem(file, error))
    candidates = {name: _candidates(name, want, outlines) for name, want in wanted.items()}
    found = {name: min(some, key=lambda each: each.rank) for name, some in candidates.items() if some}
    known = {alias for name, want in wanted.items() for alias in (name, *want.aliases)}
    return Submission(
        files=tuple(read.files),
        functions={name: _location(name, candidate) for name, candidate in found.items()},
        problems=tuple(read.problems),
        notes=(*read.notes, *_repeated(found, read), *_twice(found, candidates, read)),
        imports_torch=any(each.imports_torch for each in outlines),
        missing={
            name: why_missing((name, *want.aliases), known, outlines, read)
            for name, want in wanted.items()
            if name not in found
        },
    )


def _location(function: str, candidate: _Candidate) -> Location:
    definition = candidate.definition
    return Location(function, definition.name, candidate.outline.path, definition.line, candidate.is_stub)


def _candidates(function: str, want: Wanted, outlines: Sequence[Outline]) -> list[_Candidate]:
    """Real definitions, and names that the assignment's own file imports from another file.

    Such imports in other files count only where nothing else does: loading a training script for the
    sake of a name that it imports would run the training.
    """
    own, imported = [], []
    for each in outlines:
        in_named_file = each.path.rpartition("/")[2] == want.file
        for name in (function, *want.aliases):
            definition = each.defining(name)
            if definition is None:
                continue
            candidate = _Candidate(each, definition, name != function, definition.is_stub, in_named_file)
            if definition.kind != "import":
                own.append(candidate)
                continue
            sources = _origins(definition, outlines)
            if sources:
                stub = all(source.is_stub for source in sources)
                imported.append(_Candidate(each, definition, name != function, stub, in_named_file))
    return own + [each for each in imported if each.in_named_file or not own]


def _origins(definition: Definition, outlines: Sequence[Outline]) -> list[Definition]:
    """The definitions of this submission that an import can mean; none for an installed package's."""
    parts = [part for part in definition.module.split(".") if part]
    sources = []
    for each in outlines:
        steps = each.path.rpartition(".")[0].removesuffix("/__init__").split("/")
        if parts and steps[-len(parts) :] == parts:
            source = each.defining(definition.original)
            sources += [source] if source is not None else []
    return sources


def _repeated(found: Mapping[str, _Candidate], read: SourceFiles) -> list[str]:
    """A note for each function whose own file defines it more than once; alternatives do not count."""
    notes = []
    for candidate in found.values():
        path, name = candidate.outline.path, candidate.definition.name
        plain = [
            each for each in candidate.outline.all_of(name) if not each.in_block and each.kind != "import"
        ]
        if len(plain) > 1:
            places = listed([read.place(path, each.line) for each in plain])
            notes.append(f"`{name}` is defined {len(plain)} times ({places}); the last one was graded.")
    return notes


def _twice(
    found: Mapping[str, _Candidate], candidates: Mapping[str, Sequence[_Candidate]], read: SourceFiles
) -> list[str]:
    """Notes about functions that several files define; many of the same two files share one note."""
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for function, chosen in found.items():
        if chosen.definition.kind == "import":
            continue
        for other in candidates[function]:
            if other.outline is not chosen.outline and other.definition.kind != "import":
                places = [_place(each, read) for each in (chosen, other)]
                pairs[chosen.outline.path, other.outline.path].append((function, " and ".join(places)))
    notes = []
    for (path, other_path), functions in pairs.items():
        if len(functions) <= _NAMED_ONE_BY_ONE:
            notes += [f"`{name}` is defined in {where}; {path} was graded." for name, where in functions]
        else:
            names = ", ".join(f"`{name}`" for name, _ in functions[:_NAMED_ONE_BY_ONE])
            more = len(functions) - _NAMED_ONE_BY_ONE
            notes.append(
                f"{names} and {more} more are defined in {path} and in {other_path}; {path} was graded."
            )
    return notes


def _place(candidate: _Candidate, read: SourceFiles) -> str:
    return read.place(candidate.outline.path, candidate.definition.line)
