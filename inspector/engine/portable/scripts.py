"""What was run from here, as CDP tells of scripts: what a script compiles itself is not seen."""

from __future__ import annotations

import hashlib

from inspector.engine.portable.console import CONTEXT_ID, Console
from inspector.engine.portable.evaluation import label_in
from inspector.engine.portable.run import Run

__all__ = ["Scripts"]

_MOST_CHARACTERS = 16 << 20  # of the sources that are kept; the newest one always is


class Scripts:
    """Belongs to the isolate's thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sources: dict[str, str] = {}  # script id -> source, oldest first
        self._characters = 0
        self._last = 0

    def source_of(self, script_id: str) -> str | None:
        """None for one that is unknown, or was let go of for newer ones."""
        return self._sources.get(script_id)

    def tell(self, run: Run) -> None:
        """Debugger.scriptParsed for a run that is about to execute."""
        self._last += 1
        run.script_id = str(self._last)
        source = run.request.source
        self._keep(run.script_id, source)
        lines, label = source.split("\n"), label_in(source)
        params = {
            "scriptId": run.script_id,
            "url": label or run.request.url,
            "hasSourceURL": bool(label),
            "startLine": 0,
            "startColumn": 0,
            "endLine": len(lines) - 1,
            "endColumn": len(lines[-1]),
            "executionContextId": CONTEXT_ID,
            "hash": hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest(),
            "isModule": False,
            "length": len(source.encode("utf-16-le", "surrogatepass")) // 2,
        }
        self._console.notify("Debugger.scriptParsed", params)

    def _keep(self, script_id: str, source: str) -> None:
        self._sources[script_id] = source
        self._characters += len(source)
        while self._characters > _MOST_CHARACTERS and len(self._sources) > 1:
            self._characters -= len(self._sources.pop(next(iter(self._sources))))
