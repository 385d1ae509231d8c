"""A source with the self time of each line beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from inspector.text import visible
from inspector.units import format_us
from ui.style import SPACE, fixed_font
from ui.theme import Themes
from ui.views.elided_label import ElidedLabel
from ui.views.font_care import keep_font

__all__ = ["SourceLines"]

_FIGURE = "999.9 ms"


class SourceLines(QWidget):
    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = ElidedLabel(self)
        self.place.setProperty("tone", "muted")
        self.text = _Text(themes, self)
        self.empty = QLabel("Click a call on the flame chart to see its source.", self)
        self.empty.setWordWrap(True)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("tone", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE // 2, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.place)
        column.addWidget(self.text, 1)
        column.addWidget(self.empty, 1)
        self.text.hide()
        self.place.hide()

    def show_source(self, text: str, words: str, times: Mapping[int, float], line: int, *, go: bool = True) -> None:
        """`times`: microseconds by 1-based line. `line`: the function's own, which is brought into view when `go`."""
        self.place.setText(words)
        self.text.show_text(text, times)
        if go and line > 0:
            self.text.go_to(line)
        self._show(there=True)

    def show_words(self, words: str) -> None:
        self.empty.setText(words)
        self._show(there=False)

    def _show(self, *, there: bool) -> None:
        self.text.setVisible(there)
        self.place.setVisible(there)
        self.empty.setVisible(not there)


class _Text(QPlainTextEdit):
    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self.themes = themes
        self.times: Mapping[int, float] = {}
        self._known = ""
        self.setReadOnly(True)
        keep_font(self, fixed_font)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName("Source with self time per line")
        self._margin = _Margin(self, self.paint_margin, self.margin_width)
        self.setViewportMargins(self.margin_width(), 0, 0, 0)
        self.updateRequest.connect(self._scrolled)
        themes.changed.connect(self._theme_changed)

    def show_text(self, text: str, times: Mapping[int, float]) -> None:
        self.times = times
        if text != self._known:
            self._known = text
            self.setPlainText(visible(text, 4 << 20, lines=True))
        self.setViewportMargins(self.margin_width(), 0, 0, 0)
        self._margin.update()

    def go_to(self, line: int) -> None:
        cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        self.setTextCursor(cursor)
        self.centerCursor()

    def margin_width(self) -> int:
        metrics = self.fontMetrics()
        numbers = metrics.horizontalAdvance("9" * max(3, len(str(self.blockCount()))))
        return metrics.horizontalAdvance(_FIGURE) + numbers + 3 * SPACE

    def paint_margin(self, painter: QPainter, area: QRect) -> None:
        theme, metrics = self.themes.current, self.fontMetrics()
        painter.fillRect(area, theme.panel)
        heaviest = max(self.times.values(), default=0.0)
        width, right = self._margin.width(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        figure = metrics.horizontalAdvance(_FIGURE) + SPACE
        for block, top, height in self._blocks(area):
            line = block.blockNumber() + 1
            spent = self.times.get(line, 0.0)
            if spent > 0:
                colour = QColor(theme.warn)
                colour.setAlpha(round(30 + 90 * spent / heaviest))
                painter.fillRect(QRectF(0, top, figure * spent / heaviest, height), colour)
                painter.setPen(theme.text)
                painter.drawText(QRectF(0, top, figure - 4, height), right, format_us(spent))
            painter.setPen(theme.faint)
            painter.drawText(QRectF(figure, top, width - figure - SPACE, height), right, str(line))

    def _blocks(self, area: QRect) -> list[tuple[QTextBlock, float, float]]:
        found = []
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            found.append((block, top, height))
            top += height
            block = block.next()
        return found

    def _scrolled(self, area: QRect, by: int) -> None:
        if by:
            self._margin.scroll(0, by)
        else:
            self._margin.update(0, area.y(), self._margin.width(), area.height())

    def _theme_changed(self, _theme: object) -> None:
        self._margin.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._margin.setGeometry(inside.left(), inside.top(), self.margin_width(), inside.height())


class _Margin(QWidget):
    def __init__(self, parent: QWidget, paint: Callable[[QPainter, QRect], None], width: Callable[[], int]) -> None:
        super().__init__(parent)
        self._paint = paint
        self._wide = width

    def sizeHint(self) -> QSize:
        return QSize(self._wide(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, event.rect())
        painter.end()
