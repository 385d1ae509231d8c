"""A CPU profile as arrays: which node was running from when on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inspector.analysis.tree import Array, CallTree

__all__ = ["CpuProfile", "LineTicks"]


@dataclass(frozen=True)
class LineTicks:
    """How many samples of a node fell on a line (V8's positionTicks), over the whole profile. int32 each."""

    node: Array
    line: Array  # 1-based
    ticks: Array


@dataclass(frozen=True)
class CpuProfile:
    """n samples in order of time: `node[i]` (int32) ran from `at_us[i]` (int64) until the next sample, the last one
    until `until_us`. Node 0, the root, stands for time that was not profiled. In a flame graph (`flame.laid_out`) the
    axis is a weight instead of time, as float64.
    """

    tree: CallTree
    node: Array
    at_us: Array
    until_us: float
    ticks: LineTicks

    @property
    def from_us(self) -> float:
        return float(self.at_us[0]) if len(self.at_us) else self.until_us

    @cached_property
    def spans_us(self) -> Array:
        """How long each sample stands for; n values, never negative."""
        return np.maximum(np.diff(self.at_us, append=self.until_us), 0)

    def own_us(self, from_us: float | None = None, to_us: float | None = None) -> Array:
        """Time of each node itself in a range, idle time and gaps included; float64 of the tree's nodes."""
        count = len(self.tree)
        if from_us is None and to_us is None:
            return np.bincount(self.node, self.spans_us, minlength=count)
        low = self.from_us if from_us is None else max(from_us, self.from_us)
        high = self.until_us if to_us is None else min(to_us, self.until_us)
        if high <= low or not len(self.at_us):
            return np.zeros(count)
        kind = self.at_us.dtype.type  # a float would make numpy convert every sample
        whole = np.issubdtype(self.at_us.dtype, np.integer)
        first = int(np.searchsorted(self.at_us, kind(np.floor(low) if whole else low), "right")) - 1
        last = int(np.searchsorted(self.at_us, kind(np.ceil(high) if whole else high), "left"))
        spans = self.spans_us[first:last].astype(np.float64)
        spans[0] -= low - self.at_us[first]
        spans[-1] -= max(0.0, self.at_us[last - 1] + self.spans_us[last - 1] - high)
        return np.bincount(self.node[first:last], spans, minlength=count)

    def self_us(self, from_us: float | None = None, to_us: float | None = None) -> Array:
        """Busy time of each node itself in a range: `own_us` without idle time and gaps. Its sum is the one total of
        that range.
        """
        own = self.own_us(from_us, to_us)
        own[self.tree.idle_nodes] = 0.0
        return own

    def profiled_us(self, from_us: float | None = None, to_us: float | None = None) -> float:
        """How much of a range was profiled: busy and idle time, no gaps."""
        return float(self.own_us(from_us, to_us)[1:].sum())
