"""The newest messages between isolates, for the time axis that all of them share: when, from which row, to which."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from msgspec import Struct

from inspector.value_events import ValueMoved

__all__ = ["MOST_ARROWS", "Arrow", "MessageArrows"]

MOST_ARROWS = 2_000  # the oldest go


class Arrow(Struct, frozen=True):
    at_us: int
    from_isolate_id: int
    to_isolate_id: int
    arrived: bool


class MessageArrows:
    """Owner: the GUI thread."""

    def __init__(self) -> None:
        self._arrows: deque[Arrow] = deque(maxlen=MOST_ARROWS)
        self.count = 0  # so far: tells whether there is anything new

    def add(self, moved: ValueMoved) -> None:
        """What comes from Python, or stays in its isolate, crosses no rows."""
        pair = moved.from_isolate_id, moved.to_isolate_id
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            self._arrows.append(Arrow(moved.at_us, pair[0], pair[1], moved.outcome == "arrived"))
            self.count += 1

    @property
    def newest_us(self) -> int:
        """0: none yet."""
        return self._arrows[-1].at_us if self._arrows else 0

    def since(self, at_us: int) -> Iterator[Arrow]:
        """Newest first."""
        for arrow in reversed(self._arrows):
            if arrow.at_us < at_us:
                return
            yield arrow
