"""What a native isolate adds to the port's `EngineIsolate`: compiled scripts, heap spaces, memory by context, times,
values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.engine.native.host_calls import EXPOSE, WITHDRAW
from inspector.errors import InspectorError, IsolateDisposedError

if TYPE_CHECKING:
    from inspector.engine.host_calls import CallAnswer
    from inspector.engine.native.host_calls import HostCalls
    from inspector.engine.native.measuring import Measuring
    from inspector.engine.native.pause import PauseLoop
    from inspector.engine.native.ports import Ports
    from inspector.engine.native.pump import Pump
    from inspector.engine.native.runs import Runs
    from inspector.engine.native.scripts import Scripts
    from inspector.engine.native.thread_clock import Stopwatch
    from inspector.engine.native.values import Values
    from inspector.engine.port import CompileRequest, Done
    from inspector.engine.values import ValueOrder

__all__ = ["Extras"]


class Extras:
    """`CompilesScripts`, `TellsHeapSpaces`, `MeasuresContexts`, `TellsTimes`, `CopiesValues`,
    `PassesMessages`, for any thread."""

    pump: Pump
    pauses: PauseLoop
    runs: Runs
    scripts: Scripts
    host_calls: HostCalls
    measuring: Measuring
    stopwatch: Stopwatch
    values: Values
    ports: Ports
    worked: bool  # the job touched the heap

    def compile_script(self, request: CompileRequest, done: Done) -> None:
        self.post_answer(done, lambda: self.scripts.compile(request))

    def code_cache(self, script: int, done: Done) -> None:
        self.post_answer(done, lambda: self.scripts.code_cache(script))

    def release_script(self, script: int, done: Done) -> None:
        self.post_answer(done, lambda: self.scripts.release(script))

    def expose(self, context_id: int, name: str, done: Done) -> None:
        self.post_answer(done, lambda: self.host_calls.name(context_id, name, EXPOSE))

    def withdraw(self, context_id: int, name: str, done: Done) -> None:
        self.post_answer(done, lambda: self.host_calls.name(context_id, name, WITHDRAW))

    def answer_call(self, answer: CallAnswer, done: Done) -> None:
        self.post_answer(done, lambda: self.host_calls.answer(answer))

    def heap_spaces(self, done: Done) -> None:
        self.post_answer(done, self.measuring.spaces, urgent=True)

    def measure_memory(self, done: Done) -> None:
        self.pump.post(lambda: self.measuring.ask(done), self.gone(done))

    def executing_us(self) -> int:
        return self.stopwatch.executing_us()

    def run_cpu_us(self, run_id: int) -> int | None:
        run = self.runs.open.get(run_id)
        return None if run is None else self.stopwatch.cpu_us(run)

    def order(self, order: ValueOrder, done: Done) -> None:
        self.values.add(order, done)

    def end_order(self, order_id: int, why: str) -> None:
        self.values.end(order_id, why)

    def release_references(self, references: tuple[int, ...]) -> None:
        self.values.release(references)

    def grant_port(self, port: int, messages: int, size: int) -> None:
        self.ports.room.give(port, messages, size)

    # --- for the parts ---------------------------------------------------------------------------

    def post_answer(self, done: Done, work: Callable[[], object], *, urgent: bool = False) -> None:
        """`work` on the isolate's thread; `done` gets what it returns or raises. `urgent`: also while a script runs."""
        if urgent:
            self.pump.post_urgent(lambda: self._answer(done, work), self.gone(done))
            self.pauses.nudge()
        else:
            self.pump.post(lambda: self._answer(done, work), self.gone(done))

    def gone(self, done: Done) -> Callable[[], None]:
        """What `done` gets when the isolate ends before the answer."""
        return lambda: done(IsolateDisposedError("use the isolate", "it was disposed", "Create another."))

    def _answer(self, done: Done, work: Callable[[], object]) -> None:
        self.worked = True
        try:
            answer = work()
        except InspectorError as error:
            done(error)
        else:
            done(answer)
