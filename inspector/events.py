"""What travels between threads, processes and layers: frozen dataclasses, past tense, no behaviour.

Identity: `host_id`, `isolate_id` and `run_id` are unique in a pool for its life and never reused; `context_id` is V8's
execution context id, unique in its isolate; `script_id` is V8's, a string, unique in its isolate.
Time: every `at_us` is the machine's monotonic clock in microseconds (`time.monotonic_ns() // 1000`), the same clock in
every process of one machine. Sizes are bytes. The pool delivers events in order, on its own thread, through
`Pool.subscribe`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.records import Birth, LedgerEntry, RunHeap, RunReport, RunTimings, ScriptError
from inspector.states import HostState, IsolateState, Outcome, SourceKind

__all__ = [
    "AttachedDebugger",
    "Birth",
    "BytesDropped",
    "ConsoleCleared",
    "ConsoleDropped",
    "ConsoleValuesReleased",
    "ConsoleWritten",
    "ContextCreated",
    "ContextReleased",
    "DebuggersChanged",
    "Event",
    "ExceptionThrown",
    "GcBatchArrived",
    "HostLost",
    "HostMeasured",
    "HostStarted",
    "HostStateChanged",
    "IsolateCreated",
    "IsolateEnded",
    "IsolatePaused",
    "IsolateResumed",
    "IsolateStateChanged",
    "LedgerEntry",
    "LimitHit",
    "PausedFrame",
    "PausedScope",
    "PoolStopped",
    "ProblemReported",
    "RunHeap",
    "RunQueued",
    "RunReport",
    "RunSettled",
    "RunStarted",
    "RunTimings",
    "SampleBatchArrived",
    "ScriptError",
    "ScriptParsed",
]


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    at_us: int


# --- hosts ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HostStarted(Event):
    """A host process said hello. `letter` ("A", "B", ...) and `host_id` name it on screen."""

    host_id: int
    letter: str
    pid: int
    engine: str  # "native" or "portable"
    engine_reason: str
    v8_version: str
    v8_flags: tuple[str, ...]
    capabilities: Mapping[str, str]  # Capability value -> "" when it has it, else the reason why not
    walls: Mapping[str, str]  # wall -> "" when it stands, else the reason why not
    start_ms: float  # spawn until hello, as the pool saw it
    alone: bool  # made for one isolate that asked for a process of its own


@dataclass(frozen=True, slots=True)
class HostStateChanged(Event):
    host_id: int
    state: HostState


@dataclass(frozen=True, slots=True)
class HostMeasured(Event):
    """Once a second: what the operating system says of the host process."""

    host_id: int
    resident_bytes: int
    cpu_us: int  # user + system since its start
    isolates: tuple[tuple[int, int | None, int | None], ...] = ()  # isolate_id, CPU and executing us since its birth


@dataclass(frozen=True, slots=True)
class HostLost(Event):
    """The process ended without being asked to; its isolates follow as `IsolateEnded(state=CRASHED)`."""

    host_id: int
    exit_code: int | None  # negative: the signal's number
    reason: str  # for a person: "killed by SIGKILL", "V8 ran out of memory: ..."
    last_words: str  # the bounded tail of its stderr
    restart_in_ms: int | None  # None: no restart (asked for, or three losses in 30 s)


@dataclass(frozen=True, slots=True)
class PoolStopped(Event):
    """No host is started any more: three losses in 30 s, or the pool was closed."""

    reason: str


@dataclass(frozen=True, slots=True)
class EventsMissed(Event):
    """A reader of `Pool.events` fell behind, and lost this many of the oldest that waited for it."""

    count: int


# --- isolates and contexts ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IsolateCreated(Event):
    isolate_id: int
    host_id: int
    name: str
    memory_limit_bytes: int  # what was asked
    v8_limit_bytes: int  # V8's heap_size_limit: another figure, larger by the young generation
    alone: bool
    birth: Birth
    on_limit: str = "keep"  # "keep", "replace", "dispose": what becomes of it once a memory limit was hit
    replaces_isolate_id: int | None = None  # it was made in place of this one, which ended before


@dataclass(frozen=True, slots=True)
class IsolateStateChanged(Event):
    isolate_id: int
    state: IsolateState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IsolateEnded(Event):
    """Last event of an isolate. `state` is DISPOSED or CRASHED. Its row stays until the user clears it."""

    isolate_id: int
    state: IsolateState
    reason: str
    ledger: LedgerEntry | None


@dataclass(frozen=True, slots=True)
class LimitHit(Event):
    """A memory limit was reached; the run that caused it is settled with the same outcome."""

    isolate_id: int
    outcome: Outcome  # HEAP_LIMIT or EXTERNAL_LIMIT
    used_bytes: int
    external_bytes: int
    limit_bytes: int
    run_id: int | None


@dataclass(frozen=True, slots=True)
class ContextCreated(Event):
    isolate_id: int
    context_id: int
    name: str
    is_default: bool
    replaces_context_id: int | None = None  # "run again" made it in place of this one


@dataclass(frozen=True, slots=True)
class ContextReleased(Event):
    isolate_id: int
    context_id: int
    reason: str  # "released", "replaced", "disposed"


@dataclass(frozen=True, slots=True)
class ScriptParsed(Event):
    """V8 parsed a source. `url` is a label (sourceURL), nothing more; `path` is the real file, when there is one."""

    isolate_id: int
    context_id: int
    script_id: str
    url: str
    path: str  # "" when not from a file
    length: int  # UTF-16 code units
    hash: str
    kind: SourceKind
    internal: bool  # one of our preludes: hidden by default


# --- pauses and debuggers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PausedScope:
    """A scope of a frame. `object_id` is a remote object whose properties are the variables; valid while paused."""

    kind: str  # CDP's type: local, block, closure, module, script, global, ...
    name: str
    object_id: str


@dataclass(frozen=True, slots=True)
class PausedFrame:
    """A call frame, valid while the isolate is paused. `function` is "" for the top level and the nameless."""

    frame_id: str
    function: str
    url: str
    script_id: str
    line: int  # 1-based
    column: int  # 1-based
    scopes: tuple[PausedScope, ...] = ()  # innermost first


@dataclass(frozen=True, slots=True)
class IsolatePaused(Event):
    """Place and `frames` (innermost first, the newest 200) of a pause; `reason` is CDP's."""

    isolate_id: int
    reason: str
    url: str
    line: int  # 1-based
    column: int  # 1-based
    frames: tuple[PausedFrame, ...] = ()
    breakpoints: tuple[str, ...] = ()  # ids of ours that were hit
    detail: str = ""  # of an exception: its first line


