"""Pieces of CPU profiles as one tree per isolate: nodes with the same path become one.

V8 numbers the nodes of each piece anew. One tree keeps a session of an hour as small as its code, and its samples as
one array.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from inspector.recording.layout import DTYPES, NO_NODE

__all__ = ["CpuTree", "Piece"]

Array: TypeAlias = NDArray[Any]
_SAMPLES = np.dtype(DTYPES["cpu_samples"])
_LINES = np.dtype(DTYPES["cpu_lines"])
_Place: TypeAlias = tuple[int, str, str, str, int, int]  # parent, function, script_id, url, line, column


class Piece(Struct, frozen=True):
    """`nodes`: rows of `cpu_nodes` that are new, without the isolate; the last of `samples` is NO_NODE."""

    nodes: list[tuple[int, int, str, str, str, int, int]]  # node, parent, function, script_id, url, line, column
    samples: Array
    lines: Array


class CpuTree:
    """The tree of one isolate."""

    def __init__(self) -> None:
        self._known: dict[_Place, int] = {}

    def add(self, profile: Mapping[str, Any]) -> Piece:
        """Number a piece's samples in the tree. KeyError, TypeError, ValueError where it is no profile."""
        nodes = profile["nodes"]
        parents = {int(child): int(node["id"]) for node in nodes for child in node.get("children") or ()}
        number: dict[int, int] = {}
        fresh: list[tuple[int, int, str, str, str, int, int]] = []
        ticks: list[tuple[int, int, int]] = []
        for node in nodes:  # V8 writes parents before their children
            own = int(node["id"])
            above = parents.get(own)
            frame = _frame(node["callFrame"])
            place = (-1 if above is None else number[above], *frame)
            found = self._known.get(place)
            if found is None:
                found = self._known[place] = len(self._known)
                fresh.append((found, place[0], *frame))
            number[own] = found
            ticks += [(found, int(tick["line"]), int(tick["ticks"])) for tick in node.get("positionTicks") or ()]
        return Piece(fresh, _samples(profile, number), np.array(ticks, _LINES))


def _frame(call: Mapping[str, Any]) -> tuple[str, str, str, int, int]:
    """function, script_id, url, line, column: 1-based, 0 for what has no place.

    A script's top level, which V8 places at 1:1 when it was compiled during the piece, has no place when it was before.
    """
    name, script = str(call.get("functionName") or ""), str(call.get("scriptId") or "0")
    line, column = int(call.get("lineNumber", -1)) + 1, int(call.get("columnNumber", -1)) + 1
    if not name and script != "0" and line <= 0:
        line = column = 1
    return name, script, str(call.get("url") or ""), max(line, 0), max(column, 0)


def _samples(profile: Mapping[str, Any], number: Mapping[int, int]) -> Array:
    """In order of time: V8 may tell a sample a little before the one that it took earlier."""
    sampled, deltas = profile.get("samples") or [], profile.get("timeDeltas") or []
    if len(sampled) != len(deltas):
        raise ValueError(f"{len(sampled)} samples, {len(deltas)} times")
    records = np.zeros(len(sampled) + 1, _SAMPLES)
    records["at_us"][:-1] = int(profile["startTime"]) + np.cumsum(np.array(deltas, np.int64))
    records["node"][:-1] = [number[one] for one in sampled]
    records["at_us"][-1] = max(int(profile["endTime"]), int(records["at_us"].max(initial=0)))
    records["node"][-1] = NO_NODE
    if (np.diff(records["at_us"]) < 0).any():
        records = records[np.argsort(records["at_us"], kind="stable")]
    return records
