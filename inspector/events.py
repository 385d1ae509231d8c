"""What travels between threads, processes and layers: frozen structs, past tense, no behaviour.

Identity: `host_id`, `isolate_id` and `run_id` are unique in a pool for its life and never reused; `context_id` is V8's
execution context id, unique in its isolate; `script_id` is V8's, a string, unique in its isolate.
Time: every `at_us` is the machine's monotonic clock in microseconds (`time.monotonic_ns() // 1000`), the same clock in
every process of one machine. Sizes are bytes. The pool delivers events in order, on its own thread, through
`Pool.subscribe`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from inspector.records import Birth, LedgerEntry, RunHeap, RunReport, RunTimings, ScriptError
from inspector.records_shown import repr_without
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
    "MarkSet",
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
    "RunValued",
    "SampleBatchArrived",
    "ScriptError",
    "ScriptParsed",
]


class Event(Struct, frozen=True):
    """Base of all events."""

    at_us: int


# --- hosts ----------------------------------------------------------------------------


class HostStarted(Event, frozen=True):
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


class HostStateChanged(Event, frozen=True):
    host_id: int
    state: HostState


class HostMeasured(Event, frozen=True):
    """Once a second: what the operating system says of the host process."""

    host_id: int
    resident_bytes: int
    cpu_us: int  # user + system since its start
    isolates: tuple[tuple[int, int | None, int | None], ...] = ()  # isolate_id, CPU and executing us since its birth


class HostLost(Event, frozen=True):
    """The process ended without being asked to; its isolates follow as `IsolateEnded(state=CRASHED)`."""

    host_id: int
    exit_code: int | None  # negative: the signal's number
    reason: str  # for a person: "killed by SIGKILL", "V8 ran out of memory: ..."
    last_words: str  # the bounded tail of its stderr
    restart_in_ms: int | None  # None: no restart (asked for, or three losses in 30 s)


class PoolStopped(Event, frozen=True):
    """No host is started any more: three losses in 30 s, or the pool was closed."""

    reason: str


class EventsMissed(Event, frozen=True):
    """A reader of `Pool.events` fell behind, and lost this many of the oldest that waited for it."""

    count: int


# --- isolates and contexts ----------------------------------------------------------------------------


class IsolateCreated(Event, frozen=True):
    isolate_id: int
    host_id: int
    name: str
    memory_limit_bytes: int  # what was asked
    v8_limit_bytes: int  # V8's heap_size_limit: another figure, larger by the young generation
    alone: bool
    birth: Birth
    on_limit: str = "keep"  # "keep", "replace", "dispose": what becomes of it once a memory limit was hit
    replaces_isolate_id: int | None = None  # it was made in place of this one, which ended before


class IsolateStateChanged(Event, frozen=True):
    isolate_id: int
    state: IsolateState
    reason: str = ""


class IsolateEnded(Event, frozen=True):
    """Last event of an isolate. `state` is DISPOSED or CRASHED. Its row stays until the user clears it."""

    isolate_id: int
    state: IsolateState
    reason: str
    ledger: LedgerEntry | None


class LimitHit(Event, frozen=True):
    """A memory limit was reached; the run that caused it is settled with the same outcome."""

    isolate_id: int
    outcome: Outcome  # HEAP_LIMIT or EXTERNAL_LIMIT
    used_bytes: int
    external_bytes: int
    limit_bytes: int
    run_id: int | None
    resident_bytes: int | None = None  # what the host process grew by while it worked, where that told; not V8's figure


class ContextCreated(Event, frozen=True):
    isolate_id: int
    context_id: int
    name: str
    is_default: bool
    replaces_context_id: int | None = None  # "run again" made it in place of this one


class ContextReleased(Event, frozen=True):
    isolate_id: int
    context_id: int
    reason: str  # "released", "replaced", "disposed"


class ScriptParsed(Event, frozen=True):
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


class ScriptCompiled(Event, frozen=True):
    """A script was compiled apart from its runs: `Isolate.compile_script`; what a run compiles is in its report."""

    isolate_id: int
    script_id: str
    compile_ms: float
    cached: bool  # V8 took it from the code cache that was given
    cache_refusal: str  # why the one that was given is not used; "": it is, or none was


# --- pauses and debuggers ----------------------------------------------------------------------------


class PausedScope(Struct, frozen=True):
    """A scope of a frame. `object_id` is a remote object whose properties are the variables; valid while paused."""

    kind: str  # CDP's type: local, block, closure, module, script, global, ...
    name: str
    object_id: str


class PausedFrame(Struct, frozen=True):
    """A call frame, valid while the isolate is paused. `function` is "" for the top level and the nameless."""

    frame_id: str
    function: str
    url: str
    script_id: str
    line: int  # 1-based
    column: int  # 1-based
    scopes: tuple[PausedScope, ...] = ()  # innermost first


class IsolatePaused(Event, frozen=True):
    """Place and `frames` (innermost first, the newest 200) of a pause; `reason` is CDP's."""

    isolate_id: int
    reason: str
    url: str
    line: int  # 1-based
    column: int  # 1-based
    frames: tuple[PausedFrame, ...] = ()
    breakpoints: tuple[str, ...] = ()  # ids of ours that were hit
    detail: str = ""  # of an exception: its first line


