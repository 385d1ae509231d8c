"""One isolate: the port's methods, the work on its thread, and what V8 calls there. The parts have a file each."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from inspector.engine.marks import MarkTeller
from inspector.engine.native.abi import V8, HeapBuffer
from inspector.engine.native.async_stacks import AsyncStacks
from inspector.engine.native.context import CURRENT, Contexts
from inspector.engine.native.extras import Extras
from inspector.engine.native.gate import Gate
from inspector.engine.native.host_calls import HostCalls
from inspector.engine.native.limits import Limits
from inspector.engine.native.measuring import Measuring
from inspector.engine.native.messages import Messages
from inspector.engine.native.module import Modules
from inspector.engine.native.pause import PauseLoop
from inspector.engine.native.ports import Ports
from inspector.engine.native.pump import Pump
from inspector.engine.native.rejection import Rejections
from inspector.engine.native.run import Run, Verdict
from inspector.engine.native.runs import Runs
from inspector.engine.native.sampling import IDLE, Sampling
from inspector.engine.native.scripts import Scripts
from inspector.engine.native.session import Sessions
from inspector.engine.native.states import States
from inspector.engine.native.teardown import Teardown
from inspector.engine.native.thread_clock import Stopwatch, ThreadClock
from inspector.engine.native.timers import TimerDesk
from inspector.engine.native.values import Values
from inspector.engine.port import (
    STANDING_SESSION,
    ContextMade,
    Done,
    HeapSample,
    IsolateSink,
    IsolateSpec,
    ModuleSource,
    RunRequest,
)
from inspector.errors import ContextReleasedError
from inspector.states import IsolateState, Outcome

__all__ = ["NativeIsolate"]


class NativeIsolate(Extras):
    """`EngineIsolate` and all that it may add over V8's inspector and C++ API; also V8's `Handler` for this isolate."""

    def __init__(self, v8: V8, spec: IsolateSpec, sink: IsolateSink, ended: Callable[[NativeIsolate], None]) -> None:
        self.v8 = v8
        self.spec = spec
        self.sink = sink
        self.isolate_id = spec.isolate_id
        self.number = 0  # mini-racer's
        self.address = 0  # Isolate*
        self.inspector = 0  # V8Inspector*
        self.client = 0  # V8InspectorClient*
        self.client_words: object = None  # what keeps it alive
        self.birth_over = threading.Event()  # born, or failed
        self.born = False
        self.closing = False
        self.busy = False  # its thread is inside one of our jobs
        self.worked = False  # the job touched the heap
        self._in_microtasks = False
        self._pump_follows = False  # one of our jobs has ended, and the pump has not looked for microtasks since
        self.pump = Pump(v8)
        self.gate = Gate(v8)
        self.states = States(sink)
        self.clock = ThreadClock()
        self.stopwatch = Stopwatch(self.clock)
        self.sessions = Sessions(self)
        self.contexts = Contexts(self)
        self.scripts = Scripts(self)
        self.host_calls = HostCalls(self)
        self.runs = Runs(self)
        self.modules = Modules(self)
        self.rejections = Rejections(self)
        self.timers = TimerDesk(self)
        self.async_stacks = AsyncStacks(self)
        self.limits = Limits(self)
        self.sampling = Sampling(self)
        self.measuring = Measuring(self)
        self.values = Values(self)
        self.ports = Ports(self, self.values)
        self.pauses = PauseLoop(self)
        self.teardown = Teardown(self, ended)
        self.messages = Messages(self)
        self.marks = MarkTeller()
        self._pause_orders: deque[Callable[[], object]] = deque()

    def adopt(self, number: int, address: int, thread: int) -> None:
        """V8 has made the isolate: from here on its callbacks find us."""
        self.number, self.address = number, address
        self.clock.born(thread)
        self.slots = self.v8.slots(address)
        self.v8.trampolines.isolates[address] = self
        self.gate.born(address)

    # --- the port: any thread --------------------------------------------------------------------

    def open_session(self, session: int) -> None:
        self.pump.post_urgent(lambda: self._in_handles(lambda: self.sessions.connect(session)))
        self.pauses.nudge()

    def close_session(self, session: int) -> None:
        self.pump.post_urgent(lambda: self.sessions.disconnect(session, nested=self.gate.open))
        self.pauses.nudge()

    def dispatch(self, session: int, message: bytes, *, urgent: bool = False) -> None:
        self.messages.dispatch(session, message, urgent=urgent)

    def create_context(self, name: str, done: Done) -> None:
        self.post_answer(done, lambda: self._create_context(name))

    def release_context(self, context_id: int, done: Done) -> None:
        self.post_answer(done, lambda: self._release_context(context_id))

    def run(self, request: RunRequest) -> None:
        self.runs.add(request)

    def provide_module(self, request_id: int, module: ModuleSource) -> None:
        self.pump.post(lambda: self.modules.provide(request_id, module))

    def stop(self, outcome: Outcome, evidence: str, run_id: int | None = None) -> None:
        self.runs.stop(Verdict(outcome, evidence), run_id)
        if self.gate.ended:
            self.pauses.leave()

    def set_pausing(self, enabled: bool) -> None:
        self.pump.post_urgent(lambda: self.sessions.want_pauses(enabled))
        self.pauses.nudge()

    def collect_garbage(self, done: Done) -> None:
        self.post_answer(done, self._collect, urgent=True)

    def request_sample(self) -> None:
        self.sampling.request()

    def poll_sample(self) -> HeapSample | None:
        return self.sampling.poll()

    def latest_sample(self) -> HeapSample | None:
        return self.sampling.latest

    def heartbeat(self, done: Done) -> None:
        if self.pauses.paused:
            done(None)
        else:
            self.pump.post(lambda: done(None), self.gone(done))

    def cpu_us(self) -> int | None:
        return self.clock.read_us()

    def is_busy(self) -> bool:
        return self.gate.open

    def in_microtasks(self) -> bool:
        """The port's `TellsMicrotasks`: the script, callback or message has returned; its microtasks have not ended."""
        return self._in_microtasks

    def fire_timers(self) -> None:
        self.pump.post(self.timers.fire)

    def dispose(self) -> None:
        self.teardown.begin()

    # --- for the parts ---------------------------------------------------------------------------

    @contextmanager
    def window(self, run: Run | None) -> Iterator[bool]:
        """Execute JavaScript on behalf of `run`, then its microtasks; yields False when nothing may execute."""
        if (run is not None and (run.verdict is not None or run.settled)) or not self.gate.enter(run):
            yield False
            return
        if run is not None and run.verdict is not None:  # told between the look and the entry
            self.gate.leave()
            yield False
            return
        self.worked = True
        self.states.tell(IsolateState.RUNNING)
        self._set_current(run.slot if run is not None else 0)
        began = self.stopwatch.start(run)
        if run is not None:
            self.messages.script_started()
        try:
            with self.v8.handles(self.slots):
                yield True
            with self.v8.handles(self.slots):
                if self.gate.ended:
                    self.gate.clear_microtasks()
                else:
                    self._in_microtasks = True
                    self.v8.calls.perform_microtasks(self.address)
        finally:
            self._in_microtasks = False
            if self.gate.leave():
                self.runs.turn_was_ended(run)
            self.stopwatch.stop(run, began)
            self._set_current(0)
        self.rejections.flush()

    @contextmanager
    def nested_window(self) -> Iterator[bool]:
        """A part of an execution that is already inside the gate."""
        with self.v8.handles(self.slots):
            yield not self.gate.ended

    def _set_current(self, slot: int) -> None:
        for context in self.contexts.live.values():
            if context.timers is not None:
                context.timers.cells[CURRENT] = slot

    def await_promise(self, value: int) -> bool:
        """Whether `value` is a promise; its rejection is then ours to tell."""
        if not self.v8.calls.is_promise(value):
            return False
        self.v8.calls.mark_handled(value)
        return True

    def end_execution(self) -> None:
        """A debugger's Runtime.terminateExecution: whatever executes is cancelled."""
        current = self.gate.run
        self.stop(Outcome.CANCELLED, "A debugger ended it.", current.request.run_id if current is not None else None)

    def end_what_runs(self) -> None:
        """On its own thread: a memory limit was hit. Outside our jobs V8 runs a finalizer, on nobody's behalf."""
        if not self.gate.end_now() and not self.busy:
            self.gate.end_task_of_v8()
            self.pump.post(self._note_work)  # where the limit is lowered again

    def check_soon(self) -> None:
        """The memory is to be checked at an interrupt check, or when nothing executes."""
        self.v8.interrupt(self.address)
        if not self.busy:
            self.pump.post(self._note_work)

    def interrupt_for_statistics(self, buffer: HeapBuffer) -> None:
        if not self.closing:
            self.v8.interrupt_for_statistics(self.address, buffer)

    def post_in_pause(self, order: Callable[[], object]) -> None:
        self._pause_orders.append(order)
        self.pauses.nudge()

    # --- V8's handler: the isolate's thread ------------------------------------------------------

    def serve_task(self) -> None:
        self.busy = True
        try:
            self.pump.serve()
            if self.worked and not self.closing:
                self.worked = False
                self._after_work()
        finally:
            self._pump_follows = True
            self.busy = False

    def _after_work(self) -> None:
        """What follows every job that touched the heap: verdicts, settled runs, the next timer, a sample, the state."""
        self.limits.check()
        while self.modules.check():  # an answered `import()` runs code that may import more
            pass
        self.runs.check()
        self.limits.recover()
        self.sessions.sweep()
        self.timers.tell()
        self.limits.tighten(self.sampling.take(IDLE).words)
        self.worked = False
        waits = self.runs.waiting or self.timers.pending
        self.states.tell(IsolateState.WAITING if waits else IsolateState.IDLE)

    def serve_interrupt(self) -> None:
        if self.closing:
            return
        with self.v8.handles(self.slots):
            self.limits.check()
            self.pump.serve_urgent()

    def unwind(self) -> None:
        """End here and now what was told to end; called when a script's console call has led V8 to us.

        An interpreted loop looks for interrupts once in some kilobytes of bytecode. `for (;;) console.log(megabyte)`
        went on for a thousand lines, 25 s. Entering any function makes V8 look.
        """
        self.gate.insist()
        context = next(iter(self.contexts.live.values()), None)
        if context is not None:
            with self.v8.handles(self.slots):
                receiver = self.v8.calls.context_global(context.slot)
                self.v8.call(self.address, context.slot, context.to_json, receiver)

    def run_pause_loop(self) -> None:
        if not self.closing:
            with self.v8.handles(self.slots):
                self.pauses.run(self._serve_paused)

    def quit_pause_loop(self) -> None:
        self.pauses.leave()

    def default_context(self) -> int:
        return self.contexts.default

    def near_heap_limit(self, current: int, initial: int) -> int:
        return self.limits.near(current, initial)

    def collected(self) -> None:
        if not self.closing:
            self.limits.collected()

    def promise_rejected(self, event: int, promise: int, value: int) -> None:
        if not self.closing:
            self.rejections.saw(event, promise, value)

    def import_dynamically(self, context: int, referrer: int, specifier: int, attributes: int) -> int:
        return self.modules.import_dynamically(context, referrer, specifier, attributes)

    def resolve_import(self, context: int, index: int, referrer: int) -> int:
        return self.modules.resolve(context, index, referrer)

    def evaluate_synthetic(self, context: int, module: int) -> int:
        return self.modules.evaluate_synthetic(context, module)

    def fill_import_meta(self, context: int, module: int, meta: int) -> None:
        self.modules.fill_meta(context, module, meta)

    def memory_measured(self, contexts: list[int], sizes: list[int], rest: tuple[int, int, int]) -> None:
        self.measuring.measured(contexts, sizes, rest)

    def told(self, context: int) -> None:
        if not self.closing:
            self.host_calls.told(context)

    def time_stamped(self, label: int) -> None:
        told = self.marks.notification(self.v8.text(self.address, label) if label else "")
        if told is not None:
            self.sink.message(STANDING_SESSION, told)

    def asked(self, context: int) -> None:
        self.contexts.asked(context)

    def async_depth_changed(self, depth: int) -> None:
        self.async_stacks.depth_changed(depth)

    def microtasks_completed(self) -> None:
        """V8's own tasks (WebAssembly, finalizers) may have settled what a run waits for.

        The pump works off microtasks after every task. After one of ours there is nothing new: without this look the
        job that is posted here would be followed by the next, for ever.
        """
        follows, self._pump_follows = self._pump_follows, False
        if not follows and not self.busy and not self.closing and self.runs.open:
            self.pump.post(self._note_work)

    # --- jobs ------------------------------------------------------------------------------------

    def _note_work(self) -> None:
        self.worked = True

    def _in_handles(self, work: Callable[[], None]) -> None:
        with self.v8.handles(self.slots):
            work()

    def _serve_paused(self) -> None:
        self.pump.serve_urgent()
        while self._pause_orders:
            self._pause_orders.popleft()()
        self.messages.serve_paused()

    def _collect(self) -> tuple[int, int, float]:
        used = self.sampling.take(IDLE).words[4]
        began = time.perf_counter()
        self.v8.calls.low_memory(self.address)
        ms = (time.perf_counter() - began) * 1e3
        self._note_work()
        return used, self.sampling.take(IDLE).words[4], ms

    def _create_context(self, name: str) -> ContextMade:
        made = self.contexts.make(name, is_default=False)
        return replace(made, prelude_ms=made.prelude_ms + self.contexts.prepare(made.context_id))

    def _release_context(self, context_id: int) -> None:
        context = self.contexts.get(context_id)
        if context is None:
            raise ContextReleasedError("release a context", f"there is no context {context_id}", "It was released.")
        with self.v8.handles(self.slots):
            self.contexts.release(context)
        self.modules.forget_context(context_id)
        self.host_calls.forget_context(context_id)
        self.runs.cancel_all("Its context was released.", context_id)
