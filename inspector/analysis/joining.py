"""Several profiles of one isolate as one: a recording stops and starts the profiler, so that little can be lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inspector.analysis.cpu_profile import CpuProfile, LineTicks
from inspector.analysis.tree import ROOT_NAME, Array, Frame, make_tree

__all__ = ["joined"]


def joined(pieces: Sequence[CpuProfile]) -> CpuProfile:
    """Pieces in order of time; nodes with the same path become one. Between two pieces the root stands: a gap."""
    frames: dict[Frame, int] = {Frame(ROOT_NAME): 0}
    frame, parent = [0], [-1]
    known: dict[tuple[int, int], int] = {}
    numbers = [_put(piece, frames, frame, parent, known) for piece in pieces]
    tree, order = make_tree(list(frames), frame, parent)
    sampled: list[Array] = []
    at_us: list[Array] = []
    for piece, number in zip(pieces, numbers, strict=True):
        sampled += [order[number[piece.node]], np.zeros(1, np.int32)]
        at_us += [piece.at_us, np.array([piece.until_us], np.int64)]
    node = np.concatenate(sampled) if sampled else np.zeros(0, np.int32)
    at = np.concatenate(at_us) if at_us else np.zeros(0, np.int64)
    if (np.diff(at) < 0).any():  # pieces that overlap: never seen, and never a reason to fail
        in_order = np.argsort(at, kind="stable")
        node, at = node[in_order], at[in_order]
    ticks = [
        np.stack((order[number[piece.ticks.node]], piece.ticks.line, piece.ticks.ticks))
        for piece, number in zip(pieces, numbers, strict=True)
    ]
    lines = np.concatenate(ticks, axis=1) if ticks else np.zeros((3, 0), np.int32)
    return CpuProfile(tree, node, at, int(at[-1]) if len(at) else 0, LineTicks(lines[0], lines[1], lines[2]))


def _put(
    piece: CpuProfile,
    frames: dict[Frame, int],
    frame: list[int],
    parent: list[int],
    known: dict[tuple[int, int], int],
) -> Array:
    """The number of each node of `piece` in the one tree."""
    theirs = [frames.setdefault(one, len(frames)) for one in piece.tree.frames]
    number = np.zeros(len(piece.tree), np.int32)
    for node, (above, own) in enumerate(zip(piece.tree.parent.tolist(), piece.tree.frame.tolist(), strict=True)):
        if above < 0:
            continue
        key = (int(number[above]), theirs[own])
        found = known.get(key)
        if found is None:
            found = known[key] = len(frame)
            frame.append(key[1])
            parent.append(key[0])
        number[node] = found
    return number
