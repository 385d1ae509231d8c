"""What the window knows of the pool, built from events alone: hosts, isolates, contexts, scripts, runs.

Plain Python, no Qt: the tree, the facts, the status bar and the run bar read it. Ended things stay until
`forget_isolate`. Owner: the GUI thread.
"""

from __future__ import annotations

from msgspec import Struct, field

from inspector.events import (
    AttachedDebugger,
    ContextCreated,
    HostStarted,
    IsolateCreated,
    IsolatePaused,
    LedgerEntry,
    LimitHit,
    RunQueued,
    RunReport,
    ScriptCompiled,
    ScriptParsed,
)
from inspector.records import ContextMemory, Door, HeapStatistics
from inspector.states import HostState, IsolateState, Outcome

__all__ = ["ContextRecord", "Figures", "HostRecord", "IsolateRecord", "RunRecord", "ScriptRecord"]


class Figures(Struct):
    """The newest heap sample of an isolate, bytes; `at_us` 0: none yet."""

    at_us: int = 0
    mode: int = 0
    used_bytes: int = 0
    committed_bytes: int = 0
    total_bytes: int = 0
    external_bytes: int = 0
    malloced_bytes: int = 0
    v8_limit_bytes: int = 0
    native_contexts: int = 0
    detached_contexts: int = 0
    handles_used_bytes: int = 0


class HostRecord(Struct):
    started: HostStarted
    state: HostState = HostState.READY
    reason: str = ""  # why it was lost
    exit_code: int | None = None
    last_words: str = ""
    resident_bytes: int = 0
    cpu_us: int = 0
    isolate_ids: list[int] = field(default_factory=list)

    @property
    def host_id(self) -> int:
        return self.started.host_id


class ScriptRecord(Struct):
    parsed: ScriptParsed
    runs: int = 0
    run_ms: float = 0.0  # of all runs, as the next
    cpu_ms: float | None = None
    outcome: Outcome | None = None
    compile_ms: float | None = None
    compiled: ScriptCompiled | None = None  # apart from its runs; None: each run compiles it
    first_run_ms: float | None = None
    added: bool = False  # it came with a folder; V8 may have parsed it since
    on_disk: str = ""  # "changed on disk", "gone from disk": since it was read


class ContextRecord(Struct):
    created: ContextCreated
    released: str = ""  # "" while it lives, else why it ended
    replaced_by: int | None = None
    scripts: dict[str, ScriptRecord] = field(default_factory=dict)
    doors: tuple[Door, ...] = ()  # asked for while it is selected
    unnamed: int = 0  # parsed texts without a label or file: console input, eval

    @property
    def context_id(self) -> int:
        return self.created.context_id


class RunRecord(Struct):
    queued: RunQueued
    started_us: int | None = None
    settled_us: int | None = None
    report: RunReport | None = None

    @property
    def run_id(self) -> int:
        return self.queued.run_id

    @property
    def waits(self) -> bool:
        return self.started_us is None and self.report is None

    @property
    def active(self) -> bool:
        return self.report is None


class IsolateRecord(Struct):
    created: IsolateCreated
    state: IsolateState = IsolateState.IDLE
    reason: str = ""
    ended_us: int | None = None
    paused: IsolatePaused | None = None
    debuggers: tuple[AttachedDebugger, ...] = ()
    debugger_url: str = ""  # where debuggers attach; "": they are not allowed
    ledger: LedgerEntry | None = None
    last_limit: LimitHit | None = None
    contexts: dict[int, ContextRecord] = field(default_factory=dict)
    runs: list[RunRecord] = field(default_factory=list)  # oldest first, bounded
    figures: Figures = field(default_factory=Figures)
    statistics: HeapStatistics | None = None  # asked for while it is selected
    context_memory: ContextMemory | None = None  # asked for by the user

    @property
    def isolate_id(self) -> int:
        return self.created.isolate_id

    @property
    def name(self) -> str:
        return self.created.name

    @property
    def default_context_id(self) -> int | None:
        """The default context that lives now: the newest one, since "run again" replaces it."""
        for context in reversed(self.contexts.values()):
            if context.created.is_default and not context.released:
                return context.context_id
        return next((one.context_id for one in self.contexts.values() if not one.released), None)

    @property
    def last_run(self) -> RunRecord | None:
        """The run that goes on, else the newest one of a file: what a person types is answered in the console."""
        active = next((run for run in self.runs if run.active), None)
        return active or next((run for run in reversed(self.runs) if run.queued.path), None)
