"""The runs of one isolate, from the request until each has settled, exactly once."""

from __future__ import annotations

import json
import logging
import operator
import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from inspector.engine.cutting import cut_string
from inspector.engine.native import errors, results, script
from inspector.engine.native.context import SLOTS
from inspector.engine.native.run import Run, Verdict
from inspector.engine.native.sampling import now_us
from inspector.engine.port import STANDING_SESSION, RunRequest
from inspector.states import Outcome, SourceKind

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Runs"]

log = logging.getLogger(__name__)

PENDING, FULFILLED, REJECTED = 0, 1, 2  # v8::Promise::PromiseState
_KEPT_RESULTS = 50  # runs whose result can still be expanded
_SHARED_SLOT = SLOTS - 1  # for more runs than slots: they settle when the timers of all of them have


class Runs:
    """`add` and `stop` may be called from any thread; the rest belongs to the isolate's."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._lock = threading.Lock()
        self.open: dict[int, Run] = {}
        self._slots = list(range(_SHARED_SLOT - 1, 0, -1))
        self._groups: deque[str] = deque()

    # --- any thread ------------------------------------------------------------------------------

    def add(self, request: RunRequest) -> None:
        run = Run(request)
        with self._lock:
            self.open[request.run_id] = run
        self._owner.pump.post(lambda: self._start(run), lambda: self.cancel(run, "The isolate was disposed."))

    def stop(self, verdict: Verdict, run_id: int | None) -> None:
        """End one run or all: what executes is terminated, what waits or is in line settles at once."""
        with self._lock:
            targets = [run for run in self.open.values() if run_id in (None, run.request.run_id)]
        for run in targets:
            run.verdict = run.verdict or verdict
            if not self._owner.gate.end(partial(operator.is_, run)):
                self._settle(run, run.verdict.outcome, run.verdict.evidence)
        if run_id is None:
            self._owner.gate.end(lambda current: current is None or current.request.run_id < 0)  # an order on values

    def cancel(self, run: Run, evidence: str) -> None:
        verdict = run.verdict or Verdict(Outcome.CANCELLED, evidence)
        self._settle(run, verdict.outcome, verdict.evidence)

    def cancel_all(self, evidence: str, context_id: int | None = None) -> None:
        with self._lock:
            targets = [run for run in self.open.values() if context_id in (None, run.request.context_id)]
        for run in targets:
            self.cancel(run, evidence)

    # --- the isolate's thread --------------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        return any(run.started for run in list(self.open.values()))

    def by_slot(self, slot: int) -> Run | None:
        """The run that a timer belongs to; None when it was made on nobody's behalf, or for several."""
        if slot in (0, _SHARED_SLOT):
            return None
        return next((run for run in list(self.open.values()) if run.slot == slot), None)

    def holds(self, promise: int) -> bool:
        """Whether `promise` is one whose end is some run's outcome."""
        return any(run.awaits and self._owner.v8.same(run.value, promise) for run in list(self.open.values()))

    def condemn(self, verdict: Verdict) -> None:
        """A memory limit was hit: the run that executes ends with it; when none does, all that wait."""
        current = self._owner.gate.run
        for run in [current] if current is not None else list(self.open.values()):
            if run.started:
                run.verdict = run.verdict or verdict

    def turn_was_ended(self, ended: Run | None) -> None:
        """V8 has forgotten the microtasks of a turn that was ended: a run that it was about to wake waits on."""
        if ended is None:
            return
        for run in list(self.open.values()):
            if run is not ended and run.started and run.request.context_id == ended.request.context_id:
                run.ended_beside = ended.request.run_id

    def _start(self, run: Run) -> None:
        with self._lock:
            if run.settled:
                return
            run.started = True
        context = self._owner.contexts.get(run.request.context_id)
        if context is None:
            self.cancel(run, f"The context {run.request.context_id} does not exist or was released.")
            return
        at = now_us()
        run.began_at = at / 1e6
        run.slot = self._slots.pop() if self._slots else _SHARED_SLOT
        self._owner.sink.run_started(run.request.run_id, at)
        if trouble := self._owner.limits.refuses(run.request.source):
            self._settle(run, Outcome.HEAP_LIMIT, trouble)
            return
        with self._owner.window(run) as opened:
            if opened:
                self._execute(run, context)

    def _execute(self, run: Run, context: Context) -> None:
        if run.request.repl:
            script.evaluate(self._owner, run, context)
        elif run.request.kind is SourceKind.MODULE:
            self._owner.modules.start(run, context)
        else:
            script.execute(self._owner, run, context)

    def check(self) -> None:
        """After every piece of work: settle what has ended."""
        for run in list(self.open.values()):
            if not run.started or run.settled:
                continue
            verdict = run.verdict
            if verdict is None and run.error is None and run.awaits:
                self._look_at_promise(run)
            if verdict is not None:
                self._settle(run, verdict.outcome, verdict.evidence, here=True)
            elif run.error is not None:
                self._settle(run, Outcome.THREW, f"It threw {run.error.name}.", here=True)
            elif run.awaits or run.loading or run.asks_inspector:
                continue
            elif not self._pending_timers(run):
                self._complete(run)
            elif run.remote is not None and not run.told:
                self._tell_value(run, run.remote)

    def _tell_value(self, run: Run, remote: dict[str, Any]) -> None:
        """What console input gave, which nobody who typed it wants to wait for until its timers are done."""
        run.told = True
        cut_string(remote)
        params = {"runId": run.request.run_id, "contextId": run.request.context_id, "result": remote}
        told = json.dumps({"method": "Isolate.runValued", "params": params}, separators=(",", ":"))
        self._owner.sink.message(STANDING_SESSION, told.encode())

    def _look_at_promise(self, run: Run) -> None:
        v8 = self._owner.v8
        state = v8.calls.promise_state(run.value)
        if state == PENDING:
            return
        run.awaits = False
        context = self._owner.contexts.get(run.request.context_id)
        with v8.handles(self._owner.slots), self._owner.window(run) as opened:
            if opened and context is not None:
                with v8.inside(context.slot), v8.catching(self._owner.address):
                    result = v8.calls.promise_result(run.value)
                    if state == REJECTED:
                        run.error = errors.of_value(self._owner, context.slot, result)
                        self._owner.sessions.report_end(context.slot, result, run.error, "Uncaught (in promise)")
                    else:
                        promise, run.value = run.value, v8.keep(self._owner.address, result)
                        v8.release(promise)

    def _pending_timers(self, run: Run) -> int:
        context = self._owner.contexts.get(run.request.context_id)
        return context.timers.pending(run.slot) if context is not None and context.timers is not None else 0

    def _complete(self, run: Run) -> None:
        try:
            described = results.describe(self._owner, run)
        except Exception as error:  # our own fault: the run has completed, and must not hang for its description
            log.exception("a result could not be read")
            evidence = f"Completed; its result could not be read ({type(error).__name__})."
            self._settle(run, Outcome.COMPLETED, evidence, here=True)
            return
        if run.verdict is not None:  # ended while its result was read
            self._settle(run, run.verdict.outcome, run.verdict.evidence, here=True)
            return
        self._settle(run, Outcome.COMPLETED, "Its result, microtasks and timers have settled.", described, here=True)

    def _settle(
        self,
        run: Run,
        outcome: Outcome,
        evidence: str,
        described: results.Described | None = None,
        *,
        here: bool = False,
    ) -> None:
        """The end, exactly once, on any thread. `here`: after a piece of work on the isolate's, which saves a task."""
        with self._lock:
            if run.settled:
                return
            run.settled = True
            del self.open[run.request.run_id]
        result: dict[str, Any] | None = None
        known: tuple[bool, object] = (False, None)
        preview = ""
        if described is not None:
            result, known, preview = described.remote, described.json, described.preview
        if run.ended_beside and outcome in (Outcome.TIMED_OUT, Outcome.CANCELLED):
            evidence += (
                f" Run {run.ended_beside} was ended in this context meanwhile: what its last turn set off is lost."
            )
        report = run.report(outcome, evidence, result=result, json=known, preview=preview)
        if run.started and not here:
            self._owner.pump.post(lambda: self._forget(run, result is not None))
        self._owner.sink.run_settled(run.request.run_id, report)
        if here:
            self._forget(run, result is not None)

    def _forget(self, run: Run, has_result: bool) -> None:
        """Drop its timers, its value and, in time, its result."""
        owner = self._owner
        if run.slot != _SHARED_SLOT and run.slot:
            owner.timers.drop(run.slot, run.request.context_id)
            self._slots.append(run.slot)
        if run.value:
            owner.v8.release(run.value)
            run.value = 0
        if has_result:
            self._groups.append(f"run:{run.request.run_id}")
            if len(self._groups) > _KEPT_RESULTS:
                with owner.v8.handles(owner.slots):
                    owner.v8.inspector.release_group(owner.sessions.standing.pointer, self._groups.popleft())
        owner.worked = True
