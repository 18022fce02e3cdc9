"""Which of Gradescope's containers, and which timeout, suffice for what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.assignment import LimitSettings
from autograder.verification.measured import Measured

TIMEOUTS = (10, 20, 40)  # minutes that the platform offers
SLOWER = 2.0  # a processor of the platform's may be this much slower than this machine's
USABLE = 0.9  # of the timeout: the grader stops itself before the platform does, which throws results away


@dataclass(frozen=True)
class Container:
    """A size that Gradescope offers: processors that are guaranteed, and memory that must do."""

    cpus: float
    memory_mb: int

    def __str__(self) -> str:
        return f"{self.cpus:g} CPU / {self.memory_mb / 1024:g} GB"


CONTAINERS = (Container(0.5, 768), Container(1, 1536), Container(2, 3072), Container(4, 6144))


@dataclass(frozen=True)
class Load:
    """An example as a load on a container: its name, what it took, what it may take more."""

    name: str
    measured: Measured
    limit_mb: int

    @property
    def needed_mb(self) -> float:
        """Its memory, and what the limits let a submission of its kind take beside it."""
        return (self.measured.peak_mb or 0.0) + self.limit_mb

    def seconds_in(self, container: Container) -> float:
        """How long it takes there: grading computes in one process at a time, on a slower processor."""
        return self.measured.waiting + SLOWER * self.measured.cpu_seconds / min(container.cpus, 1.0)


@dataclass(frozen=True)
class Advice:
    """The smallest container that suffices, None if none does; `minutes`: the timeout to choose."""

    container: Container | None
    minutes: int
    slowest: Load
    largest: Load


def timeout_minutes(limits: LimitSettings) -> int:
    """The shortest timeout that the platform offers and that is no shorter than the assignment's own."""
    offered = (minutes for minutes in TIMEOUTS if minutes * 60 >= limits.timeout_seconds)
    return next(offered, TIMEOUTS[-1])


def advise(loads: Sequence[Load], limits: LimitSettings) -> Advice:
    """What to choose on Gradescope for these examples, of which there is at least one."""
    minutes = timeout_minutes(limits)
    usable = USABLE * min(limits.timeout_seconds, minutes * 60)
    largest = max(loads, key=lambda load: load.needed_mb)
    slowest = max(loads, key=lambda load: load.seconds_in(CONTAINERS[0]))
    for container in CONTAINERS:
        if largest.needed_mb <= container.memory_mb and slowest.seconds_in(container) <= usable:
            return Advice(container, minutes, slowest, largest)
    return Advice(None, minutes, slowest, largest)
