"""The memory of the selected isolate: every figure and space of its heap once a second, its contexts when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.errors import GoneError, InspectorError
from inspector.units import format_ms
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from inspector.records import ContextMemory, HeapStatistics

__all__ = ["MemoryFeature"]

_EVERY_US = 1_000_000


class MemoryFeature(Feature):
    """Nothing is asked for while nobody sees the facts. Price: 30 us of V8's thread a second."""

    keys = ("measure-contexts",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._asked_us = 0
        self._asking = False
        bench.clock.tick.connect(self._tick)

    def grant(self, key: str) -> None:
        if self.bench.selection.isolate_id is not None:
            self.bench.bridge.spawn(self._measure(self.bench.selection.isolate_id), "measure the contexts")

    def selection_changed(self) -> None:
        self._asked_us = 0

    async def _measure(self, isolate_id: int) -> None:
        bench = self.bench
        await bench.commands.until_served(isolate_id, "Measuring the contexts")

        async def ask() -> ContextMemory:
            return await bench.pool.isolate(isolate_id).context_memory()

        found = await bench.bridge.submit(ask())
        record = bench.state.isolates.get(isolate_id)
        if record is not None:
            record.context_memory = found
            counted = "1 context" if len(found.contexts) == 1 else f"{len(found.contexts)} contexts"
            bench.commands.told.emit(f"Measured {counted} in {format_ms(found.ms)}: see the facts.")

    def _tick(self, at_us: int) -> None:
        if self._asking or at_us - self._asked_us < _EVERY_US or not self.bench.views.facts.isVisible():
            return
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        if record is not None and record.state.alive and self.bench.situation().ready:
            self._asked_us = at_us
            self._asking = True
            self.bench.bridge.spawn(self._ask(record.isolate_id), "read the heap's figures")

    async def _ask(self, isolate_id: int) -> None:
        async def ask() -> HeapStatistics:
            return await self.bench.pool.isolate(isolate_id).heap_statistics()

        try:
            found = await self.bench.bridge.submit(ask())
        except GoneError:
            return  # it ended meanwhile, which its row tells
        except InspectorError as error:
            self.bench.problems.report_error(error)
            self._asked_us += 60 * _EVERY_US  # not the same problem every second
            return
        finally:
            self._asking = False
        record = self.bench.state.isolates.get(isolate_id)
        if record is not None:
            record.statistics = found
