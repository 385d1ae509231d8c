"""A native engine and its isolates for a test, with calls that wait for the answer. Made in a child process: see
child.py.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from inspector.engine.native import NativeEngine
from inspector.engine.native.isolate import NativeIsolate
from inspector.engine.native.recorder import Recorder
from inspector.engine.port import Born, ContextMade, HeapSample, IsolateSpec, ModuleRequest, ModuleSource, RunRequest
from inspector.events import LedgerEntry, RunReport
from inspector.states import Outcome, SourceKind

MIB = 1 << 20
WAIT_S = 20.0


class Bench:
    """One isolate and what it said."""

    def __init__(self, engine: NativeEngine, isolate_id: int, limit_bytes: int, prelude: str) -> None:
        self.heard = Recorder()
        self.heard.on_timers = self._fire_when_due
        self.heard.on_module = self._provide
        self.sources: dict[str, str] = {}  # what an import of this specifier gets; others are missing
        self._runs = 0
        self._ids = 0
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        spec = IsolateSpec(isolate_id, f"bench {isolate_id}", limit_bytes, prelude)
        self.isolate: NativeIsolate = engine.create_isolate(spec, self.heard, answers.put)
        self.born: Born = answers.get(timeout=WAIT_S)
        assert isinstance(self.born, Born), self.born

    def _fire_when_due(self, at_us: int | None) -> None:
        if at_us is not None:
            timer = threading.Timer(max(at_us / 1e6 - time.monotonic(), 0.0), self.isolate.fire_timers)
            timer.daemon = True
            timer.start()

    def _provide(self, request: ModuleRequest) -> None:
        source = self.sources.get(request.specifier)
        url = f"lab:{request.specifier.removeprefix('./')}"
        error = "" if source is not None else "no such file"
        is_json = request.specifier.endswith(".json")
        self.isolate.provide_module(request.request_id, ModuleSource(url, source or "", is_json, error))

    def ask(self, method: Callable[..., Any], *arguments: Any) -> Any:
        """Call a method whose last argument is `done`, and wait for it."""
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        method(*arguments, answers.put)
        return answers.get(timeout=WAIT_S)

    def start(
        self, source: str, *, module: bool = False, context_id: int = 0, repl: bool = False, url: str = "a.js"
    ) -> int:
        self._runs += 1
        kind = SourceKind.MODULE if module else SourceKind.SCRIPT
        context = context_id or self.born.context_id
        self.isolate.run(RunRequest(self._runs, context, source, url, kind, repl=repl))
        return self._runs

    def run(self, source: str, **how: Any) -> RunReport:
        return self.heard.report(self.start(source, **how), WAIT_S)

    def start_busy(self, source: str, **how: Any) -> int:
        """Start, and wait until it executes."""
        run = self.start(source, **how)
        self.heard.started(run)
        return run

    def stop(self, run: int, outcome: Outcome = Outcome.CANCELLED) -> RunReport:
        self.isolate.stop(outcome, "the test stopped it", run)
        return self.heard.report(run, WAIT_S)

    def context(self, name: str = "second") -> int:
        made = self.ask(self.isolate.create_context, name)
        assert isinstance(made, ContextMade), made
        return made.context_id

    def cdp(self, method: str, *, session: int = 0, urgent: bool = False, **params: Any) -> dict[str, Any]:
        """One CDP command and its answer."""
        self._ids += 1
        head = f'{{"id":{self._ids},'.encode()
        message = json.dumps({"id": self._ids, "method": method, "params": params}).encode()
        self.isolate.dispatch(session, message, urgent=urgent)
        entry = self.heard.wait(
            lambda entry: entry[0] == "message" and entry[1] == session and entry[2].startswith(head), WAIT_S
        )
        answer: dict[str, Any] = json.loads(entry[2])
        return answer

    def used(self) -> int:
        """Used bytes after a full collection."""
        return int(self.ask(self.isolate.collect_garbage)[1])

    def v8_limit(self) -> int:
        """V8's own limit, as the engine sampled it last."""
        self.run("0")
        latest = self.isolate.latest_sample()
        assert latest is not None
        return latest.words[5]

    def busy_sample(self) -> HeapSample:
        """A sample that V8 took while it was busy."""
        until = time.monotonic() + WAIT_S
        pause = threading.Event()
        while time.monotonic() < until:
            self.isolate.request_sample()
            pause.wait(0.001)
            sample = self.isolate.poll_sample()
            if sample is not None:
                return sample
        isolate = self.isolate
        raise TimeoutError(
            f"V8 did not fill the buffer: {isolate.busy=} {isolate.in_microtasks()=} {self.heard.log[-2:]}"
        )

    def paused(self, count: int = 1) -> None:
        """Wait until V8 has paused `count` times in all."""
        until = time.monotonic() + WAIT_S
        while len(self.heard.messages("Debugger.paused")) < count:
            self.heard.wait(lambda entry: entry[0] == "message" and b'"Debugger.paused"' in entry[2], WAIT_S)
            assert time.monotonic() < until, "V8 did not pause"

    def dispose(self) -> LedgerEntry | None:
        self.isolate.dispose()
        ledger: LedgerEntry | None = self.heard.wait(lambda entry: entry[0] == "disposed", WAIT_S)[1]
        return ledger


class Lab:
    """The engine of this process."""

    def __init__(self) -> None:
        sys.setswitchinterval(0.0005)
        self.engine = NativeEngine("test")
        self._made = 0

    def bench(self, limit_bytes: int = 64 * MIB, prelude: str = "web") -> Bench:
        self._made += 1
        return Bench(self.engine, self._made, limit_bytes, prelude)

    def close(self) -> None:
        self.engine.close()
