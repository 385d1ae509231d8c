"""What a reader of a recording gets: frozen records, times on the recording's monotonic clock in microseconds."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct
from numpy.typing import NDArray

__all__ = [
    "Array",
    "ConsoleLine",
    "ContextTrack",
    "CpuTreeTable",
    "DropTrack",
    "HeapProfileTrack",
    "HostTrack",
    "IsolateTrack",
    "LimitTrack",
    "Mark",
    "MessageTrack",
    "ProblemTrack",
    "RunTrack",
    "ScriptTrack",
    "SessionInfo",
]

Array: TypeAlias = NDArray[Any]


class SessionInfo(Struct, frozen=True):
    """`ended_us` None: it is still being written, or was cut off; `last_us` is then the last moment it knows of."""

    application_version: str
    system: str
    reason: str
    preset: str
    scope: str  # "all", or isolate ids with commas
    cpu_interval_us: int
    began_us: int
    began_wall_us: int  # microseconds since 1970, UTC
    last_us: int
    ended_us: int | None
    end_reason: str
    focus_isolate_id: int  # 0: none; else what a black box is about
    focus_us: int

    @property
    def duration_s(self) -> float:
        return max(0, (self.last_us if self.ended_us is None else self.ended_us) - self.began_us) / 1e6


class HostTrack(Struct, frozen=True):
    host_id: int
    letter: str
    pid: int
    engine: str
    v8_version: str
    v8_flags: tuple[str, ...]
    lacks: dict[str, str]  # capability -> why the engine can't
    alone: bool
    started_us: int
    ended_us: int | None
    end_state: str  # "", "lost", "closed"
    exit_code: int | None
    end_reason: str
    last_words: str


class IsolateTrack(Struct, frozen=True):
    isolate_id: int
    host_id: int
    name: str
    memory_limit_bytes: int
    v8_limit_bytes: int
    alone: bool
    on_limit: str
    replaces_isolate_id: int | None
    created_us: int
    ended_us: int | None
    end_state: str  # "", "crashed", "disposed"
    end_reason: str


class ContextTrack(Struct, frozen=True):
    isolate_id: int
    context_id: int
    name: str
    is_default: bool
    created_us: int
    released_us: int | None
    release_reason: str


class ScriptTrack(Struct, frozen=True):
    """`hash` leads to `Session.source`."""

    isolate_id: int
    script_id: str
    context_id: int
    at_us: int
    url: str
    path: str
    length: int
    hash: str
    kind: str
    internal: bool


class RunTrack(Struct, frozen=True):
    """`started_us` None: it never started; `settled_us` None: it had not settled when the recording ended."""

    run_id: int
    isolate_id: int
    context_id: int
    label: str
    path: str
    kind: str
    queued_us: int
    started_us: int | None
    settled_us: int | None
    outcome: str  # "" until it has settled
    evidence: str
    script_id: str
    compile_ms: float | None
    run_ms: float | None
    cpu_ms: float | None
    queued_ms: float | None
    used_bytes: int | None
    external_bytes: int | None
    peak_used_bytes: int | None
    peak_from: str
    preview: str
    error: dict[str, Any] | None  # records.ScriptError


class LimitTrack(Struct, frozen=True):
    at_us: int
    isolate_id: int
    outcome: str
    used_bytes: int
    external_bytes: int
    limit_bytes: int
    run_id: int | None


class ProblemTrack(Struct, frozen=True):
    at_us: int
    severity: str
    action: str
    cause: str
    remedy: str
    isolate_id: int | None
    host_id: int | None


class DropTrack(Struct, frozen=True):
    """`count` of `what` were lost."""

    at_us: int
    what: str
    count: int
    isolate_id: int | None
    host_id: int | None


class Mark(Struct, frozen=True):
    """`isolate_id` 0: of the whole recording."""

    at_us: int
    isolate_id: int
    source: str  # layout.MARK_SOURCES
    name: str


class MessageTrack(Struct, frozen=True):
    """A value on its way. Isolate 0 is the program itself; `received_us` None: it never came."""

    at_us: int
    received_us: int | None
    from_isolate_id: int
    to_isolate_id: int
    kind: str  # layout.MESSAGE_KINDS
    size_bytes: int
    name: str


class ConsoleLine(Struct, frozen=True):
    """`kind`: one of layout.CONSOLE_KINDS. `args` are CDP RemoteObjects; [count] for "dropped", [] for "cleared"."""

    at_us: int
    isolate_id: int
    kind: str
    context_id: int
    run_id: int | None
    url: str
    line: int
    args: tuple[Any, ...]


class HeapProfileTrack(Struct, frozen=True):
    """`profile` is a `.heapprofile` as V8 wrote it."""

    isolate_id: int
    began_us: int
    at_us: int
    profile: bytes


class CpuTreeTable(Struct, frozen=True):
    """The nodes of one isolate, numbered 0, 1, ...; a parent comes before its children, the root has parent -1.

    `frames[i]` is (function, script_id, url, line, column) of node i: line and column 1-based, 0 for none.
    """

    parents: tuple[int, ...]
    frames: tuple[tuple[str, str, str, int, int], ...]

    def __len__(self) -> int:
        return len(self.parents)
