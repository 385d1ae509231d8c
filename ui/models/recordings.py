"""The recordings that were kept, as a table: the newest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.text import visible
from inspector.units import format_bytes, format_us
from ui.models.isolates import plain_tip

if TYPE_CHECKING:
    from inspector.recording.folder import RecordingFile

__all__ = ["RecordingsModel"]

_COLUMNS = ("Recorded", "Length", "Size", "Why", "Preset", "File")
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NONE = QModelIndex()


class RecordingsModel(QAbstractTableModel):
    """Owner: the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files: tuple[RecordingFile, ...] = ()

    def put(self, files: Sequence[RecordingFile]) -> None:
        """Show these."""
        self.beginResetModel()
        self.files = tuple(files)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.files):
            return None
        one = self.files[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(one, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{one.path}\n{one.trouble}" if one.trouble else str(one.path))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (1, 2):
            return _RIGHT
        return None


def _cell(one: RecordingFile, column: int) -> str:
    if column == 0:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(one.began_wall_us / 1e6))
    if column == 1:
        return "" if one.trouble else format_us(one.duration_s * 1e6)
    if column == 2:
        return format_bytes(one.size_bytes)
    if column == 3:
        return visible(_why(one), 120)
    return one.preset if column == 4 else visible(one.path.name, 120)


def _why(one: RecordingFile) -> str:
    if one.trouble:
        return f"can't be opened: {one.trouble}"
    if one.is_live:
        return "is being recorded"
    return f"{one.reason}; cut off" if one.is_cut else one.reason
