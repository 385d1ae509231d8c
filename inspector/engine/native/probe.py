"""The self-test's isolate: each step does something by the engine's own code and tells whether V8 agrees."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar

from inspector.engine.native.abi import V8, HeapBuffer
from inspector.engine.native.abi.layout_checks import INSPECTOR, RUNNER, SESSION, LayoutProbe, vptr
from inspector.engine.native.abi.memory import spares_untouched
from inspector.engine.native.birth import give_birth
from inspector.engine.native.isolate import NativeIsolate
from inspector.engine.native.recorder import Recorder
from inspector.engine.port import Born, CompileRequest, Done, IsolateSpec, ModuleRequest, ModuleSource, RunRequest
from inspector.records import RunReport
from inspector.states import Outcome, SourceKind

__all__ = ["Probe"]

_LIMIT_BYTES = 32 << 20
_WAIT_S = 20.0


class Probe:
    """Steps return True, or what they saw instead."""

    def __init__(self, v8: V8) -> None:
        self.v8 = v8
        self.sink = Recorder()
        self.sink.on_timers = self._fire_when_due
        self.sink.on_module = self._provide
        self.isolate: NativeIsolate = NativeIsolate(
            v8, IsolateSpec(1, "probe", _LIMIT_BYTES), self.sink, lambda _isolate: None
        )
        self._runs = 0
        self._ids = 0
        self.born: Born | None = None

    # --- tools -----------------------------------------------------------------------------------

    def _fire_when_due(self, at_us: int | None) -> None:
        if at_us is not None:
            timer = threading.Timer(max(at_us / 1e6 - time.monotonic(), 0.0), self.isolate.fire_timers)
            timer.daemon = True
            timer.start()

    def _provide(self, request: ModuleRequest) -> None:
        self.isolate.provide_module(request.request_id, ModuleSource("probe:child", "export const answer = 41;"))

    def ask(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """Call a method whose last argument is a `Done`, and wait for the answer."""
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        question(*arguments, answers.put)
        return answers.get(timeout=_WAIT_S)

    def on_thread(self, work: Callable[[], Any]) -> Any:
        return self.ask(lambda done: self.isolate.pump.post(lambda: done(work())))

    def start(self, source: str, kind: SourceKind = SourceKind.SCRIPT) -> int:
        assert self.born is not None
        self._runs += 1
        self.isolate.run(RunRequest(self._runs, self.born.context_id, source, "probe:main", kind))
        return self._runs

    def run(self, source: str, kind: SourceKind = SourceKind.SCRIPT) -> RunReport:
        return self.sink.report(self.start(source, kind), _WAIT_S)

    def cdp(self, method: str, **params: Any) -> dict[str, Any]:
        self._ids += 1
        wanted = self._ids
        self.isolate.dispatch(0, json.dumps({"id": wanted, "method": method, "params": params}).encode())
        head = f'{{"id":{wanted},'.encode()
        text = self.sink.wait(lambda entry: entry[0] == "message" and entry[2].startswith(head), _WAIT_S)[2]
        answer: dict[str, Any] = json.loads(text)
        return answer

    def close(self) -> None:
        self.isolate.dispose()
        self.isolate.teardown.done.wait(_WAIT_S)

    # --- steps -----------------------------------------------------------------------------------

    def is_born(self) -> object:
        def birth(done: Done) -> None:
            threading.Thread(target=give_birth, args=(self.isolate, done, lambda _i: None), daemon=True).start()

        answer = self.ask(birth)
        self.born = answer if isinstance(answer, Born) else None
        return self.born is not None or str(answer)

    def vtables(self) -> object:
        layouts = LayoutProbe(self.v8)
        isolate = self.isolate
        pairs = (
            (isolate.inspector, INSPECTOR),
            (isolate.sessions.standing.pointer, SESSION),
            (self.v8.task_runner(isolate.address), RUNNER),
        )
        return all(vptr(pointer) == layouts.vtable(symbol) for pointer, symbol in pairs)

    def current(self) -> object:
        return bool(self.on_thread(self.v8.calls.current_isolate) == self.isolate.address)

    def handle_addresses(self) -> object:
        calls, isolate = self.v8.calls, self.isolate.address
        first = calls.handle_next(isolate)
        offsets = calls.handle_limit(isolate) - first, calls.handle_level(isolate) - first
        return offsets == (8, 16) or offsets

    def handle_balance(self) -> object:
        def level() -> int:
            return int(self.isolate.slots.data.level)

        before = self.on_thread(level)
        self.run("[{}, {}].map(String).length")
        return bool(before == self.on_thread(level))

    def statistics(self) -> object:
        buffer = HeapBuffer()
        buffer.fill(0xAAAA)
        words = self.on_thread(lambda: self.v8.statistics(self.isolate.address, buffer))
        usage = self.cdp("Runtime.getHeapUsage")["result"]
        agrees = abs(words[4] - usage["usedSize"]) < 400_000 and abs(words[0] - usage["totalSize"]) < 4 << 20
        return (buffer.spare_is(0xAAAA) and words[10] == 2 and agrees) or (words, usage)

    def spaces(self) -> object:
        """Five words each, and they add up to the heap."""
        sample, spaces = self.ask(self.isolate.heap_spaces)
        sums = [sum(figures) for figures in zip(*((s.size_bytes, s.used_bytes) for s in spaces), strict=True)]
        untouched = self.on_thread(lambda: spares_untouched(self.v8.calls, self.isolate.address))
        return (untouched and sums == [sample.words[0], sample.words[4]]) or (untouched, sums, sample.words)

    def contexts(self) -> object:
        assert self.born is not None
        measured = self.ask(self.isolate.measure_memory)
        known = dict(measured.contexts)
        return (list(known) == [self.born.context_id] and 10_000 < known[self.born.context_id] < 10_000_000) or measured

    def code_cache(self) -> object:
        """Compiled, cached, compiled again from the cache; a cache for another source is refused."""
        source = "(function kept() { return 6 * 7; })()"
        first = self.ask(self.isolate.compile_script, CompileRequest(source, "probe:compiled"))
        cache = self.ask(self.isolate.code_cache, first.handle)
        again = self.ask(self.isolate.compile_script, CompileRequest(source, "probe:again", cache))
        other = self.ask(self.isolate.compile_script, CompileRequest(source + " + 1", "probe:other", cache))
        seen = first.error, len(cache) > 100, again.error, again.cache_rejected, other.error, other.cache_rejected
        return seen == (None, True, None, False, None, True) or seen

    def result(self) -> object:
        report = self.run("({ sum: [1, 2, 3].reduce((a, b) => a + b), text: 'h\u00e9\u4e2d' })")
        return report.value == {"sum": 6, "text": "h\u00e9\u4e2d"} or report

    def error(self) -> object:
        error = self.run("\n  null.nothing").error
        return (error is not None and (error.name, error.line, error.column) == ("TypeError", 2, 8)) or error

    def syntax_error(self) -> object:
        error = self.run("let x = ;").error
        return (error is not None and (error.name, error.source_line) == ("SyntaxError", "let x = ;")) or error

    def console(self) -> object:
        self.run("console.log(1); console.time('t'); console.timeEnd('t'); console.timeStamp('t'); console.clear()")
        seen = [params["type"] for params in self.sink.messages("Runtime.consoleAPICalled")]
        return seen == ["log", "timeEnd", "clear"] or seen

    def default_context(self) -> object:
        answer = self.cdp("Runtime.evaluate", expression="typeof setTimeout")
        return answer["result"]["result"]["value"] == "function" or answer

    def timers(self) -> object:
        return self.run("new Promise(done => setTimeout(done, 1, 7))").value == 7

    def async_stacks(self) -> object:
        """V8 tells the depth that is wanted, and takes a timer's stack."""
        told = []
        for depth in (4, 0):
            self.cdp("Runtime.setAsyncCallStackDepth", maxDepth=depth)
            told.append((self.isolate.async_stacks.wanted, self.timers()))
        return told == [(True, True), (False, True)] or told

    def modules(self) -> object:
        report = self.run("import { answer } from './child'; export const sum = answer + 1;", SourceKind.MODULE)
        return report.value == {"sum": 42} or report

    def dynamic_import(self) -> object:
        return self.run("import('./child').then(child => child.answer)").value == 41

    def rejection(self) -> object:
        report = self.run("Promise.reject(new Error('unhandled')); 1")
        return (report.outcome is Outcome.THREW and len(self.sink.messages("Runtime.exceptionThrown")) == 1) or report

    def pause(self) -> object:
        self.isolate.set_pausing(True)
        run = self.start("debugger; 3")
        self.sink.wait(lambda entry: entry[0] == "message" and b'"Debugger.paused"' in entry[2])
        self.cdp("Debugger.resume")
        value = self.sink.report(run).value
        self.isolate.set_pausing(False)
        return value == 3 or value

    def interrupt(self) -> object:
        run = self.start("for (;;);")
        self.sink.started(run)
        collected = self.ask(self.isolate.collect_garbage)
        until = time.monotonic() + _WAIT_S
        sample = None
        while sample is None and time.monotonic() < until:
            self.isolate.request_sample()
            time.sleep(0.001)  # in a process of its own, with no loop: the sample is asked for by V8's interrupt alone
            sample = self.isolate.poll_sample()
        self.isolate.stop(Outcome.CANCELLED, "probe", run)
        outcome = self.sink.report(run).outcome
        return (sample is not None and len(collected) == 3 and outcome is Outcome.CANCELLED) or (sample, outcome)

    def usable(self) -> object:
        return self.run("1 + 1").value == 2

    def limit(self) -> object:
        outcome = self.run("const kept = []; for (;;) kept.push({});").outcome
        return outcome is Outcome.HEAP_LIMIT or outcome

    STEPS: ClassVar[tuple[tuple[str, Callable[[Probe], object]], ...]]


