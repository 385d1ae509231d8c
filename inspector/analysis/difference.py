"""Two call trees as one with two weights: what a difference flame graph draws.

Nodes match when the names and files on their path do. Lines are left out, since an edit moves them, and so are
folders, since versions lie beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.analysis.tree import ROOT_NAME, Array, CallTree, Frame, make_tree

__all__ = ["Difference", "differ", "match_key"]


@dataclass(frozen=True)
class Difference:
    """`before`, `after`: own weight of each node; float64 of the tree's nodes."""

    tree: CallTree
    before: Array
    after: Array


def match_key(frame: Frame) -> tuple[str, str]:
    """What makes two functions of two recordings the same one."""
    return frame.name, frame.url.replace("\\", "/").rsplit("/", 1)[-1]


def differ(before: CallTree, own_before: Array, after: CallTree, own_after: Array) -> Difference:
    """The frames are those of `after` where both have them."""
    frames: list[Frame] = [Frame(ROOT_NAME)]
    frame_of: dict[tuple[str, str], int] = {}
    frame, parent = [0], [-1]
    known: dict[tuple[int, int], int] = {}
    weights = []
    for tree in (after, before):
        theirs = []
        for one in tree.frames:
            key = match_key(one)
            if key not in frame_of:
                frame_of[key] = len(frames)
                frames.append(one)
            theirs.append(frame_of[key])
        number = np.zeros(len(tree), np.int64)
        for node in range(1, len(tree)):
            place = (int(number[tree.parent[node]]), theirs[int(tree.frame[node])])
            if place not in known:
                known[place] = len(frame)
                frame.append(place[1])
                parent.append(place[0])
            number[node] = known[place]
        weights.append(number)
    merged, order = make_tree(frames, frame, parent)
    count = len(merged)
    return Difference(
        merged,
        np.bincount(order[weights[1]], own_before, minlength=count),
        np.bincount(order[weights[0]], own_after, minlength=count),
    )
