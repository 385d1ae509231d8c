"""Calls with a begin and an end, out of samples: what a trace draws."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.tree import Frame

__all__ = ["calls"]


def calls(profile: CpuProfile) -> Iterator[tuple[Frame, int, int]]:
    """(function, began_us, ended_us), each inside of its caller; a call lasts while samples show it."""
    tree = profile.tree
    parent, frames, frame = tree.parent.tolist(), tree.frames, tree.frame.tolist()
    idle = set(tree.idle_nodes.tolist())
    paths = [tuple(tree.path(node)) for node in range(len(frame))]
    under_way: list[tuple[int, int]] = []  # node, began_us
    before = -1
    for node, at_us in zip(profile.node.tolist(), profile.at_us.tolist(), strict=True):
        if node == before:
            continue
        before = node
        path = () if node in idle or parent[node] < 0 else paths[node]
        shared = _shared(under_way, path)
        while len(under_way) > shared:
            ended, began_us = under_way.pop()
            yield frames[frame[ended]], began_us, at_us
        under_way += [(one, at_us) for one in path[shared:]]
    while under_way:
        ended, began_us = under_way.pop()
        yield frames[frame[ended]], began_us, int(profile.until_us)


def _shared(under_way: list[tuple[int, int]], path: tuple[int, ...]) -> int:
    count = 0
    for (node, _), one in zip(under_way, path, strict=False):
        if node != one:
            break
        count += 1
    return count
