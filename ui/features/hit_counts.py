"""How often lines ran, beside them in Sources: on request, for it slows the scripts down."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from inspector.errors import GoneError
from inspector.events import Event
from inspector.states import IsolateState
from ui.features.feature import Feature, Workbench
from ui.features.sources import Sources

if TYPE_CHECKING:
    from ui.models.pool_state import Changes

__all__ = ["HitCounts"]


_PACE_S = 1.0
_SHARE = 20  # a reading that takes 0.1 s is made every 2 s


class _Counting:
    """Of one isolate. Its figures stay when the counting has ended, until it begins again."""

    def __init__(self, old: frozenset[str]) -> None:
        self.old = old  # scripts that were compiled before: of what V8 doesn't count there a 0 would be a lie
        self.steps: dict[str, Counter[int]] = {}  # by script id
        self.on = True
        self.news = asyncio.Event()  # something may have run, or it is to end
        self.ended = asyncio.Event()


class HitCounts(Feature):
    keys = ("count-hits",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._with_isolate = bench.commands.with_isolate
        self.of: dict[int, _Counting] = {}  # by isolate
        self._drawing = 0
        self._sources = self.other(Sources)
        if self._sources is not None:
            self._sources.shown.connect(self._draw)

    def grant(self, key: str) -> None:
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        if record is None:
            return
        counting = self.of.get(record.isolate_id)
        if counting is not None and counting.on:
            counting.on = False
            counting.news.set()
            self.bench.views.status.tell("Hits are no longer counted; what was counted stays beside the lines.")
        else:
            before = counting
            scripts = (one for context in record.contexts.values() for one in context.scripts)
            counting = self.of[record.isolate_id] = _Counting(frozenset(scripts))
            self.bench.bridge.spawn(self._count(record.isolate_id, counting, before), "count hits")
        self.selection_changed()

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        for isolate_id, counting in self.of.items():
            if isolate_id in changes.isolates:
                counting.news.set()

    def selection_changed(self) -> None:
        counting = self.of.get(self.bench.selection.isolate_id or 0)
        self.bench.actions["count-hits"].setChecked(counting is not None and counting.on)

    async def _count(self, isolate_id: int, counting: _Counting, before: _Counting | None) -> None:
        try:
            if before is not None:
                await before.ended.wait()
            await self._with_isolate(isolate_id, lambda isolate: isolate.start_counting_hits())
            self.bench.views.status.tell(
                "Counting hits: its scripts run slower. Run again to count every line from the start."
            )
            while counting.on:
                began = time.monotonic()
                taken = await self._with_isolate(isolate_id, lambda isolate: isolate.take_hits())
                for script_id, steps in taken.items():
                    total = counting.steps.setdefault(script_id, Counter())
                    for offset, change in steps.items():
                        total[offset] += change
                self._draw()
                pace_s = max(_PACE_S, _SHARE * (time.monotonic() - began)) if self._runs(isolate_id) else None
                with suppress(TimeoutError):
                    await asyncio.wait_for(counting.news.wait(), pace_s)
                counting.news.clear()
            await self._with_isolate(isolate_id, lambda isolate: isolate.stop_counting_hits())
        except GoneError:
            pass  # the figures stay with the row
        finally:
            counting.on = False
            counting.ended.set()
            self.selection_changed()

    def _runs(self, isolate_id: int) -> bool:
        record = self.bench.state.isolates.get(isolate_id)
        return record is not None and record.state is not IsolateState.IDLE

    # --- shown ---

    def _draw(self) -> None:
        sources = self._sources
        if sources is None or sources.view is None or not sources.view.isVisible():
            return
        counting = self.of.get(sources.isolate_id or 0)
        steps = counting.steps.get(sources.script_id) if counting is not None else None
        self._drawing += 1
        if counting is None or not steps:
            sources.view.show_figures("hits", {}, "")
        else:
            bare = sources.script_id in counting.old
            self.bench.bridge.spawn(self._show(self._drawing, dict(steps), bare=bare), "count hits")

    async def _show(self, number: int, steps: dict[int, int], *, bare: bool) -> None:
        from inspector.sources.line_hits import line_hits

        assert self._sources is not None and self._sources.view is not None
        view, found = self._sources.view, dict[int, int]()
        raw = view.area.text.raw
        await self.bench.bridge.in_a_thread(lambda: found.update(line_hits(raw, steps)))
        if number == self._drawing and view.area.text.raw is raw:
            figures = {line: f"{count:,}×" for line, count in found.items() if count or not bare}
            view.show_figures("hits", figures, "hits of functions called since" if bare else "hits of lines")
