"""From a recording's tree and samples to the analysis's `CpuProfile`."""

from __future__ import annotations

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile, LineTicks
from inspector.analysis.cpuprofile import lay_collections
from inspector.analysis.tree import ROOT_NAME, Frame, make_tree
from inspector.recording.layout import NO_NODE
from inspector.recording.tracks import Array, CpuTreeTable

__all__ = ["cpu_profile_of"]

_SEAM_US = 20_000  # between two pieces: V8 stopped and started its profiler, which is no gap


def cpu_profile_of(table: CpuTreeTable, samples: Array, lines: Array) -> CpuProfile | None:
    """None when there is no sample. The tree's root stands for what was not sampled."""
    samples = _without_seams(samples[(samples["node"] < len(table)) | (samples["node"] == NO_NODE)])
    if not len(samples) or not len(table):
        return None
    known: dict[Frame, int] = {}
    frame = [known.setdefault(Frame(name, url, script, line, column), len(known))
             for name, script, url, line, column in table.frames]  # fmt: skip
    parent = list(table.parents)
    frames = list(known)
    if frames[frame[0]].name != ROOT_NAME:
        return None
    sampled = np.where(samples["node"] == NO_NODE, 0, samples["node"]).astype(np.int64)
    lay_collections(frames, frame, parent, sampled)
    tree, number = make_tree(frames, frame, parent)
    lines = lines[lines["node"] < len(table)]
    ticks = LineTicks(number[lines["node"]], lines["line"].astype(np.int32), lines["ticks"].astype(np.int32))
    at_us = samples["at_us"].astype(np.int64)
    return CpuProfile(tree, number[sampled], at_us, int(at_us[-1]), ticks)


def _without_seams(samples: Array) -> Array:
    """Take out the ends of pieces after which the next one began at once."""
    if len(samples) < 2:
        return samples
    follows = np.diff(samples["at_us"], append=samples["at_us"][-1] + _SEAM_US + 1) <= _SEAM_US
    kept: Array = samples[~((samples["node"] == NO_NODE) & follows)]
    return kept