class IsolateResumed(Event, frozen=True):
    isolate_id: int


class AttachedDebugger(Struct, frozen=True):
    """A foreign debugger's session on an isolate."""

    session: int  # unique in its isolate
    client: str  # what it said it is, or where it came from
    since_us: int
    debugging: bool  # the isolate pauses for it
    doing: tuple[str, ...]  # "CPU profile", "heap snapshot", ...: what it has going on
    changes: int  # commands so far that may have changed something: evaluations, edits, values set


class DebuggersChanged(Event, frozen=True):
    """All foreign debuggers that are attached to an isolate, in place of what was told before."""

    isolate_id: int
    debuggers: tuple[AttachedDebugger, ...]


# --- runs ----------------------------------------------------------------------------


class RunQueued(Event, frozen=True):
    run_id: int
    isolate_id: int
    context_id: int
    label: str  # file name or "console input"
    path: str  # "" when not from a file
    kind: SourceKind
    waits_for: str = ""  # "": starts at once; else the reason a person reads ("waits for the running script")
    kind_reason: str = ""  # why it runs as a script or as a module ("the suffix .mjs")


class MarkSet(Event, frozen=True):
    """A moment with a name. `isolate_id` 0: of a whole recording. `source`: one of `recording.layout.MARK_SOURCES`."""

    name: str
    isolate_id: int = 0
    source: str = "user"


class RunStarted(Event, frozen=True):
    run_id: int
    isolate_id: int


class RunValued(Event, frozen=True):
    """What console input gave is known, while timers that it set are still pending; its end follows."""

    run_id: int
    isolate_id: int
    context_id: int
    result: Mapping[str, Any]  # a CDP RemoteObject
    preview: str


class RunSettled(Event, frozen=True):
    run_id: int
    isolate_id: int
    context_id: int
    report: RunReport


# --- console ----------------------------------------------------------------------------


class ConsoleWritten(Event, frozen=True, gc=False):
    """One console call. `args` are CDP RemoteObjects with previews, ready for `inspector.values`.

    Up to 200,000 of them are kept for the last 60 s: without `gc` garbage collection does not walk them.
    """

    isolate_id: int
    context_id: int
    level: str  # CDP's type: log, debug, info, error, warning, dir, table, trace, startGroup, endGroup, ...
    args: tuple[Mapping[str, Any], ...]
    url: str = ""
    line: int = 0  # 1-based
    run_id: int | None = None
    stack: str = ""  # of a trace: "    at f (url:3:5)" a line


class ConsoleCleared(Event, frozen=True):
    isolate_id: int
    context_id: int


class ExceptionThrown(Event, frozen=True):
    """An exception nobody caught (a timer's callback, an unhandled rejection), shown in the console as an error."""

    isolate_id: int
    context_id: int
    error: ScriptError
    run_id: int | None = None


class ConsoleDropped(Event, frozen=True):
    """`count` console lines were dropped since the last line because nobody read fast enough: a visible gap."""

    isolate_id: int
    count: int


class ConsoleValuesReleased(Event, frozen=True):
    """V8 was told to let go of the objects of all console lines so far: they can't be expanded any more."""

    isolate_id: int


# --- figures ----------------------------------------------------------------------------


class SampleBatchArrived(Event, frozen=True):
    """Heap samples of one host, oldest first: raw records of `inspector.wire.SAMPLE` (numpy: `wire.SAMPLE_DTYPE`)."""

    host_id: int
    records: bytes

    def __repr__(self) -> str:
        return repr_without(self, "records")


class GcBatchArrived(Event, frozen=True):
    """Garbage collections of one host, oldest first: raw records of `inspector.wire.GC` (numpy: `wire.GC_DTYPE`)."""

    host_id: int
    records: bytes

    def __repr__(self) -> str:
        return repr_without(self, "records")


class BytesDropped(Event, frozen=True):
    """`count` items named `what` ("samples", "gc events") were lost on the way: told, so that no gap is silent."""

    host_id: int
    what: str
    count: int


# --- problems ----------------------------------------------------------------------------


class ProblemReported(Event, frozen=True):
    """Something a user must know that no other event tells. `severity`: info, warning, error."""

    severity: str
    action: str
    cause: str
    remedy: str = ""
    isolate_id: int | None = None
    host_id: int | None = None
