"""Lets go of what was kept many times, a piece at a time: to free 100,000 rows of the console at once takes 70 ms."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

__all__ = ["PIECE", "Discard"]

PIECE = 5_000  # 3 ms


class Discard(QObject):
    """Owner: the GUI thread. Without an event loop nothing goes before this object does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lists: list[list[Any]] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def __len__(self) -> int:
        """How many have not gone yet."""
        return sum(map(len, self._lists))

    def take(self, objects: list[Any]) -> None:
        """Empty a list that nobody uses any more; a short one goes at once."""
        if len(objects) > PIECE:
            self._lists.append(objects)
            self._timer.start()

    def _step(self) -> None:
        if self._lists:
            del self._lists[-1][-PIECE:]
            if not self._lists[-1]:
                del self._lists[-1]
        if not self._lists:
            self._timer.stop()
