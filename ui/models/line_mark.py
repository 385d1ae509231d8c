"""What stands beside a line of a source."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

__all__ = ["LineMark"]


class LineMark(Struct, frozen=True):
    """`words` are told when the mouse is over it."""

    kind: Literal["coming", "plain", "condition", "log"]
    words: str = ""
