"""Profiles with a known shape, and tracks with known figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.cpuprofile import profile_of
from inspector.analysis.track import Track
from inspector.wire import GC_DTYPE, SAMPLE_DTYPE

__all__ = ["MIB", "collections", "cpuprofile", "many_samples", "samples", "track"]

MIB = 1 << 20


def cpuprofile(stacks: Sequence[str], *, each_us: int = 1000, start_us: int = 1_000_000) -> dict[str, Any]:
    """V8's JSON for one sample a stack: "main alpha fib" is fib called by alpha called by main; "" is the root."""
    nodes: list[dict[str, Any]] = [{"id": 1, "callFrame": _call("(root)"), "hitCount": 0, "children": []}]
    ids: dict[str, int] = {"": 1}
    samples = []
    for stack in stacks:
        path = ""
        for name in stack.split():
            above, path = path, f"{path} {name}".strip()
            if path not in ids:
                ids[path] = len(nodes) + 1
                nodes.append(
                    {"id": ids[path], "callFrame": _call(name.replace("_", " ")), "hitCount": 0, "children": []}
                )
                nodes[ids[above] - 1]["children"].append(ids[path])
        nodes[ids[path] - 1]["hitCount"] += 1
        samples.append(ids[path])
    return {
        "nodes": nodes,
        "startTime": start_us,
        "endTime": start_us + len(stacks) * each_us,
        "samples": samples,
        "timeDeltas": [0] + [each_us] * (len(stacks) - 1),
    }


def many_samples(count: int, *, functions: int = 300, depth: int = 40, seed: int = 1) -> CpuProfile:
    """A large profile that resembles a real one: stacks that share their lower part with their neighbours."""
    numbers = np.random.default_rng(seed)
    nodes: list[dict[str, Any]] = [{"id": 1, "callFrame": _call("(root)")}]
    paths: list[list[int]] = [[0]]
    known: dict[tuple[int, int], int] = {}
    path = [0]
    for _ in range(4000):
        path = path[: max(1, len(path) - int(numbers.geometric(0.25)))]
        while len(path) < depth and numbers.random() < 0.8:
            which = int(numbers.integers(functions))
            key = (path[-1], which)
            if key not in known:
                known[key] = len(nodes)
                nodes.append(
                    {"id": len(nodes) + 1, "callFrame": _call(f"function{which}", line=which), "parent": path[-1] + 1}
                )
            path = [*path, known[key]]
        paths.append(path)
    ends = np.array([one[-1] + 1 for one in paths])
    chosen = np.repeat(np.arange(len(ends)), numbers.geometric(0.2, len(ends)))
    samples = ends[np.resize(chosen, count)]
    return profile_of(
        {
            "nodes": nodes,
            "startTime": 0,
            "endTime": count * 1000,
            "samples": samples,
            "timeDeltas": np.full(count, 1000),
        }
    )


def collections(*records: tuple[int, int, int, int, int]) -> Any:
    """(at_us, kind, pause_us, before, after) each."""
    made = np.zeros(len(records), GC_DTYPE)
    for i, (at_us, kind, pause_us, before, after) in enumerate(records):
        made[i] = (1, kind, (0, 0, 0), at_us, pause_us, before, after)
    return made


def samples(at_us: Any, used: Any) -> Any:
    made = np.zeros(len(at_us), SAMPLE_DTYPE)
    made["isolate_id"] = 1
    made["at_us"], made["used_bytes"] = at_us, used
    made["physical_bytes"] = np.asarray(used) + MIB
    return made


def track(isolate_id: int = 1, **changes: Any) -> Track:
    return Track(isolate_id, **{"name": f"isolate {isolate_id}", **changes})


def _call(name: str, line: int = 3) -> dict[str, Any]:
    if name.startswith("("):
        return {"functionName": name, "scriptId": "0", "url": "", "lineNumber": -1, "columnNumber": -1}
    return {
        "functionName": name,
        "scriptId": "7",
        "url": "file:///files/burn.js",
        "lineNumber": line,
        "columnNumber": 4,
    }
