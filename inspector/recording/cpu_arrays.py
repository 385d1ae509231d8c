"""From a recording's tree and samples to the analysis's `CpuProfile`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile, LineTicks
from inspector.analysis.cpuprofile import lay_collections
from inspector.analysis.tree import ROOT_NAME, Frame, make_tree
from inspector.recording.layout import NO_NODE
from inspector.recording.tracks import Array, CpuTreeTable

__all__ = ["cpu_profile_of"]

_SEAM_US = 20_000  # between two pieces: V8 stopped and started its profiler, which is no gap


def cpu_profile_of(
    table: CpuTreeTable, samples: Array, lines: Array, same_script: Mapping[str, str]
) -> CpuProfile | None:
    """None when there is no sample. The tree's root stands for what was not sampled.

    `same_script`: script_id -> that of the first script of the same url and source: a file that runs again is parsed
    again, and its functions are the same ones.
    """
    samples = _without_seams(samples[(samples["node"] < len(table)) | (samples["node"] == NO_NODE)])
    if not len(samples) or not len(table) or table.frames[0][0] != ROOT_NAME:
        return None
    frames, frame, parent, merged = _merged(table, same_script)
    sampled = np.where(samples["node"] == NO_NODE, 0, merged[np.minimum(samples["node"], len(table) - 1)])
    lay_collections(frames, frame, parent, sampled)
    tree, number = make_tree(frames, frame, parent)
    lines = lines[lines["node"] < len(table)]
    ticked = number[merged[lines["node"]]]
    ticks = LineTicks(ticked, lines["line"].astype(np.int32), lines["ticks"].astype(np.int32))
    at_us = samples["at_us"].astype(np.int64)
    return CpuProfile(tree, number[sampled], at_us, int(at_us[-1]), ticks)


def _merged(table: CpuTreeTable, same_script: Mapping[str, str]) -> tuple[list[Frame], list[int], list[int], Array]:
    """Frames, the frame and the parent of each node, and the node that each node of the table became (int64)."""
    frames: dict[Frame, int] = {}
    known: dict[tuple[int, int], int] = {}
    became: list[int] = []
    for above, (name, script, url, line, column) in zip(table.parents, table.frames, strict=True):
        one = Frame(name, url, same_script.get(script, script), line, column)
        place = (-1 if above < 0 else became[above], frames.setdefault(one, len(frames)))
        became.append(known.setdefault(place, len(known)))
    return list(frames), [place[1] for place in known], [place[0] for place in known], np.array(became, np.int64)


def _without_seams(samples: Array) -> Array:
    """Take out the ends of pieces after which the next one began at once."""
    if len(samples) < 2:
        return samples
    follows = np.diff(samples["at_us"], append=samples["at_us"][-1] + _SEAM_US + 1) <= _SEAM_US
    kept: Array = samples[~((samples["node"] == NO_NODE) & follows)]
    return kept
