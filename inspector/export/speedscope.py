"""speedscope's own JSON: a profile per isolate, all on the recording's time axis.

https://www.speedscope.app/file-format-schema.json
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.track import Track
from inspector.analysis.tree import Frame

__all__ = ["speedscope"]

_SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def speedscope(tracks: Sequence[Track], *, name: str, began_us: int, exporter: str) -> bytes:
    """`began_us`: the zero of the time axis. Tracks without a CPU profile are left out. Idle time has no stack."""
    places: dict[Frame, int] = {}
    profiles = [_profile(track.name, track.profile, began_us, places) for track in tracks if track.profile is not None]
    whole = {
        "$schema": _SCHEMA,
        "shared": {"frames": [_frame(frame) for frame in places]},
        "profiles": profiles,
        "name": name,
        "activeProfileIndex": 0,
        "exporter": exporter,
    }
    return orjson.dumps(whole)


def _frame(frame: Frame) -> dict[str, Any]:
    told: dict[str, Any] = {"name": frame.label}
    if frame.url:
        told["file"] = frame.url
    if frame.line:
        told |= {"line": frame.line, "col": frame.column}
    return told


def _profile(name: str, profile: CpuProfile, began_us: int, places: dict[Frame, int]) -> dict[str, Any]:
    stacks = _stacks(profile, places)
    first = np.flatnonzero(np.diff(profile.node, prepend=-1))  # of each row of equal samples
    edges = np.append(profile.at_us[first], profile.until_us) - began_us
    samples = [stacks[node] for node in profile.node[first].tolist()]
    weights = np.diff(edges).tolist()
    start = int(edges[0]) if len(edges) else 0
    if start > 0:  # so that all isolates lie on one axis
        samples.insert(0, [])
        weights.insert(0, start)
    return {
        "type": "sampled",
        "name": name,
        "unit": "microseconds",
        "startValue": min(0, start),
        "endValue": int(edges[-1]) if len(edges) else 0,
        "samples": samples,
        "weights": weights,
    }


def _stacks(profile: CpuProfile, places: dict[Frame, int]) -> list[list[int]]:
    """The stack of each node, outermost first, as numbers of the shared frames."""
    tree = profile.tree
    idle = set(tree.idle_nodes.tolist())
    stacks: list[list[int]] = []
    for node, (parent, frame) in enumerate(zip(tree.parent.tolist(), tree.frame.tolist(), strict=True)):
        if node in idle:
            stacks.append([])
        else:
            stacks.append([*stacks[parent], places.setdefault(tree.frames[frame], len(places))])
    return stacks
