"""Every script that V8 parsed in one isolate as a table, those without a label too: eval, console input.

Fed with events; the newest `MOST` of each isolate are kept, and how many went is told. Owner: the GUI thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QObject

from inspector.events import ContextCreated, Event, RunSettled, ScriptParsed
from inspector.states import Outcome
from inspector.text import visible
from inspector.units import format_ms
from ui.models.table import TableModel

__all__ = ["MOST", "ScriptRow", "ScriptsModel"]

MOST = 2_000
_COLUMNS = ("Script", "Context", "Kind", "Length", "Runs", "Time in all", "CPU in all", "Compile", "Hash")
_NAME, _CONTEXT, _KIND, _LENGTH, _RUNS, _TIME, _CPU, _COMPILE, _HASH = range(len(_COLUMNS))
_MEANING = {
    _NAME: "The label that the script gives itself (sourceURL), else its file; nothing is read because of a label.",
    _LENGTH: "UTF-16 code units.",
    _RUNS: "Runs that began with this script: what its functions do in later runs is theirs.",
    _TIME: "Wall clock of all its runs, waiting included.",
    _CPU: "Time of all its runs on the isolate's own thread.",
    _HASH: "V8's hash of the source.",
}


class ScriptRow(Struct):
    parsed: ScriptParsed
    runs: int = 0
    run_ms: float = 0.0
    cpu_ms: float | None = None
    compile_ms: float | None = None


class ScriptsModel(TableModel):
    """`apply` takes events of all isolates; `show` chooses whose scripts are the rows; `flush` draws what came."""

    columns = _COLUMNS
    number_columns = range(_LENGTH, _HASH)
    meanings = _MEANING

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_isolate: dict[int, deque[ScriptRow]] = {}
        self._by_id: dict[tuple[int, str], ScriptRow] = {}
        self._contexts: dict[tuple[int, int], str] = {}
        self._gone: dict[int, int] = {}  # how many of an isolate are kept no more
        self._isolate_id = 0
        self._stale = False
        self.rows: list[ScriptRow] = []

    def apply(self, events: Sequence[Event]) -> None:
        """Price: 2 us a script or run, 0.1 us for any other event."""
        for event in events:
            if isinstance(event, ScriptParsed):
                self._parsed(event)
            elif isinstance(event, RunSettled):
                self._settled(event)
            elif isinstance(event, ContextCreated):
                self._contexts[event.isolate_id, event.context_id] = event.name

    def show(self, isolate_id: int) -> None:
        self._isolate_id = isolate_id
        self._stale = True
        self.flush()

    def forget(self, isolate_id: int) -> None:
        for row in self._by_isolate.pop(isolate_id, ()):
            self._by_id.pop((isolate_id, row.parsed.script_id), None)
        self._contexts = {key: name for key, name in self._contexts.items() if key[0] != isolate_id}
        self._gone.pop(isolate_id, None)

    @property
    def stale(self) -> bool:
        """Whether there is something to draw."""
        return self._stale

    @property
    def known(self) -> list[int]:
        """The isolates of which something is kept."""
        return list(self._by_isolate)

    @property
    def lost(self) -> int:
        """How many scripts of the shown isolate are kept no more."""
        return self._gone.get(self._isolate_id, 0)

    def flush(self) -> None:
        """Draw what came since; rows are appended where that is all that changed."""
        if not self._stale:
            return
        self._stale = False
        now = list(self._by_isolate.get(self._isolate_id, ()))
        old = len(self.rows)
        if len(now) >= old and (not old or now[0] is self.rows[0]):
            if len(now) > old:
                self.beginInsertRows(QModelIndex(), old, len(now) - 1)
                self.rows = now
                self.endInsertRows()
            if now:
                self.dataChanged.emit(self.index(0, _RUNS), self.index(len(now) - 1, _COMPILE))
            return
        self.beginResetModel()
        self.rows = now
        self.endResetModel()

    def _parsed(self, event: ScriptParsed) -> None:
        key = event.isolate_id, event.script_id
        if event.internal or key in self._by_id:
            return
        rows = self._by_isolate.setdefault(event.isolate_id, deque())
        row = self._by_id[key] = ScriptRow(event)
        rows.append(row)
        if len(rows) > MOST:
            self._by_id.pop((event.isolate_id, rows.popleft().parsed.script_id), None)
            self._gone[event.isolate_id] = self._gone.get(event.isolate_id, 0) + 1
        self._stale = self._stale or event.isolate_id == self._isolate_id

    def _settled(self, event: RunSettled) -> None:
        row = self._by_id.get((event.isolate_id, event.report.script_id))
        if row is None or event.report.outcome is Outcome.HOST_LOST:  # nobody measured it then
            return
        timings = event.report.timings
        row.runs += 1
        row.run_ms += timings.run_ms
        if timings.cpu_ms is not None:
            row.cpu_ms = (row.cpu_ms or 0.0) + timings.cpu_ms
        if row.compile_ms is None:
            row.compile_ms = timings.compile_ms
        self._stale = self._stale or event.isolate_id == self._isolate_id

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.rows)

    def cell(self, row: int, column: int) -> str:
        return self._cell(self.rows[row], column)

    def tip(self, row: int, _column: int) -> str:
        parsed = self.rows[row].parsed
        file = f"File: {visible(parsed.path, 400)}" if parsed.path else "Not from a file"
        return f"Label: {visible(parsed.url or '(none)', 400)}\n{file}\nDouble-click: its source"

    def _cell(self, row: ScriptRow, column: int) -> str:
        parsed = row.parsed
        if column == _NAME:
            label = (parsed.url or parsed.path).rstrip("/").rsplit("/", 1)[-1]
            return visible(label, 80) or f"(no label, script {parsed.script_id})"
        if column == _CONTEXT:
            name = self._contexts.get((parsed.isolate_id, parsed.context_id), "")
            return visible(name, 40) or f"context {parsed.context_id}"
        return {
            _KIND: str(parsed.kind),
            _LENGTH: f"{parsed.length:,}",
            _RUNS: str(row.runs) if row.runs else "",
            _TIME: format_ms(row.run_ms) if row.runs else "",
            _CPU: format_ms(row.cpu_ms) if row.runs else "",
            _COMPILE: format_ms(row.compile_ms) if row.runs else "",
            _HASH: visible(parsed.hash, 24),
        }[column]
