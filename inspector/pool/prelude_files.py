"""Preludes of the user's own: which were asked for, and their text, read when an isolate is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.errors import UsageError
from inspector.pool.settings import PRELUDES
from inspector.sources.reading import read_source
from inspector.sources.source import Source
from inspector.states import SourceKind

__all__ = ["Prelude", "read_preludes", "split_prelude"]

Prelude = str | Path | Sequence[str | Path]

_ACTION = "Choose the prelude"


def split_prelude(prelude: Prelude) -> tuple[str, tuple[Path, ...]]:
    """("web" or "bare", files in their order). Files alone come after "web". UsageError for two names, or none."""
    words = [prelude] if isinstance(prelude, str | Path) else list(prelude)
    names = [word for word in words if isinstance(word, str) and word in PRELUDES]
    files = tuple(Path(word) for word in words if word not in names)
    for file in files:
        if not file.suffix and file.name == str(file):
            cause = f'there is no prelude "{file}"'
            raise UsageError(_ACTION, cause, f"Known: {', '.join(PRELUDES)}; or name a JavaScript file.")
    if len(set(names)) > 1:
        raise UsageError(_ACTION, "an isolate has one of web and bare", "Choose one; files can come after it.")
    return names[0] if names else "web", files


def read_preludes(files: Sequence[Path]) -> list[Source]:
    """Blocks on the disk. SourceError for what is no JavaScript, UsageError for a module."""
    sources = [read_source(file) for file in files]
    for source in sources:
        if source.kind is SourceKind.MODULE:
            cause = f"{source.url} is a module ({source.kind_reason})"
            raise UsageError(_ACTION, cause, "A prelude runs as a classic script: bundle it as one.")
    return sources
