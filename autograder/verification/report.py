"""What a verification found, in words for the instructor."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.verification.containers import SLOWER, Advice
from autograder.verification.steps import Findings, Tried

WHAT_TO_DO = (
    "An example that gets another verdict: `python -m autograder grade submissions_example/NAME` shows why; "
    "if the new verdict is right, `python -m tests.harness.examples --update` writes it down.\n"
    "A mistake that passes: `python -m autograder prove` shows it among all others.\n"
    "To build all the same: --no-verify."
)


def report(findings: Findings) -> str:
    """The whole report of a verification without problems."""
    return "\n".join(_lines(findings))


def failure(findings: Findings) -> str:
    """Everything that is wrong, each with its place, and what to do."""
    many = len(findings.problems)
    found = "\n".join(f"  - {problem}" for problem in findings.problems)
    return f"{many} {'thing is' if many == 1 else 'things are'} not as expected:\n{found}\n{WHAT_TO_DO}"


def not_verified() -> str:
    """What a build without verification leaves open, so that nobody takes the zip for tried."""
    return (
        "\nNOT VERIFIED (--no-verify): this zip was never unpacked, set up or used. Nobody knows whether\n"
        "  - setup.sh installs what grading needs,\n"
        "  - run_autograder gives the examples their expected scores,\n"
        "  - every known mistake loses points,\n"
        "  - a container and a timeout suffice.\n"
        "Run `python -m autograder build` before students hand in, or at least Gradescope's Test Autograder."
    )


def _lines(findings: Findings) -> Iterator[str]:
    yield f"setup.sh: {findings.setup.seconds:.0f} s"
    width = max(len(tried.example.name) for tried in findings.tried)
    for tried in findings.tried:
        yield _example(tried, width)
    yield f"{findings.mistakes}: every mistake loses points"
    layers = next((tried.layers for tried in findings.tried if tried.layers), ())
    yield f"confinement in force: {', '.join(layers) or 'none'}"
    if findings.left_out:
        yield "not tried:"
        yield from (f"  - {what}" for what in findings.left_out)
    if findings.advice is not None:
        yield from _advice(findings.advice)


def _example(tried: Tried, width: int) -> str:
    took = tried.measured
    memory = "" if took.peak_mb is None else f"{took.peak_mb:7.0f} MB"
    score = f"{tried.example.expected['score']:g} of {tried.example.expected['max_score']:g}, as expected"
    return (
        f"example {tried.example.name:{width}}  {score:<25}"
        f"{took.cpu_seconds:7.1f} s computing{took.waiting:7.1f} s waiting{memory}"
    )


def _advice(advice: Advice) -> Iterator[str]:
    slowest, largest, container = advice.slowest, advice.largest, advice.container
    if container is None:
        return
    yield f"On Gradescope choose the container {container} and a timeout of {advice.minutes} minutes."
    yield (
        f"  time: {slowest.name}, the slowest example, takes {slowest.seconds_in(container):.0f} s there "
        f"if their processor takes {SLOWER:g} times as long as this one"
    )
    if largest.measured.peak_mb is None:
        yield f"  memory: not measured (there is no /proc here); a submission may take {largest.limit_mb} MB"
    else:
        yield (
            f"  memory: {largest.measured.peak_mb:.0f} MB for {largest.name}, and {largest.limit_mb} MB that "
            "a submission may take beside it"
        )
