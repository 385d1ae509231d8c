"""One engine and its isolates in this process, with a listener that waits for what they say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from inspector.engine.port import Born, HeapSample, IsolateSpec, ModuleRequest, RunRequest
from inspector.engine.portable import PortableEngine
from inspector.engine.ports import Posted
from inspector.events import LedgerEntry, RunReport
from inspector.states import IsolateState, Outcome, SourceKind

__all__ = ["Lab", "Subject"]

PATIENCE_S = 20.0
MIB = 1 << 20


class Listener:
    """An `IsolateSink` that keeps everything, in order, and wakes whoever waits for it."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.said: list[tuple[str, Any]] = []
        self.has_ended = False
        self.undelivered = 0
        self.on_timer: Callable[[int | None], None] = lambda _: None

    def _say(self, what: str, value: Any = None) -> None:
        with self.news:
            assert not self.has_ended, f"{what} after disposed"
            self.has_ended = what == "disposed"
            self.said.append((what, value))
            self.news.notify_all()

    def message(self, session: int, text: bytes) -> None:
        self._say("message", (session, json.loads(text)))

    def state_changed(self, state: IsolateState, at_us: int, reason: str) -> None:
        self._say("state", state)

    def run_started(self, run_id: int, at_us: int) -> None:
        self._say("started", run_id)

    def run_settled(self, run_id: int, report: RunReport) -> None:
        self._say("settled", (run_id, report))

    def module_requested(self, request: ModuleRequest) -> None:
        self._say("module", request)

    def limit_hit(self, outcome: Outcome, used_bytes: int, external_bytes: int) -> None:
        self._say("limit", (outcome, used_bytes))

    def sampled(self, sample: HeapSample) -> None:
        self._say("sampled", sample)

    def timers_due(self, at_us: int | None) -> None:
        self._say("timers", at_us)
        self.on_timer(at_us)

    def console_dropped(self, count: int) -> None:
        self._say("dropped", count)

    def console_values_released(self) -> None:
        self._say("released")

    def posted(self, posted: Posted) -> None:
        self._say("posted", posted)

    def undelivered_bytes(self, session: int = 0) -> int:
        return self.undelivered

    def disposed(self, ledger: LedgerEntry | None) -> None:
        self._say("disposed", ledger)

    def all(self, what: str) -> list[Any]:
        with self.news:
            return [value for said, value in self.said if said == what]

    def wait(self, what: str, wanted: Callable[[Any], bool] = lambda _: True, patience_s: float = PATIENCE_S) -> Any:
        """The first matching thing said, now or later."""

        def found() -> list[Any]:
            return [value for said, value in self.said if said == what and wanted(value)]

        with self.news:
            assert self.news.wait_for(found, patience_s), f"no {what} within {patience_s} s; said: {self.said[-20:]}"
            return found()[0]


class Subject:
    """An isolate under test."""

    def __init__(self, engine: PortableEngine, spec: IsolateSpec) -> None:
        self.listener = Listener()
        self.listener.on_timer = self._arm
        self.born: Born | Exception | None = None
        self._timer: threading.Timer | None = None
        self._last_run = 0
        self._last_call = 100
        birth = threading.Event()

        def done(result: Any) -> None:
            self.born = result
            birth.set()

        self.isolate = engine.create_isolate(spec, self.listener, done)
        assert birth.wait(PATIENCE_S), "no birth"

    def start(self, source: str, *, url: str = "file.js", repl: bool = False, awaits: bool = True) -> int:
        self._last_run += 1
        self.isolate.run(RunRequest(self._last_run, 1, source, url, SourceKind.SCRIPT, awaits, repl))
        return self._last_run

    def settled(self, run_id: int) -> RunReport:
        report: RunReport = self.listener.wait("settled", lambda told: told[0] == run_id)[1]
        assert sum(told[0] == run_id for told in self.listener.all("settled")) == 1
        return report

    def run(self, source: str, **options: Any) -> RunReport:
        return self.settled(self.start(source, **options))

    def stop(self, outcome: Outcome = Outcome.CANCELLED, run_id: int | None = None) -> None:
        self.isolate.stop(outcome, f"ended as {outcome}", run_id)

    def send(self, method: str, session: int = 0, **params: Any) -> dict[str, Any]:
        """The whole answer to a CDP command."""
        self._last_call += 1
        number = self._last_call
        self.isolate.dispatch(session, json.dumps({"id": number, "method": method, "params": params}).encode())
        answer: dict[str, Any] = self.listener.wait("message", lambda told: told[1].get("id") == number)[1]
        return answer

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a CDP command."""
        answer = self.send(method, **params)
        assert "result" in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def events(self, method: str) -> list[dict[str, Any]]:
        return [told["params"] for _, told in self.listener.all("message") if told.get("method") == method]

    def console(self) -> list[list[Any]]:
        """The arguments of all console calls so far: values where they have one, else descriptions."""
        calls = self.events("Runtime.consoleAPICalled")
        return [[each.get("value", each.get("description")) for each in call["args"]] for call in calls]

    def has_logged(self, *values: Any) -> None:
        """Wait for a console call with these arguments."""

        def is_it(told: Any) -> bool:
            params = told[1].get("params", {})
            return [each.get("value", each.get("description")) for each in params.get("args", [])] == list(values)

        self.listener.wait("message", is_it)

    def is_in(self, state: IsolateState) -> None:
        """Wait until it is in `state`."""
        with self.listener.news:
            assert self.listener.news.wait_for(lambda: self._state() is state, PATIENCE_S), self._state()

    def _state(self) -> IsolateState | None:
        states = [value for said, value in self.listener.said if said == "state"]
        return states[-1] if states else None

    def dispose(self) -> LedgerEntry | None:
        self.isolate.dispose()
        ledger: LedgerEntry | None = self.listener.wait("disposed")
        if self._timer is not None:
            self._timer.cancel()
        return ledger

    def _arm(self, at_us: int | None) -> None:
        """The host's part: one deadline per isolate."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at_us is not None:
            wait_s = max(at_us / 1e6 - time.monotonic(), 0.0)
            self._timer = threading.Timer(wait_s, self.isolate.fire_timers)
            self._timer.daemon = True
            self._timer.start()


class Lab:
    """The engine of this process."""

    def __init__(self) -> None:
        self.engine = PortableEngine("asked for by a test")
        self.subjects: list[Subject] = []

    def isolate(self, *, limit: int = 64 * MIB, prelude: str = "web") -> Subject:
        spec = IsolateSpec(len(self.subjects) + 1, "subject", limit, prelude)
        subject = Subject(self.engine, spec)
        assert isinstance(subject.born, Born), subject.born
        self.subjects.append(subject)
        return subject

    def close(self) -> None:
        for subject in self.subjects:
            subject.dispose()
        self.engine.close()
