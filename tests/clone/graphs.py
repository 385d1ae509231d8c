"""Random graphs of JavaScript values in Python's terms, with cycles and shared parts; and whether two are the same."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from inspector.clone import BigInt, Boxed, Date, Error, Map, RegExp, ResizableBuffer, Set, View, hole, undefined

__all__ = ["graphs", "same"]

_TEXT = st.text(st.characters(codec=None), max_size=8)
_SIZES = {"Int8Array": 1, "Uint8ClampedArray": 1, "Uint16Array": 2, "Int32Array": 4, "Float32Array": 4,
          "Float64Array": 8, "BigInt64Array": 8, "DataView": 1}  # fmt: skip
_PRIMITIVES = (
    st.none()
    | st.just(undefined)
    | st.booleans()
    | st.integers(-(1 << 53), 1 << 53)
    | st.integers(-(1 << 130), 1 << 130).map(BigInt)
    | st.floats()
    | _TEXT
)
_LEAVES = (
    st.integers(-62135596800000, 253402300799999).map(
        lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    )
    | st.sampled_from([Date(float("nan")), Date(8.64e15)])
    | st.sampled_from([RegExp("a/b", "gi"), RegExp("(?<é>x)", "dsuy"), RegExp("[\\p{L}--q]", "v"), RegExp("", "m")])
    | st.sampled_from([Boxed(False), Boxed(True), Boxed(-0.0), Boxed("\ud800"), Boxed(BigInt(1 << 70)), Boxed(5)])
    | st.binary(max_size=16).map(bytearray)
    | st.binary(max_size=8).map(lambda data: ResizableBuffer(bytearray(data), 32))
)
_KINDS = ("list", "dict", "map", "set", "error", "view")
_ERRORS = ("Error", "RangeError", "TypeError", "SyntaxError", "EvalError", "ReferenceError", "URIError")


@st.composite
def graphs(draw: st.DrawFn) -> Any:
    """Parts are made first and filled then, each with any of the others: so there are cycles, and shared parts."""
    kinds = draw(st.lists(st.sampled_from(_KINDS), min_size=1, max_size=8))
    parts: list[Any] = [_empty(draw, kind) for kind in kinds]
    leaves = draw(st.lists(_LEAVES, max_size=3))
    child = _PRIMITIVES | st.sampled_from([*parts, *leaves])
    for part in parts:
        _fill(draw, part, child)
    return parts[0]


def _empty(draw: st.DrawFn, kind: str) -> Any:
    if kind == "error":
        stack = draw(st.just(undefined) | _TEXT)
        return Error(draw(st.sampled_from(_ERRORS)), draw(st.just(undefined) | _TEXT), stack)
    if kind == "view":
        name = draw(st.sampled_from(sorted(_SIZES)))
        count = draw(st.integers(0, 3))
        return View(name, bytearray(draw(st.binary(min_size=32, max_size=32))), 8, count * _SIZES[name])
    return {"list": list, "dict": dict, "map": Map, "set": Set}[kind]()


def _fill(draw: st.DrawFn, part: Any, child: st.SearchStrategy[Any]) -> None:
    if isinstance(part, list):
        part += draw(st.lists(child | st.just(hole), max_size=5))
    elif isinstance(part, dict):
        part |= draw(st.dictionaries(_TEXT.filter(lambda key: not key.isdigit()), child, max_size=5))
    elif isinstance(part, Map):
        part.pairs = [(key, draw(child)) for key in draw(st.lists(_TEXT, unique=True, max_size=4))]
    elif isinstance(part, Set):
        part.values = list(draw(st.lists(_TEXT, unique=True, max_size=4)))
        part.values.append(draw(st.just(part) | st.just(None)))
    elif isinstance(part, Error) and draw(st.booleans()):
        part.cause = draw(child)


def same(one: Any, other: Any) -> bool:
    """Whether two graphs have the same shape: equal leaves, and the same parts shared in the same places."""
    pairs: dict[int, Any] = {}
    open_parts = [(one, other)]
    while open_parts:
        a, b = open_parts.pop()
        if id(a) in pairs:
            if pairs[id(a)] is not b:
                return False
            continue
        below = _below(a), _below(b)
        if below[0] is None or below[1] is None:
            if not _equal(a, b):
                return False
            continue
        if type(a) is not type(b) or below[0][0] != below[1][0] or len(below[0][1]) != len(below[1][1]):
            return False
        pairs[id(a)] = b
        open_parts += zip(below[0][1], below[1][1], strict=True)
    return True


def _below(value: Any) -> tuple[Any, list[Any]] | None:
    """What an object is beside its children, and these; None for what has none."""
    if isinstance(value, list):
        return None, value
    if isinstance(value, dict):
        return list(value), list(value.values())
    if isinstance(value, Map):
        return None, [part for pair in value.pairs for part in pair]
    if isinstance(value, Set):
        return None, value.values
    if isinstance(value, Error):
        return (value.name, value.message, value.stack), [value.cause]
    if isinstance(value, View):
        return (value.kind, value.offset, value.length_bytes), [value.buffer]
    if isinstance(value, bytearray):
        return bytes(value), []
    if isinstance(value, ResizableBuffer):
        return (bytes(value.data), value.max_bytes), []
    return None


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, Boxed) and isinstance(b, Boxed):
        return _equal(a.value, b.value)
    if isinstance(a, Date) and isinstance(b, Date):
        return _equal(a.ms, b.ms)
    if isinstance(a, RegExp) and isinstance(b, RegExp):
        return a.source in (b.source, "") and sorted(a.flags) == sorted(b.flags)
    if isinstance(a, BigInt) or isinstance(b, BigInt):
        return isinstance(a, BigInt) and isinstance(b, BigInt) and int(a) == int(b)
    if (
        isinstance(a, int | float)
        and isinstance(b, int | float)
        and not isinstance(a, bool)
        and not isinstance(b, bool)
    ):
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        return float(a) == float(b) and math.copysign(1, a) == math.copysign(1, b)
    return type(a) is type(b) and bool(a == b)
