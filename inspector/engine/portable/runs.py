"""The runs of one isolate, from their request to their report: several may wait for promises and timers at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from inspector.engine.long_sources import too_long
from inspector.engine.port import IsolateSink, RunRequest
from inspector.engine.portable.capabilities import refusal
from inspector.engine.portable.clock import now_us
from inspector.engine.portable.console import CONTEXT_ID
from inspector.engine.portable.run import Evaluated, Run, Verdict
from inspector.engine.portable.thrown import from_details
from inspector.records import ScriptError
from inspector.states import Capability, Outcome, SourceKind

__all__ = ["Runs"]

_ABANDONED = Verdict(Outcome.CANCELLED, "the isolate was disposed")


class Runs:
    """Belongs to the isolate's thread."""

    def __init__(self, sink: IsolateSink, limit_bytes: int) -> None:
        self._sink = sink
        self._limit_bytes = limit_bytes
        self._numbers = count(1)
        self._open: dict[int, Run] = {}  # by number

    def new(self, request: RunRequest) -> Run:
        """A run that tells the sink how it ended."""
        return self.add(Run(next(self._numbers), request, self._tell, group=f"run:{request.run_id}"))

    def number(self) -> int:
        return next(self._numbers)

    def add(self, run: Run) -> Run:
        self._open[run.number] = run
        return run

    def refused(self, request: RunRequest) -> Evaluated | None:
        """Why a request can't be run at all, None when it can."""
        if request.kind is SourceKind.MODULE:
            cause = f"a module can't run: {refusal(Capability.MODULES)}"
        elif request.context_id != CONTEXT_ID:
            cause = f"no context {request.context_id}: {refusal(Capability.CONTEXTS)}"
        elif trouble := too_long(request.source, self._limit_bytes):
            return Evaluated(verdict=Verdict(Outcome.HEAP_LIMIT, trouble))
        else:
            return None
        return Evaluated(error=ScriptError("UnsupportedError", cause, request.url, 0, 0, ""))

    def id_of(self, number: int) -> int | None:
        """The id of the run of this number; None: it has settled, or is no run."""
        run = self._open.get(number)
        return run.request.run_id if run is not None and run.waits_for_timers else None

    def by_number(self, number: int) -> Run | None:
        return self._open.get(number)

    def matching(self, run_id: int | None, *, in_line: bool = True) -> list[Run]:
        """The run of this id; None: all that have started, evaluations too, and what runs are `in_line`."""
        runs = self._open.values()
        if run_id is None:
            return [run for run in runs if run.started or (in_line and run.waits_for_timers)]
        return [run for run in runs if run.request.run_id == run_id and run.waits_for_timers]

    def start(self, run: Run, at: float) -> None:
        run.started = True
        run.began_at = at
        if run.waits_for_timers:
            self._sink.run_started(run.request.run_id, now_us())

    def any_waiting(self) -> bool:
        return any(run.started for run in self._open.values())

    def settle_told(self, told: Mapping[str, Any]) -> None:
        """One record of agent.js: {number, value, json} or {number, error}."""
        run = self._open.get(int(told["number"]))
        if run is None:
            return
        if run.verdict is not None:
            self.settle(run, Evaluated(verdict=run.verdict))
        elif "error" in told:
            self.settle(run, Evaluated(error=from_details(told["error"]), details=told["error"]))
        else:
            self.settle(run, Evaluated(remote=run.stand_in or told.get("value"), json_text=told.get("json")))

    def take_ended(self) -> list[Run]:
        """The started runs that were stopped or whose script threw, each once: their timers are still to be dropped."""
        ended = [
            run
            for run in self._open.values()
            if run.started and not run.abandoned and (run.verdict is not None or run.error is not None)
        ]
        for run in ended:
            run.abandoned = True
        return ended

    def settle_ended(self) -> None:
        """The started runs that were stopped or whose script threw."""
        for run in list(self._open.values()):
            if run.started and (run.verdict is not None or run.error is not None):
                self.settle(run, Evaluated(error=None if run.verdict else run.error, verdict=run.verdict))

    def settle(self, run: Run, ended: Evaluated) -> None:
        """Once; later calls do nothing."""
        self._open.pop(run.number, None)
        if not run.settled:
            run.settled = True
            run.settle(run, ended)

    def close(self) -> None:
        """The isolate ends: what is open settles as cancelled, or as it was told to."""
        for run in list(self._open.values()):
            self.settle(run, Evaluated(verdict=run.verdict or _ABANDONED))

    def _tell(self, run: Run, ended: Evaluated) -> None:
        has_value = ended.json_text is not None and run.stand_in is None
        value = json.loads(ended.json_text) if has_value and ended.json_text is not None else None
        self._sink.run_settled(run.request.run_id, run.report(ended, (has_value, value)))
