"""What a submission tried that confinement refuses, in words for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.wording import quantity

HEAD = (
    "for staff: the submission tried what confinement refuses. That may have an innocent reason, such as a "
    "path on the student's own machine. The submission reports it itself, so more may have been tried."
)


def describe_tried(tried: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lines to print; none where nothing was tried."""
    if not tried:
        return []
    return [
        HEAD,
        *(
            f"  {kind}, {quantity(entry['times'], 'time')}: {'; '.join(entry['first'])}"
            for kind, entry in tried.items()
        ),
    ]
