"""Rows of bottom-up, call tree, callers and callees: a level is made when it is opened. Imported late: it brings numpy.

A row's figures are those of the range that was put last; every level adds up to the row above it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.analysis import groups
from inspector.analysis.functions import functions
from inspector.analysis.groups import Group
from inspector.analysis.tree import Array, CallTree, Frame
from inspector.text import visible
from inspector.units import format_us
from ui.models.tip import plain_tip

__all__ = ["OWN", "SHARE_ROLE", "TOTAL", "CallTreeModel", "Direction"]

FUNCTION, OWN, TOTAL, PLACE = range(4)
SHARE_ROLE = int(Qt.ItemDataRole.UserRole) + 1  # 0..1: of everything
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NONE = QModelIndex()
_MEANING = {
    OWN: "in the function itself",
    TOTAL: "in the function and all that it called",
}

Index = QModelIndex | QPersistentModelIndex


class Direction(Enum):
    TOP_DOWN = "call tree"
    BOTTOM_UP = "bottom-up"
    CALLERS = "callers"
    CALLEES = "callees"


class _Row:
    __slots__ = ("above", "children", "group", "place")

    def __init__(self, group: Group, above: _Row | None, place: int) -> None:
        self.group = group
        self.above = above
        self.place = place
        self.children: list[_Row] | None = None


class CallTreeModel(QAbstractItemModel):
    def __init__(self, direction: Direction, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.direction = direction
        self.title = "Function"  # of the first column
        self.whole = 0.0
        self._upwards = direction in (Direction.BOTTOM_UP, Direction.CALLERS)
        self._tree: CallTree | None = None
        self._own: Array | None = None
        self._amount: Callable[[float | None], str] = format_us
        self._totals: Array | None = None  # of bottom-up's functions
        self._rows: list[_Row] = []

    def put(
        self,
        tree: CallTree | None,
        own: Array | None,
        *,
        frame: int | None = None,
        amount: Callable[[float | None], str] = format_us,
    ) -> None:
        """`own`: weight of each node in the range; `frame`: whose callers or callees; `amount`: how it is written."""
        self.beginResetModel()
        self._tree, self._own, self._amount = tree, own, amount
        self.whole = float(own.sum()) if own is not None else 0.0
        found = [] if tree is None or own is None else self._first(tree, own, frame)
        self._rows = [_Row(group, None, i) for i, group in enumerate(found)]
        self.endResetModel()

    def frame_of(self, index: Index) -> int | None:
        row = self._row(index)
        return row.group.frame if row is not None else None

    def named(self, index: Index) -> Frame | None:
        """The function of a row, which stays the same when trees are numbered anew."""
        frame = self.frame_of(index)
        return self._tree.frames[frame] if self._tree is not None and frame is not None else None

    def child(self, parent: Index, function: Frame) -> QModelIndex:
        """The row of a function under `parent`; none when it has none."""
        for row in self._under(parent):
            if self._tree is not None and self._tree.frames[row.group.frame] == function:
                return self.createIndex(row.place, 0, row)
        return QModelIndex()

    def index_of(self, frame: int) -> QModelIndex:
        """The first level's row of a function; none when it has none."""
        place = next((row.place for row in self._rows if row.group.frame == frame), None)
        return self.index(place, 0) if place is not None else QModelIndex()

    def _first(self, tree: CallTree, own: Array, frame: int | None) -> list[Group]:
        if self.direction is Direction.TOP_DOWN:
            return groups.top_level(tree, own)
        if self.direction is Direction.BOTTOM_UP:
            self._totals = functions(tree, own).total
            return groups.bottom_level(tree, own)
        if frame is None:
            return []
        group = groups.callers(tree, own, frame)
        return [group] if group.total > 0 else []

    def _children(self, row: _Row) -> list[_Row]:
        if row.children is None:
            assert self._tree is not None
            assert self._own is not None
            find = groups.above if self._upwards else groups.below
            found = find(self._tree, self._own, row.group)
            row.children = [_Row(group, row, i) for i, group in enumerate(found)]
        return row.children

    # --- Qt's questions ---

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        rows = self._under(parent)
        if not 0 <= row < len(rows) or not 0 <= column < 4 or (parent.isValid() and parent.column() != 0):
            return QModelIndex()
        return self.createIndex(row, column, rows[row])

    def parent(self, index: Index = _NONE) -> QModelIndex:  # type: ignore[override]
        row = self._row(index)
        if row is None or row.above is None:
            return QModelIndex()
        return self.createIndex(row.above.place, 0, row.above)

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.column() > 0 else len(self._under(parent))

    def columnCount(self, parent: Index = _NONE) -> int:
        return 4

    def hasChildren(self, parent: Index = _NONE) -> bool:
        return parent.column() <= 0 and bool(self._under(parent))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.title, "Self", "Total", "Where")[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _MEANING.get(section)
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section in (OWN, TOTAL) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._row(index)
        if row is None or self._tree is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._cell(row, column)
        if role == SHARE_ROLE and column in (OWN, TOTAL):
            weight = self._weight(row, column)
            return weight / self.whole if weight is not None and self.whole else None
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (OWN, TOTAL):
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            frame = self._tree.frames[row.group.frame]
            where = f"\n{visible(frame.url, 300)}:{frame.line}" if frame.url else ""
            return plain_tip(visible(frame.label, 300) + where)
        return None

    def _cell(self, row: _Row, column: int) -> str:
        assert self._tree is not None
        frame = self._tree.frames[row.group.frame]
        if column == FUNCTION:
            return visible(frame.label, 120)
        if column == PLACE:
            return visible(frame.place, 80)
        weight = self._weight(row, column)
        if weight is None:
            return ""
        return f"{self._amount(weight)}  {weight / self.whole:.1%}" if self.whole else self._amount(weight)

    def _weight(self, row: _Row, column: int) -> float | None:
        """Going up, a caller's row tells how much of the function's weight came from it, and nothing of its own."""
        if self.direction is Direction.BOTTOM_UP:
            if column == OWN:
                return row.group.total
            first = row.above is None and self._totals is not None
            return float(self._totals[row.group.frame]) if first and self._totals is not None else None
        if self.direction is Direction.CALLERS:
            return row.group.total if column == TOTAL else row.group.own if row.above is None else None
        return row.group.own if column == OWN else row.group.total

    def _row(self, index: Index) -> _Row | None:
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, _Row) else None

    def _under(self, parent: Index) -> list[_Row]:
        row = self._row(parent)
        return self._children(row) if row is not None else self._rows
