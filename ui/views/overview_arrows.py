"""Messages as arrows from the sender's row to the receiver's, over the heaps of the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui.models.arrows import Arrow
from ui.theme import Theme

__all__ = ["paint_arrows"]

_TIP = 5.0
_MOST = 300  # drawn at once, one a pixel column and pair of rows


def paint_arrows(
    painter: QPainter,
    arrows: Iterable[Arrow],
    x_of: Callable[[int], float],
    middle_of: Callable[[int], float | None],
    theme: Theme,
) -> None:
    """`x_of` an instant, `middle_of` an isolate's row. One that did not arrive is an empty tip on a broken line."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawn: set[tuple[int, int, int]] = set()
    for arrow in arrows:
        start, end = middle_of(arrow.from_isolate_id), middle_of(arrow.to_isolate_id)
        x = x_of(arrow.at_us)
        place = (round(x), arrow.from_isolate_id, arrow.to_isolate_id)
        if start is None or end is None or place in drawn:
            continue
        drawn.add(place)
        colour = theme.text if arrow.arrived else theme.error
        tip = _TIP if end > start else -_TIP
        painter.setPen(QPen(colour, 1) if arrow.arrived else QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(x, start, x, end - tip))
        painter.setPen(QPen(colour, 1))
        painter.setBrush(colour if arrow.arrived else theme.panel)
        painter.drawPolygon(QPolygonF([QPointF(x, end), QPointF(x - 3, end - tip), QPointF(x + 3, end - tip)]))
        if len(drawn) >= _MOST:
            break
    painter.restore()
