"""Reading `.heapprofile`: V8's sampling heap profile, a tree with the bytes that each call allocated and kept.

https://chromedevtools.github.io/devtools-protocol/tot/HeapProfiler/#type-SamplingHeapProfile
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.analysis.cpuprofile import read_frame
from inspector.analysis.tree import Array, CallTree, Frame, make_tree
from inspector.errors import FormatError
from inspector.text import visible

__all__ = ["HeapProfile", "heap_profile_of", "read_heapprofile"]

_ACTION = "Read a heap profile"
_REMEDY = "Chrome, Node and this program write .heapprofile files that can be read."


@dataclass(frozen=True)
class HeapProfile:
    """`own_bytes`: float64 of the tree's nodes, what each call itself allocated of what still lived at the end."""

    tree: CallTree
    own_bytes: Array


def read_heapprofile(raw: bytes) -> HeapProfile:
    """FormatError when it is no heap profile."""
    import orjson

    try:
        parsed = orjson.loads(raw)
    except ValueError as error:
        raise FormatError(_ACTION, f"it is no JSON ({visible(str(error), 80)})", _REMEDY) from error
    return heap_profile_of(parsed)


def heap_profile_of(parsed: object) -> HeapProfile:
    """`parsed`: the object that `HeapProfiler.stopSampling` answers. FormatError where it is none."""
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("head"), Mapping):
        raise FormatError(_ACTION, 'it has no "head"', _REMEDY)
    try:
        return _profile(parsed["head"])
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        cause = f"a field is missing or of the wrong type ({visible(str(error), 80)})"
        raise FormatError(_ACTION, cause, _REMEDY) from error


def _profile(head: Mapping[str, Any]) -> HeapProfile:
    known: dict[Frame, int] = {}
    frame: list[int] = []
    parent: list[int] = []
    sizes: list[float] = []
    waiting: list[tuple[Mapping[str, Any], int]] = [(head, -1)]
    while waiting:
        node, above = waiting.pop()
        place = len(frame)
        frame.append(known.setdefault(read_frame(node["callFrame"]), len(known)))
        parent.append(above)
        sizes.append(max(0.0, float(node.get("selfSize", 0))))
        waiting.extend((child, place) for child in reversed(node.get("children") or ()))
    tree, number = make_tree(list(known), frame, parent)
    own = np.zeros(len(tree))
    own[number] = sizes
    return HeapProfile(tree, own)
