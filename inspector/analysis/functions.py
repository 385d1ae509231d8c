"""Self and total weight of each function: time in a CPU profile, bytes in a heap profile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.analysis.tree import Array, CallTree

__all__ = ["Functions", "functions"]


@dataclass(frozen=True)
class Functions:
    """float64 of the tree's frames. `total` counts a function that calls itself once; `own` adds up to the whole."""

    own: Array
    total: Array


def functions(tree: CallTree, own: Array) -> Functions:
    """`own`: the weight of each node itself."""
    count = len(tree.frames)
    outer = tree.outermost
    total = np.bincount(tree.frame[outer], tree.totals(own)[outer], minlength=count)
    return Functions(np.bincount(tree.frame, own, minlength=count), total)
