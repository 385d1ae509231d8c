"""The time axis that all graphs share: round steps, "-60 s" to "now", or the time of day where a view stands still."""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from ui.theme import Theme

__all__ = ["Tick", "ago_text", "clock_text", "paint_time_axis", "ticks_ago", "ticks_of_day"]

_STEPS_US: list[int] = [
    *(factor * 10**power for power in range(3, 6) for factor in (1, 2, 5)),
    *(seconds * 10**6 for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300)),
]
_BETWEEN = 8  # points between two texts
_MARK = 4
_LONG_US = 150_000_000  # a longer span is told in minutes


class Tick(Struct, frozen=True):
    """`share`: 0.0 at the left edge of the view, 1.0 at the right."""

    share: float
    text: str


def ticks_ago(span_us: int, most: int, present: str = "now") -> list[Tick]:
    """Ticks of a view whose right edge is the present, which is called `present`; at most `most` beside it."""
    step = _step(span_us, most)
    return [
        Tick(1 - ago / span_us, ago_text(ago, step, minutes=span_us > _LONG_US) if ago else present)
        for ago in range(0, int(span_us * 1.0001), step)
    ][::-1]


def ticks_of_day(from_us: int, to_us: int, now_us: int, most: int) -> list[Tick]:
    """Ticks at round times of day, for a view that stands still."""
    span = to_us - from_us
    step = _step(span, most)
    offset = time.time_ns() // 1000 - now_us
    first = -(-(from_us + offset) // step) * step - offset
    return [Tick((at - from_us) / span, clock_text(at, now_us, step)) for at in range(first, to_us + 1, step)]


def ago_text(ago_us: float, step_us: int = 10_000, *, minutes: bool = False) -> str:
    """ "-12.35 s", with the decimals that `step_us` needs; or "-2.5 min"."""
    if minutes:
        return f"-{ago_us / 60e6:.{0 if step_us % 60_000_000 == 0 else 1}f} min"
    return f"-{ago_us / 1e6:.{_places(step_us)}f} s"


def clock_text(at_us: int, now_us: int, step_us: int = 1_000_000) -> str:
    """The local time of day of an instant of the monotonic clock, with the decimals that `step_us` needs."""
    wall_us = time.time_ns() // 1000 - (now_us - at_us)
    seconds, rest = divmod(wall_us, 1_000_000)
    places = _places(step_us)
    text = time.strftime("%H:%M:%S", time.localtime(seconds))
    return f"{text}.{rest:06d}"[: 9 + places] if places else text


def paint_time_axis(painter: QPainter, area: QRectF, ticks: Sequence[Tick], theme: Theme) -> None:
    """Marks and texts below the line `area.top()`; a text never leaves the area, nor touches the one before it."""
    painter.setPen(theme.border)
    painter.drawLine(QLineF(area.topLeft(), area.topRight()))
    metrics = painter.fontMetrics()
    taken = area.left() - _BETWEEN
    for tick in ticks:
        x = area.left() + tick.share * (area.width() - 1)
        painter.setPen(theme.border)
        painter.drawLine(QLineF(x, area.top(), x, area.top() + _MARK))
        width = metrics.horizontalAdvance(tick.text)
        left = min(max(x - width / 2, area.left()), area.right() - width)
        if left < taken + _BETWEEN:
            continue
        taken = left + width
        painter.setPen(theme.muted)
        text_area = QRectF(left, area.top() + _MARK, width + 1, area.height() - _MARK)
        painter.drawText(text_area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tick.text)


def _step(span_us: int, most: int) -> int:
    fitting = [step for step in _STEPS_US if span_us / step <= max(1, most)]
    return fitting[0] if fitting else _STEPS_US[-1]


def _places(step_us: int) -> int:
    """Decimals of a second."""
    return sum(step_us % unit_us != 0 for unit_us in (1_000_000, 100_000, 10_000))
