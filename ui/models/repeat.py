"""The figures of a repeat as a table: a row for each isolate, while it runs and at its end."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.repeat.records import IsolateFigures, Progress, Repeated
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.models.table import TableModel

__all__ = ["RepeatModel", "growth_words", "signed_bytes"]

_COLUMNS = ("Isolate", "Calls", "Failed", "Calls/s", "p50", "p95", "p99", "Longest", "Allocated/call", "Growth/call")
_NAME, _CALLS, _FAILED, _RATE, _P50, _P95, _P99, _MOST, _ALLOCATED, _GROWTH = range(len(_COLUMNS))
_MEANING = {
    _CALLS: "Calls that settled, without the warm-up.",
    _FAILED: "Calls that threw, took too long or were stopped; the row's tip has the first of them.",
    _RATE: "Calls a second, collections left out.",
    _P50: "From when a call was due until it had settled: half of the calls took at most this long.",
    _P95: "95 of 100 calls took at most this long (nearest rank).",
    _P99: "99 of 100 calls took at most this long (nearest rank).",
    _MOST: "The longest of all calls.",
    _ALLOCATED: "What a call allocates on the heap, less what an empty call allocates.",
    _GROWTH: "What a call leaves behind: the slope of the heap after forced collections, with its 95% interval.",
}


class RepeatModel(TableModel):
    """`changed`: figures or words differ. Owner: the GUI thread."""

    columns = _COLUMNS
    number_columns = range(_CALLS, _GROWTH)
    meanings = _MEANING

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.figures: tuple[IsolateFigures, ...] = ()
        self.heading = ""  # what is repeated
        self.footing = ""  # engine and machine: what must stand beside the figures

    def start(self, heading: str) -> None:
        """What was shown before is forgotten."""
        self.heading, self.footing = visible(heading, 300), ""
        self._put(())

    def take(self, progress: Progress) -> None:
        self._put(progress.figures)

    def finish(self, result: Repeated) -> None:
        self.heading = visible(result.callee, 300)
        engine = "V8 inspector engine" if result.engine == "native" else "public API engine"
        cut = "Cancelled · " if result.cancelled else ""
        self.footing = visible(f"{cut}{engine}, V8 {result.v8_version} · {result.machine}", 300)
        self._put(result.figures)

    def _put(self, figures: tuple[IsolateFigures, ...]) -> None:
        if [one.isolate_id for one in figures] != [one.isolate_id for one in self.figures]:
            self.beginResetModel()
            self.figures = figures
            self.endResetModel()
        else:
            self.figures = figures
            if figures:
                self.dataChanged.emit(self.index(0, 0), self.index(len(figures) - 1, len(_COLUMNS) - 1))
        self.changed.emit()

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.figures)

    def cell(self, row: int, column: int) -> str:
        return _cell(self.figures[row], column)

    def tip(self, row: int, _column: int) -> str:
        one = self.figures[row]
        failure = f"\nFirst failure: {visible(one.first_error, 300)}" if one.first_error else ""
        return f"{visible(one.name, 60)}: {growth_words(one)}{failure}"


def growth_words(one: IsolateFigures) -> str:
    """The growth with its interval, and what follows from it."""
    found = one.growth
    if found is None:
        return "growth: too few collections to tell"
    span = f"{signed_bytes(found.low)} to {signed_bytes(found.high)}"
    return f"{signed_bytes(found.bytes_per_call)} a call (95%: {span}): {found.verdict}"


def signed_bytes(count: float) -> str:
    return f"{'+' if count > 0 else '-' if count < 0 else ''}{format_bytes(abs(count))}"


def _cell(one: IsolateFigures, column: int) -> str:
    rate = one.per_second
    return {
        _NAME: visible(one.name, 60),
        _CALLS: f"{one.calls:,}",
        _FAILED: f"{one.failed:,}",
        _RATE: "–" if rate is None else f"{rate:,.0f}" if rate >= 10 else f"{rate:,.1f}",
        _P50: format_ms(one.p50_ms),
        _P95: format_ms(one.p95_ms),
        _P99: format_ms(one.p99_ms),
        _MOST: format_ms(one.most_ms),
        _ALLOCATED: format_bytes(one.allocated_per_call),
        _GROWTH: "–" if one.growth is None else growth_words(one),
    }[column]
