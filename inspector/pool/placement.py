"""Which host takes a new isolate: pure functions over what was measured. ARCHITECTURE.md, "Placement".

All V8 heaps of a process share one 4 GB pointer-compression cage. A host admits an isolate while
used bytes of its isolates + the emergency bump + the largest headroom left <= the cage's budget.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

__all__ = [
    "BUMP_BYTES",
    "CAGE_BUDGET_BYTES",
    "LARGEST_LIMIT_BYTES",
    "SMALLEST_LIMIT_BYTES",
    "Load",
    "choose",
    "refusal",
]

CAGE_BUDGET_BYTES = 3584 << 20  # 3.5 GB of the 4 GB cage
BUMP_BYTES = 1 << 30  # what one isolate at a time gets to end its script in, when it is out of memory
SMALLEST_LIMIT_BYTES = 8 << 20
LARGEST_LIMIT_BYTES = CAGE_BUDGET_BYTES - BUMP_BYTES  # what an empty host can give


class Load(Struct, frozen=True):
    """What a host carries. `largest_headroom_bytes`: the largest limit minus use among its isolates."""

    host_id: int
    isolates: int
    used_bytes: int
    largest_headroom_bytes: int


def refusal(load: Load, limit_bytes: int, most_isolates: int) -> str:
    """Why this host can't take an isolate with this limit; "" when it can."""
    if load.isolates >= most_isolates:
        return f"it holds {load.isolates} isolates, and {most_isolates} is the most"
    headroom = max(load.largest_headroom_bytes, limit_bytes)
    if load.used_bytes + BUMP_BYTES + headroom > CAGE_BUDGET_BYTES:
        used, wanted = load.used_bytes >> 20, headroom >> 20
        return f"its heaps use {used} MiB, and with {wanted} MiB of headroom they could outgrow V8's 4 GB cage"
    return ""


def choose(loads: Iterable[Load], limit_bytes: int, most_isolates: int) -> int | None:
    """The first host that admits it: hosts are filled one after another. None: a new one is needed."""
    for load in loads:
        if not refusal(load, limit_bytes, most_isolates):
            return load.host_id
    return None
