"""One isolate as its user holds it: contexts and runs, and here garbage, figures, pauses, its end. For the pool's loop
alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from inspector.errors import EngineError, UsageError
from inspector.pool import starvation
from inspector.pool.debugger import Debugger
from inspector.pool.foreign_session import ForeignSession, SessionReceiver
from inspector.pool.hit_counts import start_counting_hits, stop_counting_hits, take_hits
from inspector.pool.isolate_runs import IsolateRuns
from inspector.pool.profiling import start_cpu_profile, stop_cpu_profile, take_heap_snapshot
from inspector.records import ContextMemory, HeapSpace, HeapStatistics, IsolateTimes
from inspector.states import Capability
from inspector.target.figures import read_context_memory, read_heap_statistics, read_times

__all__ = ["Isolate"]

DISPOSE_PATIENCE_S = 10.0
STARVED_PATIENCE_S = 60.0


class Isolate(IsolateRuns):
    """An isolate of V8 in a host process. Made by `Pool.create_isolate` alone."""

    async def get_properties(self, object_id: str) -> list[Mapping[str, Any]]:
        """CDP's PropertyDescriptors of a remote object. ProtocolError when V8 has let go of it."""
        params = {"objectId": object_id, "ownProperties": True, "generatePreview": True}
        answer = await self.send("Runtime.getProperties", params)
        return list(answer.get("result", []))

    async def collect_garbage(self) -> tuple[int, int, float]:
        """A full collection, also while a script runs: used bytes before, after, and milliseconds."""
        answer = await self.send("Isolate.collectGarbage")
        return int(answer["usedBefore"]), int(answer["usedAfter"]), float(answer["ms"])

    async def heap_statistics(self) -> HeapStatistics:
        """Every figure of V8's heap, and its spaces, of one moment; also while a script runs. Price: 30 us of V8's
        thread. The public API engine tells its newest sample, without spaces.
        """
        return read_heap_statistics(await self.send("Isolate.heapStatistics"))

    async def heap_spaces(self) -> tuple[HeapSpace, ...]:
        """The spaces of V8's heap: their sizes, used and physical bytes add up to the heap's. UnsupportedError."""
        self.require(Capability.HEAP_SPACES, "Read the heap spaces")
        return (await self.heap_statistics()).spaces

    async def context_memory(self) -> ContextMemory:
        """How much each context keeps alive. Price: a full collection; waits while a script runs. UnsupportedError."""
        self.require(Capability.CONTEXT_MEMORY, "Measure the contexts")
        return read_context_memory(await self.send("Isolate.measureMemory"))

    async def times(self) -> IsolateTimes:
        """CPU time and executing time since birth, now; also while a script runs. Price: 2 us of its host."""
        return read_times(await self.send("Isolate.times"))

    @cached_property
    def debugger(self) -> Debugger:
        """Breakpoints, steps, frames and scopes."""
        return Debugger(self)

    async def take_heap_snapshot(self, path: str | Path) -> int:
        """V8's heap snapshot, streamed to `path` as it comes; its length in characters. Chrome and VS Code open it as
        .heapsnapshot. Waits while a script runs, and holds the isolate meanwhile. SourceError when it can't be
        written (nothing is left then); UnsupportedError.
        """
        return await take_heap_snapshot(self, Path(path))

    async def start_cpu_profile(self, *, interval_us: int = 1000) -> None:
        """Sample stacks from now on, also of a script that runs. UnsupportedError."""
        await start_cpu_profile(self, interval_us)

    async def stop_cpu_profile(self, path: str | Path | None = None) -> Mapping[str, Any]:
        """What was sampled: V8's profile, written to `path` too when one is given (.cpuprofile). ProtocolError when
        none was started; SourceError when it can't be written; UnsupportedError.
        """
        return await stop_cpu_profile(self, None if path is None else Path(path))

    async def start_counting_hits(self) -> None:
        """Count from now on how often each line runs; what runs already is counted by function, once it is called
        again. Price: `inspector.pool.hit_counts`. UnsupportedError.
        """
        await start_counting_hits(self)

    async def take_hits(self) -> dict[str, Mapping[int, int]]:
        """What ran since the last reading, by script id: how the count changes at which offset, for
        `inspector.sources.line_hits`; readings add up. Also while a script runs. ProtocolError when nothing is counted.
        """
        return await take_hits(self)

    async def stop_counting_hits(self) -> None:
        """Let V8 optimise again."""
        await stop_counting_hits(self)

    async def pause(self) -> None:
        """Pause in the debugger at the next statement. UnsupportedError where the engine can't."""
        await self.debugger.pause()

    async def resume(self) -> None:
        """Go on after a pause; nothing pauses from now on, unless somebody debugs."""
        await self.debugger.resume()

    def open_session(self, client: str, receiver: SessionReceiver) -> ForeignSession:
        """Attach a foreign debugger: a CDP session of its own, beside ours and others'. `client`: who it is.

        Commands may be sent at once. GoneError when the isolate has ended.
        """
        self._alive("Attach a debugger")
        return self.foreign.open(client, receiver)

    async def set_sample_rate(self, hz: float) -> None:
        """Heap samples a second, 1 to 100. UsageError outside."""
        if not 1 <= hz <= 100:
            raise UsageError("Set the sample rate", f"{hz:g} per second is outside 1 to 100")
        await self.send("Isolate.setSampleRate", {"hz": hz})

    def listen(self, method: str, listener: Callable[[Mapping[str, Any]], None]) -> Callable[[], None]:
        """Hear the params of CDP notifications that have no event of ours. Returns what ends it."""
        listeners = self._raw_listeners.setdefault(method, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener) if listener in listeners else None

    async def dispose(self, reason: str = "") -> None:
        """End it, also while a script loops; its heap is given back. Idempotent. EngineError after 10 s in vain, or 60
        where other programs leave its host no processor.

        `reason`: why, for `IsolateEnded`; "" for "on request".
        """
        if self._gone is not None:
            return
        disposing = self.start_disposing(reason)
        waited_s, pid = 0.0, self.host.pid or 0
        starves = True
        while not disposing.done() and starves and waited_s < STARVED_PATIENCE_S:
            before = starvation.look_at(pid)
            await asyncio.wait([disposing], timeout=DISPOSE_PATIENCE_S)
            waited_s += DISPOSE_PATIENCE_S
            starves = starvation.starved(before, starvation.look_at(pid), DISPOSE_PATIENCE_S)
        if not disposing.done():
            why = ": other programs leave it no processor" if starves else ""
            cause = f"its host process did not finish within {waited_s:g} s{why}"
            raise EngineError(f"Dispose {self.name}", cause, "End the host process.")
        await disposing
