"""One run of a script, or one evaluation for CDP: what was asked, what happened so far, and its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from inspector.engine.port import RunRequest
from inspector.records import RunReport, RunTimings, ScriptError
from inspector.states import Outcome
from inspector.units import format_ms
from inspector.values import preview_text

__all__ = ["Evaluated", "Run", "Verdict"]


class Verdict(Struct, frozen=True):
    """Why it was ended from outside."""

    outcome: Outcome
    evidence: str


class Evaluated(Struct, frozen=True):
    """How it ended: one of a RemoteObject (with its JSON text where it has one), an error, a verdict."""

    remote: Mapping[str, Any] | None = None
    json_text: str | None = None
    error: ScriptError | None = None
    details: Mapping[str, Any] | None = None  # the error as CDP tells it
    verdict: Verdict | None = None


class Run(Struct, eq=False):
    """Belongs to the isolate's thread. `number` names it in the isolate's JavaScript."""

    number: int
    request: RunRequest
    settle: Callable[[Run, Evaluated], None]  # called once
    waits_for_timers: bool = True  # a run does; an evaluation for CDP answers without them
    group: str = "console"
    preview: bool = True
    started: bool = False
    settled: bool = False
    abandoned: bool = False  # its timers are dropped, its promise is forgotten
    verdict: Verdict | None = None  # set when it is stopped
    error: ScriptError | None = None  # its script threw
    stand_in: dict[str, Any] | None = None  # its value, when JavaScript doesn't have it
    script_id: str = ""
    asked_at: float = field(default_factory=time.monotonic)
    began_at: float = 0.0

    def report(self, ended: Evaluated, value: tuple[bool, Any]) -> RunReport:
        """The report of its end, now. `heap` is the host's to fill in."""
        now = time.monotonic()
        began_at = self.began_at or now
        run_ms = (now - began_at) * 1e3
        remote = ended.remote
        return RunReport(
            outcome=_outcome(ended),
            evidence=_evidence(ended, run_ms),
            result=remote,
            has_value=value[0],
            value=value[1],
            preview="" if remote is None else preview_text(remote),
            error=ended.error,
            timings=RunTimings(compile_ms=None, run_ms=run_ms, cpu_ms=None, queued_ms=(began_at - self.asked_at) * 1e3),
            heap=None,
            script_id=self.script_id,
        )


def _outcome(ended: Evaluated) -> Outcome:
    if ended.verdict is not None:
        return ended.verdict.outcome
    return Outcome.COMPLETED if ended.error is None else Outcome.THREW


def _evidence(ended: Evaluated, run_ms: float) -> str:
    if ended.verdict is not None:
        return ended.verdict.evidence
    after = f"after {format_ms(run_ms)}, compiling included"
    return f"an exception ended it {after}" if ended.error is not None else f"all had settled {after}"
