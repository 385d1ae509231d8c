"""The neighbour of every trial: an isolate of the same host that ticks every 10 ms and notes how late it was."""

from __future__ import annotations

import asyncio
import time

import resources
from inspector.containment.record import Tick
from inspector.errors import InspectorError
from inspector.pool import Isolate, Pool
from inspector.records import RunReport
from inspector.sources import source_from_text

__all__ = ["NEIGHBOUR_LIMIT", "Neighbour"]

NEIGHBOUR_LIMIT = 32 << 20
_WARM_TICKS = 10
_WARM_S = 30.0
_ANSWER_S = 5.0
_IT = "globalThis.neighbour"


class Neighbour:
    def __init__(self, isolate: Isolate) -> None:
        self.isolate = isolate
        source = source_from_text(resources.text("contain/neighbour.js"), "neighbour.js")
        self._ticking: asyncio.Task[RunReport] = asyncio.create_task(isolate.run(source), name="neighbour")

    @classmethod
    async def born(cls, pool: Pool) -> Neighbour:
        return cls(await pool.create_isolate(name="neighbour", memory_limit=NEIGHBOUR_LIMIT))

    async def warm(self) -> None:
        """Wait until it ticks, then count from zero. TimeoutError when it does not tick at all."""
        async with asyncio.timeout(_WARM_S):
            while True:
                report = await self.isolate.evaluate(f"{_IT} ? {_IT}.ticks : 0")
                if isinstance(report.value, int) and report.value >= _WARM_TICKS:
                    await self.isolate.evaluate(f"{_IT}.worstGapMs = 0; {_IT}.ticks = 0; {_IT}.gaps.length = 0")
                    return

    async def says(self) -> tuple[int, float | None, tuple[Tick, ...]]:
        """Ticks, the longest gap in ms, and each tick with the gap before it; none when it does not answer."""
        try:
            async with asyncio.timeout(_ANSWER_S):
                said = (await self.isolate.evaluate(f"JSON.stringify({_IT})")).value
        except (TimeoutError, InspectorError):
            return 0, None, ()
        from orjson import loads

        if not isinstance(said, str):
            return 0, None, ()
        told = loads(said)
        ahead_ms = time.time() * 1000 - time.monotonic_ns() / 1e6  # the script's clock is the wall's
        gaps = tuple(((at - ahead_ms) * 1000, float(gap)) for at, gap in told["gaps"])
        return int(told["ticks"]), float(told["worstGapMs"]), gaps

    async def close(self) -> None:
        """Wait for its run no more."""
        self._ticking.cancel()
        await asyncio.wait([self._ticking])
        if not self._ticking.cancelled():
            self._ticking.exception()  # its isolate may have ended before: that is told elsewhere
