"""What changed between two sides, as rows: figures, and functions by self time. A verdict only beyond noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.text import visible
from inspector.units import format_us
from ui.models.range_figures import figure_text
from ui.models.table import TableModel

if TYPE_CHECKING:
    from inspector.analysis.comparison import Change, FunctionChange
    from inspector.analysis.spread import Interval

__all__ = ["VERDICT", "ChangesModel", "FunctionChangesModel", "change_text"]

VERDICT = 5  # its column
_TIMES_FROM = 10  # a percentage is hard to read beyond that


def change_text(before: float | None, after: float | None) -> str:
    """ "+12.5%", "×40"; the sign is always there. A dash where there is nothing to compare with."""
    if before is None or after is None:
        return "\u2013"
    if not before:
        return "new" if after else "0%"
    if not after:
        return "gone"
    return f"×{after / before:,.0f}" if after / before >= _TIMES_FROM else f"{(after - before) / abs(before):+.1%}"


def _band(interval: Interval | None, unit: str) -> str:
    if interval is None:
        return ""
    return " to ".join(_signed(edge, unit) for edge in (interval.low, interval.high))


def _signed(value: float, unit: str) -> str:
    return f"{'+' if value >= 0 else '-'}{figure_text(abs(value), unit)}"


class _Rows(TableModel):
    number_columns = range(1, VERDICT)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cells: list[tuple[str, ...]] = []
        self.tips: list[str] = []

    def _put(self, cells: list[tuple[str, ...]], tips: list[str]) -> None:
        self.beginResetModel()
        self.cells, self.tips = cells, tips
        self.endResetModel()

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.cells)

    def cell(self, row: int, column: int) -> str:
        return self.cells[row][column]

    def tip(self, row: int, _column: int) -> str:
        return self.tips[row]


class ChangesModel(_Rows):
    """Every figure that both sides tell."""

    columns = ("Figure", "A", "B", "Change", "95 % interval of B - A", "Verdict")

    def put(self, changes: Sequence[Change]) -> None:
        self._put(
            [
                (
                    one.words,
                    figure_text(one.before, one.unit),
                    figure_text(one.after, one.unit),
                    change_text(one.before, one.after),
                    _band(one.interval, one.unit),
                    str(one.verdict),
                )
                for one in changes
            ],
            [one.words for one in changes],
        )


class FunctionChangesModel(_Rows):
    """Self time of every function, the largest change first."""

    columns = ("Function", "A", "B", "Change", "Interval of B - A", "Verdict", "Where")

    def put(self, changes: Sequence[FunctionChange]) -> None:
        self._put(
            [
                (
                    visible(one.frame.label, 120),
                    format_us(one.before_us),
                    format_us(one.after_us),
                    change_text(one.before_us, one.after_us),
                    _band(one.interval, "us"),
                    str(one.verdict),
                    visible(one.frame.place, 80),
                )
                for one in changes
            ],
            [f"{visible(one.frame.label, 200)}\n{visible(one.frame.url, 300)}" for one in changes],
        )
