"""What lies over the window while files are dragged: the outline of the target, and a line that says what will
happen.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.style import mixed
from ui.theme import Themes

__all__ = ["DropOverlay"]


class DropOverlay(QWidget):
    """Takes no mouse; lies over the area that it is told."""

    def __init__(self, themes: Themes, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._themes = themes
        self._target = QRect()
        self.sentence = ""
        self._refused = False
        self.hide()

    def show_plan(self, area: QRect, target: QRect, sentence: str, *, refused: bool) -> None:
        """`area` in the window's coordinates, `target` in those of the area."""
        self._target, self.sentence, self._refused = target, sentence, refused
        self.setGeometry(area)
        self.setAccessibleDescription(sentence)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.current
        colour = theme.error if self._refused else theme.accent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._target.isNull():
            painter.setPen(QPen(colour, 2))
            painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 26))
            painter.drawRoundedRect(QRectF(self._target).adjusted(2, 2, -2, -2), 4, 4)
        lines = self.sentence.split("\n")
        metrics = painter.fontMetrics()
        width = min(self.width() - 32, max(metrics.horizontalAdvance(line) for line in lines) + 40)
        height = metrics.height() * len(lines) + 20
        box = QRectF((self.width() - width) / 2, self.height() - height - 48, width, height)
        painter.setPen(QPen(colour, 1))
        painter.setBrush(mixed(colour, theme.panel, 0.12))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.sentence)
        painter.end()
