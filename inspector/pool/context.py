"""One context of an isolate, and which files ran in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.events import ContextCreated
from inspector.states import Outcome

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["Context", "FileHistory"]


class FileHistory:
    """The files that ran in a context, each once, in the order of their first run.

    A file that did not complete is replayed only while it is the last one: it is the one that is being mended.
    """

    def __init__(self) -> None:
        self._completed: dict[Path, None] = {}
        self._seen: set[Path] = set()
        self.last: Path | None = None

    def inherit(self, other: FileHistory) -> None:
        """This context takes the place of another: the same files are to be replayed, even if one fails now."""
        self._completed = dict(other._completed)
        self.last = other.last

    def __contains__(self, path: Path) -> bool:
        return path in self._seen

    def ran(self, path: Path, outcome: Outcome) -> None:
        """A file ended."""
        self._seen.add(path)
        self.last = path
        if outcome is Outcome.COMPLETED:
            self._completed.setdefault(path)

    def replay(self) -> list[Path]:
        """What a fresh context must run: what completed before, then the last file. [] when no file ran."""
        if self.last is None:
            return []
        return [path for path in self._completed if path != self.last] + [self.last]


class Context:
    """A global object of its own on the isolate's heap. Lives until released, replaced, or its isolate ends."""

    def __init__(self, created: ContextCreated, isolate: Isolate) -> None:
        self.isolate = isolate
        self.context_id = created.context_id
        self.name = created.name
        self.is_default = created.is_default
        self.replaces_context_id = created.replaces_context_id
        self.files = FileHistory()

    def __repr__(self) -> str:
        return f"<Context {self.context_id} {self.name!r}>"
