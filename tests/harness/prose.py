"""Feedback as it reads, wherever its lines were broken."""

from __future__ import annotations


def one_line(text: str) -> str:
    return " ".join(text.split())
