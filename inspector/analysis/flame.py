"""A flame graph as a profile: weights laid side by side, the heaviest first, callers above what they call."""

from __future__ import annotations

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile, LineTicks
from inspector.analysis.tree import Array, CallTree

__all__ = ["laid_out"]


def laid_out(tree: CallTree, own: Array) -> CpuProfile:
    """A profile whose axis is the weight, not time: from 0 to the sum of `own` (float64 of the tree's nodes)."""
    totals = tree.totals(own)
    order = np.lexsort((-totals[1:], tree.parent[1:])) + 1  # children together, the heaviest first
    offset = tree.child_offset.tolist()
    children = order.tolist()
    weights = own.tolist()
    nodes: list[int] = []
    waiting = [0]
    while waiting:
        node = waiting.pop()
        if node < 0:
            nodes.append(~node)
            continue
        if weights[node] > 0:
            waiting.append(~node)  # after its children, so that they lie at its left
        waiting.extend(reversed(children[offset[node] : offset[node + 1]]))
    placed = np.array(nodes, np.int32)
    ends = np.cumsum(own[placed]) if nodes else np.zeros(0)
    nothing = np.zeros(0, np.int32)
    starts = np.concatenate(([0.0], ends[:-1])) if nodes else ends
    until = float(ends[-1]) if nodes else 0.0
    return CpuProfile(tree, placed, starts, until, LineTicks(nothing, nothing, nothing))
