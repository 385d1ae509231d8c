"""Paints one cell of the tree from its node: mark, name and quieter words; figures; the sparkline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from ui.icons import pixmap
from ui.models.isolates import IsolatesModel
from ui.models.tree_nodes import Kind, Node
from ui.models.tree_text import NAME, SPARK
from ui.theme import Theme, Themes
from ui.views.marks import paint_host_letter, paint_state

__all__ = ["ROW_HEIGHT", "IsolatesDelegate", "PaintSpark"]

ROW_HEIGHT = 26
_PAD = 8
_LEAST_REASON = 70  # pixels below which a reason tells nothing
PaintSpark = Callable[[QPainter, QRect, int, Theme], None]  # painter, rect, isolate id, theme


class IsolatesDelegate(QStyledItemDelegate):
    """`paint_spark` is set once the graphs are loaded; until then the column is empty."""

    def __init__(self, model: IsolatesModel, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes
        self.paint_spark: PaintSpark | None = None
        self.host_letter: Callable[[int], tuple[int, str] | None] = lambda _isolate_id: None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, max(ROW_HEIGHT, _fonts(option)[1].height() + 8))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        node = self._model.node(index)
        if node is not None:
            self.paint_cell(painter, option, node, index.column())

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, node: Node, column: int) -> None:
        """In `option.rect`."""
        rect = QRect(option.rect)
        theme = self._themes.current
        if column == NAME:
            self._paint_name(painter, rect, option, node, theme)
        elif column == SPARK:
            if node.kind is Kind.ISOLATE and self.paint_spark is not None:
                self.paint_spark(painter, rect.adjusted(_PAD, 4, -_PAD, -4), node.record.isolate_id, theme)
        else:
            text = self._model.wording.figure(node, column)
            if not text:
                return
            painter.setFont(_fonts(option)[0])
            painter.setPen(theme.text if node.kind is Kind.ISOLATE and _lives(node) else theme.muted)
            painter.drawText(rect.adjusted(0, 0, -_PAD, 0), _RIGHT, text)

    def _paint_name(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, node: Node, theme: Theme
    ) -> None:
        if node.kind is not Kind.ISOLATE and isinstance(option.widget, QAbstractItemView):
            rect.setRight(option.widget.viewport().width() - _PAD)  # they have no figures: their words go all across
        left = rect.left() + 2 + self._paint_mark(painter, rect, node, theme)
        font, metrics = _fonts(option)
        painter.setFont(font)
        room = rect.right() - left - 4
        name = metrics.elidedText(self._model.wording.name(node), Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(theme.text if _lives(node) else theme.muted)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), _LEFT, name)
        used = metrics.horizontalAdvance(name) + _PAD
        if room - used > 24:
            words = self._model.wording.secondary(node)
            if metrics.horizontalAdvance(words) > room - used and words == _state_word(node):
                return  # the mark tells the same: half a word tells nothing
            first = words.split(" · ", 1)[0]
            if metrics.horizontalAdvance(first) + _LEAST_REASON > room - used:
                words = first  # the reason is in the tooltip and among the facts
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - used)
            painter.setPen(self._words_colour(node, theme))
            painter.drawText(QRect(left + used, rect.top(), room - used, rect.height()), _LEFT, words)

    def _paint_mark(self, painter: QPainter, rect: QRect, node: Node, theme: Theme) -> int:
        """Paint what stands before the name; returns how much room it takes."""
        box = QRectF(rect.left() + 1, rect.top() + (rect.height() - 16) / 2, 16, 16)
        if node.kind is Kind.ISOLATE:
            paint_state(painter, box, node.record.state, theme)
            host = None if self._model.grouped else self.host_letter(node.record.isolate_id)
            if host is None:
                return 20
            paint_host_letter(painter, box.adjusted(19, 1, 17, -1), host[0], host[1], theme)
            return 38
        if node.kind is Kind.HOST:
            paint_host_letter(
                painter, box.adjusted(1, 1, -1, -1), node.record.host_id, node.record.started.letter, theme
            )
            return 21
        name = {Kind.POOL: "group", Kind.CONTEXT: "context"}.get(node.kind, "script")
        colour = theme.muted if _lives(node) else theme.faint
        ratio = painter.device().devicePixelRatioF() if painter.device() is not None else 1.0
        painter.drawPixmap(round(box.left() + 1), round(box.top() + 1), pixmap(name, 14, colour, ratio))
        return 21

    @staticmethod
    def _words_colour(node: Node, theme: Theme) -> Any:
        if node.kind is Kind.SCRIPT and node.record.outcome is not None:
            return {"completed": theme.muted, "cancelled": theme.warn}.get(str(node.record.outcome), theme.error)
        lost = node.kind is Kind.ISOLATE and str(node.record.state) in ("crashed", "wedged")
        return theme.error if lost else theme.muted


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _lives(node: Node) -> bool:
    if node.kind is Kind.CONTEXT and node.record.released:
        return False
    one: Node | None = node
    while one is not None and one.kind is not Kind.ISOLATE:
        one = one.parent
    return one is None or bool(one.record.state.alive)


def _state_word(node: Node) -> str:
    return str(node.record.state) if node.kind is Kind.ISOLATE else ""


def _fonts(option: QStyleOptionViewItem) -> tuple[QFont, Any]:
    return option.font, option.fontMetrics
