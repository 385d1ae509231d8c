"""One isolate as the host sees it: what the engine says of it goes out on the link, limits and samples are its host's.

Belongs to the loop; `Sink` brings the engine's calls here, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from inspector.engine.port import (
    STANDING_SESSION,
    EngineIsolate,
    HeapSample,
    IsolateSpec,
    ModuleRequest,
    TellsMicrotasks,
    TellsTimes,
)
from inspector.engine.ports import Posted
from inspector.host.clock import now_us
from inspector.host.copies import Copies
from inspector.host.inbox import Inbox
from inspector.host.json_text import dump
from inspector.host.link import Link
from inspector.host.outlet import Outlet
from inspector.host.pending import Pending
from inspector.host.reports import write_report
from inspector.host.runs import Run, Runs, completed_report
from inspector.host.sampler import Sampler
from inspector.host.sink import Sink
from inspector.host.states_told import StateTeller
from inspector.host.timers import Deadline
from inspector.records import LedgerEntry, RunHeap, RunReport
from inspector.states import IsolateState, Outcome
from inspector.units import format_bytes
from inspector.wire import SAMPLE_WORDS, session_id

__all__ = ["Isolate", "Surroundings"]

_USED = SAMPLE_WORDS.index("used_bytes")
_EXTERNAL = SAMPLE_WORDS.index("external_bytes")
_SAMPLE_PATIENCE_S = 0.02
_GAP_S = 0.1  # a gap that no line follows is told after this time
_ON_ITS_THREAD = (IsolateState.RUNNING, IsolateState.PAUSED, IsolateState.WEDGED)


class Surroundings(Struct, frozen=True):
    """What all isolates of a host share."""

    loop: asyncio.AbstractEventLoop
    inbox: Inbox
    link: Link
    sampler: Sampler
    copies: Copies
    samples_follow_work: bool  # the engine takes a sample after each piece of work
    somebody_works: Callable[[], None]
    ended: Callable[[Isolate, LedgerEntry | None], None]


class Isolate:
    """One isolate of this host, from the order to make it until its end."""

    def __init__(self, spec: IsolateSpec, around: Surroundings) -> None:
        self.spec = spec
        self.isolate_id = spec.isolate_id
        self.session = session_id(spec.isolate_id)
        self._prefix = f'{{"sessionId":"{self.session}",'.encode()
        self.pending = Pending()
        self._outlet = Outlet(around.link, self._prefix, self.pending)
        self.sink = Sink(around.inbox, self, self._outlet, samples_waited_for=around.samples_follow_work)
        self.foreign = self.sink.foreign
        self.v8_limit_bytes = 0
        self.latest: HeapSample | None = None
        self.born = False
        self.born_at_us = 0
        self.disposing = False
        self.end_reason = "disposed on request"
        self._around = around
        self.link = around.link
        self._engine: EngineIsolate | None = None
        self._drops_told = 0
        self.states = StateTeller(around.loop, self._tell_state)
        self.runs = Runs(around.loop, self.stop_run, self._cpu_us)
        self._timers = Deadline(around.loop, self._fire_timers)
        self.wedged = False
        self._settled: list[tuple[Run, RunReport]] = []  # reports that wait for the heap's figures
        self._answers_later: asyncio.TimerHandle | None = None

    @property
    def engine(self) -> EngineIsolate:
        assert self._engine is not None, "the engine has not answered yet"
        return self._engine

    @property
    def held_bytes(self) -> int:
        """Used and off-heap bytes by the newest sample."""
        sample = self.latest
        return 0 if sample is None else sample.words[_USED] + sample.words[_EXTERNAL]

    @property
    def runs_a_script(self) -> bool:
        """Whether a script, rather than its microtasks, is what its thread is busy with, as far as can be told."""
        if isinstance(self._engine, TellsMicrotasks):
            return not self._engine.in_microtasks()
        return self.runs.newest_started() is not None or len(self.pending) > 0

    def adopt(self, engine: EngineIsolate, rate_hz: float) -> None:
        """The engine's half exists."""
        self._engine = engine
        self._around.sampler.add(self.isolate_id, engine, rate_hz, self._saw)

    # --- out ---

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """An event of this isolate, in order."""
        self.link.post(self._prefix + dump({"method": method, "params": params})[1:])

    def answer(self, command_id: int | None, result: Any) -> None:
        """The answer to an `Isolate.*` command, in order."""
        self.link.post(self._prefix + dump({"id": command_id, "result": result})[1:])

    def refuse(self, command_id: int | None, code: int, message: str) -> None:
        self.link.refuse(command_id, code, message, self.session)

    def stop_run(self, run_id: int, outcome: Outcome, evidence: str) -> None:
        self.engine.stop(outcome, evidence, run_id)

    def dispose(self, reason: str) -> None:
        """Have the engine end it; `on_disposed` follows. Idempotent."""
        if not self.disposing and self._engine is not None:
            self.disposing = True
            self.foreign.close_all()  # V8's thread may wait for one of them to read
            self.end_reason = reason
            self._engine.dispose()

    def dismantle(self) -> list[Run]:
        """Let go of timers, samples and runs; the runs that never settled."""
        self.disposing = True
        self.foreign.close_all()
        self.states.close()
        self._timers.set(None)
        if self._answers_later is not None:
            self._answers_later.cancel()
        self._answer_settled()
        self._around.sampler.remove(self.isolate_id)
        return self.runs.close()

    def times_us(self) -> tuple[int | None, int | None]:
        """CPU time of its thread and executing time since birth; None where the engine can't tell. Price: 2 us."""
        engine = self.engine
        return engine.cpu_us(), engine.executing_us() if isinstance(engine, TellsTimes) else None

    def saw_collection(self, used_before: int, at_us: int) -> None:
        self.runs.saw_used(used_before, "gc", at_us)

    def stop_growth(self, grown_bytes: int) -> None:
        """The process grew by far more than its limit while it worked alone: end what it runs, collect what can go."""
        used, external = (self.latest.words[_USED], self.latest.words[_EXTERNAL]) if self.latest is not None else (0, 0)
        used = max(used, self.runs.peak_bytes())
        outcome = Outcome.HEAP_LIMIT if used > self.spec.memory_limit_bytes else Outcome.EXTERNAL_LIMIT
        counted = f"V8 counts {format_bytes(used)} used and {format_bytes(external)} off-heap of it"
        limit = format_bytes(self.spec.memory_limit_bytes)
        evidence = f"The host process grew by {format_bytes(grown_bytes)} while it worked; {counted}, limit {limit}."
        self._tell_limit_hit(outcome, used, external, grown_bytes)
        self.engine.stop(outcome, evidence, self.runs.newest_started())
        self.engine.collect_garbage(lambda _: None)

    def tell_wedged(self, wedged: bool, reason: str) -> None:
        """The heartbeat's verdict, told in place of the engine's state for as long as it holds."""
        self.wedged = wedged
        if wedged:
            self._tell_state(IsolateState.WEDGED, now_us(), reason)
        else:
            self.states.tell_again(now_us(), reason)

    # --- called through the sink ---

    def on_message(self, session: int, text: bytes, dropped_before: int) -> None:
        if session != STANDING_SESSION:
            debugger = self.foreign.find(session)
            if debugger is not None:
                debugger.deliver(text)
            return
        if dropped_before > self._drops_told:
            self._tell_gap(dropped_before)
        self._outlet.post(text)

    def lose_session(self, number: int, reason: str) -> None:
        """A foreign debugger was too slow: its session has ended."""
        self.foreign.close(number)
        self.engine.close_session(number)
        self.tell("Isolate.sessionClosed", {"session": number, "reason": reason})

    def on_state(self, state: IsolateState, at_us: int, reason: str) -> None:
        self._around.sampler.set_active(self.isolate_id, state in _ON_ITS_THREAD)
        if state in _ON_ITS_THREAD:
            self._around.somebody_works()
        if state is IsolateState.PAUSED:
            self.runs.paused(at_us)
        else:
            self.runs.resumed(at_us)
        if not self.wedged or state is not IsolateState.RUNNING:
            self.wedged = False
            self.states.changed(state, at_us, reason)

    def on_run_started(self, run_id: int, at_us: int, *, told: bool = False) -> None:
        self.runs.started(run_id, at_us)
        if not told:
            self.tell("Isolate.runStarted", {"runId": run_id, "atUs": at_us})

    def on_run_answered(self, run_id: int) -> None:
        """Its report has been sent."""
        self.runs.settled(run_id)

    def report_text(self, run_id: int, report: RunReport, sample: HeapSample) -> bytes:
        """On the isolate's thread: the answer to the command that wanted this run; b"" when that has one already."""
        run = self.runs.find(run_id)
        if run is None:
            return b""
        completed = completed_report(report, run, self._heap_of(sample))
        return dump({"id": run.command_id, "result": {"report": write_report(completed)}})

    def on_run_settled(self, run_id: int, report: RunReport) -> None:
        run = self.runs.settled(run_id)
        if run is None:
            return
        self._settled.append((run, report))
        if not self._around.samples_follow_work:
            self._answer_settled()
        elif self._answers_later is None:
            self._answers_later = self._around.loop.call_later(_SAMPLE_PATIENCE_S, self._answer_settled)

    def on_module_requested(self, request: ModuleRequest) -> None:
        self.tell(
            "Isolate.moduleRequested",
            {
                "requestId": request.request_id,
                "runId": request.run_id,
                "specifier": request.specifier,
                "referrer": request.referrer,
                "line": request.line,
                "attributes": dict(request.attributes),
            },
        )

    def on_limit_hit(self, outcome: Outcome, used_bytes: int, external_bytes: int) -> None:
        self.runs.saw_used(used_bytes, "gc", now_us())
        self._tell_limit_hit(outcome, used_bytes, external_bytes)

    def on_sampled(self, sample: HeapSample) -> None:
        self._around.sampler.arrived(self.isolate_id, sample)
        self._answer_settled()

    def on_timers_due(self, at_us: int | None) -> None:
        self._timers.set(at_us)

    def on_console_dropped(self) -> None:
        self._around.loop.call_later(_GAP_S, self._tell_last_gap)

    def on_console_values_released(self) -> None:
        self.tell("Isolate.consoleValuesReleased", {"count": 1})

    def on_posted(self, posted: Posted) -> None:
        told: dict[str, Any] = {"contextId": posted.context_id, "port": posted.port, "what": posted.what}
        if posted.what == "refused":
            told |= {"cause": posted.note, "count": posted.count}
        if posted.what == "post" and not self.disposing:
            copy_id = self._around.copies.hold_posted(posted.data)
            told |= {"copyId": copy_id, "bytes": len(posted.data), "workUs": posted.work_us}
        self.tell("Isolate.portUsed", told)

    def on_disposed(self, ledger: LedgerEntry | None) -> None:
        self._around.ended(self, ledger)

    # --- inside ---

    def _tell_limit_hit(
        self, outcome: Outcome, used_bytes: int, external_bytes: int, resident_bytes: int | None = None
    ) -> None:
        told = {
            "outcome": str(outcome),
            "usedBytes": used_bytes,
            "externalBytes": external_bytes,
            "residentBytes": resident_bytes,
            "limitBytes": self.spec.memory_limit_bytes,
            "runId": self.runs.newest_started(),
            "atUs": now_us(),
        }
        self.tell("Isolate.limitHit", told)

    def _tell_state(self, state: IsolateState, at_us: int, reason: str) -> None:
        self.tell("Isolate.stateChanged", {"state": str(state), "atUs": at_us, "reason": reason})

    def _tell_gap(self, dropped: int) -> None:
        self.tell("Isolate.consoleDropped", {"count": dropped - self._drops_told})
        self._drops_told = dropped

    def _tell_last_gap(self) -> None:
        self.sink.drops_are_told()
        if self.sink.dropped > self._drops_told and not self.disposing:
            self._tell_gap(self.sink.dropped)

    def _answer_settled(self) -> None:
        """Send the reports that waited for the sample which follows a run's last work."""
        if self._answers_later is not None:
            self._answers_later.cancel()
            self._answers_later = None
        settled, self._settled = self._settled, []
        for run, report in settled:
            self.answer(run.command_id, {"report": write_report(completed_report(report, run, self._heap_now()))})

    def _saw(self, sample: HeapSample) -> None:
        self.latest = sample
        self.runs.saw_used(sample.words[_USED], "sampled", sample.at_us)

    def _heap_now(self) -> RunHeap | None:
        sample = self.engine.latest_sample() or self.latest
        return None if sample is None else self._heap_of(sample)

    def _heap_of(self, sample: HeapSample) -> RunHeap:
        used, external = sample.words[_USED], sample.words[_EXTERNAL]
        return RunHeap(used, external, used, "sampled", self.spec.memory_limit_bytes, self.v8_limit_bytes)

    def _cpu_us(self, run_id: int) -> int | None:
        """Of one run: an engine that can't tell runs apart has none of their CPU limits either."""
        return self.engine.run_cpu_us(run_id) if isinstance(self._engine, TellsTimes) else None

    def _fire_timers(self) -> None:
        if not self.disposing:
            self.engine.fire_timers()
