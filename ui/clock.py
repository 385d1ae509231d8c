"""One timer for everything that paints: it ticks at most 30 times a second and stands still while nobody can see."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

__all__ = ["FRAME_MS", "PaintClock", "now_us"]

FRAME_MS = 33
_CALM_US = 1_000_000  # between two steps of a graph


def now_us() -> int:
    """The machine's monotonic clock in microseconds: the clock of every event's `at_us`."""
    return time.monotonic_ns() // 1000


class PaintClock(QObject):
    """`tick` carries the time of the frame, the same for every widget that paints it."""

    tick = Signal(object)  # now_us: an int that outgrows 32 bits
    calm = False  # reduced motion: graphs step instead of gliding

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def holds(self, drawn_us: int, at_us: int) -> bool:
        """Whether a graph that was drawn at `drawn_us` stands still for now."""
        return self.calm and at_us - drawn_us < _CALM_US

    def start(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        self.tick.emit(now_us())
