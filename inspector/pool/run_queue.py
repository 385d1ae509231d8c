"""The runs of one isolate: handed to its host one after another, each settled exactly once with a report.

A run goes out when the one before has left the thread: it settled, or it waits for a promise or a timer. Until then it
is held here, where it can be cancelled without asking anyone, and says what it waits for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from inspector.errors import GoneError, HostLostError, InspectorError
from inspector.events import Event, RunQueued, RunReport, RunSettled, RunStarted, ScriptError
from inspector.sources.source import Source
from inspector.states import IsolateState, Outcome
from inspector.target.active_runs import ActiveRun
from inspector.target.clock import now_us
from inspector.target.reports import read_report, report_without_host
from inspector.target.target import Target

__all__ = ["Run", "RunQueue"]

# "running" is told by the host only once it has lasted 20 ms: after this long without it, a run has left the thread.
_LEFT_THREAD_S = 0.06

_WAITS = {
    IsolateState.PAUSED: "waits: the isolate is paused in the debugger",
    IsolateState.WEDGED: "waits: the isolate does not answer",
}
_WAITS_FOR_RUN = "waits for the running script"


class _Phase(Enum):
    HELD = 0  # here
    SENT = 1  # in the host's hands
    STARTED = 2  # on the thread
    LEFT = 3  # off the thread: waits for a promise, a module or a timer
    SETTLED = 4


class Run(Struct, eq=False):
    """One run and what became of it. `settled` gets its report, never an exception."""

    run_id: int
    context_id: int
    source: Source
    label: str
    timeout_s: float | None
    cpu_limit_s: float | None
    repl: bool
    settled: asyncio.Future[RunReport]
    encoded: object = None  # the text as JSON, when it is large
    script: int = 0  # a compiled script to run instead of the text
    quiet: bool = False  # one of very many: no event tells of it
    queued_us: int = field(default_factory=now_us)
    sent_us: int = 0
    phase: _Phase = _Phase.HELD

    def params(self) -> dict[str, Any]:
        """Of the command `Isolate.run`."""
        params: dict[str, Any] = {
            "runId": self.run_id,
            "contextId": self.context_id,
            "source": "" if self.script else self.source.text if self.encoded is None else self.encoded,
            "url": self.source.url,
            "kind": self.source.kind.value,
            "repl": self.repl,
        }
        if self.script:
            params["script"] = self.script
        if self.timeout_s is not None:
            params["timeoutMs"] = self.timeout_s * 1000
        if self.cpu_limit_s is not None:
            params["cpuLimitMs"] = self.cpu_limit_s * 1000
        return params


class Ask(Protocol):
    """Sends a command to the isolate's session; `done` is called in the order of the stream."""

    def __call__(
        self, method: str, params: Mapping[str, Any], done: Callable[[Mapping[str, Any] | InspectorError], None]
    ) -> object: ...


