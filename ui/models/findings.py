"""Findings as rows; each leads to its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.models.table import TableModel

if TYPE_CHECKING:
    from inspector.analysis.findings import Finding

__all__ = ["FindingsModel"]

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


class FindingsModel(TableModel):
    columns = ("What", "Fact")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.findings: Sequence[Finding] = ()

    def put(self, findings: Sequence[Finding]) -> None:
        self.beginResetModel()
        self.findings = findings
        self.endResetModel()

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.findings)

    def cell(self, row: int, column: int) -> str:
        one = self.findings[row]
        return _KINDS.get(one.kind, one.kind) if column == 0 else one.words

    def tip(self, row: int, _column: int) -> str:
        return self.findings[row].words
