"""Statistics of a range as rows: what, how much, how far it may be trusted, and from what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.units import format_bytes, format_us

if TYPE_CHECKING:
    from inspector.analysis.figures import Figure

__all__ = ["RangeFiguresModel", "figure_text"]

_COLUMNS = ("Figure", "Value", "95 % interval", "From", "Note")
_NONE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FIGURES = (1, 2, 3)


def figure_text(value: float | None, unit: str) -> str:
    """A figure as people write it: "1.2 ms", "3 KiB/s", "12.5%"; a dash for None."""
    if value is None:
        return "\u2013"
    if unit == "us":
        return format_us(value)
    if unit == "share":
        return f"{value:.1%}"
    if unit == "count":
        return f"{value:,.0f}"
    return format_bytes(value) + {"bytes/s": "/s", "bytes/run": " a run"}.get(unit, "")


class RangeFiguresModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.figures: Sequence[Figure] = ()

    def put(self, figures: Sequence[Figure]) -> None:
        self.beginResetModel()
        self.figures = figures
        self.endResetModel()

    # --- Qt's questions ---

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.figures)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section in _FIGURES else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.figures):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _FIGURES:
            return _RIGHT
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        figure = self.figures[index.row()]
        found = figure.interval
        band = f"{figure_text(found.low, figure.unit)} – {figure_text(found.high, figure.unit)}" if found else ""
        many = f"{figure.n:,}" if figure.n else ""
        return (figure.words, figure_text(figure.value, figure.unit), band, many, figure.note)[index.column()]
