"""What a recording says of itself in `meta`: who wrote it, where, when, why, and how it ended. All values are text."""

from __future__ import annotations

import time
from collections.abc import Mapping

from inspector.recording.options import RecordOptions
from inspector.target.clock import now_us

__all__ = ["beginning", "ending"]


def beginning(
    began_us: int, reason: str, options: RecordOptions, *, focus: Mapping[str, str] | None = None
) -> dict[str, str]:
    """`began_us` on the monotonic clock; `began_wall_us` is the same moment in microseconds since 1970 (UTC).

    `focus`: what a black box is about: `focus_isolate_id`, `focus_us`.
    """
    from inspector.diagnostics.versions import machine, versions

    of = versions()
    scope = "all" if options.isolate_ids is None else ",".join(map(str, sorted(options.isolate_ids)))
    return {
        "application": "isolate-inspector",
        "application_version": of["isolate-inspector"] or "",
        "mini_racer_version": of["mini-racer"] or "",
        "python_version": of["python"] or "",
        "system": machine(),
        "began_us": str(began_us),
        "began_wall_us": str(time.time_ns() // 1000 - (now_us() - began_us)),
        "reason": reason,
        "preset": str(options.preset),
        "scope": scope,
        "cpu_interval_us": str(options.cpu_interval_us),
        **(focus or {}),
    }


def ending(reason: str) -> dict[str, str]:
    """A recording without these was cut off."""
    return {"ended_us": str(now_us()), "end_reason": reason}
