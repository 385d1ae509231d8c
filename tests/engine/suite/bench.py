"""What a test of the suite works with: isolates of one pool, their events, and what the engine says it can."""

from __future__ import annotations

from inspector.events import ConsoleWritten, HostStarted, IsolateStateChanged, RunReport
from inspector.pool import Isolate, Pool
from inspector.sources import Source, source_from_text
from inspector.states import Capability, IsolateState
from inspector.values import console_text
from tests.pool.recorder import Recorder

__all__ = ["Bench"]


class Bench:
    """Belongs to the pool's loop."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.events = Recorder()
        self._unsubscribe = pool.subscribe(self.events)
        self._isolates: list[Isolate] = []

    def reason(self, capability: Capability) -> str:
        """Why the engine can't; "" when it can. As the host said, which is what the window shows."""
        started = self.events.of(HostStarted)[0]
        chosen = self.pool.engine_choice
        assert started.capabilities[capability.value] == chosen.capabilities[chosen.name][capability]
        return started.capabilities[capability.value]

    async def isolate(self, memory_limit: str = "64 MiB", prelude: str = "web", host: str = "shared") -> Isolate:
        isolate = await self.pool.create_isolate(memory_limit=memory_limit, prelude=prelude, host=host)
        self._isolates.append(isolate)
        return isolate

    @staticmethod
    def source(text: str, url: str = "suite.js") -> Source:
        return source_from_text(text, url)

    async def run(self, isolate: Isolate, text: str, url: str = "suite.js", timeout_s: float = 60) -> RunReport:
        return await isolate.run(self.source(text, url), timeout_s=timeout_s)

    async def logged(self, isolate: Isolate, text: str) -> ConsoleWritten:
        """Wait for a console line with this text."""
        return await self.events.heard(
            ConsoleWritten, lambda event: event.isolate_id == isolate.isolate_id and console_text(event.args) == text
        )

    async def reaches(self, isolate: Isolate, state: IsolateState) -> None:
        """Wait until an isolate is in a state: a report may overtake the state that follows it."""
        while isolate.state is not state:
            await self.events.next(IsolateStateChanged, lambda event: event.isolate_id == isolate.isolate_id)

    async def close(self) -> None:
        for isolate in self._isolates:
            if isolate.state.alive:
                await isolate.dispose()
        self._unsubscribe()
