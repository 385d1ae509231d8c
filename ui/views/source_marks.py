"""What is drawn beside a line of a source: breakpoints of each kind, and where the isolate stands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.models.line_mark import LineMark
from ui.theme import Theme

__all__ = ["paint_mark"]

_SIZE = 5.5


def paint_mark(painter: QPainter, centre: QPointF, theme: Theme, mark: LineMark | None, *, paused: bool) -> None:
    """A disc for a breakpoint, a ring for one on its way, a diamond with a question mark for one with a condition, a
    square with dots for one that logs, an arrow where the isolate stands.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mark is not None:
        _paint_kind(painter, centre, theme, mark, bare=paused)
    if paused:
        painter.setPen(Qt.PenStyle.NoPen)
        bound = mark is not None and mark.kind != "coming"
        painter.setBrush(theme.panel if bound else theme.warn)
        size = 3.0 if bound else 5.0
        corners = [QPointF(-size, -size), QPointF(size + 1, 0), QPointF(-size, size)]
        painter.drawPolygon([centre + corner for corner in corners])
    painter.restore()


def _paint_kind(painter: QPainter, centre: QPointF, theme: Theme, mark: LineMark, *, bare: bool) -> None:
    colour = theme.accent if mark.kind == "log" else theme.error
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush if mark.kind == "coming" else colour)
    box = QRectF(centre.x() - _SIZE, centre.y() - _SIZE, 2 * _SIZE, 2 * _SIZE)
    if mark.kind == "condition":
        reach = _SIZE + 1.0
        corners = (QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0))
        painter.drawPolygon([centre + corner for corner in corners])
    elif mark.kind == "log":
        painter.drawRoundedRect(box, 1.5, 1.5)
    else:
        painter.drawEllipse(centre, _SIZE, _SIZE)
    if bare or mark.kind not in ("condition", "log"):
        return
    painter.setPen(theme.panel)
    if mark.kind == "condition":
        font = painter.font()
        font.setPixelSize(9)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
    else:
        painter.setPen(QPen(theme.panel, 1.8))
        painter.drawPoints([centre + QPointF(x, 0.5) for x in (-3.0, 0.0, 3.0)])
