"""The memory of the selected isolate: every figure and space of its heap once a second, its contexts when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from inspector.errors import GoneError, InspectorError
from inspector.states import IsolateState
from inspector.units import format_ms
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from inspector.records import ContextMemory, HeapStatistics
    from ui.models.records import Figures

__all__ = ["MemoryFeature"]

_EVERY_US = 1_000_000


class MemoryFeature(Feature):
    """Nothing is asked for while nobody sees the facts. Price: 30 us of V8's thread a second. A heap that does
    nothing does not change: it is asked for once, and again when a sample tells other sizes.
    """

    keys = ("measure-contexts",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._asked_us = 0
        self._asked_for: tuple[int, Figures] | None = None  # isolate_id, its sizes then
        self._asking = False
        bench.clock.tick.connect(self._tick)

    def grant(self, key: str) -> None:
        if self.bench.selection.isolate_id is not None:
            self.bench.bridge.spawn(self._measure(self.bench.selection.isolate_id), "measure the contexts")

    def selection_changed(self) -> None:
        self._asked_us, self._asked_for = 0, None
        self.bench.clock.ask()

    async def _measure(self, isolate_id: int) -> None:
        bench = self.bench
        await bench.commands.until_served(isolate_id, "Measuring the contexts")

        async def ask() -> ContextMemory:
            return await bench.pool.isolate(isolate_id).context_memory()

        found = await bench.bridge.submit(ask())
        record = bench.state.isolates.get(isolate_id)
        if record is not None:
            record.context_memory = found
            bench.figures_changed()
            counted = "1 context" if len(found.contexts) == 1 else f"{len(found.contexts)} contexts"
            bench.commands.told.emit(f"Measured {counted} in {format_ms(found.ms)}: see the facts.")

    def _tick(self, at_us: int) -> None:
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        if self._asking or record is None or not record.state.alive or not self.bench.views.facts.isVisible():
            return
        # a question is a task for V8, after which a sample comes: that alone is nothing new
        now = record.isolate_id, replace(record.figures, at_us=0)
        if now == self._asked_for and record.state is IsolateState.IDLE:
            return
        due_us = self._asked_us + _EVERY_US
        if at_us < due_us or not self.bench.situation().ready:
            self.bench.clock.ask(due_us if at_us < due_us else at_us + _EVERY_US)
            return
        self._asked_us, self._asked_for, self._asking = at_us, now, True
        self.bench.bridge.spawn(self._ask(record.isolate_id), "read the heap's figures")

    async def _ask(self, isolate_id: int) -> None:
        async def ask() -> HeapStatistics | None:
            isolate = self.bench.pool.isolate(isolate_id)
            try:
                return await isolate.heap_statistics()
            except InspectorError:
                if isolate.is_ending:  # V8 had begun to dispose it
                    return None
                raise

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
            self.bench.clock.ask()  # for the next time
        record = self.bench.state.isolates.get(isolate_id)
        if record is not None and found is not None and record.statistics != found:
            record.statistics = found
            self.bench.figures_changed()
