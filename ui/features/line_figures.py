"""Self time beside the lines of the sources, where an open recording profiled the same source."""

from __future__ import annotations

from inspector.units import format_us
from ui.features.feature import Feature, Workbench
from ui.features.sessions import Sessions
from ui.features.sources import Sources

__all__ = ["LineFigures"]


class LineFigures(Feature):
    """The same source is one with the same hash of V8's: an edited file has no figures until it is recorded again."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._asked = 0
        self._sources, self._sessions = self.other(Sources), self.other(Sessions)
        if self._sources is not None and self._sessions is not None:
            self._sources.shown.connect(self._ask)  # asked again when its tab is looked at
            self._sessions.shown.connect(self._ask)

    def _ask(self) -> None:
        self._asked += 1
        sources = self._sources
        record = sources.record if sources is not None else None
        if sources is not None and sources.view is not None and sources.view.isVisible() and record is not None:
            self.bench.bridge.spawn(self._answer(self._asked, record.parsed.hash), "look for the time of lines")

    async def _answer(self, number: int, script_hash: str) -> None:
        assert self._sources is not None and self._sessions is not None
        times, title = await self._sessions.line_times(script_hash)
        view = self._sources.view
        if number == self._asked and view is not None:
            view.show_figures("time", {line: format_us(us) for line, us in times.items()}, f"self time of {title}")
