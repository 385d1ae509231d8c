"""Tables of the bottom panel: runs and problems. Columns as wide as their words, rows of one height or as high as
their words, an empty state with words.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.theme import Themes
from ui.views.font_care import when_font

__all__ = ["Table"]

_TITLE_PAD = 26  # points beside a column's title
_LEAST_NUMBER = 0.92  # of the width that was wished
_LEAST_LETTERS = 10
_LEAST_FIRST = 0.7
_STEP = 8  # points that a column gives way at a time


class Table(QTableView):
    def __init__(
        self,
        model: QAbstractItemModel,
        themes: Themes,
        *,
        name: str,
        empty: str,
        widths: tuple[int, ...],
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`widths` in characters; the last column takes what is left. `wraps`: long words make a row higher."""
        super().__init__(parent)
        self._themes = themes
        self._empty = empty
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(wraps)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        mode = QHeaderView.ResizeMode
        self.verticalHeader().setSectionResizeMode(mode.ResizeToContents if wraps else mode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._letters = widths
        self._widths: list[int] = []
        self._is_mine = True  # nobody has dragged a column
        self._fitting = False
        header.sectionResized.connect(self._resized)
        when_font(self, self._measure)
        model.rowsInserted.connect(self.scrollToBottom)
        themes.changed.connect(self._theme_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_mine:
            self._fit()

    def _measure(self) -> None:
        """By the font: columns that were dragged were wide enough for another one."""
        rows, height = self.verticalHeader(), self.fontMetrics().height() + 9
        if not self.wordWrap():
            rows.setMinimumSectionSize(height)  # else that of a larger font before
        rows.setDefaultSectionSize(height)
        letter = self.fontMetrics().averageCharWidth()
        self._widths = [letter * width + 16 for width in self._letters]
        self._is_mine = True
        self._fit()

    def _resized(self, column: int, _before: int, _now: int) -> None:
        if column < len(self._widths) and not self._fitting and self.isVisible():
            self._is_mine = False

    def _fit(self) -> None:
        """As wide as wished; where that is too wide, the widest give way, unless that is not enough."""
        header = self.horizontalHeader()
        metrics = self.fontMetrics()
        titles = [
            metrics.horizontalAdvance(str(self.model().headerData(column, Qt.Orientation.Horizontal) or ""))
            + _TITLE_PAD
            for column in range(self.model().columnCount())
        ]
        wished = [max(width, title) for width, title in zip(self._widths, titles, strict=False)]
        widths = list(wished)
        letters = metrics.averageCharWidth() * _LEAST_LETTERS + _TITLE_PAD
        numbers = getattr(self.model(), "number_columns", ())
        rest = max((max(title, letters) for title in titles[len(widths) :]), default=0)
        leasts = [
            max(title, round(width * _LEAST_NUMBER) if column in numbers else min(width, letters))
            for column, (title, width) in enumerate(zip(titles, widths, strict=False))
        ]
        leasts[0] = max(leasts[0], round(widths[0] * _LEAST_FIRST))  # by it a row is told from the others
        surplus = sum(widths) + rest - self.viewport().width()
        while surplus > 0:
            spare = [width - least for width, least in zip(widths, leasts, strict=True)]
            most = max(spare, default=0)
            if most <= 0:
                break
            step = min(_STEP, most, surplus)
            widths[spare.index(most)] -= step
            surplus -= step
        self._fitting = True
        for column, width in enumerate(wished if surplus > 0 else widths):
            header.resizeSection(column, width)
        last = header.count() - 1  # Qt lets it grow alone, not shrink
        if last >= len(widths):
            taken = sum(header.sectionSize(column) for column in range(last))
            header.resizeSection(last, max(rest, self.viewport().width() - taken))
        self._fitting = False

    def _theme_changed(self, _theme: object) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """The chosen rows as text, columns apart by tabs."""
        model = self.model()
        rows = sorted({index.row() for index in self.selectedIndexes()})
        columns = range(model.columnCount())
        lines = ["\t".join(str(model.index(row, column).data() or "") for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self._themes.current.muted)
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._empty)
            painter.end()
