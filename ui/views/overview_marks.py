"""Colours and marks of the overview's rows; the marks are pixmaps: an antialiased shape takes 30 µs, a pixmap 2."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from inspector.states import IsolateState
from ui.style import mixed
from ui.theme import Theme
from ui.views.marks import paint_host_letter, paint_state

__all__ = ["MARK_PX", "OverviewMarks", "selected_ground"]

MARK_PX = 18


class OverviewMarks:
    """Pixmaps of `MARK_PX` square for one theme and one device pixel ratio."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self.key = (theme.name, ratio)
        self._theme, self._ratio = theme, ratio
        self._kept: dict[object, QPixmap] = {}

    def state(self, state: IsolateState) -> QPixmap:
        return self._get(state, lambda painter, area: paint_state(painter, area, state, self._theme))

    def host(self, host_id: int, letter: str) -> QPixmap:
        return self._get(
            (host_id, letter),
            lambda painter, area: paint_host_letter(painter, area, host_id, letter, self._theme),
        )

    def _get(self, key: object, paint: Callable[[QPainter, QRectF], None]) -> QPixmap:
        if key not in self._kept:
            side = round(MARK_PX * self._ratio)
            pixmap = QPixmap(side, side)
            pixmap.setDevicePixelRatio(self._ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            paint(painter, QRectF(0, 0, MARK_PX, MARK_PX))
            painter.end()
            self._kept[key] = pixmap
        return self._kept[key]


def selected_ground(theme: Theme) -> QColor:
    """Behind the selected row."""
    return mixed(theme.accent, theme.panel, 0.16)
