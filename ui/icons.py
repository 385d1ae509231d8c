"""Icons of one colour from `resources/icons/*.svg`: drawn in the theme's colour at every scale."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap

import resources

__all__ = ["icon", "pixmap"]

_SIZE = 16  # of every icon in menus, buttons and the toolbar, in points


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return resources.text(f"icons/{name}.svg")


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, colour: str) -> QPixmap:
    # imported here: QtSvg is needed for the first icon, not for the first line of the window
    from PySide6.QtSvg import QSvgRenderer

    source = _source(name).replace("currentColor", colour)
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def pixmap(name: str, size: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """The icon `size` points wide for a screen of `ratio` pixels a point."""
    drawn = QPixmap(_drawn(name, round(size * ratio), colour.name()))
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, colour: QColor, disabled: QColor, *, sizes: Sequence[int] = ()) -> QIcon:
    """The icon in `colour`, and in `disabled` where its action can't be used.

    `sizes` in pixels; () for one of 16 points on the screen that has the most pixels a point, and on a plain one.
    """
    made = QIcon()
    for size in sizes or sorted({_SIZE, round(_SIZE * _finest())}):
        made.addPixmap(_drawn(name, size, colour.name()), QIcon.Mode.Normal)
        made.addPixmap(_drawn(name, size, disabled.name()), QIcon.Mode.Disabled)
    return made


def _finest() -> float:
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
