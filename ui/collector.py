"""Python's garbage collection, kept out of the way: a full one walks every object (50 ms after the start, 100 more
with 100,000 console lines) and would stall the window in the middle of a flood, so it waits until nothing happens, and
leaves out what was there when all was loaded: modules and classes, which are no garbage.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

__all__ = ["Collector"]

_LOOK_EVERY_MS = 5_000
_AT_LEAST_EVERY = 60  # looks: 5 minutes, however busy it is
_YOUNG = 4  # collections of the youngest before that of the next: 20 took 90 ms in a flood of console lines
_NEVER = 1_000_000


class Collector(QObject):
    """Young generations are collected as ever; the old one by `QTimer`, when `noticed` was not called since the
    last look.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy = False
        self._looks = 0
        self._before = gc.get_threshold()
        gc.set_threshold(5_000, _YOUNG, _NEVER)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def settle(self) -> None:
        """All is loaded: what there is now is walked no more. Price: none, lists are joined."""
        gc.freeze()

    def noticed(self) -> None:
        """Something happened: this is no time for a full collection."""
        self._busy = True
        if not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.set_threshold(*self._before)

    def _look(self) -> None:
        self._looks += 1
        if self._busy and self._looks < _AT_LEAST_EVERY:
            self._busy = False
            return
        if any(gc.get_count()[1:]):  # else fewer than 5,000 objects are new: nothing to gain
            gc.collect()
        self._looks = 0
        self._timer.stop()  # until something happens again
