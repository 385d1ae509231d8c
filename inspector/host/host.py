"""One host's life: the engine, the link, the watchers; hello, service, end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from typing import Any

from inspector.cdp.connection import Closed, Receiver, dial
from inspector.engine.choice import make_engine
from inspector.engine.port import Engine
from inspector.host.clock import now_us
from inspector.host.copies import Copies
from inspector.host.death import GRACE_S, die, die_after
from inspector.host.figures import cpu_us, resident_bytes
from inspector.host.gc_reader import GcReader, redirect_standard_output
from inspector.host.heartbeat import Heartbeat
from inspector.host.inbox import Inbox
from inspector.host.isolate_commands import IsolateCommands
from inspector.host.link import Link
from inspector.host.memory_watch import MemoryWatch
from inspector.host.population import Population
from inspector.host.sampler import Sampler
from inspector.host.server import Server
from inspector.host.start import StartOrder
from inspector.wire import LINK_VERSION

__all__ = ["Host"]

_MEASURED_S = 1.0
_LAST_WORDS_S = 0.2  # V8 waits this long for its words to leave
_DRAIN_S = 0.5  # for the last answers to leave
_OVER_BUDGET = 70
_log = logging.getLogger(__name__)


class Host:
    """Belongs to the loop; `ask_to_end` may be called on any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, order: StartOrder, walls: dict[str, str]) -> None:
        self._loop = loop
        self._order = order
        self._walls = walls
        self._end: asyncio.Future[str] = loop.create_future()  # why
        self._link = Link()
        self._inbox = Inbox(loop, self._link.hold, self._link.let_go)
        self._sampler = Sampler(loop, self._link)
        self._gc = GcReader(loop, self._inbox, self._link, self._saw_collection)
        self._gc.start(redirect_standard_output(buffered=not getattr(sys.stdout, "write_through", True)))
        self._engine: Engine = make_engine(order.engine)
        self._engine.set_last_words(self._last_words)
        copies = Copies(order.host_id)
        self._population = Population(
            loop, self._engine, inbox=self._inbox, link=self._link, sampler=self._sampler, gc=self._gc, copies=copies
        )
        commands = IsolateCommands(self._inbox, self._sampler, copies)
        self._server = Server(
            self._link, self._population, commands, self._inbox, copies=copies, end=self._close_on_request
        )
        self._memory = MemoryWatch(self._population.isolates, order.memory_budget_bytes, self._give_up)

    def ask_to_end(self, reason: str) -> None:
        """Any thread: end in order."""
        self._inbox.put(self._begin_end, reason)

    async def live(self) -> int:
        """Until the end; the exit code. Raises LinkError when the pool can't be reached.

        Isolates end with the process: to take 64 apart in order takes 0.1 s of CPU, which is longer than a pool's
        patience where a host has to wait for it, and nothing of them outlasts the process.
        """
        receiver = Receiver(self._server.receive, self._server.receive_binary, self._on_closed, self._link.pump)
        connection = await dial(self._order.port, self._order.secret, receiver)
        self._link.attach(connection)
        self._link.tell("Host.hello", self._hello())
        heartbeat = Heartbeat(self._loop, self._inbox, self._population.isolates)
        measured = self._loop.call_later(_MEASURED_S, self._measure)
        reason = await self._end
        die_after(GRACE_S, 0)
        heartbeat.close()
        measured.cancel()
        self._sampler.close()
        self._population.growth.close()
        connection.close(reason)
        with contextlib.suppress(TimeoutError):  # the pool doesn't read: it has been told all that can be told
            await asyncio.wait_for(connection.wait_closed(), _DRAIN_S)
        return 0

    def _hello(self) -> dict[str, Any]:
        info = self._engine.info
        return {
            "linkVersion": LINK_VERSION,
            "pid": os.getpid(),
            "engine": info.name,
            "engineReason": info.reason,
            "v8Version": info.v8_version,
            "v8Flags": list(info.v8_flags),
            "capabilities": {str(capability): reason for capability, reason in info.capabilities.items()},
            "walls": self._walls,
        }

    def _measure(self) -> None:
        self._loop.call_later(_MEASURED_S, self._measure)
        resident = resident_bytes()
        isolates = [[one.isolate_id, *one.times_us()] for one in self._population.isolates.values() if one.born]
        measured = {"atUs": now_us(), "residentBytes": resident, "cpuUs": cpu_us(), "isolates": isolates}
        self._link.tell("Host.measured", measured)
        self._memory.look(resident)

    def _saw_collection(self, isolate_id: int, used_before: int, at_us: int) -> None:
        isolate = self._population.isolates.get(isolate_id)
        if isolate is not None:
            isolate.saw_collection(used_before, at_us)

    def _begin_end(self, reason: str) -> None:
        if not self._end.done():
            self._end.set_result(reason)

    def _close_on_request(self, command_id: int | None) -> None:
        self._link.answer(command_id, {})  # at once: with 50 busy isolates and no CPU to spare the end takes seconds
        self._begin_end("closed on request")

    def _on_closed(self, closed: Closed) -> None:
        self._begin_end(f"the link closed ({closed.by}: {closed.reason})")

    def _last_words(self, words: str) -> None:
        """On V8's thread, just before it aborts the process: to standard error first, that always arrives."""
        os.write(2, f"V8: {words}\n".encode("utf-8", "replace"))
        told = threading.Event()
        self._inbox.put(self._link.tell, "Host.lastWords", {"text": words})
        self._inbox.put(told.set)
        told.wait(_LAST_WORDS_S)

    def _give_up(self, words: str) -> None:
        sys.stderr.write(f"{words}\n")
        self._link.tell("Host.lastWords", {"text": words})
        die_after(_DRAIN_S, _OVER_BUDGET)
        self._loop.call_later(_DRAIN_S / 2, die, _OVER_BUDGET)
