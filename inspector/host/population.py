"""All isolates of this host: births and ends, and the answers to the commands that wanted them."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from inspector.engine.port import Born, Engine, IsolateSpec
from inspector.errors import InspectorError, ProtocolError
from inspector.host.clock import now_us
from inspector.host.copies import Copies
from inspector.host.figures import resident_bytes
from inspector.host.gc_reader import GcReader
from inspector.host.growth_watch import GrowthWatch
from inspector.host.inbox import Inbox
from inspector.host.isolate import Isolate, Surroundings
from inspector.host.link import Link
from inspector.host.params import INVALID_PARAMS, SERVER_ERROR
from inspector.host.reports import write_birth, write_ledger
from inspector.host.sampler import Sampler
from inspector.records import LedgerEntry
from inspector.states import Capability

__all__ = ["Population"]


class Population:
    """Belongs to the loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        engine: Engine,
        *,
        inbox: Inbox,
        link: Link,
        sampler: Sampler,
        gc: GcReader,
        copies: Copies,
    ) -> None:
        self.isolates: dict[int, Isolate] = {}
        self._loop = loop
        self._engine = engine
        self._inbox = inbox
        self._link = link
        self._sampler = sampler
        self._gc = gc
        samples_follow_work = not engine.info.capabilities.get(Capability.BUSY_SAMPLES, "unknown")
        self.growth = GrowthWatch(loop, self.isolates, copies.total_bytes)
        self._around = Surroundings(
            loop, inbox, link, sampler, copies, samples_follow_work, self.growth.wake, self._on_ended
        )
        self._ended: set[int] = set()  # a number per isolate that lived here, for better words
        self._births = 0  # begun so far: tells whether two overlapped
        self._births_under_way = 0
        self._disposals: dict[int, tuple[list[int | None], int]] = {}  # isolate -> who waits, resident memory before

    def find(self, isolate_id: int, action: str) -> Isolate:
        """Raises ProtocolError: -32000 for one that has ended, -32602 for one that never was."""
        isolate = self.isolates.get(isolate_id)
        if isolate is not None:
            return isolate
        if isolate_id in self._ended:
            raise ProtocolError(action, f"isolate {isolate_id} has ended", code=SERVER_ERROR)
        raise ProtocolError(action, f"there is no isolate {isolate_id} in this host", code=INVALID_PARAMS)

    def lives(self, isolate_id: int) -> bool:
        """Whether it is born, and not told to end."""
        isolate = self.isolates.get(isolate_id)
        return isolate is not None and isolate.born and not isolate.disposing

    def create(self, command_id: int | None, spec: IsolateSpec, rate_hz: float) -> None:
        """Have the engine make an isolate; the answer follows its birth. Raises ProtocolError."""
        if spec.isolate_id in self.isolates or spec.isolate_id in self._ended:
            cause = f"isolate id {spec.isolate_id} was used before"
            raise ProtocolError("Host.createIsolate", cause, "Ids are never used twice.", code=INVALID_PARAMS)
        isolate = Isolate(spec, self._around)
        self._births += 1
        self._births_under_way += 1
        mine, alone, before = self._births, self._births_under_way == 1, resident_bytes()

        def finish(result: object) -> None:
            self._births_under_way -= 1
            undisturbed = alone and self._births == mine
            self._on_born(isolate, command_id, result, before if undisturbed else None)

        def born(result: object) -> None:
            isolate.sink.is_born()
            self._inbox.put(finish, result)

        self.isolates[spec.isolate_id] = isolate
        try:
            engine = self._engine.create_isolate(spec, isolate.sink, born)
        except InspectorError as error:
            finish(error)
            return
        isolate.adopt(engine, rate_hz)

    def dispose(self, isolate_id: int, command_id: int | None, reason: str) -> None:
        """End an isolate; the answer follows its end. A second order gets the same answer."""
        isolate = self.find(isolate_id, "Host.disposeIsolate")
        waiting, _ = self._disposals.setdefault(isolate_id, ([], resident_bytes()))
        waiting.append(command_id)
        isolate.dispose(reason)

    def _on_born(self, isolate: Isolate, command_id: int | None, result: object, before: int | None) -> None:
        if not isinstance(result, Born):
            self._forget(isolate)
            self._link.refuse(command_id, SERVER_ERROR, str(result))
            waiting, _ = self._disposals.pop(isolate.isolate_id, ([], 0))
            for waiter in waiting:
                self._link.refuse(waiter, SERVER_ERROR, f"isolate {isolate.isolate_id} was never born")
            return
        isolate.born = True
        isolate.born_at_us = now_us()
        isolate.v8_limit_bytes = result.v8_limit_bytes
        self._gc.born(isolate.isolate_id, result.address)
        added = None if before is None else resident_bytes() - before
        answer = {
            "sessionId": isolate.session,
            "contextId": result.context_id,
            "birth": write_birth(result.birth, added),
            "v8LimitBytes": result.v8_limit_bytes,
        }
        self._link.answer(command_id, answer)

    def _on_ended(self, isolate: Isolate, ledger: LedgerEntry | None) -> None:
        if isolate.isolate_id not in self.isolates:
            return
        resident_after = resident_bytes()
        self._forget(isolate)
        self._link.tell_in_order(
            "Host.isolateDisposed",
            {"isolateId": isolate.isolate_id, "atUs": now_us(), "reason": isolate.end_reason},
        )
        waiting, resident_before = self._disposals.pop(isolate.isolate_id, ([], resident_after))
        if ledger is not None:
            ledger = replace(ledger, resident_before_bytes=resident_before, resident_after_bytes=resident_after)
        for command_id in waiting:
            self._link.answer(command_id, {"ledger": None if ledger is None else write_ledger(ledger)})

    def _forget(self, isolate: Isolate) -> None:
        """Nothing of it is left but its id; commands that still wait are refused."""
        unsettled = [run.command_id for run in isolate.dismantle()]
        for command_id in [*unsettled, *isolate.pending.take_all()]:
            isolate.refuse(command_id, SERVER_ERROR, f"isolate {isolate.isolate_id} ended before this was served")
        self._gc.ended(isolate.isolate_id)
        del self.isolates[isolate.isolate_id]
        self._ended.add(isolate.isolate_id)
