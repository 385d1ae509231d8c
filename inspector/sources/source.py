"""A text that V8 will compile, and what is known about it before it does."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from inspector.records_shown import repr_without
from inspector.states import SourceKind

__all__ = ["Source"]


class Source(Struct, frozen=True):
    """`url` is the label that stacks show and that modules resolve against: a file: url where there is a file.

    `path` is the real file (links resolved), None for typed text. `root` is the folder that imports may not leave.
    """

    text: str
    url: str
    path: Path | None
    kind: SourceKind
    kind_reason: str  # for a person: "import on line 3"
    root: Path | None

    def __repr__(self) -> str:
        return repr_without(self, "text")
