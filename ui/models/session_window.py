"""Which stretch of a recording is in view, and which is brushed: one for all charts and tables of a session.

The view moves within the recording, and a little beyond its edges. A brushed range filters every table; without one
they tell of the whole recording.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

__all__ = ["SHORTEST_US", "SessionWindow"]

SHORTEST_US = 50.0  # of a view; V8 samples no faster than every 100 us
_BEYOND = 0.02  # of the recording: room at both ends


class SessionWindow(QObject):
    """Microseconds of the monotonic clock, as floats: a view may begin between two."""

    view_changed = Signal()
    range_changed = Signal()  # the brush, or the whole of which there is no brush

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.whole = (0.0, 1.0)
        self.view = (0.0, 1.0)
        self.brush: tuple[float, float] | None = None

    @property
    def range(self) -> tuple[float, float]:
        """What tables tell of."""
        return self.brush or self.whole

    @property
    def span_us(self) -> float:
        return self.view[1] - self.view[0]

    def put_whole(self, from_us: float, to_us: float) -> None:
        """The recording's extent; a view of all of it grows with it."""
        fitted = self.view == self._fitted()
        self.whole = (from_us, max(to_us, from_us + SHORTEST_US))
        if fitted:
            self.view = self._fitted()
        else:
            self._show(*self.view)
        self.view_changed.emit()
        if self.brush is None:
            self.range_changed.emit()

    def show(self, from_us: float, to_us: float) -> None:
        self._show(from_us, to_us)
        self.view_changed.emit()

    def fit(self) -> None:
        """The brushed range; when that is in view already, or there is none, the whole."""
        wanted = self.brush or self._fitted()
        self.show(*(self._fitted() if self.view == self._clamped(*wanted) else wanted))

    def zoom(self, factor: float, anchor_us: float | None = None) -> None:
        """Multiply the span; `anchor_us` stays where it is (None: the middle)."""
        low, high = self.view
        anchor = (low + high) / 2 if anchor_us is None else anchor_us
        span = max(SHORTEST_US, (high - low) * factor)
        start = anchor - (anchor - low) / (high - low) * span
        self.show(start, start + span)

    def move(self, share: float) -> None:
        """By a share of the span; positive: to later times."""
        by = self.span_us * share
        self.show(self.view[0] + by, self.view[1] + by)

    def put_brush(self, one_us: float, other_us: float) -> None:
        low, high = sorted((one_us, other_us))
        low, high = max(low, self.whole[0]), min(high, self.whole[1])
        if high > low:
            self.brush = (low, high)
            self.range_changed.emit()

    def drop_brush(self) -> None:
        if self.brush is not None:
            self.brush = None
            self.range_changed.emit()

    def _fitted(self) -> tuple[float, float]:
        room = (self.whole[1] - self.whole[0]) * _BEYOND
        return self.whole[0] - room, self.whole[1] + room

    def _show(self, from_us: float, to_us: float) -> None:
        self.view = self._clamped(from_us, to_us)

    def _clamped(self, from_us: float, to_us: float) -> tuple[float, float]:
        low, high = self._fitted()
        span = min(max(to_us - from_us, SHORTEST_US), high - low)
        start = min(max(from_us, low), high - span)
        return start, start + span
