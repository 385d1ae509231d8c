"""Self time of each line of a source.

V8 counts the samples of a node by line over a whole profile (positionTicks), so in a range each node's own time is
shared out in those proportions. What has no ticks goes to the function's first line.
"""

from __future__ import annotations

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.tree import Array, Frame

__all__ = ["line_times"]


def line_times(profile: CpuProfile, own: Array, source: Frame) -> dict[int, float]:
    """Microseconds by 1-based line, of all functions that have the source of `source` (script id and url).

    Adds up to the self time of those functions. `own`: `CpuProfile.self_us` of a range.
    """
    tree, ticks = profile.tree, profile.ticks
    here = np.array([(one.script_id, one.url) == (source.script_id, source.url) for one in tree.frames], bool)
    wanted = here[tree.frame]
    counted = np.bincount(ticks.node, ticks.ticks, minlength=len(tree))
    mine = wanted[ticks.node] & (ticks.ticks > 0)
    shares = own[ticks.node[mine]] * ticks.ticks[mine] / counted[ticks.node[mine]]
    plain = np.flatnonzero(wanted & (counted == 0) & (own > 0))
    first = np.array([one.line for one in tree.frames], np.int64)[tree.frame[plain]]
    lines = np.concatenate((ticks.line[mine], first))
    weights = np.concatenate((shares, own[plain]))
    found, places = np.unique(lines, return_inverse=True)
    sums = np.bincount(places, weights, minlength=len(found))
    return {int(line): float(us) for line, us in zip(found, sums, strict=True) if us > 0}
