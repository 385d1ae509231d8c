"""Reading `.cpuprofile`: V8's own JSON, as Chrome, Node, VS Code and this program write it.

https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile. As in DevTools (CPUProfileDataModel),
a sample counts from its own time to the next one's, samples are put in order of time, and a collection is laid upon the
stack that it interrupted, which V8 itself leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile, LineTicks
from inspector.analysis.number_lists import load
from inspector.analysis.tree import GC_NAME, Array, Frame, make_tree
from inspector.errors import FormatError
from inspector.text import visible

__all__ = ["lay_collections", "profile_of", "read_cpuprofile", "read_frame"]

_ACTION = "Read a CPU profile"
_FIELDS = ("functionName", "url", "scriptId", "lineNumber", "columnNumber")
_REMEDY = "Chrome, Node and this program write .cpuprofile files that can be read."


def read_cpuprofile(raw: bytes) -> CpuProfile:
    """FormatError when it is no profile."""
    try:
        parsed = load(raw, ("samples", "timeDeltas"))
    except ValueError as error:
        raise FormatError(_ACTION, f"it is no JSON ({visible(str(error), 80)})", _REMEDY) from error
    return profile_of(parsed)


def profile_of(parsed: object) -> CpuProfile:
    """`parsed`: the object that `Profiler.stop` answers; samples and timeDeltas may be arrays. FormatError else."""
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("nodes"), list):
        raise FormatError(_ACTION, 'it has no list of "nodes"', _REMEDY)
    try:
        return _profile(parsed)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        cause = f"a field is missing or of the wrong type ({visible(str(error), 80)})"
        raise FormatError(_ACTION, cause, _REMEDY) from error


def read_frame(call: Mapping[str, Any]) -> Frame:
    """CDP's Runtime.CallFrame, 0-based, as a `Frame`."""
    return Frame(
        str(call.get("functionName", "")),
        str(call.get("url", "")),
        str(call.get("scriptId", "0")),
        max(0, int(call.get("lineNumber", -1)) + 1),
        max(0, int(call.get("columnNumber", -1)) + 1),
    )


def _profile(parsed: Mapping[str, Any]) -> CpuProfile:
    nodes: list[Mapping[str, Any]] = parsed["nodes"]
    if not nodes:
        raise ValueError("nodes is empty")
    place = {int(node["id"]): i for i, node in enumerate(nodes)}
    if len(place) != len(nodes):
        raise ValueError("two nodes have one id")
    frames, frame = _frames(nodes)
    parent = _parents(nodes, place)
    sampled, at_us, until_us = _samples(parsed, nodes, place)
    lay_collections(frames, frame, parent, sampled)
    tree, number = make_tree(frames, frame, parent)
    if (number < 0).any():
        raise ValueError("its nodes are no tree")
    return CpuProfile(tree, number[sampled], at_us, until_us, _ticks(nodes, number))


def _frames(nodes: Sequence[Mapping[str, Any]]) -> tuple[list[Frame], list[int]]:
    known: dict[tuple[object, ...], int] = {}
    frames: list[Frame] = []
    frame: list[int] = []
    for node in nodes:
        call = node["callFrame"]
        key = tuple(map(call.get, _FIELDS))
        place = known.get(key)
        if place is None:
            place = known[key] = len(frames)
            frames.append(read_frame(call))
        frame.append(place)
    return frames, frame


def _parents(nodes: Sequence[Mapping[str, Any]], place: Mapping[int, int]) -> list[int]:
    """From lists of children, or from a `parent` each, as the events of a trace have it."""
    parent = [-1] * len(nodes)
    for i, node in enumerate(nodes):
        if "parent" in node:
            parent[i] = place[int(node["parent"])]
        for child in node.get("children") or ():
            if parent[place[int(child)]] >= 0:
                raise ValueError("a node has two parents")
            parent[place[int(child)]] = i
    if parent[0] >= 0:
        raise ValueError("the root has a parent")
    return parent


def _samples(
    parsed: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]], place: Mapping[int, int]
) -> tuple[Array, Array, int]:
    """(place in `nodes`, at_us, until_us), in order of time. Without samples, hit counts stand in, a node at once."""
    start_us, end_us = int(parsed.get("startTime", 0)), int(parsed.get("endTime", 0))
    ids = np.asarray(parsed.get("samples", []), np.int64)
    if not len(ids):
        counts = np.array([max(0, int(node.get("hitCount", 0))) for node in nodes])
        each_us = max(1, (end_us - start_us) // max(1, int(counts.sum())))
        at_us = start_us + np.concatenate(([0], np.cumsum(counts)[:-1])) * each_us
        return np.arange(len(nodes), dtype=np.int64), at_us, start_us + int(counts.sum()) * each_us
    deltas = np.asarray(parsed.get("timeDeltas", []), np.int64)
    if len(deltas) != len(ids):
        raise ValueError(f"{len(ids)} samples but {len(deltas)} timeDeltas")
    sampled = _places(ids, place)
    at_us = start_us + np.cumsum(deltas)
    if (np.diff(at_us) < 0).any():
        order = np.argsort(at_us, kind="stable")
        sampled, at_us = sampled[order], at_us[order]
    return sampled, at_us, max(end_us, int(at_us[-1]))


def _places(ids: Array, place: Mapping[int, int]) -> Array:
    """Where in `nodes` each sample's node is. V8 counts ids from 1: a table is ten times as fast as a search."""
    least, most = min(place), max(place)
    if int(ids.min()) < least or int(ids.max()) > most:
        raise ValueError("a sample names no node")
    known, at = np.array(list(place), np.int64), np.array(list(place.values()), np.int64)
    if most - least < 4 * len(place) + 1000:
        table = np.full(most - least + 1, -1, np.int64)
        table[known - least] = at
        found: Array = table[ids - least]
    else:
        order = np.argsort(known)
        near = order[np.searchsorted(known[order], ids)]
        found = np.where(known[near] == ids, at[near], -1)
    if (found < 0).any():
        raise ValueError("a sample names no node")
    return found


def lay_collections(frames: Sequence[Frame], frame: list[int], parent: list[int], sampled: Array) -> None:
    """Put each sampled collection beneath the node that ran before it: in place."""
    collector = next((i for i, one in enumerate(frames) if one.name == GC_NAME and not one.url), None)
    if collector is None:
        return
    collecting = np.asarray(frame)[sampled] == collector
    last = np.maximum.accumulate(np.where(collecting, -1, np.arange(len(sampled))))
    depth_one = {i for i, above in enumerate(parent) if above <= 0}
    for under in np.unique(sampled[last[collecting & (last >= 0)]]).tolist():
        if under in depth_one and frames[frame[under]].is_meta:
            continue
        frame.append(collector)
        parent.append(under)
        sampled[collecting & (last >= 0) & (sampled[last] == under)] = len(frame) - 1


def _ticks(nodes: Sequence[Mapping[str, Any]], number: Array) -> LineTicks:
    found = [
        (number[i], int(tick["line"]), int(tick["ticks"]))
        for i, node in enumerate(nodes)
        for tick in node.get("positionTicks") or ()
    ]
    columns = np.array(found, np.int32).reshape(-1, 3)
    return LineTicks(columns[:, 0], columns[:, 1], columns[:, 2])
