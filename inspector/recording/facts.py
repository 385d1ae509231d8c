"""What a recording keeps besides the pool's events: pieces of profiles, sources, marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.events import Event

__all__ = ["CpuPieceTaken", "HeapProfileTaken", "MarkSet", "SourceRead"]


@dataclass(frozen=True, slots=True)
class CpuPieceTaken(Event):
    """What `Profiler.stop` answered. `at_us`: when it was asked for."""

    isolate_id: int
    profile: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeapProfileTaken(Event):
    """What `HeapProfiler.getSamplingProfile` answered; it replaces the isolate's former one."""

    isolate_id: int
    began_us: int
    profile: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceRead(Event):
    """The source of a script, by V8's hash of it."""

    hash: str
    source: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarkSet(Event):
    """A moment with a name. `isolate_id` 0: of the whole recording. `source`: one of `layout.MARK_SOURCES`."""

    name: str
    isolate_id: int = 0
    source: str = "user"
