"""One run: what was asked, what it has made so far, and how it ends."""

from __future__ import annotations

import time

from msgspec import Struct, field

from inspector.engine.port import RunRequest
from inspector.records import RunReport, RunTimings, ScriptError
from inspector.states import Outcome

__all__ = ["Run", "Verdict"]


class Verdict(Struct, frozen=True):
    """Why a run was ended from outside."""

    outcome: Outcome
    evidence: str


class Run(Struct, eq=False):
    """Owned by the isolate's thread, but for `verdict` and `settled`, which the book's lock guards."""

    request: RunRequest
    slot: int = 0  # where the prelude counts its timers
    started: bool = False
    settled: bool = False
    verdict: Verdict | None = None
    error: ScriptError | None = None
    value: int = 0  # a Global: the result, or the promise of it
    awaits: bool = False  # `value` is a promise that has to settle first
    loading: int = 0  # modules on their way
    script_id: str = ""
    remote: dict[str, object] | None = None  # the result, when the inspector evaluated it
    asks_inspector: bool = False  # the inspector has not answered yet
    told: bool = False  # what console input gave, while timers are pending
    ended_beside: int = 0  # a run in the same context whose turn was ended while this one waited
    compile_ms: float = 0.0
    cpu_ns: int = 0
    asked_at: float = field(default_factory=time.monotonic)
    began_at: float = 0.0
    executed_at: float = 0.0  # the first statement

    def report(
        self,
        outcome: Outcome,
        evidence: str,
        *,
        result: dict[str, object] | None,
        json: tuple[bool, object],
        preview: str,
    ) -> RunReport:
        """The report of its end, now."""
        now = time.monotonic()
        executed_at = self.executed_at or now
        timings = RunTimings(
            compile_ms=self.compile_ms,
            run_ms=max(now - executed_at, 0.0) * 1e3,
            cpu_ms=self.cpu_ns / 1e6,
            queued_ms=max((self.began_at or now) - self.asked_at, 0.0) * 1e3,
        )
        return RunReport(
            outcome=outcome,
            evidence=evidence,
            result=result,
            has_value=json[0],
            value=json[1],
            preview=preview,
            error=self.error,
            timings=timings,
            heap=None,
            script_id=self.script_id,
        )
