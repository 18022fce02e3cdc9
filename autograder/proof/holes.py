"""What a mutation matrix says is wrong with the graded tests or with the catalogue, in words."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.declared import DeclaredTest
from autograder.proof.matrix import Matrix


def holes(matrix: Matrix) -> list[str]:
    """Every problem as a sentence that names the mistake or the test, and what to do."""
    return [
        *wrong_points(matrix),
        *_tests_that_catch_nothing(matrix),
        *_losses_in_foreign_tests(matrix),
        *_undistinguished(matrix),
        *_needless_notes(matrix),
    ]


def wrong_points(matrix: Matrix) -> list[str]:
    """Of the problems, those for which somebody gets points that are not deserved, or loses some."""
    return [*_imperfect_key(matrix), *_broken_tests(matrix), *_mistakes_that_pass(matrix)]


def _imperfect_key(matrix: Matrix) -> Iterator[str]:
    for name in matrix.imperfect:
        yield f"the key itself does not get all points in {name}: mend the test or the key"


def _broken_tests(matrix: Matrix) -> Iterator[str]:
    for row in matrix.rows:
        for name in row.broken:
            yield f"{name} fails with an exception of its own on {row.mistake.name}: make the test stand it"


def _mistakes_that_pass(matrix: Matrix) -> Iterator[str]:
    for row in matrix.rows:
        if row.cost <= 0:
            yield (
                f"{row.mistake.name} passes every test of {row.mistake.function}: "
                "add an input on which it is wrong, or take it out of the catalogue"
            )


def _tests_that_catch_nothing(matrix: Matrix) -> Iterator[str]:
    """A test is judged by the mistakes of all functions that it names, so only where all were run."""
    caught = {name for row in matrix.rows for name, lost in row.lost.items() if lost > 0}
    for test in matrix.tests:
        if test.points > 0 and test.name not in caught and _all_were_run(matrix, test):
            yield (
                f"{test.name} ({test.number}) catches no known mistake: "
                "add the mistake that it is there for to the catalogue, or sharpen its inputs"
            )


def _all_were_run(matrix: Matrix, test: DeclaredTest) -> bool:
    return set(test.tags) <= set(matrix.functions)


def _losses_in_foreign_tests(matrix: Matrix) -> Iterator[str]:
    tags = {test.name: test.tags for test in matrix.tests}
    for row in matrix.rows:
        function = row.mistake.function
        for name, lost in row.lost.items():
            if lost > 0 and function not in tags[name]:
                yield (
                    f"{row.mistake.name} loses points in {name}, which does not name {function}: "
                    "add it to the test's tags, or do without calling it"
                )


def _undistinguished(matrix: Matrix) -> Iterator[str]:
    noted = _noted(matrix)
    for left, right in matrix.alike:
        if frozenset((left, right)) not in noted:
            yield (
                f"{left} and {right} answer alike on every graded input: add an input that tells them apart, "
                f'drop one, or note twin_of="{left}" on {right}'
            )


def _needless_notes(matrix: Matrix) -> Iterator[str]:
    found = {frozenset(pair) for pair in matrix.alike}
    for row in matrix.rows:
        twin = row.mistake.twin_of
        if twin is not None and frozenset((row.mistake.name, twin)) not in found:
            yield (
                f"{row.mistake.name} is noted as twin_of={twin!r}, but a graded input tells them apart: "
                "take the note away"
            )


def _noted(matrix: Matrix) -> set[frozenset[str]]:
    """Pairs that a note covers: a mistake and its twin, and the twins of one mistake among themselves."""
    families: dict[str, set[str]] = {}
    for row in matrix.rows:
        if row.mistake.twin_of is not None:
            families.setdefault(row.mistake.twin_of, {row.mistake.twin_of}).add(row.mistake.name)
    return {frozenset((left, right)) for family in families.values() for left in family for right in family}
