"""Rows of a call tree, of bottom-up, of callers and callees: nodes of one function, grouped, a level at a time.

Each level is made when it is opened, from the row above it, so a tree of a million nodes costs what is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.analysis.tree import Array, CallTree

__all__ = ["Group", "above", "below", "bottom_level", "callees", "callers", "top_level"]


@dataclass(frozen=True)
class Group:
    """Nodes of the function `frame` that one row stands for, each with the weight it brings.

    `total`: the sum of the weights. `own`: how much of that is the function's own, not that of what it called; going
    up it means nothing, since a node may stand there twice.
    """

    frame: int
    nodes: Array
    weights: Array
    total: float
    own: float


def top_level(tree: CallTree, own: Array) -> list[Group]:
    """The call tree's first rows: what is called from nowhere. Their totals add up to the sum of `own`."""
    return below(tree, own, _of(0, np.zeros(1, np.int32), np.zeros(1), own))


def below(tree: CallTree, own: Array, group: Group) -> list[Group]:
    """What the nodes of `group` called: their totals and `group.own` add up to `group.total`."""
    nodes = tree.children_of(group.nodes)
    return _grouped(tree, nodes, tree.totals(own)[nodes], own)


def bottom_level(tree: CallTree, own: Array) -> list[Group]:
    """Bottom-up's first rows: functions by their own weight, which adds up to the sum of `own`."""
    nodes = np.flatnonzero(own > 0).astype(np.int32)
    return _grouped(tree, nodes, own[nodes], own)


def above(tree: CallTree, own: Array, group: Group) -> list[Group]:
    """Who called the nodes of `group`: how much of its weight came from each. The rest came from nowhere."""
    callers = tree.parent[group.nodes]
    inside = callers > 0
    return _grouped(tree, callers[inside], group.weights[inside], own)


def callers(tree: CallTree, own: Array, frame: int) -> Group:
    """The row from which `above` tells who called a function, and with how much of its total."""
    return _outermost(tree, own, frame)


def callees(tree: CallTree, own: Array, frame: int) -> Group:
    """The row from which `below` tells what a function called; a call of itself is one of them."""
    return _outermost(tree, own, frame)


def _outermost(tree: CallTree, own: Array, frame: int) -> Group:
    nodes = np.flatnonzero((tree.frame == frame) & tree.outermost).astype(np.int32)
    return _of(frame, nodes, tree.totals(own)[nodes], own)


def _of(frame: int, nodes: Array, weights: Array, own: Array) -> Group:
    return Group(frame, nodes, weights, float(weights.sum()), float(own[nodes].sum()))


def _grouped(tree: CallTree, nodes: Array, weights: Array, own: Array) -> list[Group]:
    """By function, the heaviest first; without those that weigh nothing."""
    some = weights > 0
    nodes, weights = nodes[some], weights[some]
    order = np.argsort(tree.frame[nodes], kind="stable")
    nodes, weights = nodes[order], weights[order]
    cuts = np.flatnonzero(np.diff(tree.frame[nodes])) + 1
    parts = zip(np.split(nodes, cuts), np.split(weights, cuts), strict=True)
    groups = [
        _of(int(tree.frame[some_nodes[0]]), some_nodes, some, own) for some_nodes, some in parts if len(some_nodes)
    ]
    return sorted(groups, key=lambda group: -group.total)
