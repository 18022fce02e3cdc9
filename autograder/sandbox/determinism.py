"""The same submission gives the same results twice: random generators and threads."""

from __future__ import annotations

import random
import sys

import numpy as np


def reseed(seed: int) -> None:
    """Set every random generator that student code shares with nobody else but itself."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed % 2**63)
