"""Calls and collections -> figures. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inspector.repeat.records import Call, GcPoint, Growth, IsolateFigures
from inspector.states import Outcome

__all__ = ["growth", "percentile", "summarise"]

# Student's t, two-sided 95%, for 1 to 30 degrees of freedom; beyond that 1.96 is within 4% (any table of it).
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
_T95_MANY = 1.96
_TELLS_HALVES = 8  # points: fewer than 4 in a half tell nothing of it


def percentile(ordered: Sequence[float], share: float) -> float:
    """Nearest rank of at least one value, sorted already."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def growth(points: Sequence[GcPoint]) -> Growth | None:
    """The slope of used + off-heap bytes over calls, with its 95% interval, and that of the later half; None for fewer
    than 3 points.
    """
    n = len(points)
    if n < 3:
        return None
    xs = [float(one.calls) for one in points]
    ys = [float(one.used_bytes + one.external_bytes) for one in points]
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    spread = sum((x - mean_x) ** 2 for x in xs)
    if spread == 0:
        return None
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    later = growth(points[n // 2 :]) if n >= _TELLS_HALVES else None
    left_over = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(xs, ys, strict=True))
    degrees = n - 2
    t = _T95[degrees - 1] if degrees <= len(_T95) else _T95_MANY
    margin = t * math.sqrt(left_over / degrees / spread)
    return Growth(slope, slope - margin, slope + margin, None if later is None else later.bytes_per_call)


def summarise(
    isolate_id: int,
    name: str,
    calls: Sequence[Call],
    points: Sequence[GcPoint],
    *,
    seconds: float,
    allocated_per_call: float | None,
    overhead_per_call: float | None,
) -> IsolateFigures:
    """Of one isolate. Latencies of calls that failed count too: somebody waited for them."""
    latencies = sorted(one.latency_ms for one in calls)
    runs = sorted(one.run_ms for one in calls)
    failed = [one for one in calls if one.outcome is not Outcome.COMPLETED]
    own = None
    if allocated_per_call is not None:
        own = max(0.0, allocated_per_call - (overhead_per_call or 0.0))
    return IsolateFigures(
        isolate_id=isolate_id,
        name=name,
        calls=len(calls),
        failed=len(failed),
        first_error=(failed[0].error or str(failed[0].outcome)) if failed else "",
        seconds=seconds,
        p50_ms=percentile(latencies, 0.5) if latencies else None,
        p95_ms=percentile(latencies, 0.95) if latencies else None,
        p99_ms=percentile(latencies, 0.99) if latencies else None,
        most_ms=latencies[-1] if latencies else None,
        run_p50_ms=percentile(runs, 0.5) if runs else None,
        allocated_per_call=own,
        overhead_per_call=overhead_per_call,
        growth=growth(points),
        points=tuple(points),
    )
