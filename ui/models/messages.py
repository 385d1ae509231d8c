"""The log of messages between isolates: time, from, to, how, how large, how long, and what became of it."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import asdict
from PySide6.QtCore import QModelIndex, QObject

from inspector.text import visible
from inspector.units import format_bytes, format_ms
from inspector.value_events import ValueMoved
from ui.clock import now_us
from ui.models.table import TableModel

__all__ = ["MOST_MESSAGES", "MessagesModel"]

MOST_MESSAGES = 5_000
_COLUMNS = ("Time", "From", "To", "How", "Outcome", "Size", "Out", "In", "What")
Place = Callable[[int | None, int], str]  # isolate and context as a person knows them


class MessagesModel(TableModel):
    """Newest last, the oldest are dropped. A filter keeps the rows that have every word of it."""

    columns = _COLUMNS

    def __init__(self, place: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._all: deque[tuple[ValueMoved, tuple[str, ...]]] = deque(maxlen=MOST_MESSAGES)
        self._shown: list[tuple[ValueMoved, tuple[str, ...]]] = []
        self._words: list[str] = []

    def add(self, moved: ValueMoved) -> None:
        entry = (moved, self._cells(moved))
        self._all.append(entry)
        if self._fits(entry[1]):
            row = len(self._shown)
            self.beginInsertRows(QModelIndex(), row, row)
            self._shown.append(entry)
            self.endInsertRows()
        if len(self._shown) > MOST_MESSAGES:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            del self._shown[0]
            self.endRemoveRows()

    def narrow(self, needle: str) -> None:
        self.beginResetModel()
        self._words = needle.casefold().split()
        self._shown = [entry for entry in self._all if self._fits(entry[1])]
        self.endResetModel()

    def message(self, row: int) -> ValueMoved | None:
        return self._shown[row][0] if 0 <= row < len(self._shown) else None

    def lines(self) -> Iterator[str]:
        """What is shown, as JSON lines."""
        for moved, _ in self._shown:
            yield json.dumps(asdict(moved), ensure_ascii=False)

    def _fits(self, cells: Sequence[str]) -> bool:
        text = " ".join(cells).casefold()
        return all(word in text for word in self._words)

    def _cells(self, moved: ValueMoved) -> tuple[str, ...]:
        ago_s = (now_us() - moved.at_us) / 1e6
        clock = time.strftime("%H:%M:%S", time.localtime(time.time() - ago_s))
        what = f"{moved.name}: {moved.text}" if moved.name else moved.text
        outcome = moved.outcome if not moved.cause else f"{moved.outcome}: {moved.cause}"
        return (
            clock,
            self._place(moved.from_isolate_id, moved.from_context_id) or "Python",
            self._place(moved.to_isolate_id, moved.to_context_id) or "–",
            moved.mode,
            outcome,
            format_bytes(moved.size_bytes) if moved.size_bytes else "–",
            format_ms(moved.out_us / 1e3) if moved.out_us else "–",
            format_ms(moved.in_us / 1e3) if moved.in_us else "–",
            what,
        )

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self._shown)

    def cell(self, row: int, column: int) -> str:
        return visible(self._shown[row][1][column], 300)

    def tip(self, row: int, column: int) -> str:
        moved, cells = self._shown[row]
        waited = f"In line and on the way: {format_ms(moved.waited_us / 1e3)}"
        return visible(f"{cells[column]}\n{waited}", 1_000, lines=True)
