"""The console's model: the log of the isolate that is shown, filtered by context, level and text; appended once a
batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from inspector.events import (
    ConsoleCleared,
    ConsoleDropped,
    ConsoleValuesReleased,
    ConsoleWritten,
    Event,
    ExceptionThrown,
    RunQueued,
    RunSettled,
    RunValued,
    ScriptError,
)
from inspector.text import counted, visible
from inspector.values import Member, console_text, preview_text
from ui.clock import now_us
from ui.models.console_log import (
    Branch,
    ConsoleLog,
    Level,
    Line,
    Row,
    branch_of,
    error_text,
    plain,
    written_line,
)
from ui.models.console_rows import (
    CONSOLE_INPUT,
    TOLD_INPUT,
    hint_line,
    line_tip,
    member_row,
    result_line,
    settled_line,
)
from ui.models.discard import Discard
from ui.models.tip import plain_tip
from ui.models.value_drag import DraggedValue, drag_of

__all__ = ["ALL_LEVELS", "CONSOLE_INPUT", "ConsoleModel"]

ALL_LEVELS = frozenset({Level.DEBUG, Level.LOG, Level.INFO, Level.WARNING, Level.ERROR})
_MAX_ROWS_IN_ALL = 500_000
_NONE = QModelIndex()


class ConsoleModel(QAbstractListModel):
    """All consoles are kept; one is shown. Owner: the GUI thread.

    What is opened beneath a line lives in the rows that are shown alone: another isolate, another filter closes it.
    """

    members_wanted = Signal(object)  # a Branch: whoever hears it calls `put_members`

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._logs: dict[int, ConsoleLog] = {}
        self._labels: dict[int, str] = {}  # run id -> label, until it settles
        self._uncaught: dict[int, ScriptError] = {}  # run id -> the newest error that nobody caught, until it settles
        self._rows: list[Row] = []
        self._opened: list[Branch] = []
        self._isolate_id: int | None = None
        self._context_id: int | None = None
        self._levels = ALL_LEVELS
        self._needle = ""
        self._discard = Discard(self)
        self._counted = False  # the newest line was said again

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
                if event.run_id in self._labels:
                    self._uncaught[event.run_id] = event.error
                text = f"Uncaught {error_text(event.error)}"
                line = Line(Level.ERROR, text, event.at_us, event.context_id, run_id=event.run_id)
                self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
            else:
                self._apply_rare(event, shown)
        self._append(shown)
        self._trim()

    def add_input(self, isolate_id: int, context_id: int, expression: str) -> None:
        """Echo what a person typed."""
        self._add(isolate_id, Line(Level.INPUT, plain(expression), now_us(), context_id))

    def add_answer(self, isolate_id: int, context_id: int, remote: Mapping[str, Any], *, threw: bool = False) -> None:
        """What an input gave in a call frame, or threw there: a RemoteObject."""
        if threw:
            line = Line(Level.ERROR, plain(f"Uncaught {console_text((remote,))}"), now_us(), context_id)
        else:
            line = Line(Level.RESULT, preview_text(remote), now_us(), context_id)
        line.branch = branch_of((remote,)) if "objectId" in remote else None
        self._add(isolate_id, line)

    def add_note(self, isolate_id: int, text: str, level: Level = Level.NOTE) -> None:
        """Say something about an isolate where the user looks."""
        self._add(isolate_id, Line(level, plain(text), now_us(), 0))

    def clear(self) -> None:
        """Forget the lines of the isolate that is shown."""
        if self._isolate_id is not None:
            self.forget(self._isolate_id)

    def forget(self, isolate_id: int) -> None:
        if (log := self._logs.pop(isolate_id, None)) is not None:
            self._discard.take(log.rows)
        if isolate_id == self._isolate_id:
            self._refill()

    def text(self) -> str:
        """All rows shown, as text to copy."""
        return "\n".join(row.text for row in self._rows)

    # --- what a value holds ---

    def opens(self, row: Row) -> bool | None:
        """Whether a row stands open; None when there is nothing to open."""
        if row.line.is_group and row.first and row.level == 0:
            return not row.line.closed
        if row.branch is None or row.line.released:
            return None
        return row.branch.is_open

    def toggle(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """Open or close a group, or what a value holds: what is not here yet is asked for by `members_wanted`."""
        row = self.row(index)
        if row is None or (is_open := self.opens(row)) is None:
            return
        if row.line.is_group and row.level == 0:
            row.line.closed = is_open
            self._refill()
        elif row.branch is not None and is_open:
            self._close(index.row(), row.branch)
        elif row.branch is not None and len(remotes := row.branch.remotes) > 1:
            row.branch.asked = True
            self.put_members(row.branch, [Member("", "property", one) for one in remotes])
        elif row.branch is not None and not row.branch.asked:
            row.branch.asked = True
            self.members_wanted.emit(row.branch)

    def put_members(self, branch: Branch, members: Sequence[Member]) -> None:
        """Show what a value holds, beneath it; nothing where it is shown no more, or was not asked for."""
        place = next((at for at, row in enumerate(self._rows) if row.branch is branch), None)
        if place is None or not branch.asked:
            return
        branch.asked, branch.is_open = False, True
        self._opened.append(branch)
        parent = self._rows[place]
        rows = [member_row(parent, one) for one in members] or [
            Row(parent.line, "no properties", False, None, parent.level + 1)
        ]
        self.dataChanged.emit(self.index(place), self.index(place))
        if parent.level == 0:  # behind all rows of its line
            while place + 1 < len(self._rows) and self._rows[place + 1].line is parent.line:
                place += 1
        self.beginInsertRows(QModelIndex(), place + 1, place + len(rows))
        self._rows[place + 1 : place + 1] = rows
        self.endInsertRows()

    def put_failure(self, branch: Branch, words: str) -> None:
        """What a value holds can't be told."""
        self.put_members(branch, [Member(visible(words), "failure", {})])

    def put_value(self, branch: Branch, remote: Mapping[str, Any]) -> None:
        """A getter was read: its value stands in its row from now on."""
        place = next((at for at, row in enumerate(self._rows) if row.branch is branch), None)
        if place is None or branch.member is None:
            return
        row = self._rows[place]
        self._rows[place] = member_row(
            replace(row, level=row.level - 1), replace(branch.member, kind="property", value=remote)
        )
        self.dataChanged.emit(self.index(place), self.index(place))

    def _close(self, place: int, branch: Branch) -> None:
        row = self._rows[place]
        first = place + 1
        while first < len(self._rows) and self._rows[first].line is row.line and self._rows[first].level == 0:
            first += 1
        last = first
        while last < len(self._rows) and self._rows[last].line is row.line and self._rows[last].level > row.level:
            last += 1
        branch.is_open = False
        self._opened.remove(branch)
        for inner in self._rows[first:last]:
            if inner.branch is not None and inner.branch.is_open:
                self._opened.remove(inner.branch)
        self.dataChanged.emit(self.index(place), self.index(place))
        self.beginRemoveRows(QModelIndex(), first, last - 1)
        del self._rows[first:last]
        self.endRemoveRows()

    def _forget_opened(self) -> None:
        for branch in self._opened:
            branch.is_open = branch.asked = False
        self._opened.clear()

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
            if (settled := settled_line(label, event, self._uncaught.pop(event.run_id, None))) is not None:
                self._take(event.isolate_id, self._log(event.isolate_id), settled, shown)
            if hint := hint_line(event.report):
                line = Line(Level.NOTE, hint, event.at_us, event.context_id, run_id=event.run_id)
                self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
        elif isinstance(event, RunValued):
            if self._labels.get(event.run_id) == CONSOLE_INPUT:
                self._labels[event.run_id] = TOLD_INPUT
                line = result_line(event.result, event.preview, event.at_us, event.context_id, event.run_id)
                self._take(event.isolate_id, self._log(event.isolate_id), line, shown)
        elif isinstance(event, ConsoleDropped):
            lines = counted(event.count, "console line was", "console lines were")
            text = f"{lines} dropped: they came faster than they could be shown"
            self._take(event.isolate_id, self._log(event.isolate_id), Line(Level.GAP, text, event.at_us, 0), shown)
        elif isinstance(event, ConsoleCleared):
            self._cleared(event, shown)
        elif isinstance(event, ConsoleValuesReleased) and event.isolate_id in self._logs:
            self._logs[event.isolate_id].release()
            if event.isolate_id == self._isolate_id and self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _cleared(self, event: ConsoleCleared, shown: list[Row]) -> None:
        log = self._log(event.isolate_id)
        self._discard.take(log.rows)
        log.rows = [row for row in log.rows if row.line.context_id != event.context_id]
        log.groups.pop(event.context_id, None)
        log.newest = None
        log.add(Line(Level.NOTE, "The script cleared the console.", event.at_us, event.context_id))
        if event.isolate_id == self._isolate_id:
            shown.clear()
            self._refill()

    def _log(self, isolate_id: int) -> ConsoleLog:
        log = self._logs.get(isolate_id)
        if log is None:
            log = self._logs[isolate_id] = ConsoleLog()
        return log

    def _add(self, isolate_id: int, line: Line) -> None:
        shown: list[Row] = []
        self._take(isolate_id, self._log(isolate_id), line, shown)
        self._append(shown)

    def _take(self, isolate_id: int, log: ConsoleLog, line: Line, shown: list[Row]) -> None:
        rows = log.add(line)
        if isolate_id == self._isolate_id:
            shown += [row for row in rows if self._passes(row)]
            self._counted = self._counted or not rows

    def _passes(self, row: Row) -> bool:
        line = row.line
        if line.inside is not None and line.hidden:
            return False
        if self._context_id is not None and line.context_id not in (0, self._context_id):
            return False
        if line.level in ALL_LEVELS and line.level not in self._levels:
            return False
        return not self._needle or self._needle in row.text.casefold()

    def _passing(self, rows: list[Row]) -> list[Row]:
        """As `_passes` of each. Price: 30 ms for 100,000 rows, of which one by one took 100."""
        if needle := self._needle:
            rows = [row for row in rows if needle in row.text.casefold()]
        if (here := self._context_id) is not None:
            rows = [row for row in rows if row.line.context_id == here or not row.line.context_id]
        if hidden := tuple(ALL_LEVELS - self._levels):
            rows = [row for row in rows if row.line.level not in hidden]
        return [row for row in rows if row.line.inside is None or not row.line.hidden]

    def _append(self, rows: list[Row]) -> None:
        if self._counted and self._rows:
            last = self.index(len(self._rows) - 1)
            self.dataChanged.emit(last, last)
        self._counted = False
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _refill(self) -> None:
        self.beginResetModel()
        self._forget_opened()
        log = self._logs.get(self._isolate_id) if self._isolate_id is not None else None
        self._rows = self._passing(log.rows) if log is not None else []
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
        if shown and self._opened:
            self._refill()
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

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        draggable = self._dragged(index) is not None
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled if draggable else super().flags(index)

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The object of the first of them that holds one."""
        found = next((value for index in indexes if (value := self._dragged(index)) is not None), None)
        return QMimeData() if found is None else drag_of(found)

    def _dragged(self, index: QModelIndex | QPersistentModelIndex) -> DraggedValue | None:
        row = self.row(index)
        if row is None or row.branch is None or row.line.released or self._isolate_id is None:
            return None
        member = row.branch.member
        value = row.branch.remotes[0] if member is None else member.value
        object_id = value.get("objectId")
        if object_id is None or (member is not None and member.kind != "property"):
            return None
        return DraggedValue(self._isolate_id, row.line.context_id, str(object_id), visible(row.text, 120))

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.line.level.value}: {row.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(line_tip(row.line))
        return None
