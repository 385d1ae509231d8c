"""What a flame chart and the tables beneath it tell of one isolate: time over time, or bytes side by side.

Imported late: it brings numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.flame import laid_out
from inspector.analysis.heap_profile import HeapProfile
from inspector.analysis.lines import line_times
from inspector.analysis.tree import Array, CallTree, Frame
from inspector.units import format_bytes, format_us

__all__ = ["ByteStacks", "Stacks", "TimeStacks"]


class Stacks(Protocol):
    """`ranged`: a brushed range of time changes `own`. `amount` writes a weight with its unit."""

    @property
    def ranged(self) -> bool: ...
    @property
    def tree(self) -> CallTree: ...
    @property
    def chart(self) -> CpuProfile: ...
    def amount(self, weight: float | None, /) -> str: ...
    def own(self, from_us: float, to_us: float) -> Array: ...
    def lines(self, own: Array, frame: Frame) -> dict[int, float]: ...


@dataclass(frozen=True)
class TimeStacks:
    profile: CpuProfile
    ranged = True

    @property
    def tree(self) -> CallTree:
        return self.profile.tree

    @property
    def chart(self) -> CpuProfile:
        return self.profile

    def own(self, from_us: float, to_us: float) -> Array:
        return self.profile.self_us(from_us, to_us)

    def amount(self, weight: float | None, /) -> str:
        return format_us(weight)

    def lines(self, own: Array, frame: Frame) -> dict[int, float]:
        return line_times(self.profile, own, frame)


class ByteStacks:
    """A heap profile has no time: its chart's axis is bytes."""

    ranged = False

    def __init__(self, profile: HeapProfile) -> None:
        self.profile = profile
        self.chart = laid_out(profile.tree, profile.own_bytes)

    @property
    def tree(self) -> CallTree:
        return self.profile.tree

    def own(self, from_us: float, to_us: float) -> Array:
        return self.profile.own_bytes

    def amount(self, weight: float | None, /) -> str:
        return format_bytes(weight)

    def lines(self, own: Array, frame: Frame) -> dict[int, float]:
        """V8 tells where a function begins, not which of its lines allocated."""
        return {}
