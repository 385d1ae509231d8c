"""Applies events to the records: one function per event, and a set of what changed for those who draw it.

Every event may come late, twice, or for something already forgotten: an unknown id is passed over, since the window
may have been told to clear it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from inspector.events import (
    ContextCreated,
    ContextReleased,
    DebuggersChanged,
    Event,
    HostLost,
    HostMeasured,
    HostStarted,
    HostStateChanged,
    IsolateCreated,
    IsolateEnded,
    IsolatePaused,
    IsolateResumed,
    IsolateStateChanged,
    LimitHit,
    PoolStopped,
    RunQueued,
    RunSettled,
    RunStarted,
    SampleBatchArrived,
    ScriptCompiled,
    ScriptParsed,
)
from inspector.states import HostState, Outcome
from inspector.wire import SAMPLE
from ui.models.file_added import FileAdded, file_id, is_file_id
from ui.models.records import ContextRecord, Figures, HostRecord, IsolateRecord, RunRecord, ScriptRecord

__all__ = ["Changes", "PoolState", "Totals"]

MAX_RUNS = 200  # of one isolate; older ones are in the runs panel no more


class Changes(Struct):
    """What a batch changed: rows that appeared (in order), and ids whose figures or states differ."""

    appeared: list[tuple[str, Any]] = field(default_factory=list)  # ("host" | "isolate" | "context" | "script", record)
    hosts: set[int] = field(default_factory=set)
    measured: set[int] = field(default_factory=set)  # hosts of which the CPU time alone differs
    isolates: set[int] = field(default_factory=set)  # state, name, contexts, scripts, runs
    figures: set[int] = field(default_factory=set)  # isolates with new samples only
    stopped: bool = False  # whether hosts are started differs
    runs: list[RunRecord] = field(default_factory=list)  # queued, started or settled, in order


class Totals(Struct, frozen=True):
    """Sums over what lives. `off_heap_bytes` is what V8 accounts to the isolates; `resident_bytes` is of whole
    processes.
    """

    isolates: int
    hosts: int
    heap_bytes: int
    off_heap_bytes: int
    resident_bytes: int


class PoolState:
    """Everything that the window knows of one pool."""

    def __init__(self) -> None:
        self.hosts: dict[int, HostRecord] = {}
        self.isolates: dict[int, IsolateRecord] = {}
        self.runs: dict[int, RunRecord] = {}
        self.stopped = ""  # why no host is started any more
        self.trouble = ""  # why the pool can't open
        self._apply: dict[type[Event], Callable[[Any, Changes], None]] = {
            HostStarted: self._host_started,
            HostStateChanged: self._host_state_changed,
            HostMeasured: self._host_measured,
            HostLost: self._host_lost,
            PoolStopped: self._pool_stopped,
            IsolateCreated: self._isolate_created,
            IsolateStateChanged: self._isolate_state_changed,
            IsolateEnded: self._isolate_ended,
            IsolatePaused: self._isolate_paused,
            IsolateResumed: self._isolate_resumed,
            DebuggersChanged: self._debuggers_changed,
            LimitHit: self._limit_hit,
            ContextCreated: self._context_created,
            ContextReleased: self._context_released,
            ScriptParsed: self._script_parsed,
            ScriptCompiled: self._script_compiled,
            FileAdded: self._file_added,
            RunQueued: self._run_queued,
            RunStarted: self._run_started,
            RunSettled: self._run_settled,
            SampleBatchArrived: self._samples_arrived,
        }

    def apply(self, events: Sequence[Event]) -> Changes:
        changes = Changes()
        for event in events:
            apply = self._apply.get(type(event))
            if apply is not None:
                apply(event, changes)
        return changes

    def forget_isolate(self, isolate_id: int) -> None:
        """Drop an ended isolate's record and runs; the host's record goes with its last isolate once it has ended
        too.
        """
        record = self.isolates.pop(isolate_id, None)
        if record is None:
            return
        for run in record.runs:
            self.runs.pop(run.run_id, None)
        host = self.hosts.get(record.created.host_id)
        if host is not None:
            host.isolate_ids.remove(isolate_id)

    def forget_host(self, host_id: int) -> None:
        self.hosts.pop(host_id, None)

    def host_of(self, isolate_id: int) -> HostRecord | None:
        record = self.isolates.get(isolate_id)
        return None if record is None else self.hosts.get(record.created.host_id)

    def live_isolates(self) -> list[IsolateRecord]:
        return [record for record in self.isolates.values() if record.state.alive]

    def totals(self) -> Totals:
        live = self.live_isolates()
        hosts = [host for host in self.hosts.values() if host.state in (HostState.READY, HostState.STOPPING)]
        return Totals(
            isolates=len(live),
            hosts=len(hosts),
            heap_bytes=sum(record.figures.used_bytes for record in live),
            off_heap_bytes=sum(record.figures.external_bytes for record in live),
            resident_bytes=sum(host.resident_bytes for host in hosts),
        )

    # --- hosts ---

    def _host_started(self, event: HostStarted, changes: Changes) -> None:
        self.stopped, changes.stopped = "", True
        known = self.hosts.get(event.host_id)
        if known is not None:
            known.started = event
            changes.hosts.add(event.host_id)
            return
        record = self.hosts[event.host_id] = HostRecord(event)
        changes.appeared.append(("host", record))

    def _host_state_changed(self, event: HostStateChanged, changes: Changes) -> None:
        if host := self.hosts.get(event.host_id):
            host.state = event.state
            changes.hosts.add(event.host_id)

    def _host_measured(self, event: HostMeasured, changes: Changes) -> None:
        if host := self.hosts.get(event.host_id):
            differs = host.resident_bytes != event.resident_bytes
            host.resident_bytes, host.cpu_us = event.resident_bytes, event.cpu_us
            (changes.hosts if differs else changes.measured).add(event.host_id)

    def _host_lost(self, event: HostLost, changes: Changes) -> None:
        if host := self.hosts.get(event.host_id):
            host.state, host.reason = HostState.LOST, event.reason
            host.exit_code, host.last_words = event.exit_code, event.last_words
            changes.hosts.add(event.host_id)

    def _pool_stopped(self, event: PoolStopped, changes: Changes) -> None:
        self.stopped, changes.stopped = event.reason, True

    # --- isolates ---

    def _isolate_created(self, event: IsolateCreated, changes: Changes) -> None:
        if event.isolate_id in self.isolates:
            return
        record = self.isolates[event.isolate_id] = IsolateRecord(event)
        if host := self.hosts.get(event.host_id):
            host.isolate_ids.append(event.isolate_id)
        changes.appeared.append(("isolate", record))

    def _isolate_state_changed(self, event: IsolateStateChanged, changes: Changes) -> None:
        record = self.isolates.get(event.isolate_id)
        if record is not None and record.ended_us is None:
            record.state, record.reason = event.state, event.reason
            changes.isolates.add(event.isolate_id)

    def _isolate_ended(self, event: IsolateEnded, changes: Changes) -> None:
        if record := self.isolates.get(event.isolate_id):
            record.state, record.reason = event.state, event.reason
            record.ended_us, record.ledger, record.paused = event.at_us, event.ledger, None
            record.debuggers = ()
            changes.isolates.add(event.isolate_id)

    def _isolate_paused(self, event: IsolatePaused, changes: Changes) -> None:
        if record := self.isolates.get(event.isolate_id):
            record.paused = event
            changes.isolates.add(event.isolate_id)

    def _isolate_resumed(self, event: IsolateResumed, changes: Changes) -> None:
        if record := self.isolates.get(event.isolate_id):
            record.paused = None
            changes.isolates.add(event.isolate_id)

    def _debuggers_changed(self, event: DebuggersChanged, changes: Changes) -> None:
        if record := self.isolates.get(event.isolate_id):
            record.debuggers = event.debuggers
            changes.isolates.add(event.isolate_id)

    def _limit_hit(self, event: LimitHit, changes: Changes) -> None:
        if record := self.isolates.get(event.isolate_id):
            record.last_limit = event
            changes.isolates.add(event.isolate_id)

    # --- contexts and scripts ---

    def _context_created(self, event: ContextCreated, changes: Changes) -> None:
        record = self.isolates.get(event.isolate_id)
        if record is None or event.context_id in record.contexts:
            return
        context = record.contexts[event.context_id] = ContextRecord(event)
        old = record.contexts.get(event.replaces_context_id or -1)
        if old is not None:
            old.replaced_by = event.context_id
        changes.appeared.append(("context", context))
        for script in list(old.scripts.values()) if old is not None else ():
            if is_file_id(script.parsed.script_id):  # it has not run: it goes on to the context that follows
                self._put_script(context, replace(script.parsed, context_id=event.context_id), changes, added=True)
        changes.isolates.add(event.isolate_id)

    def _context_released(self, event: ContextReleased, changes: Changes) -> None:
        context = self._context(event.isolate_id, event.context_id)
        if context is not None:
            context.released = event.reason
            changes.isolates.add(event.isolate_id)

    def _script_parsed(self, event: ScriptParsed, changes: Changes) -> None:
        context = self._context(event.isolate_id, event.context_id)
        if context is None or event.internal or event.script_id in context.scripts:
            return
        if not event.url and not event.path:
            context.unnamed += 1
            return
        waits = context.scripts.pop(file_id(event.path), None)
        if waits is not None:
            script = context.scripts[event.script_id] = waits
            script.parsed = event
            if not any(one is script for _kind, one in changes.appeared):  # it came in this very batch
                changes.appeared.append(("script", script))
            return
        self._put_script(context, event, changes)

    def _file_added(self, event: FileAdded, changes: Changes) -> None:
        context = self._context(event.isolate_id, event.context_id)
        known = any(one.parsed.path == event.path for one in context.scripts.values()) if context is not None else True
        if context is not None and not known and not context.released:
            self._put_script(context, event.parsed, changes, added=True)

    def _script_compiled(self, event: ScriptCompiled, changes: Changes) -> None:
        record = self.isolates.get(event.isolate_id)
        for context in record.contexts.values() if record is not None else ():
            script = context.scripts.get(event.script_id)
            if script is not None:
                script.compiled, script.compile_ms = event, event.compile_ms
                changes.isolates.add(event.isolate_id)

    @staticmethod
    def _put_script(context: ContextRecord, parsed: ScriptParsed, changes: Changes, *, added: bool = False) -> None:
        script = context.scripts[parsed.script_id] = ScriptRecord(parsed, added=added)
        changes.appeared.append(("script", script))

    def _context(self, isolate_id: int, context_id: int) -> ContextRecord | None:
        record = self.isolates.get(isolate_id)
        return None if record is None else record.contexts.get(context_id)

    # --- runs ---

    def _run_queued(self, event: RunQueued, changes: Changes) -> None:
        record = self.isolates.get(event.isolate_id)
        if record is None:
            return
        known = self.runs.get(event.run_id)
        if known is not None:
            known.queued = event  # its reason to wait changed
            changes.runs.append(known)
            return
        run = self.runs[event.run_id] = RunRecord(event)
        record.runs.append(run)
        while len(record.runs) > MAX_RUNS:
            self.runs.pop(record.runs.pop(0).run_id, None)
        changes.runs.append(run)
        changes.isolates.add(event.isolate_id)

    def _run_started(self, event: RunStarted, changes: Changes) -> None:
        if run := self.runs.get(event.run_id):
            run.started_us = event.at_us
            changes.runs.append(run)

    def _run_settled(self, event: RunSettled, changes: Changes) -> None:
        run = self.runs.get(event.run_id)
        if run is None:
            return
        run.settled_us, run.report = event.at_us, event.report
        context = self._context(event.isolate_id, event.context_id)
        script = None if context is None else _script_of(context, run, event.report.script_id)
        if script is not None:
            script.runs += 1
            script.run_ms += event.report.timings.run_ms
            if event.report.timings.cpu_ms is not None:
                script.cpu_ms = (script.cpu_ms or 0.0) + event.report.timings.cpu_ms
            script.outcome = event.report.outcome
            if script.first_run_ms is None and event.report.outcome is not Outcome.HOST_LOST:  # nobody measured it then
                script.first_run_ms = event.report.timings.run_ms
                if script.compiled is None:
                    script.compile_ms = event.report.timings.compile_ms
        changes.runs.append(run)
        changes.isolates.add(event.isolate_id)

    # --- figures ---

    def _samples_arrived(self, event: SampleBatchArrived, changes: Changes) -> None:
        # the newest record of each isolate wins; one unpack costs about 1 us
        newest = {sample[0]: sample for sample in SAMPLE.iter_unpack(event.records)}
        for isolate_id, sample in newest.items():
            record = self.isolates.get(isolate_id)
            if record is not None and sample[2] >= record.figures.at_us:
                record.figures = _figures(sample)
                changes.figures.add(isolate_id)


def _script_of(context: ContextRecord, run: RunRecord, script_id: str) -> ScriptRecord | None:
    """The script that ran. A report that its host never made names none: then the newest one of the run's file."""
    if script_id or not run.queued.path or run.started_us is None:
        return context.scripts.get(script_id)
    same = [one for one in context.scripts.values() if one.parsed.path == run.queued.path]
    return same[-1] if same else None


def _figures(sample: tuple[int, ...]) -> Figures:
    """`sample` is one unpacked `wire.SAMPLE`: isolate id, mode, at_us, window_us, then the 15 words."""
    words = sample[4:]
    return Figures(
        at_us=sample[2],
        mode=sample[1],
        used_bytes=words[4],
        committed_bytes=words[2],
        total_bytes=words[0],
        external_bytes=words[7],
        malloced_bytes=words[6],
        v8_limit_bytes=words[5],
        native_contexts=words[10],
        detached_contexts=words[11],
        handles_used_bytes=words[13],
    )
