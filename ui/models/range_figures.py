"""Statistics of a range as rows: what, how much, how far it may be trusted, and from what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.units import format_bytes, format_us
from ui.models.table import TableModel

if TYPE_CHECKING:
    from inspector.analysis.figures import Figure

__all__ = ["RangeFiguresModel", "figure_text"]

_COLUMNS = ("Figure", "Value", "95 % interval", "From", "Note")
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


class RangeFiguresModel(TableModel):
    columns = _COLUMNS
    number_columns = _FIGURES

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.figures: Sequence[Figure] = ()

    def put(self, figures: Sequence[Figure]) -> None:
        self.beginResetModel()
        self.figures = figures
        self.endResetModel()

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.figures)

    def cell(self, row: int, column: int) -> str:
        figure = self.figures[row]
        found = figure.interval
        band = f"{figure_text(found.low, figure.unit)} – {figure_text(found.high, figure.unit)}" if found else ""
        many = f"{figure.n:,}" if figure.n else ""
        return (figure.words, figure_text(figure.value, figure.unit), band, many, figure.note)[column]