class RunQueue:
    """Called on the pool's loop. `target` knows the isolate's state and gets to know which runs live."""

    def __init__(
        self,
        target: Target,
        ask: Ask,
        publish: Callable[[Event], None],
        explain: Callable[[Run, RunReport], RunReport],
    ) -> None:
        """`explain` may put an error into better words before anyone hears of it."""
        self._explain = explain
        self._target = target
        self._ask = ask
        self._publish = publish
        self._held: deque[Run] = deque()
        self._active: dict[int, Run] = {}  # run_id -> run that the host has
        self._check: asyncio.TimerHandle | None = None

    @property
    def active(self) -> Mapping[int, Run]:
        """The runs that the host has, oldest first."""
        return self._active

    def source_of(self, run_id: int) -> Source | None:
        """None when no such run is held or active."""
        run = self._active.get(run_id) or next((one for one in self._held if one.run_id == run_id), None)
        return None if run is None else run.source

    def replay(self) -> list[Event]:
        """What a late subscriber must hear of the runs that live."""
        events: list[Event] = [
            self._queued_event(run) for run in (*self._active.values(), *self._held) if not run.quiet
        ]
        started = [run for run in self._active.values() if run.phase in (_Phase.STARTED, _Phase.LEFT) and not run.quiet]
        return events + [RunStarted(now_us(), run.run_id, self._target.isolate_id) for run in started]

    def add(self, run: Run) -> None:
        """Queue a run; it goes out at once when nothing is in its way."""
        self._held.append(run)
        if not run.quiet:
            self._publish(self._queued_event(run))
        self.pump()

    def cancel(self, run_id: int, evidence: str) -> bool:
        """Settle a run that is held here as cancelled; False when it is not."""
        for run in self._held:
            if run.run_id == run_id:
                self._held.remove(run)
                self._settle(run, report_without_host(Outcome.CANCELLED, evidence))
                return True
        return False

    def cancel_held(self, evidence: str, context_id: int | None = None) -> None:
        """The same for all that are held, or for those of one context."""
        for run in [one for one in self._held if context_id in (None, one.context_id)]:
            self.cancel(run.run_id, evidence)

    def not_started(self, run_id: int) -> bool:
        """Whether the host has this run and it is not known to have started."""
        run = self._active.get(run_id)
        return run is not None and run.phase is _Phase.SENT

    def is_quiet(self, run_id: int) -> bool:
        run = self._active.get(run_id)
        return run is not None and run.quiet

    def started(self, run_id: int) -> None:
        """The host says that a run is on the thread."""
        run = self._active.get(run_id)
        if run is not None and run.phase is _Phase.SENT:
            run.phase = _Phase.STARTED
            self.pump()

    def state_changed(self, state: IsolateState) -> None:
        """The isolate's state changed: what was on the thread may have left it."""
        if state in (IsolateState.IDLE, IsolateState.WAITING):
            for run in self._active.values():
                if run.phase is _Phase.STARTED:
                    run.phase = _Phase.LEFT
            self.pump()

    def end(self, outcome: Outcome, evidence: str) -> None:
        """The isolate is over: settle everything."""
        if self._check is not None:
            self._check.cancel()
            self._check = None
        for run in [*self._active.values(), *self._held]:
            self._settle(run, report_without_host(outcome, evidence))
        self._held.clear()

    def pump(self) -> None:
        """Send what may go."""
        while self._held and not self._waits_for():
            self._send(self._held.popleft())
        if self._held and self._check is None and self._silent():
            self._check = asyncio.get_running_loop().call_later(_LEFT_THREAD_S, self._look)

    def _silent(self) -> bool:
        """Something started, and no state tells where it is: "running" comes late, and not at all for a short run."""
        known = self._target.state not in (IsolateState.IDLE, IsolateState.WAITING)
        return not known and any(run.phase is _Phase.STARTED for run in self._active.values())

    def _look(self) -> None:
        self._check = None
        self.state_changed(self._target.state)

    def _waits_for(self) -> str:
        """What is in the way of the next run; "" when nothing is."""
        state = self._target.state
        if state in _WAITS:
            return _WAITS[state]
        if any(run.phase in (_Phase.SENT, _Phase.STARTED) for run in self._active.values()):
            return _WAITS_FOR_RUN
        return _WAITS_FOR_RUN if self._active and state is IsolateState.RUNNING else ""

    def _queued_event(self, run: Run) -> RunQueued:
        waits_for = self._waits_for() if run.phase is _Phase.HELD else ""
        path = "" if run.source.path is None else str(run.source.path)
        return RunQueued(
            at_us=run.queued_us,
            run_id=run.run_id,
            isolate_id=self._target.isolate_id,
            context_id=run.context_id,
            label=run.label,
            path=path,
            kind=run.source.kind,
            waits_for=waits_for,
            kind_reason=run.source.kind_reason,
        )

    def _send(self, run: Run) -> None:
        run.phase = _Phase.SENT
        run.sent_us = now_us()
        self._active[run.run_id] = run
        path = "" if run.source.path is None else str(run.source.path)
        self._target.runs.add(ActiveRun(run.run_id, run.context_id, run.source.url, path, run.source.text))
        try:
            self._ask("Isolate.run", run.params(), lambda answer: self._answered(run, answer))
        except InspectorError as error:
            self._answered(run, error)

    def _answered(self, run: Run, answer: Mapping[str, Any] | InspectorError) -> None:
        self._settle(run, _report_of(answer))
        self.pump()

    def _settle(self, run: Run, report: RunReport) -> None:
        if run.phase is _Phase.SETTLED:
            return
        run.encoded = None
        run.phase = _Phase.SETTLED
        self._active.pop(run.run_id, None)
        self._target.runs.remove(run.run_id)
        held_ms = ((run.sent_us or now_us()) - run.queued_us) / 1000
        timings = replace(report.timings, queued_ms=report.timings.queued_ms + held_ms)
        report = self._explain(run, replace(report, timings=timings))
        if not run.quiet:
            self._publish(RunSettled(now_us(), run.run_id, self._target.isolate_id, run.context_id, report))
        if not run.settled.done():
            run.settled.set_result(report)


def _report_of(answer: Mapping[str, Any] | InspectorError) -> RunReport:
    if isinstance(answer, HostLostError):
        return report_without_host(Outcome.HOST_LOST, answer.cause)
    if isinstance(answer, GoneError):
        return report_without_host(Outcome.CANCELLED, answer.cause)
    if not isinstance(answer, InspectorError):
        try:
            raw = answer["report"]
            return read_report(raw)
        except (KeyError, AttributeError) as error:
            answer = InspectorError("Read a run's report", f"it was garbled ({type(error).__name__})")
        except InspectorError as error:
            answer = error
    failure = ScriptError(type(answer).__name__, f"{answer.action}: {answer.cause}", "", 0, 0, "")
    return report_without_host(Outcome.THREW, "the host refused to run it", failure)
