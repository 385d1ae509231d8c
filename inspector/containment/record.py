"""What a trial is asked for, and what was seen of it."""

from __future__ import annotations

from msgspec import Struct

from inspector.containment.cases import Case
from inspector.states import Outcome

__all__ = ["HeapPoint", "Limits", "Tick", "Trial"]

HeapPoint = tuple[int, int, int]  # (at_us, used bytes, off-heap bytes)
Tick = tuple[float, float]  # (at_us, milliseconds since the tick before it), on the machine's monotonic clock


class Limits(Struct, frozen=True):
    memory_bytes: int = 64 << 20
    timeout_s: float = 10.0
    cpu_s: float | None = None


class Trial(Struct, frozen=True):
    """Bytes and milliseconds. `late_ms` is how long the stop took beyond what the mechanism that stopped it allows."""

    case: Case
    engine: str
    outcome: Outcome
    evidence: str
    error: str
    settled: bool
    after_ms: float
    late_ms: float
    isolates: int  # how many ran away, each with the limit
    limit_bytes: int
    peak_bytes: int  # used + off-heap of the runaway, as V8 says
    resident_growth_bytes: int  # of the host process, highest minus before
    neighbour_worst_gap_ms: float | None
    neighbour_ticks: int
    neighbour_gaps: tuple[Tick, ...]
    heap: tuple[HeapPoint, ...]
    began_us: int
    stopped_us: int
    usable_after: bool
    disposed_ms: float | None  # how long its dispose took; None: it did not end, or there was none to dispose
    host_lost: str  # "" when it lives
    by_resident: bool = False  # what hit the limit was the growth of its host process, not V8's figures
    cpu_ms: float | None = None  # what its run had of a processor; None: the engine can't tell

    @property
    def host_alive(self) -> bool:
        return not self.host_lost
