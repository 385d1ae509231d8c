"""A tree of calls as arrays in preorder: a subtree is one slice, so totals are differences of one running sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

__all__ = ["GC_NAME", "IDLE_NAME", "PROGRAM_NAME", "ROOT_NAME", "Array", "CallTree", "Frame", "make_tree"]

Array: TypeAlias = NDArray[Any]

# V8's own names for what is no function (src/profiler/profile-generator.cc).
ROOT_NAME, IDLE_NAME, PROGRAM_NAME, GC_NAME = "(root)", "(idle)", "(program)", "(garbage collector)"


class Frame(Struct, frozen=True):
    """A function as a profile names it. `line` and `column` are 1-based, 0 when unknown."""

    name: str
    url: str = ""
    script_id: str = "0"
    line: int = 0
    column: int = 0

    @property
    def label(self) -> str:
        return self.name or "(anonymous)"

    @property
    def place(self) -> str:
        """ "handler.js:12"; "" for what has no source."""
        file = self.url.replace("\\", "/").rsplit("/", 1)[-1] or self.url
        return f"{file}:{self.line}" if file and self.line else file

    @property
    def is_meta(self) -> bool:
        """No function, but a state of V8: idle, program, garbage collector, root."""
        return not self.url and self.name.startswith("(") and self.name.endswith(")") and self.name != "(anonymous)"


@dataclass(frozen=True)
class CallTree:
    """n nodes in preorder; node 0 is the root. `frame[i]` indexes `frames`; the subtree of i is [i, end[i]).

    `frame`, `parent` (-1 for the root), `depth` (0 for the root) and `end` are int32 of n.
    """

    frames: tuple[Frame, ...]
    frame: Array
    parent: Array
    depth: Array
    end: Array

    def __len__(self) -> int:
        return len(self.frame)

    def totals(self, own: Array) -> Array:
        """Each node's own weight and that of all nodes beneath it; float64 of n."""
        running = np.concatenate(([0.0], np.cumsum(own, dtype=np.float64)))
        return np.asarray(running[self.end] - running[:-1])

    @cached_property
    def child_offset(self) -> Array:
        """CSR: the children of node i are `children[child_offset[i]:child_offset[i + 1]]`, in order."""
        counts = np.bincount(self.parent[1:], minlength=len(self))
        return np.concatenate(([0], np.cumsum(counts)))

    @cached_property
    def children(self) -> Array:
        return np.argsort(self.parent[1:], kind="stable").astype(np.int32) + 1

    @cached_property
    def outermost(self) -> Array:
        """Whether no caller of node i is of the same function: totals of these count recursion once."""
        inner = np.zeros(len(self), bool)
        at = np.arange(1, len(self))
        above = self.parent[at]
        while len(at):
            inner[at[self.frame[above] == self.frame[at]]] = True
            above = self.parent[above]
            on = (above >= 0) & ~inner[at]
            at, above = at[on], above[on]
        return ~inner

    @cached_property
    def deepest(self) -> int:
        return int(self.depth.max(initial=0))

    @cached_property
    def idle_nodes(self) -> Array:
        """Nodes that are no work: the root and V8's idle time."""
        idle = [i for i, one in enumerate(self.frames) if one.name in (IDLE_NAME, ROOT_NAME) and not one.url]
        return np.flatnonzero(np.isin(self.frame, idle))

    def path(self, node: int) -> list[int]:
        """Nodes from beneath the root down to `node`."""
        up = []
        while node > 0:
            up.append(node)
            node = int(self.parent[node])
        return up[::-1]

    def children_of(self, nodes: Array) -> Array:
        """All children of `nodes`."""
        first, count = self.child_offset[nodes], self.child_offset[nodes + 1] - self.child_offset[nodes]
        total = int(count.sum())
        if not total:
            return np.zeros(0, np.int32)
        places = np.arange(total) + np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1])), count)
        return np.asarray(self.children[places])


def make_tree(frames: Sequence[Frame], frame: Sequence[int], parent: Sequence[int]) -> tuple[CallTree, Array]:
    """A tree of nodes in any order, and the new number of each node (int32); -1: no way leads to it from the root.

    `parent` is -1 for the root alone, which is node 0. Children keep their order.
    """
    count = len(frame)
    first, following = [-1] * count, [-1] * count  # a node's first child, and the next one of the same parent
    for node in range(count - 1, 0, -1):
        above = parent[node]
        if 0 <= above < count:
            first[above], following[node] = node, first[above]
    order: list[int] = []
    depths: list[int] = []
    node, depth = 0, 0
    while node >= 0:
        order.append(node)
        depths.append(depth)
        if first[node] >= 0:
            node, depth = first[node], depth + 1
            continue
        while node > 0 and following[node] < 0:
            node, depth = parent[node], depth - 1
        node = following[node]
    number = np.full(count, -1, np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    new_parent = number[np.asarray(parent)[order]]
    new_parent[0] = -1
    tree = CallTree(
        tuple(frames),
        np.asarray(frame, np.int32)[order],
        new_parent,
        np.array(depths, np.int32),
        _ends(new_parent),
    )
    return tree, number


def _ends(parent: Array) -> Array:
    """Of nodes in preorder: one past the last node beneath each."""
    above = parent.tolist()
    ends = list(range(1, len(above) + 1))
    for node in range(len(above) - 1, 0, -1):
        ends[above[node]] = max(ends[above[node]], ends[node])
    return np.array(ends, np.int32)
