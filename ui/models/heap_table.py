"""The heap graph of one isolate as a table: samples and collections of the time that is kept, the newest first."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QObject

from inspector.states import SampleMode
from inspector.units import format_bytes, format_us
from ui.models.series import SeriesStore
from ui.models.table import TableModel

__all__ = ["HeapTableModel"]

_COLUMNS = ("Time", "Heap used", "Heap committed", "Off-heap", "What")
_MOST = 1_000  # samples
_MODES = {
    SampleMode.IDLE: "sample, idle",
    SampleMode.BUSY: "sample, while a script ran",
    SampleMode.PAUSED: "sample, paused",
}


class _Row(Struct, frozen=True):
    at_us: int
    cells: tuple[str, ...]


class HeapTableModel(TableModel):
    columns = _COLUMNS
    number_columns = (1, 2, 3)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []

    def fill(self, store: SeriesStore, isolate_id: int) -> None:
        """What the store keeps of an isolate now: at most 1,000 samples, and the collections among them."""
        self.beginResetModel()
        end_us = store.end_us(isolate_id)
        rows: list[_Row] = []
        found = store.neighbour(isolate_id, end_us + 1, -1)
        while found is not None and len(rows) < _MOST:
            at_us = found
            reading = store.at(isolate_id, at_us)
            if reading is None:
                break
            sizes = (reading.used_bytes, reading.committed_bytes, reading.external_bytes)
            words = _MODES[reading.mode] + (f", highest of {reading.count}" if reading.count > 1 else "")
            rows.append(_Row(at_us, (_ago(end_us - at_us), *(format_bytes(size) for size in sizes), words)))
            found = store.neighbour(isolate_id, at_us, -1)
        if rows:
            rows += self._collections(store, isolate_id, rows[-1].at_us, end_us)
        self._rows = sorted(rows, key=lambda row: -row.at_us)
        self.endResetModel()

    @staticmethod
    def _collections(store: SeriesStore, isolate_id: int, from_us: int, end_us: int) -> list[_Row]:
        found = store.gcs(isolate_id, from_us, end_us)
        if found is None:
            return []
        rows = []
        for at in range(len(found.at_us)):
            kind = "full collection" if found.is_full[at] else "young collection"
            before, after = format_bytes(float(found.before[at])), format_bytes(float(found.after[at]))
            words = f"{kind}, {format_us(float(found.pause_us[at]))}, from {before}"
            at_us = int(found.at_us[at])
            rows.append(_Row(at_us, (_ago(end_us - at_us), after, "", "", words)))
        return rows

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self._rows)

    def cell(self, row: int, column: int) -> str:
        return self._rows[row].cells[column]


def _ago(us: int) -> str:
    return f"-{us / 1e6:.2f} s"
