"""A track's records as plain columns, made once: what is painted 60 times a second must not be gathered each time.

Imported late: it brings numpy.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from inspector.analysis.track import Track
from inspector.analysis.tree import Array

__all__ = ["TrackArrays"]

FAR_US = float(1 << 62)  # the end of a run that had not ended


class TrackArrays:
    """float64 each, in order of time."""

    def __init__(self, track: Track) -> None:
        self.track = track

    @cached_property
    def sampled_us(self) -> Array:
        return self.track.samples["at_us"].astype(np.float64)

    @cached_property
    def figures(self) -> dict[str, Array]:
        """One value more than there are samples: the last one stands twice, so that a slice may end after it."""
        samples = self.track.samples
        names = ("used_bytes", "physical_bytes", "external_bytes")
        return {name: np.append(samples[name], samples[name][-1:]).astype(np.float64) for name in names}

    @cached_property
    def highest(self) -> float:
        return max(1.0, *(float(values.max(initial=0.0)) for values in self.figures.values()))

    @cached_property
    def pause_ends_us(self) -> Array:
        return self.track.collections["at_us"].astype(np.float64)

    @cached_property
    def pauses_us(self) -> Array:
        return self.track.collections["pause_us"].astype(np.float64)

    @cached_property
    def pause_starts_us(self) -> Array:
        return self.pause_ends_us - self.pauses_us

    @cached_property
    def pause_heights(self) -> Array:
        """The square root of each pause, the longest being 1: short ones stay visible beside it."""
        return np.asarray(np.sqrt(self.pauses_us / max(1.0, self.longest_pause_us)))

    @cached_property
    def longest_pause_us(self) -> float:
        return float(self.pauses_us.max(initial=0.0))

    @cached_property
    def full(self) -> Array:
        """Whether a collection was a full one; bool."""
        return np.asarray(self.track.collections["kind"] >= 2)

    @cached_property
    def run_starts_us(self) -> Array:
        return np.array([run.began_us for run in self.track.runs], np.float64)

    @cached_property
    def run_ends_us(self) -> Array:
        return np.array([FAR_US if run.ended_us is None else run.ended_us for run in self.track.runs], np.float64)

    @cached_property
    def longest_run_us(self) -> float:
        return float((self.run_ends_us - self.run_starts_us).max(initial=0.0))

    @cached_property
    def latest_end_us(self) -> Array:
        """The latest end of a run and all before it: what ended before a view began ends in front of a place here."""
        return np.asarray(np.maximum.accumulate(self.run_ends_us))

    @cached_property
    def failed(self) -> Array:
        """Whether a run ended otherwise than completed; bool."""
        return np.array([run.outcome not in ("completed", "running") for run in self.track.runs], bool)
