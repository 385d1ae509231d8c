"""The legend of a heap graph: what each line and mark means, with its current figure; it wraps where there is no
room.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct
from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme, Themes

__all__ = ["Entry", "HeapLegend", "Mark"]

_MARK_WIDTH = 16
_BETWEEN = 16


class Mark(Enum):
    """How the thing is drawn in the graph."""

    LINE = "line"
    DOTS = "dots"
    DASHES = "dashes"
    SHORT_TICK = "short tick"
    TALL_TICK = "tall tick"


class Entry(Struct, frozen=True):
    """`colour` is a field of Theme; `figure` may be ""."""

    name: str
    figure: str
    mark: Mark
    colour: str


class HeapLegend(QWidget):
    """Paints entries in rows; the same as text is its accessible description."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = themes.current
        self._entries: tuple[Entry, ...] = ()
        self._placed: dict[int, list[tuple[int, int]]] = {}  # by width: a layout asks for several, again and again
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Legend")
        themes.changed.connect(self._theme_changed)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; costs nothing when they are those shown."""
        entries = tuple(entries)
        if entries == self._entries:
            return
        wraps_anew = [entry.name for entry in entries] != [entry.name for entry in self._entries]
        self._entries = entries
        self._placed.clear()
        self.setAccessibleDescription(self.text())
        if wraps_anew:
            self.updateGeometry()
        self.update()

    def text(self) -> str:
        return ", ".join(f"{entry.name} {entry.figure}".strip() for entry in self._entries)

    def help_name(self, place: QPoint) -> str:
        """What is pointed at: for "What is this?"."""
        line = self._line()
        for (row, left), entry in reversed(list(zip(self._places(self.width()), self._entries, strict=True))):
            if row * line <= place.y() < (row + 1) * line and left <= place.x():
                return entry.name
        return ""

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(max(400, self.width())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return self._line() * ((places[-1][0] if places else 0) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line, ascent = self._line(), self.fontMetrics().ascent() + 2
        for (row, left), entry in zip(self._places(self.width()), self._entries, strict=True):
            self._paint_mark(painter, entry, left, row * line + line // 2)
            x = left + _MARK_WIDTH + 6
            painter.setPen(self._theme.muted)
            painter.drawText(x, row * line + ascent, entry.name)
            painter.setPen(self._theme.text)
            x += self.fontMetrics().horizontalAdvance(entry.name + " ")
            painter.drawText(x, row * line + ascent, entry.figure)

    def _paint_mark(self, painter: QPainter, entry: Entry, x: int, y: int) -> None:
        colour = getattr(self._theme, entry.colour)
        if entry.mark in (Mark.SHORT_TICK, Mark.TALL_TICK):
            painter.setPen(QPen(colour, 1.5))
            reach = 3 if entry.mark is Mark.SHORT_TICK else 6
            middle = x + _MARK_WIDTH / 2
            painter.drawLine(QLineF(middle, y + 6 - 2 * reach, middle, y + 6))
            if entry.mark is Mark.TALL_TICK:
                painter.drawPolyline([QPointF(middle - 4, y - 6), QPointF(middle, y - 1), QPointF(middle + 4, y - 6)])
            return
        styles = {Mark.DOTS: Qt.PenStyle.DotLine, Mark.DASHES: Qt.PenStyle.DashLine}
        painter.setPen(QPen(colour, 2, styles.get(entry.mark, Qt.PenStyle.SolidLine)))
        painter.drawLine(x, y, x + _MARK_WIDTH, y)

    def _places(self, width: int) -> list[tuple[int, int]]:
        """(row, x) of each entry; room for a figure is kept at a width that does not jump."""
        if width not in self._placed:
            self._placed[width] = self._place(width)
        return self._placed[width]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._placed.clear()

    def _place(self, width: int) -> list[tuple[int, int]]:
        places, row, x = [], 0, 0
        metrics = self.fontMetrics()
        for entry in self._entries:
            figure = max(
                metrics.horizontalAdvance(entry.figure), metrics.horizontalAdvance("999 MiB") if entry.figure else 0
            )
            needs = _MARK_WIDTH + 6 + metrics.horizontalAdvance(entry.name + " ") + figure + _BETWEEN
            if x and x + needs - _BETWEEN > width:
                row, x = row + 1, 0
            places.append((row, x))
            x += needs
        return places

    def _line(self) -> int:
        return self.fontMetrics().height() + 4

    def _theme_changed(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
