"""A picture of a recording's heaps as PNG: a row per isolate, one time axis. For the command line, without a window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen, QPolygonF

from inspector.text import visible
from inspector.units import format_bytes, format_us
from ui.theme import LIGHT

if TYPE_CHECKING:
    from inspector.analysis.track import Track

__all__ = ["png_of"]

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP, _BOTTOM = 1200, 110, 170, 20, 36, 34
_MOST_ROWS = 60
_THEME = LIGHT  # for paper and pages
_TICKS = 6


def png_of(tracks: Sequence[Track], title: str, from_us: int, to_us: int) -> bytes:
    """Heap used and off-heap memory, collections as ticks. At most 60 isolates, which the title says then."""
    application = _application()
    shown = tracks[:_MOST_ROWS]
    if len(shown) < len(tracks):
        title += f" (the first {len(shown)} of {len(tracks)} isolates)"
    image = QImage(_WIDTH, _TOP + _ROW * max(1, len(shown)) + _BOTTOM, QImage.Format.Format_RGB32)
    image.fill(_THEME.panel)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, shown, title, (from_us, max(to_us, from_us + 1)))
    finally:
        painter.end()
    del application
    return _encoded(image)


def _application() -> QGuiApplication:
    """Text can't be drawn without one."""
    there = QGuiApplication.instance()
    if isinstance(there, QGuiApplication):
        return there
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(sys.argv[:1])


def _paint(p: QPainter, tracks: Sequence[Track], title: str, span: tuple[int, int]) -> None:
    p.setPen(_THEME.text)
    p.drawText(QRectF(16, 0, _WIDTH - 32, _TOP), Qt.AlignmentFlag.AlignVCenter, title)
    for row, track in enumerate(tracks):
        area = QRectF(_LEFT, _TOP + row * _ROW + 8, _WIDTH - _LEFT - _RIGHT, _ROW - 16)
        _paint_row(p, track, area, span)
    bottom = _TOP + _ROW * max(1, len(tracks))
    p.setPen(_THEME.muted)
    for tick in range(_TICKS + 1):
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * tick / _TICKS
        words = format_us((span[1] - span[0]) * tick / _TICKS) if tick else "0"
        p.drawText(QRectF(x - 60, bottom, 120, _BOTTOM - 8), Qt.AlignmentFlag.AlignCenter, words)


def _paint_row(p: QPainter, track: Track, area: QRectF, span: tuple[int, int]) -> None:
    samples, (from_us, to_us) = track.samples, span
    top = max(float(samples["used_bytes"].max(initial=0)), float(samples["external_bytes"].max(initial=0)), 1.0) * 1.05
    p.setPen(QPen(_THEME.grid, 1))
    for share in (0.0, 0.5, 1.0):
        y = area.bottom() - share * area.height()
        p.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
    p.setPen(_THEME.text)
    label = QRectF(16, area.top(), _LEFT - 28, area.height() / 2)
    p.drawText(label, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, visible(track.name, 22))
    p.setPen(_THEME.muted)
    words = f"up to {format_bytes(top / 1.05)}" if len(samples) else "no samples"
    p.drawText(label.translated(0, area.height() / 2), Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words)
    x = area.left() + (samples["at_us"].astype(float) - from_us) / (to_us - from_us) * area.width()
    for name, colour in (("external_bytes", _THEME.external), ("used_bytes", _THEME.used)):
        _paint_line(p, x, area.bottom() - samples[name].astype(float) / top * area.height(), colour)
    p.setPen(QPen(_THEME.gc_major, 1))
    for at_us in track.collections["at_us"].tolist():
        at = area.left() + (at_us - from_us) / (to_us - from_us) * area.width()
        p.drawLine(QPointF(at, area.bottom()), QPointF(at, area.bottom() + 4))


def _paint_line(p: QPainter, x: np.ndarray, y: np.ndarray, colour: QColor) -> None:
    """At most two points a pixel."""
    if len(x) > 4 * _WIDTH:
        part = np.linspace(0, len(x) - 1, 4 * _WIDTH).astype(int)
        x, y = x[part], y[part]
    p.setPen(QPen(colour, 1.5))
    p.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))


def _encoded(image: QImage) -> bytes:
    raw = QByteArray()
    buffer = QBuffer(raw)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(raw.data())
