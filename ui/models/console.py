"""The console's model: the log of the isolate that is shown, filtered by context, level and text; appended once a
batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.events import (
    ConsoleCleared,
    ConsoleDropped,
    ConsoleValuesReleased,
    ConsoleWritten,
    Event,
    ExceptionThrown,
    RunQueued,
    RunReport,
    RunSettled,
)
from inspector.sources.hints import commonjs_hint
from inspector.states import Outcome
from inspector.text import visible
from ui.clock import now_us
from ui.models.console_log import ConsoleLog, Level, Line, Row, error_text, outcome_line, plain, written_line
from ui.models.isolates import plain_tip

__all__ = ["ALL_LEVELS", "CONSOLE_INPUT", "ConsoleModel"]

CONSOLE_INPUT = "console input"  # the label of a run that a person typed
ALL_LEVELS = frozenset({Level.DEBUG, Level.LOG, Level.INFO, Level.WARNING, Level.ERROR})
_MAX_ROWS_IN_ALL = 500_000
_FITS = 40  # characters: more may be cut at the edge of the window, and are told on hovering
_TIP_CHARS = 1_500
_NONE = QModelIndex()


class ConsoleModel(QAbstractListModel):
    """All consoles are kept; one is shown. Owner: the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._logs: dict[int, ConsoleLog] = {}
        self._labels: dict[int, str] = {}  # run id -> label, until it settles
        self._rows: list[Row] = []
        self._isolate_id: int | None = None
        self._context_id: int | None = None
        self._levels = ALL_LEVELS
        self._needle = ""

    # --- what is shown ---

    @property
    def isolate_id(self) -> int | None:
        return self._isolate_id

    def show(self, isolate_id: int | None, context_id: int | None = None) -> None:
        """Show the console of an isolate, or of one context of it."""
        if (isolate_id, context_id) != (self._isolate_id, self._context_id):
            self._isolate_id, self._context_id = isolate_id, context_id
            self._refill()

    def set_filter(self, levels: frozenset[Level], needle: str = "") -> None:
        """Show only these levels of console calls, and only rows that hold `needle` (case ignored)."""
        self._levels, self._needle = levels, needle.casefold()
        self._refill()

    def row(self, index: QModelIndex | QPersistentModelIndex) -> Row | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    # --- what arrives ---

    def apply(self, events: Sequence[Event]) -> None:
        """Append what a batch brought."""
        shown: list[Row] = []
        for event in events:
            if isinstance(event, ConsoleWritten):
                log = self._log(event.isolate_id)
                line = written_line(event, log)
                if line is not None:
                    self._take(event.isolate_id, log, line, shown)
            elif isinstance(event, ExceptionThrown):
                text = f"Uncaught {error_text(event.error)}"
                line = Line(Level.ERROR, text, event.at_us, event.context_id, run_id=event.run_id)
                self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
            else:
                self._apply_rare(event, shown)
        self._append(shown)
        self._trim()

    def add_input(self, isolate_id: int, context_id: int, expression: str) -> None:
        """Echo what a person typed."""
        shown: list[Row] = []
        self._take(isolate_id, self._log(isolate_id), Line(Level.INPUT, plain(expression), now_us(), context_id), shown)
        self._append(shown)

    def add_note(self, isolate_id: int, text: str, level: Level = Level.NOTE) -> None:
        """Say something about an isolate where the user looks."""
        shown: list[Row] = []
        self._take(isolate_id, self._log(isolate_id), Line(level, plain(text), now_us(), 0), shown)
        self._append(shown)

    def clear(self) -> None:
        """Forget the lines of the isolate that is shown."""
        if self._isolate_id is not None:
            self._logs.pop(self._isolate_id, None)
            self._refill()

    def forget(self, isolate_id: int) -> None:
        self._logs.pop(isolate_id, None)
        if isolate_id == self._isolate_id:
            self._refill()

    def text(self) -> str:
        """All rows shown, as text to copy."""
        return "\n".join(row.text for row in self._rows)

    def _apply_rare(self, event: Event, shown: list[Row]) -> None:
        if isinstance(event, RunQueued):
            self._labels[event.run_id] = event.label
            if event.label != CONSOLE_INPUT:
                why = f" ({visible(event.kind_reason, 200)})" if event.kind_reason else ""
                waits = f" · {event.waits_for}" if event.waits_for else ""
                note = f"{visible(event.label, 80)} · {event.kind}{why}{waits}"
                line = Line(Level.RUN, note, event.at_us, event.context_id, run_id=event.run_id)
                self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
        elif isinstance(event, RunSettled):
            label = self._labels.pop(event.run_id, "run")
            line = _settled(label, event)
            self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
            if hint := _hint(event.report):
                line = Line(Level.NOTE, hint, event.at_us, event.context_id, run_id=event.run_id)
                self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
        elif isinstance(event, ConsoleDropped):
            text = f"{event.count:,} console lines were dropped: they came faster than they could be shown"
            self._take(event.isolate_id, self._log(event.isolate_id), Line(Level.GAP, text, event.at_us, 0), shown)
        elif isinstance(event, ConsoleCleared):
            self._cleared(event, shown)
        elif isinstance(event, ConsoleValuesReleased) and event.isolate_id in self._logs:
            self._logs[event.isolate_id].release()
            if event.isolate_id == self._isolate_id and self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _cleared(self, event: ConsoleCleared, shown: list[Row]) -> None:
        log = self._log(event.isolate_id)
        log.rows = [row for row in log.rows if row.line.context_id != event.context_id]
        log.depths.pop(event.context_id, None)
        note = Line(Level.NOTE, "The script cleared the console.", event.at_us, event.context_id)
        log.add(note)
        if event.isolate_id == self._isolate_id:
            shown.clear()
            self._refill()

    def _log(self, isolate_id: int) -> ConsoleLog:
        log = self._logs.get(isolate_id)
        if log is None:
            log = self._logs[isolate_id] = ConsoleLog()
        return log

    def _take(self, isolate_id: int, log: ConsoleLog, line: Line, shown: list[Row]) -> None:
        rows = log.add(line)
        if isolate_id == self._isolate_id:
            shown += [row for row in rows if self._passes(row)]

    def _passes(self, row: Row) -> bool:
        line = row.line
        if self._context_id is not None and line.context_id not in (0, self._context_id):
            return False
        if line.level in ALL_LEVELS and line.level not in self._levels:
            return False
        return not self._needle or self._needle in row.text.casefold()

    def _append(self, rows: list[Row]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _refill(self) -> None:
        self.beginResetModel()
        log = self._logs.get(self._isolate_id) if self._isolate_id is not None else None
        self._rows = [row for row in log.rows if self._passes(row)] if log is not None else []
        self.endResetModel()

    def _trim(self) -> None:
        for isolate_id, log in self._logs.items():
            if surplus := log.surplus():
                self._trim_log(isolate_id, log, surplus)
        while sum(len(log.rows) for log in self._logs.values()) > _MAX_ROWS_IN_ALL:
            isolate_id, log = max(self._logs.items(), key=lambda item: len(item[1].rows))
            self._trim_log(isolate_id, log, len(log.rows) // 2)

    def _trim_log(self, isolate_id: int, log: ConsoleLog, count: int) -> None:
        """Price: passing all rows through the filter again would stall a flood, so only those that go are looked
        at.
        """
        shown = isolate_id == self._isolate_id
        gone = sum(map(self._passes, log.rows[:count])) if shown else 0
        new = log.trim(count)
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()
        new = [row for row in new if shown and self._passes(row)]
        if new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._rows[:0] = new
            self.endInsertRows()

    # --- Qt's questions ---

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.line.level.value}: {row.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_tip(row.line))
        return None


def _settled(label: str, event: RunSettled) -> Line:
    report: RunReport = event.report
    if label != CONSOLE_INPUT:
        return outcome_line(label, report, event.at_us, event.context_id, event.run_id)
    if report.outcome is Outcome.COMPLETED:
        objects = (str(report.result["objectId"]),) if report.result and "objectId" in report.result else ()
        line = Line(Level.RESULT, plain(report.preview), event.at_us, event.context_id, run_id=event.run_id)
        line.objects = objects
        return line
    text = error_text(report.error) if report.error is not None else plain(f"{report.outcome}: {report.evidence}")
    return Line(Level.ERROR, text, event.at_us, event.context_id, run_id=event.run_id)


def _hint(report: RunReport) -> str:
    """What to do about a failure that has one well-known cause."""
    return "" if report.error is None else commonjs_hint(report.error.name, report.error.message)


def _tip(line: Line) -> str:
    words = [line.level.value if not line.origin else f"{line.level.value} · {line.origin}"]
    if len(line.text) > _FITS:
        words.append(visible(line.text, _TIP_CHARS, lines=True))
    if line.released:
        words.append("value released: V8 was told to let go of its objects, so they can't be expanded any more")
    elif line.objects:
        words.append("Press Enter or double-click to see its properties")
    return "\n".join(words)
