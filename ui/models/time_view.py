"""Which stretch of time a graph shows: it follows the present or stands still. Microseconds, no Qt."""

from __future__ import annotations

__all__ = ["SHOWN_US", "TimeView"]

SHOWN_US = 60_000_000
_SHORTEST_US = 100_000
_EDGE = 0.02  # of the span: a right edge this close to the present follows it


class TimeView:
    """`kept_us`: how far back there is data; `shown_us`: the span that `fit` returns to."""

    def __init__(self, *, shown_us: int = SHOWN_US, kept_us: int = 600_000_000) -> None:
        self.shown_us = shown_us
        self.kept_us = kept_us
        self.span_us = shown_us
        self._to_us: int | None = None  # None: follows the present
        self._paused_us: int | None = None

    @property
    def follows(self) -> bool:
        """The right edge is the present (or the instant of the pause)."""
        return self._to_us is None

    @property
    def paused(self) -> bool:
        return self._paused_us is not None

    @property
    def fitted(self) -> bool:
        return self.follows and self.span_us == self.shown_us

    def present(self, now_us: int) -> int:
        """What counts as now: the instant of the pause while paused."""
        return now_us if self._paused_us is None else self._paused_us

    def window(self, now_us: int) -> tuple[int, int]:
        """(from, to) of what is shown."""
        to_us = self.present(now_us) if self._to_us is None else self._to_us
        return to_us - self.span_us, to_us

    def fit(self) -> None:
        """Follow the present with the usual span."""
        self.span_us, self._to_us = self.shown_us, None

    def show_last(self, span_us: int) -> None:
        """Follow the present with `span_us`; `fit` returns to it."""
        self.shown_us = span_us
        self.fit()

    def pause(self, now_us: int) -> None:
        if self._paused_us is None:
            self._paused_us = now_us

    def resume(self) -> None:
        self._paused_us = None

    def look_at(self, from_us: int, to_us: int, now_us: int) -> None:
        """Show a stretch; it stands still unless it ends at the present."""
        from_us, to_us = min(from_us, to_us), max(from_us, to_us)
        self._put(max(to_us - from_us, _SHORTEST_US), to_us, now_us)

    def zoom(self, factor: float, anchor_us: int, now_us: int) -> None:
        """Multiply the span by `factor`; the instant `anchor_us` stays where it is, as far as data are kept."""
        from_us, to_us = self.window(now_us)
        span = int(min(max((to_us - from_us) * factor, _SHORTEST_US), self.kept_us))
        share = (to_us - anchor_us) / max(to_us - from_us, 1)
        self._put(span, int(anchor_us + share * span), now_us)

    def move(self, by_us: int, now_us: int) -> None:
        """Shift what is shown; positive: to the right, at most up to the present."""
        _, to_us = self.window(now_us)
        self._put(self.span_us, to_us + by_us, now_us)

    def _put(self, span_us: int, to_us: int, now_us: int) -> None:
        present = self.present(now_us)
        self.span_us = min(span_us, self.kept_us)
        oldest_to = present - self.kept_us + self.span_us
        to_us = max(to_us, min(oldest_to, present))
        self._to_us = None if to_us >= present - self.span_us * _EDGE else to_us
