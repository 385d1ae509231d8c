"""Findings as rows; each leads to its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.isolates import plain_tip

if TYPE_CHECKING:
    from inspector.analysis.findings import Finding

__all__ = ["FindingsModel"]

_NONE = QModelIndex()
_KINDS = {
    "limit": "limit hit",
    "crash": "crash",
    "wedged": "not answering",
    "dropped": "dropped",
    "growth": "growth",
    "pause": "long pause",
    "function": "self time",
    "message": "message",
}


class FindingsModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.findings: Sequence[Finding] = ()

    def put(self, findings: Sequence[Finding]) -> None:
        self.beginResetModel()
        self.findings = findings
        self.endResetModel()

    # --- Qt's questions ---

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("What", "Fact")[section]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.findings):
            return None
        one = self.findings[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _KINDS.get(one.kind, one.kind) if index.column() == 0 else one.words
        return plain_tip(one.words) if role == Qt.ItemDataRole.ToolTipRole else None
