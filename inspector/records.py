"""Records that the engine port and events share: how an isolate was born, what it imports, how a run ended, what
a dispose gave back.

Apart from events.py and the port so that a host, and a window, import these alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from inspector.states import Outcome

__all__ = [
    "DOOR_KINDS",
    "Birth",
    "ContextMemory",
    "Door",
    "HeapSpace",
    "HeapStatistics",
    "IsolateTimes",
    "LedgerEntry",
    "ModuleRequest",
    "ModuleSource",
    "RunHeap",
    "RunReport",
    "RunTimings",
    "ScriptError",
]


class Birth(Struct, frozen=True):
    """How long each stage of an isolate's birth took, and the memory it added; None where it did not happen or is
    unknown.
    """

    host_start_ms: float | None  # of the first isolate of a host: from the spawn until hello
    isolate_ms: float
    inspector_ms: float | None
    context_ms: float
    prelude_ms: float
    added_bytes: int | None  # resident memory of the host after minus before


class LedgerEntry(Struct, frozen=True):
    """Memory of the host process around a dispose, so that "did it come back?" has an answer."""

    resident_before_bytes: int
    resident_after_bytes: int
    used_bytes: int  # V8 heap of the isolate just before
    external_bytes: int
    dispose_ms: float


class ScriptError(Struct, frozen=True):
    """A thrown value or a compile error. `line` and `column` are 1-based, 0 when unknown."""

    name: str
    message: str
    file: str  # url or path label, "" when unknown
    line: int
    column: int
    stack: str
    source_line: str = ""  # the line of the source, for a syntax error


class RunTimings(Struct, frozen=True):
    compile_ms: float | None  # None: the engine can't tell it apart, it is in `run_ms`
    run_ms: float  # wall clock from the first statement until it settled
    cpu_ms: float | None  # on the isolate's own thread; awaiting does not count; None: the engine can't tell
    queued_ms: float = 0.0

    @property
    def whole_ms(self) -> float:
        """Compiling and running."""
        return (self.compile_ms or 0.0) + self.run_ms


class RunHeap(Struct, frozen=True):
    used_bytes: int
    external_bytes: int
    peak_used_bytes: int
    peak_from: str  # "sampled" or "gc": where the peak was seen
    limit_bytes: int  # what was asked
    v8_limit_bytes: int


class RunReport(Struct, frozen=True):
    """How a run ended, with its evidence. `result` is a CDP RemoteObject (with preview) or None."""

    outcome: Outcome
    evidence: str  # one sentence: by which mechanism, after how long, at which figure
    result: Mapping[str, Any] | None
    has_value: bool  # `value` is the result as JSON
    value: Any
    preview: str  # the result as one line of text, "" when there is none
    error: ScriptError | None
    timings: RunTimings
    heap: RunHeap | None
    script_id: str = ""


class HeapSpace(Struct, frozen=True):
    """One space of V8's heap. Sizes, used and physical bytes of all spaces add up to those of the heap."""

    name: str  # V8's own: "new_space", "old_space", "large_object_space", ...
    size_bytes: int
    used_bytes: int
    available_bytes: int
    physical_bytes: int  # committed


class HeapStatistics(Struct, frozen=True):
    """Every figure of v8::HeapStatistics, and the spaces of the same moment (() where the engine can't tell them)."""

    at_us: int
    total_bytes: int
    executable_bytes: int
    physical_bytes: int  # committed
    available_bytes: int
    used_bytes: int
    v8_limit_bytes: int
    malloced_bytes: int
    external_bytes: int  # off-heap memory that V8 accounts to this isolate
    peak_malloced_bytes: int
    zaps_garbage: bool
    native_contexts: int
    detached_contexts: int
    handles_total_bytes: int
    handles_used_bytes: int
    allocated_bytes: int  # as V8 counts: whole allocation buffers, a new one after each sample; see inspector.repeat
    spaces: tuple[HeapSpace, ...]


class ContextMemory(Struct, frozen=True):
    """What one collection found: the bytes that each context keeps alive, and those that belong to none.

    An object that several contexts reach counts for one of them or for `shared_bytes`. `contexts`: our contexts;
    `engine_bytes`: mini-racer's own context, which no script sees.
    """

    contexts: Mapping[int, int]  # context_id -> bytes
    engine_bytes: int
    shared_bytes: int
    wasm_code_bytes: int
    wasm_metadata_bytes: int
    ms: float  # from the question to the answer; a running script is waited for


class IsolateTimes(Struct, frozen=True):
    """Totals of an isolate since its birth, in seconds."""

    cpu_s: float | None  # of its thread, compiling and collecting included; None: the engine can't tell
    executing_s: float | None  # wall clock while JavaScript was on its thread, pauses included
    alive_s: float


class ModuleRequest(Struct, frozen=True):
    """A module the isolate needs. The pool resolves `specifier` against `referrer` (a url) and answers."""

    request_id: int
    run_id: int
    specifier: str
    referrer: str
    line: int  # 1-based line of the import; 0 when unknown
    attributes: tuple[tuple[str, str], ...]


class ModuleSource(Struct, frozen=True):
    """`url` identifies the module: the same url is the same module in one context. `error`: why there is none,
    as a whole sentence, which the script gets.
    """

    url: str
    source: str
    is_json: bool = False
    error: str = ""


# kind -> what it is, for a person.
DOOR_KINDS = {
    "function": "a function of Python's that scripts call",
    "port": "a port of a channel: messages of another isolate's scripts come in, theirs go out",
    "reference held": "a value of this context that Python or the window holds",
    "reference given": "a value of this context that another isolate's scripts use",
    "reference taken": "a value of another isolate that scripts here use",
    "values": "values that are copied in, and references that are put there",
    "imports": "the module folder: files that imports read",
    "console": "what console calls tell",
    "debugger": "a session of V8's inspector, of the whole isolate",
}


class Door(Struct, frozen=True):
    """One way in or out, as it stands now. `key`: for `ContextDoors.close`, unique in the context.

    `bytes_in` goes into the context. `refused`: (rule, how often). `closed`: nothing passes any more.
    """

    key: str
    kind: str
    name: str
    calls: int
    bytes_in: int
    bytes_out: int
    last_us: int  # 0: never used
    refused: tuple[tuple[str, int], ...] = ()
    closed: bool = False
    detail: str = ""  # of a reference: what it leads to, once that was looked at
