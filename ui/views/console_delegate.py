"""Paints one row of the console: a mark for its level, the text, where it came from."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.console import ConsoleModel
from ui.models.console_log import Level, Line, Place, Row
from ui.style import fixed_font, mixed
from ui.theme import Theme, Themes

__all__ = ["ConsoleDelegate"]

_GUTTER = 24
_INDENT = 14
_ORIGIN_FROM = 320  # points of width from which a row has room for the place of its call
_ARROW = 14  # the triangle of what can be opened
_FRAME = re.compile(r"(?:\(|\s|^)((?:[^\s()]|\(\d+\))+):(\d+):(\d+)\)?\s*\Z")  # of a stack: "at f (url:3:5)"
_WITH_STACKS = (Level.DEBUG, Level.LOG, Level.INFO, Level.WARNING, Level.ERROR)
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
        self.measure()

    def measure(self) -> None:
        """By the font of now."""
        self._font = fixed_font()
        self._metrics = QFontMetrics(self._font)
        self._letter = max(1.0, self._metrics.horizontalAdvance("i" * 100) / 100)  # one alone is rounded

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
        left = self._left(rect, row)
        opens = self._model.opens(row)
        if opens is not None:
            self._paint_arrow(painter, left, rect, theme, is_open=opens)
        if opens is not None or row.level:
            left += _ARROW
        if line.count > 1 and row.first:
            left += self._paint_count(painter, left, rect, line.count, theme)
        for depth in range(line.depth):
            x = rect.left() + _GUTTER + depth * _INDENT + 3
            painter.fillRect(QRect(x, rect.top(), 1, rect.height()), theme.border)
        room = max(0, right - left)
        text = row.text.replace("\t", "    ")
        # only what can be seen is measured: eliding 2,000 characters a row would cost more than painting it
        fits = int(room / self._letter) + 1
        if len(text) > fits or self._metrics.horizontalAdvance(text) > room:
            text = self._metrics.elidedText(text[: fits + 2], Qt.TextElideMode.ElideRight, room)
        painter.setPen(_colour(line.level, theme) if row.level == 0 else theme.text)
        box = QRect(left, rect.top(), room, rect.height())
        link = _link(row, text)
        if link is None:
            painter.drawText(box, _LEFT, text)
        else:
            self._paint_link(painter, box, text, *link)

    def place_at(self, rect: QRect, row: Row, x: int) -> Place | None:
        """The place in a script that the row names at `x`: the origin of its call, or a frame of its stack."""
        line = row.line
        origin_from = rect.right() - 8 - self._metrics.horizontalAdvance(line.origin)
        has_origin = row.first and row.level == 0 and rect.width() >= _ORIGIN_FROM
        if has_origin and line.place is not None and x >= origin_from:
            return line.place
        if (link := _link(row, row.text)) is not None:
            first, last = link
            left = self._left(rect, row) + (_ARROW if row.level or row.branch is not None else 0)
            left += self._metrics.horizontalAdvance(row.text[:first])
            if left <= x <= left + self._metrics.horizontalAdvance(row.text[first:last]):
                return row.place or _frame_place(row.text[first:last])
        return None

    def on_arrow(self, rect: QRect, row: Row, x: int) -> bool:
        """Whether `x` is on the triangle of a row that has one."""
        left = self._left(rect, row)
        return self._model.opens(row) is not None and left - 4 <= x < left + _ARROW

    def _left(self, rect: QRect, row: Row) -> int:
        return rect.left() + _GUTTER + (row.line.depth + row.level) * _INDENT

    @staticmethod
    def _paint_arrow(painter: QPainter, left: int, rect: QRect, theme: Theme, *, is_open: bool) -> None:
        middle = rect.center().y() + 1
        corners = [(0, -2), (8, -2), (4, 3)] if is_open else [(1, -4), (6, 0), (1, 4)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.muted)
        painter.drawPolygon([QPoint(left + x, middle + y) for x, y in corners])
        painter.restore()

    def _paint_count(self, painter: QPainter, left: int, rect: QRect, count: int, theme: Theme) -> int:
        """How often the same line came in a row, before its text; returns the width it took."""
        words = f"{count:,}×"
        width = self._metrics.horizontalAdvance(words) + 10
        box = QRect(left, rect.top() + 2, width, rect.height() - 4)
        painter.fillRect(box, mixed(theme.accent, theme.panel, 0.2))
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        return width + 6

    def _paint_link(self, painter: QPainter, box: QRect, text: str, first: int, last: int) -> None:
        """A frame of a stack, the place in it underlined."""
        painter.drawText(box, _LEFT, text)
        left = box.left() + self._metrics.horizontalAdvance(text[:first])
        right = box.left() + self._metrics.horizontalAdvance(text[:last])
        bottom = box.center().y() + self._metrics.height() // 2
        painter.fillRect(QRect(left, bottom, right - left, 1), painter.pen().color())

    def _paint_origin(self, painter: QPainter, rect: QRect, line: Line) -> int:
        """The place of the call and "value released" at the right edge; returns the width they took."""
        words = line.origin
        if line.released and line.branch is not None:
            words = f"value released  {words}".rstrip()
        if not words or rect.width() < _ORIGIN_FROM:
            return 0
        painter.setPen(self._themes.current.muted)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        return self._metrics.horizontalAdvance(words) + 16


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _link(row: Row, text: str) -> tuple[int, int] | None:
    """From where to where in `text`, the row's own, perhaps cut, a place in a script is named that can be shown."""
    if row.place is not None:
        return text.find(": ") + 2, len(text)
    if row.level or row.line.level not in _WITH_STACKS:
        return None
    if row.line.level is not Level.ERROR and not text.lstrip().startswith("at "):
        return None
    found = _FRAME.search(text)
    return None if found is None or found[1] == "<anonymous>" else (found.start(1), found.end(3))


def _frame_place(words: str) -> Place:
    url, line, column = words.rsplit(":", 2)
    return Place(url, int(line), int(column))


def _tint(level: Level, theme: Theme) -> QColor | None:
    return {Level.ERROR: theme.error, Level.WARNING: theme.warn, Level.GAP: theme.warn}.get(level)


def _colour(level: Level, theme: Theme, *, mark: bool = False) -> QColor:
    if level in (Level.ERROR, Level.WARNING):
        return theme.error if level is Level.ERROR else theme.warn
    if level in (Level.DEBUG, Level.NOTE, Level.GAP, Level.RUN):
        return theme.muted
    return theme.accent if mark or level is Level.INPUT else theme.text
