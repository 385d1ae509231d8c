"""The engine port: what a host process asks of V8, whichever adapter answers (`native`, `portable`).

Threads. Every method of `Engine` and `EngineIsolate` may be called from the host's loop thread, returns at once, and
never waits for V8. Answers come through `IsolateSink` on whichever thread has them (usually the isolate's own V8
thread); a sink only enqueues. An isolate is touched by its own thread alone; the rest get in line. After `disposed` no
sink method is called.

Messages. `dispatch` takes CDP messages as UTF-8 JSON without `sessionId`; answers and notifications come back the same
way through `IsolateSink.message`. Session 0 is the standing session, open from birth, in which the engine itself has
enabled Runtime and Debugger (all pauses skipped, unless somebody debugs); others are opened for foreign debuggers:
their messages keep their order and, but for evaluations and heap work, don't wait for the running script. What an
adapter can't do it answers with JSON-RPC error -32601, and says why in `capabilities`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from msgspec import Struct

from inspector.engine.ports import Posted
from inspector.errors import InspectorError
from inspector.records import Birth, LedgerEntry, ModuleRequest, ModuleSource, RunReport, ScriptError
from inspector.states import Capability, IsolateState, Outcome, SourceKind

__all__ = [
    "STANDING_SESSION",
    "Born",
    "CompileRequest",
    "CompilesScripts",
    "ContextMade",
    "Done",
    "Engine",
    "EngineInfo",
    "EngineIsolate",
    "EngineRefused",
    "HeapSample",
    "IsolateSink",
    "IsolateSpec",
    "MeasuresContexts",
    "MemoryMeasured",
    "ModuleRequest",
    "ModuleSource",
    "RunRequest",
    "ScriptMade",
    "TellsHeapSpaces",
    "TellsMicrotasks",
    "TellsTimes",
]

STANDING_SESSION = 0


class EngineInfo(Struct, frozen=True):
    """What the adapter is and can do. `capabilities`: "" when it can, else the reason for a person."""

    name: str  # "native" or "portable"
    reason: str  # why this one was chosen
    v8_version: str
    v8_flags: tuple[str, ...]
    capabilities: Mapping[Capability, str]


class IsolateSpec(Struct, frozen=True):
    isolate_id: int
    name: str
    memory_limit_bytes: int
    prelude: str = "web"  # "bare": V8 and console alone; "web": timers and their kin too
    prelude_files: tuple[tuple[str, str], ...] = ()  # (url, source): run in each new context, after `prelude`
    on_limit: str = "keep"  # "keep", "replace", "dispose": acted on by the pool, told in evidence


class HeapSample(Struct, frozen=True):
    """`words` are the 15 of `wire.SAMPLE_WORDS`; taken within `window_us` before `at_us`."""

    mode: int  # index into wire.MODES
    at_us: int
    window_us: int
    words: tuple[int, ...]


class Born(Struct, frozen=True):
    birth: Birth  # host_start_ms and added_bytes are None: the host fills them in
    context_id: int
    v8_limit_bytes: int
    address: int  # V8's Isolate*, as its trace lines print it; 0 when unknown


class ContextMade(Struct, frozen=True):
    context_id: int
    context_ms: float
    prelude_ms: float


class RunRequest(Struct, frozen=True):
    """Run `source` in a context. Wall-clock and CPU limits are watched by the host, which calls `stop`."""

    run_id: int
    context_id: int
    source: str
    url: str  # the label scripts and stacks show
    kind: SourceKind
    await_promise: bool = True
    repl: bool = False  # console input: CDP's replMode, lets may be redeclared, top-level await
    script: int = 0  # a handle of `CompilesScripts`: run that instead of `source`


Done = Callable[[object], None]  # called once, on any thread, with the result or an InspectorError


class IsolateSink(Protocol):
    """Where one isolate speaks. Called on any thread; implementers enqueue and return."""

    def message(self, session: int, text: bytes) -> None:
        """A CDP answer or notification, whole, UTF-8."""

    def state_changed(self, state: IsolateState, at_us: int, reason: str) -> None: ...

    def run_started(self, run_id: int, at_us: int) -> None: ...

    def run_settled(self, run_id: int, report: RunReport) -> None:
        """`heap` may be None: the host knows the sampled peak and completes it."""

    def module_requested(self, request: ModuleRequest) -> None: ...

    def limit_hit(self, outcome: Outcome, used_bytes: int, external_bytes: int) -> None:
        """The engine has already ended what runs."""

    def sampled(self, sample: HeapSample) -> None:
        """An idle or paused sample. Busy ones are fetched with `poll_sample`."""

    def timers_due(self, at_us: int | None) -> None:
        """The isolate's next timer; None: no timer is pending. The host calls `fire_timers` then."""

    def console_dropped(self, count: int) -> None: ...

    def console_values_released(self) -> None: ...

    def posted(self, posted: Posted) -> None:
        """A script used a port, in the order of its calls."""

    def undelivered_bytes(self, session: int = STANDING_SESSION) -> int:
        """How much waits for the reader of a session; past its bound the engine drops console events uncopied."""

    def disposed(self, ledger: LedgerEntry | None) -> None:
        """The last call."""