@dataclass(frozen=True, slots=True)
class IsolateResumed(Event):
    isolate_id: int


@dataclass(frozen=True, slots=True)
class AttachedDebugger:
    """A foreign debugger's session on an isolate."""

    session: int  # unique in its isolate
    client: str  # what it said it is, or where it came from
    since_us: int
    debugging: bool  # the isolate pauses for it
    doing: tuple[str, ...]  # "CPU profile", "heap snapshot", ...: what it has going on
    changes: int  # commands so far that may have changed something: evaluations, edits, values set


@dataclass(frozen=True, slots=True)
class DebuggersChanged(Event):
    """All foreign debuggers that are attached to an isolate, in place of what was told before."""

    isolate_id: int
    debuggers: tuple[AttachedDebugger, ...]


# --- runs ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RunQueued(Event):
    run_id: int
    isolate_id: int
    context_id: int
    label: str  # file name or "console input"
    path: str  # "" when not from a file
    kind: SourceKind
    waits_for: str = ""  # "": starts at once; else the reason a person reads ("waits for the running script")
    kind_reason: str = ""  # why it runs as a script or as a module ("the suffix .mjs")


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    run_id: int
    isolate_id: int


@dataclass(frozen=True, slots=True)
class RunSettled(Event):
    run_id: int
    isolate_id: int
    context_id: int
    report: RunReport


# --- console ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsoleWritten(Event):
    """One console call. `args` are CDP RemoteObjects with previews, ready for `inspector.values`."""

    isolate_id: int
    context_id: int
    level: str  # CDP's type: log, debug, info, error, warning, dir, table, trace, startGroup, endGroup, ...
    args: tuple[Mapping[str, Any], ...]
    url: str = ""
    line: int = 0  # 1-based
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class ConsoleCleared(Event):
    isolate_id: int
    context_id: int


@dataclass(frozen=True, slots=True)
class ExceptionThrown(Event):
    """An exception nobody caught (a timer's callback, an unhandled rejection), shown in the console as an error."""

    isolate_id: int
    context_id: int
    error: ScriptError
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class ConsoleDropped(Event):
    """`count` console lines were dropped since the last line because nobody read fast enough: a visible gap."""

    isolate_id: int
    count: int


@dataclass(frozen=True, slots=True)
class ConsoleValuesReleased(Event):
    """V8 was told to let go of the objects of all console lines so far: they can't be expanded any more."""

    isolate_id: int


# --- figures ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SampleBatchArrived(Event):
    """Heap samples of one host, oldest first: raw records of `inspector.wire.SAMPLE` (numpy: `wire.SAMPLE_DTYPE`)."""

    host_id: int
    records: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GcBatchArrived(Event):
    """Garbage collections of one host, oldest first: raw records of `inspector.wire.GC` (numpy: `wire.GC_DTYPE`)."""

    host_id: int
    records: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BytesDropped(Event):
    """`count` items named `what` ("samples", "gc events") were lost on the way: told, so that no gap is silent."""

    host_id: int
    what: str
    count: int


# --- problems ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProblemReported(Event):
    """Something a user must know that no other event tells. `severity`: info, warning, error."""

    severity: str
    action: str
    cause: str
    remedy: str = ""
    isolate_id: int | None = None
    host_id: int | None = None
