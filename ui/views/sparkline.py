"""A heap as a line of a few dozen pixels, for a row of the tree: from zero to its maximum, a limit when it is near."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.models.value_scale import limit_in_view
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.models.rings import Array

__all__ = ["paint_sparkline"]


def paint_sparkline(
    painter: QPainter, rect: QRectF, values: Array | Sequence[float], limit: float, theme: Theme, *, ended: bool = False
) -> None:
    """`values`: bytes at equal steps over the width of `rect`, NaN where unknown; `limit` in bytes, 0: none. 26 µs."""
    numbers = values if isinstance(values, list) else list(map(float, values))
    highest = max((value for value in numbers if not isnan(value)), default=0.0)
    if highest <= 0 or len(numbers) < 2:
        return
    with_limit = limit_in_view(highest, limit)
    top = max(highest, limit if with_limit else 0.0)
    left, bottom, height = rect.left(), rect.bottom() - 1, rect.height() - 3
    step = (rect.width() - 1) / (len(numbers) - 1)
    scale = height / top
    points = [QPointF(left + i * step, bottom - value * scale) for i, value in enumerate(numbers) if not isnan(value)]
    if with_limit:
        painter.setPen(theme.limit)
        y = bottom - limit * scale
        painter.drawLine(QLineF(left, y, rect.right() - 1, y))
    painter.setPen(theme.faint if ended else theme.used)
    if len(points) == 1:
        painter.drawPoint(points[0])
    else:
        painter.drawPolyline(points)