class EngineIsolate(Protocol):
    """One V8 isolate: a heap and a thread of its own."""

    isolate_id: int

    def open_session(self, session: int) -> None: ...

    def close_session(self, session: int) -> None: ...

    def dispatch(self, session: int, message: bytes, *, urgent: bool = False) -> None:
        """Hand over a CDP message. `urgent`: served at an interrupt check of a running script (never evaluation)."""

    def create_context(self, name: str, done: Done) -> None:
        """`done` gets a `ContextMade` or an InspectorError."""

    def release_context(self, context_id: int, done: Done) -> None:
        """Ends the context: its timers are dropped, its runs settle as cancelled. `done` gets None or an error."""

    def run(self, request: RunRequest) -> None:
        """Queued behind what runs now; `run_started`, then `run_settled` exactly once, whatever happens."""

    def provide_module(self, request_id: int, module: ModuleSource) -> None: ...

    def stop(self, outcome: Outcome, evidence: str, run_id: int | None = None) -> None:
        """End `run_id` (None: whatever runs or waits) with `outcome`. Does nothing when it has settled already."""

    def set_pausing(self, enabled: bool) -> None:
        """Whether `debugger;`, breakpoints and `Debugger.pause` pause also while no foreign session has Debugger
        enabled; off at birth. When neither holds any more, a paused isolate goes on.
        """

    def collect_garbage(self, done: Done) -> None:
        """A full collection, also while a script runs. `done` gets (used_before, used_after, ms)."""

    def request_sample(self) -> None:
        """Ask for one heap sample. Busy: V8 fills a buffer at an interrupt check. Paused: the pause loop answers."""

    def poll_sample(self) -> HeapSample | None:
        """The busy sample asked for, once V8 has written it."""

    def latest_sample(self) -> HeapSample | None:
        """The newest sample of any kind."""

    def heartbeat(self, done: Done) -> None:
        """A no-op task: `done` gets None when the isolate's pump serves it."""

    def cpu_us(self) -> int | None:
        """CPU time of the isolate's thread since its birth; None: the engine can't tell."""

    def is_busy(self) -> bool:
        """JavaScript (or a microtask) is on its thread now."""

    def fire_timers(self) -> None: ...

    def dispose(self) -> None:
        """End it, also while a script loops; `IsolateSink.disposed` follows. Idempotent."""


@runtime_checkable
class TellsMicrotasks(Protocol):
    """What an `EngineIsolate` may add: without it a loop of microtasks inside a run passes for the run's script."""

    def in_microtasks(self) -> bool:
        """Its thread works off microtasks now; the script, callback or message that queued them has returned."""


class CompileRequest(Struct, frozen=True):
    """Compile a classic script without running it. `code_cache`: what `code_cache` gave for the same source."""

    source: str
    url: str
    code_cache: bytes = b""


class ScriptMade(Struct, frozen=True):
    """A compiled script. `handle` is 0 when `error` tells why there is none."""

    handle: int
    script_id: str  # V8's, as in Debugger.scriptParsed
    compile_ms: float
    cache_rejected: bool  # a code cache was given, and V8 compiled without it
    error: ScriptError | None = None


@runtime_checkable
class CompilesScripts(Protocol):
    """What an `EngineIsolate` may add (Capability.COMPILE, CODE_CACHE). All wait for the running script."""

    def compile_script(self, request: CompileRequest, done: Done) -> None:
        """`done` gets a `ScriptMade` or an InspectorError."""

    def code_cache(self, script: int, done: Done) -> None:
        """`done` gets bytes, of what is compiled by now, or an InspectorError."""

    def release_script(self, script: int, done: Done) -> None:
        """Give the handle back; runs under way go on. `done` gets None or an InspectorError."""


@runtime_checkable
class TellsHeapSpaces(Protocol):
    """What an `EngineIsolate` may add (Capability.HEAP_SPACES)."""

    def heap_spaces(self, done: Done) -> None:
        """`done` gets (a `HeapSample` of now, the `HeapSpace`s of the same moment); also while a script runs."""


class MemoryMeasured(Struct, frozen=True):
    """Bytes by context id; those of contexts that are not ours; those of none; WebAssembly's."""

    contexts: tuple[tuple[int, int], ...]
    other_contexts_bytes: int
    shared_bytes: int
    wasm_code_bytes: int
    wasm_metadata_bytes: int


@runtime_checkable
class MeasuresContexts(Protocol):
    """What an `EngineIsolate` may add (Capability.CONTEXT_MEMORY). Price: one full collection."""

    def measure_memory(self, done: Done) -> None:
        """`done` gets a `MemoryMeasured` or an InspectorError, after the running script."""


@runtime_checkable
class TellsTimes(Protocol):
    """What an `EngineIsolate` may add: answered at once, on any thread."""

    def executing_us(self) -> int:
        """Wall clock since birth while JavaScript was on its thread, what runs now included."""

    def run_cpu_us(self, run_id: int) -> int | None:
        """CPU time of one run so far: what other runs used meanwhile is not in it. None: unknown run, or no clock."""


class Engine(Protocol):
    """V8 in this process: made once, before any isolate; `close` after the last."""

    info: EngineInfo

    def create_isolate(self, spec: IsolateSpec, sink: IsolateSink, done: Done) -> EngineIsolate:
        """`done` gets a `Born` or an InspectorError (then no sink method is called again)."""

    def set_last_words(self, write: Callable[[str], None]) -> None:
        """`write` is called with V8's own words just before it aborts the process."""

    def close(self) -> None:
        """Dispose what is left and release the library; blocks at most a grace time of seconds."""


class EngineRefused(InspectorError):
    """The adapter can't work with this library or system; the message says which check failed."""
