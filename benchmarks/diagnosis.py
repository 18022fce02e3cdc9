"""Does the feedback name the right misconception? Every known mistake, planted in several styles of code.

    python -m benchmarks.diagnosis [--only conv] [--processes N]

A planted mistake is one function of an otherwise correct submission (styles.py); what calls it is wrong with
it. All tests are run and each that failed is explained, as in a real run (planting.py).

caught: a test loses points. right: what students read names this mistake and no other. one of two: it is one
of two that are said to be possible. silent: no mistake is named. wrong: another mistake is named.

Then what it costs to explain a submission in which every function is wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.one_thread import ONE_THREAD

os.environ.update(ONE_THREAD)

import numpy as np

from autograder.mistake import Mistake
from autograder.rehearsal.styles import STYLES, Function, Style, as_the_key
from benchmarks.machine import machine
from benchmarks.planting import Bench, named_mistakes

SECONDS_ALLOWED = 2.0
RIGHT_ALLOWED = 0.97


@dataclass(frozen=True)
class Planted:
    """What became of one mistake in one style."""

    style: str
    mistake: str
    verdict: str
    named: tuple[str, ...]


def plant(bench: Bench, style: Style, mistake: Mistake) -> Planted:
    """Hand in a submission with this mistake, and read what its tests say."""
    finished, lost = bench.finished(style, {mistake.function: mistake.variant})
    named = named_mistakes(bench.explainer(finished), finished)
    verdict = judge(mistake, named) if lost > 0 else "missed"
    return Planted(style.__name__, mistake.name, verdict, tuple(sorted(set().union(*named))))


def judge(mistake: Mistake, named: Sequence[frozenset[str]]) -> str:
    """How right it is to say this about a submission with this mistake alone."""
    if not named:
        return "silent"
    if any(mistake.name not in each for each in named):
        return "wrong"
    return "right" if all(len(each) == 1 for each in named) else "one of two"


_bench: Bench


def _plant_all(job: tuple[int, str]) -> list[Planted]:
    """All mistakes of one function in one style."""
    style, function = STYLES[job[0]], job[1]
    return [plant(_bench, style, each) for each in _bench.mistakes if each.function == function]


def everything_planted(bench: Bench, only: str, processes: int) -> list[Planted]:
    global _bench
    _bench = bench
    functions = [name for name in bench.specs if only in name]
    jobs = [(style, name) for style in range(len(STYLES)) for name in functions]
    # Forks inherit the loaded cases and mistakes, which could not be sent.
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return [planted for found in pool.map(_plant_all, jobs, chunksize=1) for planted in found]


def cost(bench: Bench, wrong: Mapping[str, Function]) -> float:
    """CPU seconds to explain every failed test of a submission with these wrong functions."""
    finished, _ = bench.finished(as_the_key, wrong)
    started = time.process_time()
    explainer = bench.explainer(finished)
    for case, test in finished.values():
        explainer.paragraphs(case, test)
    return time.process_time() - started


def all_wrong(bench: Bench) -> dict[str, dict[str, Function]]:
    """Submissions in which every function is wrong: in a known way, in two, and in one that nobody knows."""
    first: dict[str, Function] = {}
    last: dict[str, Function] = {}
    for mistake in bench.mistakes:
        first.setdefault(mistake.function, mistake.variant)
        last[mistake.function] = mistake.variant
    unknown = {name: _distorted(function) for name, function in bench.functions.items()}
    return {"first known mistakes": first, "last known mistakes": last, "unknown mistakes": unknown}


def _distorted(function: Function) -> Function:
    """Each number a little too large, by another share for each: no mistake of the catalogue."""

    def distorted(*arguments: Any) -> Any:
        return _off(function(*arguments))

    return distorted


def _off(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _off(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_off, value))
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * (1.1 + 0.05 * np.sin(np.arange(value.size)).reshape(value.shape)) + 0.01
    return value * 1.1 + 0.01 if isinstance(value, float) else value


def report(found: Sequence[Planted]) -> bool:
    """Print the table; are all mistakes caught, none named wrongly, and enough named?"""
    verdicts = ("right", "one of two", "silent", "wrong", "missed")
    print(f"{'style':24}{'planted':>9}{'caught':>9}" + "".join(f"{verdict:>12}" for verdict in verdicts[:4]))
    counts: Counter[str] = Counter()
    for style in STYLES:
        here = Counter(each.verdict for each in found if each.style == style.__name__)
        _print_row(style.__name__, here)
        counts += here
    _print_row("all", counts)
    share = counts["right"] / max(1, counts.total())
    print(f"named right: {share:.1%} (aim: at least {RIGHT_ALLOWED:.0%}); wrong: {counts['wrong']} (aim: 0)")
    for each in found:
        if each.verdict != "right":
            print(f"  {each.style}: {each.mistake}: {each.verdict} {', '.join(each.named)}")
    return counts["missed"] == counts["wrong"] == 0 and share >= RIGHT_ALLOWED


def _print_row(name: str, here: Counter[str]) -> None:
    caught = here.total() - here["missed"]
    columns = "".join(f"{here[verdict]:>12}" for verdict in ("right", "one of two", "silent", "wrong"))
    print(f"{name:24}{here.total():>9}{caught:>9}{columns}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="functions whose name holds this")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    bench = Bench()
    print(f"machine: {machine()}")
    lost = {style.__name__: bench.finished(style, {})[1] for style in STYLES}
    print(f"points that the styles lose without any mistake: {sum(lost.values()):g}")
    good = report(everything_planted(bench, options.only, options.processes)) and not any(lost.values())
    for name, wrong in all_wrong(bench).items():
        seconds = cost(bench, wrong)
        print(f"all functions wrong, {name}: explained in {seconds:.2f} s (aim: below {SECONDS_ALLOWED:g})")
        good = good and seconds < SECONDS_ALLOWED
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
