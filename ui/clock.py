"""One timer for everything that paints: it ticks when somebody asked for a frame, at most 30 times a second, and stands
still while there is nothing new or nobody can see.
"""

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
    """`tick` carries the time of the frame, the same for every widget that paints it. It comes only when it was asked
    for, and then all hear it: who listens decides by what has changed, not by counting ticks.
    """

    tick = Signal(object)  # now_us: an int that outgrows 32 bits
    calm = False  # reduced motion: graphs step instead of gliding

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: set[int] = set()  # the instants at which somebody wants a frame
        self._ticked_us = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.running = False  # whether somebody can see

    @property
    def asleep(self) -> bool:
        """Whether no tick is on its way."""
        return not self._timer.isActive()

    def ask(self, at_us: int = 0) -> None:
        """Have a tick at this time, or with the next frame when that is later. It waits while nobody sees."""
        if at_us not in self._asked:
            sooner = not self._asked or at_us < min(self._asked)
            self._asked.add(at_us)
            if sooner:
                self._wait()

    def free_us(self, drawn_us: int) -> int:
        """From when on a graph that was drawn at `drawn_us` may be drawn anew."""
        return drawn_us + _CALM_US if self.calm else 0

    def start(self) -> None:
        self.running = True
        self._asked.add(0)  # whatever has changed meanwhile
        self._wait()

    def stop(self) -> None:
        self.running = False
        self._timer.stop()

    def _wait(self) -> None:
        if self.running and self._asked:
            due_us = max(min(self._asked), self._ticked_us + FRAME_MS * 1000)
            self._timer.start(max(0, -((now_us() - due_us) // 1000)))

    def _tick(self) -> None:
        self._ticked_us = at_us = max(now_us(), min(self._asked, default=0))
        self._asked = {later for later in self._asked if later > at_us}
        self.tick.emit(at_us)
        self._wait()
