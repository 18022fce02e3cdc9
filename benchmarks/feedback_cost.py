"""What the feedback costs: CPU seconds of what is done only so that a student reads why a test failed.

    python -m benchmarks.feedback_cost

Measured on the right submission, where next to nothing is to be said, and on submissions in which every
function is wrong. Counted are further calls to look closer at a wrong answer, the texts, and once all tests
have run the causes, misconceptions and patterns behind them, loading the catalogue included. Everything runs
in this process, so the share of the run is larger than in a real one, where every call crosses to another.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograder.one_thread import ONE_THREAD

os.environ.update(ONE_THREAD)

from autograder import verdict
from autograder.assignment import load_assignment, load_reference
from autograder.case import GradedCase
from autograder.mistakes_loader import load_mistakes
from autograder.rehearsal.styles import Function, as_the_key
from autograder.test_report import report
from benchmarks.diagnosis import all_wrong
from benchmarks.machine import machine
from benchmarks.planting import ROOT, Bench

SHARE_ALLOWED = 0.2  # of the run of the right submission
SECONDS_ALLOWED = 2.0  # for a submission that is wrong all over


@dataclass(frozen=True)
class Cost:
    """CPU seconds: the whole run with its feedback, and the feedback alone."""

    run: float
    feedback: float


class Meter:
    """Adds up the CPU seconds spent in some functions, those that call each other counted once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = False

    @contextmanager
    def counting(self) -> Iterator[None]:
        if self._inside:
            yield
            return
        self._inside, started = True, time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - started
            self._inside = False

    @contextmanager
    def on(self, owner: Any, name: str) -> Iterator[None]:
        """Count the calls of owner.name while the block runs."""
        original: Callable[..., Any] = getattr(owner, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            with self.counting():
                return original(*arguments, **named)

        setattr(owner, name, counted)
        try:
            yield
        finally:
            setattr(owner, name, original)


def cost(bench: Bench, wrong: Mapping[str, Function]) -> Cost:
    """Grade and explain a submission with these wrong functions."""
    meter, started = Meter(), time.process_time()
    with meter.on(GradedCase, "look_closer"), meter.on(verdict, "report"):
        finished, _ = bench.finished(as_the_key, wrong)
    with meter.counting():
        failed = [(case, test) for case, test in finished.values() if case.findings]
        if failed:
            explainer = bench.explainer(finished)
            for case, test in failed:
                report(case, test, explainer.known(case, test))
    return Cost(time.process_time() - started, meter.seconds)


def loading() -> float:
    """CPU seconds to load the catalogue, which the first wrong submission pays for."""
    assignment = load_assignment("exam", ROOT)
    load_reference(assignment)
    started = time.process_time()
    load_mistakes(assignment)
    return time.process_time() - started


def main() -> int:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    catalogue = loading()
    bench = Bench()
    print(f"machine: {machine()}")
    cost(bench, {})  # whatever is prepared at its first use
    right = cost(bench, {})
    share = right.feedback / right.run
    print(f"the right submission: {share:.2%} of {right.run:.2f} s (aim: at most {SHARE_ALLOWED:.0%})")
    good = share <= SHARE_ALLOWED
    for name, wrong in all_wrong(bench).items():
        seconds = cost(bench, wrong).feedback + catalogue
        times = seconds / right.run
        print(
            f"all functions wrong, {name}: {seconds:.2f} s (aim: at most {SECONDS_ALLOWED:g}), "
            f"{times:.1f} times the right submission's run"
        )
        good = good and seconds <= SECONDS_ALLOWED
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
