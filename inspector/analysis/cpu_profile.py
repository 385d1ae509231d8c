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
        low = -np.inf if from_us is None else from_us
        high = np.inf if to_us is None else to_us
        first = max(0, int(np.searchsorted(self.at_us, low, "right")) - 1)
        last = int(np.searchsorted(self.at_us, high, "left"))
        if last <= first:
            return np.zeros(count)
        began = np.maximum(self.at_us[first:last], low)
        ended = np.minimum(self.at_us[first:last] + self.spans_us[first:last], high)
        return np.bincount(self.node[first:last], np.maximum(ended - began, 0), minlength=count)

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
