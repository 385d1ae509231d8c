"""`.cpuprofile`: what V8's `Profiler.stop` answers; opened by Chrome, VS Code and speedscope.

https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import orjson

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.tree import IDLE_NAME, Frame

__all__ = ["call_frame", "cpuprofile"]


def cpuprofile(profile: CpuProfile) -> bytes:
    """Time that was not sampled is told as idle: the format has no other word for it."""
    tree = profile.tree
    nodes: list[dict[str, Any]] = [
        {"id": number + 1, "callFrame": call_frame(tree.frames[frame]), "hitCount": 0, "children": []}
        for number, frame in enumerate(tree.frame.tolist())
    ]
    for child, parent in enumerate(tree.parent.tolist()):
        if parent >= 0:
            nodes[parent]["children"].append(child + 1)
    sampled = profile.node.astype(np.int64)
    if (sampled == 0).any():
        sampled = np.where(sampled == 0, _idle(nodes), sampled)
    for number, hits in enumerate(np.bincount(sampled, minlength=len(nodes)).tolist()):
        nodes[number]["hitCount"] = hits
    _put_lines(nodes, profile)
    at_us = profile.at_us
    whole = {
        "nodes": nodes,
        "startTime": profile.from_us,
        "endTime": profile.until_us,
        "samples": (sampled + 1).tolist(),
        "timeDeltas": np.diff(at_us, prepend=at_us[:1]).tolist(),
    }
    return orjson.dumps(whole)


def call_frame(frame: Frame) -> dict[str, Any]:
    """CDP's Runtime.CallFrame: 0-based, -1 for no place."""
    return {
        "functionName": frame.name,
        "scriptId": frame.script_id,
        "url": frame.url,
        "lineNumber": frame.line - 1,
        "columnNumber": frame.column - 1,
    }


def _idle(nodes: list[dict[str, Any]]) -> int:
    """The place of the idle node beneath the root; made when there is none."""
    for child in nodes[0]["children"]:
        if nodes[child - 1]["callFrame"]["functionName"] == IDLE_NAME:
            return int(child) - 1
    nodes.append({"id": len(nodes) + 1, "callFrame": call_frame(Frame(IDLE_NAME)), "hitCount": 0, "children": []})
    nodes[0]["children"].append(len(nodes))
    return len(nodes) - 1


def _put_lines(nodes: list[dict[str, Any]], profile: CpuProfile) -> None:
    ticks: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    found = profile.ticks
    for node, line, count in zip(found.node.tolist(), found.line.tolist(), found.ticks.tolist(), strict=True):
        ticks[node][line] += count
    for node, lines in ticks.items():
        nodes[node]["positionTicks"] = [{"line": line, "ticks": count} for line, count in sorted(lines.items())]
