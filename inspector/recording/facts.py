"""What a recording keeps besides the pool's events: pieces of profiles, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.events import Event
from inspector.records_shown import repr_without

__all__ = ["CpuPieceTaken", "HeapProfileTaken", "SourceRead"]


class CpuPieceTaken(Event, frozen=True):
    """What `Profiler.stop` answered. `at_us`: when it was asked for."""

    isolate_id: int
    profile: Mapping[str, Any]

    def __repr__(self) -> str:
        return repr_without(self, "profile")


class HeapProfileTaken(Event, frozen=True):
    """What `HeapProfiler.getSamplingProfile` answered; it replaces the isolate's former one."""

    isolate_id: int
    began_us: int
    profile: Mapping[str, Any]

    def __repr__(self) -> str:
        return repr_without(self, "profile")


class SourceRead(Event, frozen=True):
    """The source of a script, by V8's hash of it."""

    hash: str
    source: str

    def __repr__(self) -> str:
        return repr_without(self, "source")
