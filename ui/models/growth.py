"""How fast a heap grows: the least-squares slope of what was left after garbage collections in the last 60 s.

Full collections (mark-compact) count: what they leave is alive. When fewer than three were seen in the window, young
ones stand in and `full` is False: what a scavenge leaves includes garbage of the old generation, so that slope is
no proof of a leak. Fewer than three collections tell nothing, and neither do three within a second: None.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

__all__ = ["GROWTH_WINDOW_US", "LEAST_COLLECTIONS", "LEAST_SPREAD_US", "Growth", "slope"]

GROWTH_WINDOW_US = 60_000_000
LEAST_COLLECTIONS = 3
LEAST_SPREAD_US = 1_000_000


class Growth(Struct, frozen=True):
    """`bytes_per_s` from `collections` points; `full`: all of them were full collections."""

    bytes_per_s: float
    collections: int
    full: bool


def slope(at_us: Sequence[float], sizes: Sequence[float]) -> float | None:
    """Least-squares slope in bytes per second; None with too few points or too little time between them."""
    count = len(at_us)
    if count < LEAST_COLLECTIONS or max(at_us) - min(at_us) < LEAST_SPREAD_US:
        return None
    start = at_us[0]
    seconds = [(at - start) / 1e6 for at in at_us]
    mean_s, mean_size = sum(seconds) / count, sum(sizes) / count
    spread = sum((s - mean_s) ** 2 for s in seconds)
    return sum((s - mean_s) * (size - mean_size) for s, size in zip(seconds, sizes, strict=True)) / spread
