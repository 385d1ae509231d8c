"""What the graphs read from the series: frozen figures at one instant, and arrays over a stretch of time. No numpy
here.

Times are microseconds of the machine's monotonic clock, sizes are bytes. "Held": no sample was taken for more than
`HELD_AFTER_US`; an idle heap does not change, so the last value is drawn on, marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from inspector.events import GcBatchArrived, SampleBatchArrived
from inspector.states import GcKind, IsolateState, SampleMode

if TYPE_CHECKING:
    from ui.models.rings import Array

__all__ = ["HELD_AFTER_US", "Batch", "GcMark", "GcMarks", "LatestSample", "Reading", "Series", "Track"]

Batch: TypeAlias = SampleBatchArrived | GcBatchArrived
HELD_AFTER_US = 250_000  # five samples at 20/s


class LatestSample(Struct, frozen=True):
    """The newest sample of an isolate. `rate_hz`: samples seen in the last two seconds, a second."""

    at_us: int
    used_bytes: int
    committed_bytes: int
    external_bytes: int
    limit_bytes: int  # what was asked; 0 when unknown
    mode: SampleMode
    rate_hz: float
    held: bool


class Reading(Struct, frozen=True):
    """Every figure at one instant: those of the last point at or before it. `count` samples share the point."""

    at_us: int  # of the sample
    used_bytes: float
    peak_bytes: float  # highest used of the point's samples
    committed_bytes: float
    external_bytes: float
    mode: SampleMode
    count: int
    rate_hz: float  # samples in the two seconds before, a second
    held: bool


class Series(Struct, frozen=True):
    """Arrays of one length, in order of time, ready to draw. `held[i]`: the line from point i on is held."""

    at_us: Array  # int64
    used: Array  # float32, as the next two
    committed: Array
    external: Array
    held: Array  # bool


class GcMarks(Struct, frozen=True):
    """Collections in order of time; arrays of one length. `kind` indexes `wire.GC_KINDS`, `is_full`: mark-compacts."""

    at_us: Array  # the end of the pause
    pause_us: Array
    before: Array
    after: Array
    kind: Array
    is_full: Array


class GcMark(Struct, frozen=True):
    """One collection. Used bytes before and after it; `at_us` is the end of its pause."""

    at_us: int
    kind: GcKind
    pause_us: float
    before_bytes: float
    after_bytes: float


class Track(Struct):
    """Whom a row of the series belongs to, and what became of it. Kept by the store alone; others read."""

    isolate_id: int
    row: int
    name: str
    host_id: int
    letter: str = ""
    sampling: str = ""  # why it is not sampled while busy, and what a sample costs; "": it is
    limit_bytes: int = 0
    v8_limit_bytes: int = 0
    state: IsolateState = IsolateState.STARTING
    ended_us: int | None = None
    end_reason: str = ""
    limit_hits: tuple[tuple[int, str], ...] = ()  # (at_us, outcome), the last few
    lost_samples: int = 0  # of its host, since the isolate is there
