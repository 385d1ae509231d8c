"""The port's view of one isolate: callable from any thread, hands everything to the isolate's own and returns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from inspector.engine.host_calls import CallAnswer
from inspector.engine.port import Born, Done, HeapSample, IsolateSink, IsolateSpec, ModuleSource, RunRequest
from inspector.engine.portable.capabilities import refusal
from inspector.engine.portable.console import CONTEXT_ID
from inspector.engine.portable.interior import Interior
from inspector.engine.portable.protocol import Protocol
from inspector.engine.portable.racer import Racer
from inspector.engine.portable.resident import resident_bytes
from inspector.engine.portable.run import Run, Verdict
from inspector.engine.portable.worker import Worker
from inspector.engine.values import ValueOrder
from inspector.errors import EngineError, InspectorError, IsolateDisposedError, UnsupportedError
from inspector.records import Birth, LedgerEntry
from inspector.states import Capability, IsolateState, Outcome
from inspector.wire import SAMPLE_WORDS

__all__ = ["PortableIsolate"]

_V8_LIMIT = SAMPLE_WORDS.index("v8_limit_bytes")


class PortableIsolate:
    """An `EngineIsolate`. `births` lets one isolate be born at a time, so that their trace lines can be told apart."""

    def __init__(
        self,
        spec: IsolateSpec,
        sink: IsolateSink,
        done: Done,
        births: AbstractContextManager[object],
        ended: Callable[[PortableIsolate], None],
    ) -> None:
        self.isolate_id = spec.isolate_id
        self._spec = spec
        self._sink = sink
        self._done = done
        self._births = births
        self._ended = ended
        self._worker = Worker(f"isolate-{spec.isolate_id}")
        self._interior: Interior | None = None
        self._protocol: Protocol | None = None
        self._disposing = False
        self._asked_at = 0.0

    def start(self) -> None:
        self._worker.start(self._live)

    # --- the isolate's thread ---

    async def _live(self) -> None:
        try:
            with self._births:
                born = await self._birth()
                self._done(born)
        except Exception as error:  # mini-racer documents none: whatever it raises is told
            self._worker.close()
            await self._worker.refuse()
            self._ended(self)
            failed = error if isinstance(error, InspectorError) else EngineError("make an isolate", str(error))
            self._done(failed)
            return
        if not self._disposing:
            await self._worker.serve()
        await self._end()

    async def _birth(self) -> Born:
        began = time.perf_counter()
        racer = Racer()
        made = time.perf_counter()
        try:
            interior = await Interior.make(self._spec, self._sink, self._worker, racer)
            installed = time.perf_counter()
            # Until its first full collection V8 lets an old generation grow to 512 MiB.
            await racer.collect()
            sample = await interior.samples.take()
        except BaseException:
            racer.close()
            raise
        self._interior, self._protocol = interior, Protocol(interior)
        interior.console.tell_context()
        birth = Birth(
            host_start_ms=None,
            isolate_ms=(made - began) * 1e3,
            inspector_ms=None,
            context_ms=0.0,  # mini-racer makes isolate and context in one call
            prelude_ms=(installed - made) * 1e3,
            added_bytes=None,
        )
        interior.turns.tell_state(IsolateState.IDLE)
        self._sink.sampled(sample)
        return Born(birth, CONTEXT_ID, sample.words[_V8_LIMIT], address=0)

    async def _end(self) -> None:
        assert self._interior is not None
        before = resident_bytes()
        began = self._asked_at or time.perf_counter()
        self._interior.close()
        ledger = LedgerEntry(
            resident_before_bytes=before,
            resident_after_bytes=resident_bytes(),
            used_bytes=self._interior.samples.used_bytes,
            external_bytes=0,
            dispose_ms=(time.perf_counter() - began) * 1e3,
        )
        await self._worker.refuse()
        self._ended(self)
        self._sink.disposed(ledger)

    def _inside(self, call: Callable[[Interior], None]) -> bool:
        """`call` on the isolate's thread at once, also while JavaScript runs; False when the isolate has ended."""

        def go() -> None:
            if self._interior is not None and not self._disposing:
                call(self._interior)

        return self._worker.soon(go)

    def _in_line(self, work: Callable[[Interior], Awaitable[None]], done: Done | None = None) -> None:
        """`work` behind what runs; `done` is told when the isolate ends first."""

        async def serve() -> None:
            if self._interior is not None:
                await work(self._interior)

        def abandon() -> None:
            if done is not None:
                done(IsolateDisposedError("serve a command", f"isolate {self.isolate_id} was disposed"))

        self._worker.post(serve, abandon)

    # --- sessions ---

    def open_session(self, session: int) -> None:
        """Nothing to do: a session that sends Runtime.enable hears the console."""

    def close_session(self, session: int) -> None:
        self._inside(lambda interior: interior.console.leave(session))

    def dispatch(self, session: int, message: bytes, *, urgent: bool = False) -> None:
        """Runtime.terminateExecution is always served at once; the rest waits for what runs."""
        self._inside(lambda _: self._protocol.receive(session, message) if self._protocol else None)

    # --- contexts and modules: refused ---

    def create_context(self, name: str, done: Done) -> None:
        done(UnsupportedError("create a context", refusal(Capability.CONTEXTS), "Make another isolate."))

    def release_context(self, context_id: int, done: Done) -> None:
        done(UnsupportedError("release a context", refusal(Capability.CONTEXTS), "Dispose the isolate."))

    def provide_module(self, request_id: int, module: ModuleSource) -> None:
        """Never asked for: modules are refused."""

    def set_pausing(self, enabled: bool) -> None:
        """Nothing pauses here; `capabilities` says why."""

    # --- runs ---

    def run(self, request: RunRequest) -> None:
        """After the isolate's end nothing happens: its sink hears nothing any more."""
        self._inside(lambda interior: self._take(interior, request))

    def _take(self, interior: Interior, request: RunRequest) -> None:
        run = interior.runs.new(request)
        self._worker.post(lambda: self._execute(interior, run))

    async def _execute(self, interior: Interior, run: Run) -> None:
        if run.settled:
            return
        refused = interior.runs.refused(run.request)
        if refused is not None:
            interior.runs.start(run, time.monotonic())
            interior.runs.settle(run, refused)
            return
        interior.scripts.tell(run)
        await interior.execute(run)

    def stop(self, outcome: Outcome, evidence: str, run_id: int | None = None) -> None:
        self._inside(lambda interior: interior.stop(Verdict(outcome, evidence), run_id))

    def fire_timers(self) -> None:
        self._in_line(lambda interior: interior.fire_timers())

    # --- functions of the host ---

    def expose(self, context_id: int, name: str, done: Done) -> None:
        self._answered(lambda interior: interior.expose(name, "expose"), done)

    def withdraw(self, context_id: int, name: str, done: Done) -> None:
        self._answered(lambda interior: interior.expose(name, "withdraw"), done)

    def answer_call(self, answer: CallAnswer, done: Done) -> None:
        self._answered(lambda interior: interior.answer_call(answer), done)

    def _answered(self, work: Callable[[Interior], Awaitable[None]], done: Done) -> None:
        """`work` in line; `done` gets None, or what it raised."""

        async def serve(interior: Interior) -> None:
            try:
                await work(interior)
            except InspectorError as error:
                done(error)
            else:
                done(None)

        self._in_line(serve, done)

    # --- figures ---

    def collect_garbage(self, done: Done) -> None:
        """Refused while JavaScript runs: mini-racer would wait for its end."""
        if self.is_busy():
            done(UnsupportedError("collect garbage", refusal(Capability.BUSY_GC), "Stop the script, or wait for it."))
            return

        async def collect(interior: Interior) -> None:
            before = (await interior.samples.take()).words[SAMPLE_WORDS.index("used_bytes")]
            began = time.perf_counter()
            await interior.racer.collect()
            ms = (time.perf_counter() - began) * 1e3
            after = await interior.samples.take()
            self._sink.sampled(after)
            done((before, after.words[SAMPLE_WORDS.index("used_bytes")], ms))

        self._in_line(collect, done)

    def request_sample(self) -> None:
        """Nothing: a busy isolate can't be sampled, an idle one has not changed since its last sample."""

    def poll_sample(self) -> HeapSample | None:
        return None

    def latest_sample(self) -> HeapSample | None:
        return None if self._interior is None else self._interior.samples.latest

    def heartbeat(self, done: Done) -> None:
        def served(task: asyncio.Task[object]) -> None:
            if not task.cancelled() and task.exception() is None:
                done(None)

        def ask(interior: Interior) -> None:
            interior.racer.post("0").add_done_callback(served)

        self._inside(ask)

    def cpu_us(self) -> int | None:
        return None

    def is_busy(self) -> bool:
        return self._interior is not None and self._interior.turns.busy

    # --- values ---

    def order(self, order: ValueOrder, done: Done) -> None:
        def add(interior: Interior) -> None:
            interior.values.add(order, done)
            self._worker.post(lambda: interior.values.serve(order))

        if not self._inside(add):
            done(IsolateDisposedError("use a value", f"isolate {self.isolate_id} was disposed"))

    def end_order(self, order_id: int, why: str) -> None:
        self._inside(lambda interior: interior.values.end(order_id, why))

    def release_references(self, references: tuple[int, ...]) -> None:
        self._in_line(lambda interior: interior.values.release(references))

    def grant_port(self, port: int, messages: int, size: int) -> None:
        self._in_line(lambda interior: interior.grant_port(port, messages, size))

    # --- the end ---

    def dispose(self) -> None:
        self._worker.soon(self._begin_dispose)

    def _begin_dispose(self) -> None:
        if self._disposing:
            return
        self._disposing = True
        self._asked_at = time.perf_counter()
        if self._interior is not None:
            self._interior.console.close()
            self._interior.racer.close()
        self._worker.close()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it goes on."""
        return self._worker.join(timeout_s)
