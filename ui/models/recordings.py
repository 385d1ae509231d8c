"""The recordings that were kept, as a table: the newest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.text import visible
from inspector.units import format_bytes, format_us
from ui.models.table import TableModel

if TYPE_CHECKING:
    from inspector.recording.folder import RecordingFile

__all__ = ["RecordingsModel"]

_COLUMNS = ("Recorded", "Length", "Size", "Why", "Preset", "File")


class RecordingsModel(TableModel):
    """Owner: the GUI thread."""

    columns = _COLUMNS
    number_columns = (1, 2)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files: tuple[RecordingFile, ...] = ()

    def put(self, files: Sequence[RecordingFile]) -> None:
        """Show these."""
        self.beginResetModel()
        self.files = tuple(files)
        self.endResetModel()

    def length(self) -> int:
        return len(self.files)

    def cell(self, row: int, column: int) -> str:
        return _cell(self.files[row], column)

    def tip(self, row: int, _column: int) -> str:
        one = self.files[row]
        return f"{one.path}\n{one.trouble}" if one.trouble else str(one.path)


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
