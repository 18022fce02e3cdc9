from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.launch import launch
from autograder.sandbox.nursery_host import Nursery
from tests.harness.sandboxed import Sandboxed, sandbox


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One NumPy nursery for all tests of this process, as in a batch."""
    with contextlib.closing(Nursery(launch(with_torch=False))) as running:
        yield running


@pytest.fixture
def box(nursery: Nursery, tmp_path: Path) -> Iterator[Sandboxed]:
    with sandbox(nursery, tmp_path) as made:
        yield made
