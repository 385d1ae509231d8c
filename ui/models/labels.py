"""The short name of a script from its label: the last part of an address, as plain text."""

from __future__ import annotations

from inspector.sources.urls import unquoted
from inspector.text import visible

__all__ = ["short_label"]


def short_label(label: str, limit: int = 80) -> str:
    """ "file:///files/my%20file.js" -> "my file.js"; of other addresses the last part as it is written; "" for ""."""
    last = label.rstrip("/").rsplit("/", 1)[-1] or label
    return visible(unquoted(last) if label.startswith("file:") else last, limit)
