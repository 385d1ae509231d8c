"""What stands beside the heaps of the overview, as pixmaps: a text takes 25 µs to paint, a pixmap 3."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap

from inspector.text import visible
from ui.models.readings import Track
from ui.theme import Theme
from ui.views.overview_marks import MARK_PX, OverviewMarks, selected_ground

__all__ = ["PAD", "Look", "OverviewPlates"]

PAD = 6
_ACCENT_PX = 3
_MOST = 300  # pixmaps, about 4 MB; past it all are made anew, a screen of them in a millisecond
_VERTICAL = Qt.AlignmentFlag.AlignVCenter


class Look(Struct, frozen=True):
    """What all plates depend on. Sizes in points: of the left plate, of the right one, of the value in it."""

    theme: str
    ratio: float
    font: str
    row_px: int
    left_px: int
    right_px: int
    value_px: int


class OverviewPlates:
    """Of one look; the left one has host and name, the right one value and state."""

    def __init__(self, look: Look, theme: Theme, font: QFont) -> None:
        self.look = look
        self._theme, self._font, self._metrics = theme, font, QFontMetrics(font)
        self._marks = OverviewMarks(theme, look.ratio)
        self._kept: dict[Hashable, QPixmap] = {}

    def left(self, track: Track, *, selected: bool) -> QPixmap:
        key = (track.host_id, track.letter, track.name, track.ended_us is None, selected)
        return self._get(key, self.look.left_px, selected, lambda painter: self._paint_left(painter, track, selected))

    def right(self, track: Track, value: str, *, selected: bool) -> QPixmap:
        key = (value, track.state, track.ended_us is None, selected)
        return self._get(key, self.look.right_px, selected, lambda painter: self._paint_right(painter, track, value))

    def _paint_left(self, painter: QPainter, track: Track, selected: bool) -> None:
        height = self.look.row_px
        if selected:
            painter.fillRect(0, 0, _ACCENT_PX, height, self._theme.accent)
        painter.drawPixmap(QPoint(PAD, (height - MARK_PX) // 2), self._marks.host(track.host_id, track.letter or "?"))
        room = QRect(2 * PAD + MARK_PX, 0, self.look.left_px - 3 * PAD - MARK_PX, height)
        words = self._metrics.elidedText(visible(track.name), Qt.TextElideMode.ElideMiddle, room.width())
        self._pen_for(painter, track)
        painter.drawText(room, _VERTICAL, words)

    def _paint_right(self, painter: QPainter, track: Track, value: str) -> None:
        height = self.look.row_px
        self._pen_for(painter, track)
        room = QRect(0, 0, self.look.value_px - PAD, height)
        painter.drawText(room, _VERTICAL | Qt.AlignmentFlag.AlignRight, value)
        painter.drawPixmap(QPoint(self.look.value_px, (height - MARK_PX) // 2), self._marks.state(track.state))

    def _pen_for(self, painter: QPainter, track: Track) -> None:
        painter.setPen(self._theme.text if track.ended_us is None else self._theme.muted)

    def _get(self, key: Hashable, width: int, selected: bool, paint: Callable[[QPainter], None]) -> QPixmap:
        made = self._kept.get(key)
        if made is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            ratio = self.look.ratio
            made = self._kept[key] = QPixmap(round(width * ratio), round(self.look.row_px * ratio))
            made.setDevicePixelRatio(ratio)
            made.fill(selected_ground(self._theme) if selected else self._theme.panel)
            painter = QPainter(made)
            painter.setFont(self._font)
            paint(painter)
            painter.setPen(self._theme.grid)
            painter.drawLine(0, self.look.row_px - 1, width, self.look.row_px - 1)
            painter.end()
        return made
