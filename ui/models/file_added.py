"""A file that the user put under a context and that V8 has not seen: it stands in the tree, and can be run."""

from __future__ import annotations

from inspector.events import Event, ScriptParsed
from inspector.states import SourceKind

__all__ = ["FileAdded", "file_id", "is_file_id"]

_MARK = "file:"


class FileAdded(Event, frozen=True):
    """An event of the window's own. `path` is the real file, `url` its label as V8 will know it."""

    isolate_id: int
    context_id: int
    path: str
    url: str
    length: int
    kind: SourceKind

    @property
    def parsed(self) -> ScriptParsed:
        """As it stands among the scripts, until V8 parses it."""
        return ScriptParsed(
            self.at_us,
            self.isolate_id,
            self.context_id,
            file_id(self.path),
            self.url,
            self.path,
            self.length,
            "",
            self.kind,
            False,
        )


def file_id(path: str) -> str:
    """What stands for V8's script id."""
    return _MARK + path


def is_file_id(script_id: str) -> bool:
    """Whether this is the id of an added file, not one of V8's."""
    return script_id.startswith(_MARK)
