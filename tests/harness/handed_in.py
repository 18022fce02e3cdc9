"""Submissions written down in tests: files by name, and notebooks by their cells."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.submission import Submission, Wanted, read_submission

WANTED = {
    "softmax": Wanted("layers.py"),
    "softmax_loss": Wanted("layers.py"),
    "affine_forward": Wanted("layers.py"),
    "conv_forward": Wanted("layers.py", ("conv_forward_naive",)),
    "sgd": Wanted("optim.py"),
}
SOFTMAX = "import numpy as np\n\ndef softmax(z):\n    e = np.exp(z)\n    return e / e.sum()\n"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(folder: Path, files: dict[str, str | bytes]) -> Submission:
    return read_submission(write(folder, files), WANTED)


def notebook(*cells: str, **extra: object) -> str:
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# Hi"}, *code], **extra})
