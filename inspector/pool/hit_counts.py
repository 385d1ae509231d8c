"""How often each line of an isolate's scripts runs, by V8's block counters.

Price, in CPU time: V8 doesn't optimise what it counts, so a tight loop takes 7 times as long, calls of a small function
18 times, and what works in built-ins 1.1 times. The counters are the isolate's: a foreign debugger that reads coverage
meanwhile takes a part of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from inspector.sources.line_hits import steps_of
from inspector.states import Capability

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["start_counting_hits", "stop_counting_hits", "take_hits"]


async def start_counting_hits(isolate: Isolate) -> None:
    """See `Isolate.start_counting_hits`."""
    isolate.require(Capability.CPU_PROFILE, "Count hits")
    await isolate.send("Profiler.enable")
    await isolate.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True})


async def take_hits(isolate: Isolate) -> dict[str, Mapping[int, int]]:
    """See `Isolate.take_hits`."""
    isolate.require(Capability.CPU_PROFILE, "Read hits")
    answer = await isolate.send("Profiler.takePreciseCoverage")
    return {
        str(script["scriptId"]): steps_of(
            (int(one["startOffset"]), int(one["endOffset"]), int(one["count"]))
            for function in script["functions"]
            for one in function["ranges"]
        )
        for script in answer.get("result", ())
    }


async def stop_counting_hits(isolate: Isolate) -> None:
    """See `Isolate.stop_counting_hits`."""
    await isolate.send("Profiler.stopPreciseCoverage")
