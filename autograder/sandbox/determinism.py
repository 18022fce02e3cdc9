"""The same submission gives the same results twice: random generators and threads."""

from __future__ import annotations

import contextlib
import random
import sys

import numpy as np


def import_torch() -> None:
    """Import torch, if it is installed, and keep it to one thread: before any time is taken."""
    with contextlib.suppress(ImportError):
        import torch
        import torch._dynamo  # torch.optim imports it at the first step, which takes seconds

        torch.set_num_threads(1)


def reseed(seed: int) -> None:
    """Set every random generator that student code shares with nobody else but itself."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed % 2**63)