Probe.STEPS = (
    ("an isolate is born with inspector, session and context", Probe.is_born),
    ("inspector, session and task runner have the known vtables", Probe.vtables),
    ("tasks run on the isolate's thread", Probe.current),
    ("HandleScope's addresses lie as known", Probe.handle_addresses),
    ("HandleScopes are balanced", Probe.handle_balance),
    ("HeapStatistics has 15 words and agrees with the inspector", Probe.statistics),
    ("HeapSpaceStatistics has five words, and the spaces add up to the heap", Probe.spaces),
    ("memory is attributed to contexts", Probe.contexts),
    ("a script is compiled apart, and again from V8's code cache", Probe.code_cache),
    ("a script's result arrives whole", Probe.result),
    ("an exception has its place", Probe.error),
    ("a syntax error has its line", Probe.syntax_error),
    ("console calls arrive, and the client's slots are as known", Probe.console),
    ("a debugger's evaluation finds the default context", Probe.default_context),
    ("a timer fires", Probe.timers),
    ("a timer's stack is taken when a debugger wants it", Probe.async_stacks),
    ("a module is linked and evaluated", Probe.modules),
    ("import() is answered", Probe.dynamic_import),
    ("an unhandled rejection is told", Probe.rejection),
    ("a pause is entered and left", Probe.pause),
    ("a busy script is sampled, collected and stopped", Probe.interrupt),
    ("the isolate is usable after a stop", Probe.usable),
    ("the memory limit ends a script", Probe.limit),
    ("the isolate is usable after the limit", Probe.usable),
)
