"""Paints one row of the console: a mark for its level, the text, where it came from."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.console import ConsoleModel
from ui.models.console_log import Level, Line, Row
from ui.style import fixed_font, mixed
from ui.theme import Theme, Themes

__all__ = ["ConsoleDelegate"]

_GUTTER = 24
_INDENT = 14
_MARKS = {
    Level.WARNING: "!",
    Level.ERROR: "×",
    Level.INFO: "i",
    Level.INPUT: "›",
    Level.RESULT: "‹",
    Level.RUN: "▸",
    Level.GAP: "…",
    Level.NOTE: "·",
}


class ConsoleDelegate(QStyledItemDelegate):
    def __init__(self, model: ConsoleModel, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes
        self._font = fixed_font()
        self._metrics = QFontMetrics(self._font)

    @property
    def row_height(self) -> int:
        return self._metrics.height() + 5

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, self.row_height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._model.row(index)
        if row is None:
            return
        theme = self._themes.current
        rect: QRect = option.rect
        tint = _tint(row.line.level, theme)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, mixed(theme.accent, theme.panel, 0.2))
        elif tint is not None:
            painter.fillRect(rect, mixed(tint, theme.panel, 0.09))
        if row.first:
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), theme.grid)
            painter.setFont(self._font)
            painter.setPen(_colour(row.line.level, theme, mark=True))
            gutter = QRect(rect.left(), rect.top(), _GUTTER, rect.height())
            painter.drawText(gutter, Qt.AlignmentFlag.AlignCenter, _MARKS.get(row.line.level, ""))
        self._paint_text(painter, rect, row, theme)

    def _paint_text(self, painter: QPainter, rect: QRect, row: Row, theme: Theme) -> None:
        line = row.line
        painter.setFont(self._font)
        right = rect.right() - 8
        if row.first:
            right -= self._paint_origin(
                painter, QRect(rect.left(), rect.top(), right - rect.left(), rect.height()), line
            )
        left = rect.left() + _GUTTER + line.depth * _INDENT
        for depth in range(line.depth):
            x = rect.left() + _GUTTER + depth * _INDENT + 3
            painter.fillRect(QRect(x, rect.top(), 1, rect.height()), theme.border)
        room = max(0, right - left)
        text = row.text.replace("\t", "    ")
        # only what can be seen is measured: eliding 2,000 characters a row would cost more than painting it
        fits = room // max(1, self._metrics.horizontalAdvance("i")) + 1
        if len(text) > fits or self._metrics.horizontalAdvance(text) > room:
            text = self._metrics.elidedText(text[: fits + 1], Qt.TextElideMode.ElideRight, room)
        painter.setPen(_colour(line.level, theme))
        painter.drawText(QRect(left, rect.top(), room, rect.height()), _LEFT, text)

    def _paint_origin(self, painter: QPainter, rect: QRect, line: Line) -> int:
        """The place of the call and "value released" at the right edge; returns the width they took."""
        words = line.origin
        if line.released and line.objects:
            words = f"value released  {words}".rstrip()
        if not words or rect.width() < 320:
            return 0
        painter.setPen(self._themes.current.muted)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        return self._metrics.horizontalAdvance(words) + 16


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _tint(level: Level, theme: Theme) -> QColor | None:
    return {Level.ERROR: theme.error, Level.WARNING: theme.warn, Level.GAP: theme.warn}.get(level)


def _colour(level: Level, theme: Theme, *, mark: bool = False) -> QColor:
    if level in (Level.ERROR, Level.WARNING):
        return theme.error if level is Level.ERROR else theme.warn
    if level in (Level.DEBUG, Level.NOTE, Level.GAP, Level.RUN):
        return theme.muted
    return theme.accent if mark or level is Level.INPUT else theme.text
