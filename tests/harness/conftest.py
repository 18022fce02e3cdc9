from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.launch import launch
from autograder.sandbox.nursery_host import Nursery
from tests.harness.sandboxed import Sandboxed, sandbox

NO_TORCH = "" if importlib.util.find_spec("torch") else "torch is not installed: setup.sh --dev installs it"


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One NumPy nursery for all tests of this process, as in a batch."""
    with contextlib.closing(Nursery(launch(with_torch=False))) as running:
        yield running


@pytest.fixture
def box(nursery: Nursery, tmp_path: Path) -> Iterator[Sandboxed]:
    with sandbox(nursery, tmp_path) as made:
        yield made


# Without torch, what needs it is reported as skipped: a file that imports it, a test that does, and the
# example that computes with it in the sandbox.


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    report = yield
    if NO_TORCH and report.failed and "No module named 'torch'" in str(report.longrepr):
        report.outcome = "skipped"
        report.longrepr = (str(collector.path), None, f"Skipped: {NO_TORCH}")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    try:
        return (yield)
    except ModuleNotFoundError as error:
        if NO_TORCH and error.name == "torch":
            pytest.skip(NO_TORCH)
        raise


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if NO_TORCH and item.name == "test_an_example_gets_its_verdict[torch_inside]":
            item.add_marker(pytest.mark.skip(NO_TORCH))
