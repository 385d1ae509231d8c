"""Names on the blocks of a flame chart: cut to the room they have, laid out once and kept."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

from inspector.analysis.tree import Array, CallTree
from inspector.text import visible
from ui.models.flame_chart import Cells

__all__ = ["FlameLabels"]

LEAST_PX = 34  # of a block that gets a name
_PAD = 4
_KEPT = 4000  # laid out names; then all are forgotten


class FlameLabels:
    def __init__(self, tree: CallTree, font: QFont) -> None:
        self._tree = tree
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._letter = self._metrics.averageCharWidth()
        self._names: dict[int, tuple[str, float]] = {}
        self._texts: dict[tuple[int, int], QStaticText] = {}

    def paint(self, painter: QPainter, cells: Cells, at: QPointF, *, row_height: int, ratio: float) -> int:
        """Paint the names of all blocks that have room; returns how many. `ratio`: device pixels of a point."""
        rows, columns, widths = _blocks(cells, round(LEAST_PX * ratio))
        painter.setFont(self._font)
        down = at.y() + (row_height - 1 - self._metrics.height()) / 2
        frames = self._tree.frame[cells.node[rows, columns]].tolist()
        for row, column, width, frame in zip(rows.tolist(), columns.tolist(), widths.tolist(), frames, strict=True):
            text = self._text(frame, width / ratio - 2 * _PAD)
            painter.drawStaticText(QPointF(at.x() + column / ratio + _PAD, down + row * row_height), text)
        return len(frames)

    def _text(self, frame: int, room: float) -> QStaticText:
        name, width = self._name(frame)
        letters = len(name) if width <= room else max(1, int(room / width * len(name)))
        kept = self._texts.get((frame, letters))
        if kept is not None:
            return kept
        if len(self._texts) > _KEPT:
            self._texts.clear()
        cut = letters
        while cut and self._metrics.horizontalAdvance(shown := _shortened(name, cut)) > room:
            cut -= 1
        text = QStaticText(shown if cut else "")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        text.prepare(font=self._font)
        self._texts[frame, letters] = text
        return text

    def _name(self, frame: int) -> tuple[str, float]:
        if frame not in self._names:
            name = visible(self._tree.frames[frame].label, 120)
            self._names[frame] = (name, self._metrics.horizontalAdvance(name))
        return self._names[frame]


def _shortened(name: str, letters: int) -> str:
    return name if letters >= len(name) else f"{name[: max(0, letters - 1)]}…"


def _blocks(cells: Cells, least: int) -> tuple[Array, Array, Array]:
    """(row, first column, columns) of the blocks that are at least that wide."""
    import numpy as np

    width = cells.node.shape[1]
    cuts = np.ones(cells.node.shape, bool)
    cuts[:, 1:] = cells.node[:, 1:] != cells.node[:, :-1]
    starts = np.flatnonzero(cuts.ravel())
    widths = np.diff(starts, append=cells.node.size)
    some = (widths >= least) & (cells.node.ravel()[starts] >= 0)
    rows, columns = np.divmod(starts[some], width)
    return rows, columns, widths[some]
