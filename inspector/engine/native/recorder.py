"""A sink that records: the self-test's ears, and those of this engine's tests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from inspector.engine.port import HeapSample, ModuleRequest
from inspector.engine.ports import Posted
from inspector.records import LedgerEntry, RunReport
from inspector.states import IsolateState, Outcome

__all__ = ["Recorder"]

Entry = tuple[Any, ...]


class Recorder:
    """`IsolateSink` that keeps every call as (name, ...), and lets a caller wait for one."""

    def __init__(self) -> None:
        self.log: list[Entry] = []
        self.undelivered = 0
        self.on_timers: Callable[[int | None], None] | None = None
        self.on_module: Callable[[ModuleRequest], None] | None = None
        self._changed = threading.Condition()

    def _add(self, *entry: Any) -> None:
        with self._changed:
            self.log.append(entry)
            self._changed.notify_all()

    def wait(self, wanted: Callable[[Entry], bool], timeout_s: float = 20.0) -> Entry:
        """The first entry that `wanted` likes, now or later. Raises TimeoutError with the newest entries."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while True:
                for entry in self.log:
                    if wanted(entry):
                        return entry
                if not self._changed.wait(until - time.monotonic()) and time.monotonic() >= until:
                    raise TimeoutError(f"not seen within {timeout_s} s; the newest: {self.log[-5:]}")

    def report(self, run_id: int, timeout_s: float = 20.0) -> RunReport:
        found: RunReport = self.wait(lambda entry: entry[0] == "settled" and entry[1] == run_id, timeout_s)[2]
        return found

    def started(self, run_id: int) -> None:
        self.wait(lambda entry: entry[:2] == ("started", run_id))

    def messages(self, method: str) -> list[dict[str, Any]]:
        """The params of the notifications so far that are named `method`."""
        with self._changed:
            texts = [entry[2] for entry in self.log if entry[0] == "message" and f'"{method}"'.encode() in entry[2]]
        parsed = [json.loads(text) for text in texts]
        return [message["params"] for message in parsed if message.get("method") == method]

    def of(self, name: str) -> list[Entry]:
        with self._changed:
            return [entry for entry in self.log if entry[0] == name]

    # --- IsolateSink -----------------------------------------------------------------------------

    def message(self, session: int, text: bytes) -> None:
        self._add("message", session, text)

    def state_changed(self, state: IsolateState, at_us: int, reason: str) -> None:
        self._add("state", state, at_us, reason)

    def run_started(self, run_id: int, at_us: int) -> None:
        self._add("started", run_id, at_us)

    def run_settled(self, run_id: int, report: RunReport) -> None:
        self._add("settled", run_id, report)

    def module_requested(self, request: ModuleRequest) -> None:
        self._add("module", request)
        if self.on_module is not None:
            self.on_module(request)

    def limit_hit(self, outcome: Outcome, used_bytes: int, external_bytes: int) -> None:
        self._add("limit", outcome, used_bytes, external_bytes)

    def sampled(self, sample: HeapSample) -> None:
        self._add("sample", sample)

    def timers_due(self, at_us: int | None) -> None:
        self._add("timers", at_us)
        if self.on_timers is not None:
            self.on_timers(at_us)

    def console_dropped(self, count: int) -> None:
        self._add("dropped", count)

    def console_values_released(self) -> None:
        self._add("released")

    def posted(self, posted: Posted) -> None:
        self._add("posted", posted)

    def undelivered_bytes(self, session: int = 0) -> int:
        return self.undelivered

    def disposed(self, ledger: LedgerEntry | None) -> None:
        self._add("disposed", ledger)
