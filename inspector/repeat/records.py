"""What is repeated, what each call gave, and what follows from all of them, as values."""

from __future__ import annotations

from msgspec import Struct

from inspector.errors import UsageError
from inspector.states import Outcome

__all__ = ["Call", "GcPoint", "Growth", "IsolateFigures", "Plan", "Progress", "Repeated"]

MOST_CALLS = 10_000_000
MOST_CALLERS = 1_000
_LATER_SHARE = 0.5


class Plan(Struct, frozen=True):
    """`times` calls of each isolate, or as many as `seconds` allow (one of the two). UsageError for what can't be.

    `rate_hz`: calls a second are due at, over all callers of an isolate; None: each caller calls again at once.
    `function`: "" finds one (`handler`, `default`, the only one that a module exports); `script` repeats the whole
    file instead, in a fresh context each time when `fresh_context`. `payload`: JSON text, parsed anew for each call.
    """

    times: int | None = 1_000
    seconds: float | None = None
    warm_up: int = 50
    callers: int = 1
    rate_hz: float | None = None
    function: str = ""
    script: bool = False
    fresh_context: bool = False
    payload: str = ""
    timeout_s: float = 10.0
    collections: int = 10  # forced while it runs, for the growth

    def __post_init__(self) -> None:
        def refuse(cause: str, remedy: str = "") -> None:
            raise UsageError("Repeat", cause, remedy)

        if (self.times is None) == (self.seconds is None):
            refuse("give a number of times or of seconds, one of them")
        if self.times is not None and not 1 <= self.times <= MOST_CALLS:
            refuse(f"{self.times:,} times are outside 1 to {MOST_CALLS:,}")
        if self.seconds is not None and not 0.1 <= self.seconds <= 86_400:
            refuse(f"{self.seconds:g} s are outside 0.1 s to a day")
        if not 1 <= self.callers <= MOST_CALLERS:
            refuse(f"{self.callers} callers are outside 1 to {MOST_CALLERS}")
        if self.rate_hz is not None and not 0.01 <= self.rate_hz <= 100_000:
            refuse(f"{self.rate_hz:g} calls a second are outside 0.01 to 100,000")
        if not 0 <= self.warm_up <= MOST_CALLS:
            refuse(f"{self.warm_up} warm-up calls are outside 0 to {MOST_CALLS:,}")
        if not 3 <= self.collections <= 1_000:
            refuse(f"{self.collections} collections are outside 3 to 1,000", "Fewer than 3 give no noise.")
        if self.fresh_context and not self.script:
            refuse("a function keeps its context", "Repeat the script for a fresh context each time.")


class Call(Struct, frozen=True):
    """One call of the measured part. `latency_ms`: from when it was due until it had settled; `run_ms`: V8's part."""

    isolate_id: int
    due_us: int
    latency_ms: float
    run_ms: float
    cpu_ms: float | None
    outcome: Outcome
    error: str = ""


class GcPoint(Struct, frozen=True):
    """The heap after a forced collection, once so many calls had been made."""

    calls: int
    used_bytes: int
    external_bytes: int


class Growth(Struct, frozen=True):
    """Bytes that each call leaves behind: the least-squares slope, and the interval that holds it in 19 of 20 cases.

    `grows`: the interval excludes 0 from below, and the later half of the calls leaves at least half as much each:
    else it `levels_off`, as what V8 itself keeps at first does (types that it has seen, code). `shrinks`: the interval
    excludes 0 from above. `verdict` says which.
    """

    bytes_per_call: float
    low: float
    high: float
    later_bytes_per_call: float | None = None  # of the later half; None: too few collections to tell

    @property
    def grows(self) -> bool:
        return self.low > 0 and not self.levels_off

    @property
    def levels_off(self) -> bool:
        later = self.later_bytes_per_call
        return self.low > 0 and later is not None and later < _LATER_SHARE * self.bytes_per_call

    @property
    def shrinks(self) -> bool:
        return self.high < 0

    @property
    def verdict(self) -> str:
        if self.levels_off:
            return "it grew at first and levels off; more calls tell for sure"
        return "it grows" if self.grows else "it shrinks" if self.shrinks else "no growth above the noise"


class IsolateFigures(Struct, frozen=True):
    """Of the calls of one isolate; percentiles by nearest rank, in ms, None while there are none."""

    isolate_id: int
    name: str
    calls: int
    failed: int
    first_error: str
    seconds: float  # in which the calls were made, collections left out
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    most_ms: float | None
    run_p50_ms: float | None
    allocated_per_call: float | None  # bytes, less what an empty call allocates; None: it could not be told
    overhead_per_call: float | None  # bytes that an empty call allocates
    growth: Growth | None  # None while there are fewer than 3 collections
    points: tuple[GcPoint, ...]

    @property
    def per_second(self) -> float | None:
        return self.calls / self.seconds if self.calls and self.seconds else None


class Progress(Struct, frozen=True):
    """`done` of `of` calls (0: until the time is over) in all isolates; `figures` of each so far."""

    done: int
    of: int
    elapsed_s: float
    figures: tuple[IsolateFigures, ...]


class Repeated(Struct, frozen=True):
    """The whole, with what must stand beside its figures."""

    label: str  # what was repeated
    callee: str  # "handler of serve.mjs", "the script, in one context", ...
    engine: str
    v8_version: str
    machine: str
    plan: Plan
    cancelled: bool
    figures: tuple[IsolateFigures, ...]
