"""Small painted marks: the state of an isolate as a shape (never as a colour alone), and the letter of a host
process.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from inspector.states import IsolateState
from ui.theme import Theme, host_colour

__all__ = ["paint_host_letter", "paint_state", "state_colour"]


def state_colour(state: IsolateState, theme: Theme) -> QColor:
    return {
        IsolateState.STARTING: theme.muted,
        IsolateState.IDLE: theme.muted,
        IsolateState.RUNNING: theme.ok,
        IsolateState.WAITING: theme.accent,
        IsolateState.PAUSED: theme.warn,
        IsolateState.WEDGED: theme.error,
        IsolateState.CRASHED: theme.error,
        IsolateState.DISPOSED: theme.faint,
    }[state]


def paint_state(painter: QPainter, rect: QRectF, state: IsolateState, theme: Theme) -> None:
    """The mark of a state, in the middle of `rect`, about 9 points wide."""
    colour = state_colour(state, theme)
    centre = rect.center()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match state:
        case IsolateState.RUNNING:
            painter.setBrush(colour)
            painter.drawPolygon(_polygon(centre, (-2.6, -3.8), (3.8, 0), (-2.6, 3.8)))
        case IsolateState.WAITING:
            painter.drawEllipse(centre, 4, 4)
            painter.drawPolyline(_polygon(centre, (0, -2.2), (0, 0), (1.8, 1)))
        case IsolateState.PAUSED:
            painter.drawLine(centre + QPointF(-2, -3.4), centre + QPointF(-2, 3.4))
            painter.drawLine(centre + QPointF(2, -3.4), centre + QPointF(2, 3.4))
        case IsolateState.WEDGED:
            painter.drawLine(centre + QPointF(0, -3.8), centre + QPointF(0, 1))
            painter.drawPoint(centre + QPointF(0, 3.8))
        case IsolateState.CRASHED:
            painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3))
            painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3))
        case IsolateState.DISPOSED:
            painter.drawLine(centre + QPointF(-3.4, 0), centre + QPointF(3.4, 0))
        case IsolateState.STARTING:
            painter.drawArc(QRectF(centre.x() - 4, centre.y() - 4, 8, 8), 90 * 16, 240 * 16)
        case _:
            painter.drawEllipse(centre, 3.4, 3.4)
    painter.restore()


def paint_host_letter(painter: QPainter, rect: QRectF, host_id: int, letter: str, theme: Theme) -> None:
    """A rounded chip in the host's colour with its letter."""
    colour = host_colour(host_id)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, 3, 3)
    font = painter.font()
    font.setPixelSize(max(8, round(rect.height() * 0.72)))
    font.setBold(True)
    painter.setFont(font)
    bright = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue() > 140
    painter.setPen(QColor("#14171b") if bright else QColor("#ffffff"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


def _polygon(centre: QPointF, *points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([centre + QPointF(x, y) for x, y in points])
