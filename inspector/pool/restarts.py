"""When a lost host is replaced: at once, then after a pause, not at all after three losses in 30 s. No clock here."""

from __future__ import annotations

from collections import deque

__all__ = ["RestartPolicy"]

WINDOW_US = 30_000_000
PAUSES_MS = (0, 500)  # before the replacement of the first and of the second loss within the window


class RestartPolicy:
    """Counts losses of shared hosts; those of a host made for one isolate alone are not replaced and not counted."""

    def __init__(self) -> None:
        self._losses: deque[int] = deque()
        self.stopped = False

    def lost(self, at_us: int) -> int | None:
        """A host was lost: milliseconds until its replacement, None for none."""
        self._losses.append(at_us)
        while self._losses[0] < at_us - WINDOW_US:
            self._losses.popleft()
        if self.stopped or len(self._losses) > len(PAUSES_MS):
            self.stopped = True
            return None
        return PAUSES_MS[len(self._losses) - 1]

    def allow(self) -> None:
        """The user wants it tried again."""
        self._losses.clear()
        self.stopped = False
